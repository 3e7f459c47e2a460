from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from langmem_server.store import users
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError
from langmem_server.store.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Drop the rights of root for a while, for whom no file is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that any user may enter, which those of pytest are not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def test_a_new_file_is_made(tmp_path: Path) -> None:
    """A path without a file gets one."""
    Database(tmp_path / "new.db").close()
    assert (tmp_path / "new.db").stat().st_size > 0


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name means the present directory, wherever the program goes later."""
    monkeypatch.chdir(tmp_path)
    db = Database("langmem.db")
    assert db.path == tmp_path / "langmem.db"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert db.read(lambda conn: users.find(conn, "default", None, None)) == []
    db.close()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_database_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name SQLite knows for no file at all is refused, and makes no file either."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="in memory keeps nothing: give the path of a file"):
        Database(":memory:")
    assert list(tmp_path.iterdir()) == []


def test_the_directory_is_missing(tmp_path: Path) -> None:
    """A missing directory is named, and not created."""
    with pytest.raises(StoreError, match=r"directory .*/nowhere does not exist: create it"):
        Database(tmp_path / "nowhere" / "langmem.db")
    assert not (tmp_path / "nowhere").exists()


def test_the_path_is_a_directory(tmp_path: Path) -> None:
    """A directory in place of a file is named with what to check."""
    with pytest.raises(StoreError, match=f"{tmp_path} cannot be opened: check the path"):
        Database(tmp_path)


@pytest.mark.parametrize("content", [b"This is no database. " * 500, b"short"])
def test_the_file_is_something_else(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is named, and not touched."""
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"letter\.txt is not a SQLite database: choose another"):
        Database(path)
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_the_file_is_damaged(tmp_path: Path) -> None:
    """A database whose inside was overwritten is named as damaged."""
    path = tmp_path / "langmem.db"
    Database(path).close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)
    with pytest.raises(StoreError, match=r"langmem\.db is damaged: restore it from a copy"):
        Database(path)


@pytest.mark.parametrize("mode", [0o755, 0o777])
def test_the_file_is_read_only(open_directory: Path, mode: int) -> None:
    """A file one may read and not write is named with the fix, also in a directory for all."""
    path = open_directory / "langmem.db"
    Database(path).close()
    open_directory.chmod(mode)
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    with ordinary_user(), pytest.raises(StoreError, match=r"langmem\.db is read-only: make"):
        Database(path)


def test_the_directory_is_read_only(open_directory: Path) -> None:
    """A file that cannot be created is named with what to check."""
    open_directory.chmod(0o555)
    with ordinary_user(), pytest.raises(StoreError, match="cannot be opened: check the path and"):
        Database(open_directory / "langmem.db")
    assert list(open_directory.iterdir()) == []


def test_the_file_belongs_to_another_program(tmp_path: Path) -> None:
    """A database with tables of another program is refused, and its tables stay alone."""
    path = tmp_path / "shop.db"
    shop = sqlite3.connect(path)
    shop.execute("CREATE TABLE users (email TEXT)")
    shop.close()
    with pytest.raises(StoreError, match="cannot be used, table users already exists: choose"):
        Database(path)
    shop = sqlite3.connect(path)
    assert shop.execute("SELECT name FROM sqlite_master").fetchall() == [("users",)]
    shop.close()


def test_the_file_was_made_by_a_newer_version(tmp_path: Path) -> None:
    """A file with a migration this program does not know is refused, and not changed."""
    path = tmp_path / "langmem.db"
    Database(path).close()
    future = sqlite3.connect(path)
    with future:
        future.execute("INSERT INTO langmem_migrations VALUES ('m999_vectors', '2099-01-01')")
    future.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"made by a newer version \(m999_vectors\): choose"):
        Database(path)
    assert path.read_bytes() == before


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have SQLite itself wait for a lock no longer than an instant."""
    monkeypatch.setattr("langmem_server.store.database._SETTINGS", ("busy_timeout = 10",))


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program that begins to read a new file before that has its log."""
    hurry(monkeypatch)
    other = sqlite3.connect(tmp_path / "langmem.db", isolation_level=None)

    def migrate_then_read(conn: sqlite3.Connection) -> None:
        migrate(conn)
        other.execute("BEGIN")
        other.execute("SELECT * FROM users").fetchall()

    monkeypatch.setattr("langmem_server.store.database.migrate", migrate_then_read)
    yield other
    other.close()


def test_the_log_is_waited_for(
    tmp_path: Path, reader: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program keeps the file from getting its log, opening waits."""
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        reader.execute("ROLLBACK")

    monkeypatch.setattr("langmem_server.store.database.time.sleep", wait)
    db = Database(tmp_path / "langmem.db")
    mode = db.read(lambda conn: conn.execute("PRAGMA journal_mode").fetchone()[0])
    db.close()
    assert (len(waits), mode) == (1, "wal")


def test_the_log_is_not_waited_for_for_ever(
    tmp_path: Path, reader: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the time is over, opening fails with the advice to try again."""
    monkeypatch.setattr("langmem_server.store.database.BUSY_TIMEOUT_MS", -1)
    with pytest.raises(StoreError, match="is locked by another program: try again"):
        Database(tmp_path / "langmem.db")
    assert reader.in_transaction


def test_a_file_locked_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file another program keeps locked is named with the advice to try again."""
    path = tmp_path / "langmem.db"
    Database(path).close()
    hurry(monkeypatch)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked by another program: try again"):
        Database(path)
    other.close()
