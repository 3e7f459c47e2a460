from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from langmem_server.store import cleaner, functions, memories, threads, users
from langmem_server.store.cleaner import erasures
from langmem_server.store.database import BUSY_TIMEOUT_MS, Database
from langmem_server.store.lock import hold
from langmem_server.store.records import Function, NewMemory, NewMessage, User, utc_now
from tests.server.live import wait_for

T = "tenant"
SECONDS = 20
WORD = re.compile(rb"<([0-9]+)-[0-9]+>")


def mark(owner: object, number: int, times: int = 1) -> str:
    """Make a text that says whose it is, in every part of it."""
    return f"<{owner}-{number:06}>" * times


def owners(folder: Path) -> set[int]:
    """Search the bytes of all files of a folder for marks; return whose they are."""
    found: set[int] = set()
    for path in folder.iterdir():
        found |= {int(owner) for owner in WORD.findall(path.read_bytes())}
    return found


def log_size(db: Database) -> int:
    """Return the size of the write-ahead log."""
    return db.path.with_name(f"{db.path.name}-wal").stat().st_size


def add(db: Database, owner: int, number: int = 0, times: int = 1) -> None:
    """Store a user with marks in name, tags and metadata."""
    text = mark(owner, number, times)
    db.write(lambda c: users.upsert(c, T, User(str(owner), text, [text], {"text": text})))


def crowd(db: Database, count: int = 300) -> None:
    """Store users of many sizes, so that pages are split and rows moved between them."""
    for owner in range(count):
        add(db, owner, times=1 + owner * 7 % 41)


def remove(db: Database, owner: int) -> None:
    """Delete a user."""
    assert db.write(lambda c: users.delete(c, T, str(owner)))


def test_pages_keep_copies_of_what_is_deleted(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a VACUUM, overwriting deleted cells is not enough: else there were nothing to do."""
    monkeypatch.setattr(cleaner, "VACUUM_BYTES", 0)
    crowd(db)
    for owner in range(0, 300, 2):
        remove(db, owner)
    assert log_size(db) == 0
    assert any(owner % 2 == 0 for owner in owners(db.path.parent))


def test_nothing_is_left_once_the_writer_rests(db: Database) -> None:
    """A moment after the last delete no byte of the deleted is in any file, and all others are."""
    crowd(db)
    for owner in range(0, 300, 2):
        remove(db, owner)
    assert db.read(erasures) > 0
    wait_for(lambda: db.read(erasures) == 0, "the file to be vacuumed")
    wait_for(lambda: log_size(db) == 0, "the log to be empty")
    assert owners(db.path.parent) == set(range(1, 300, 2))
    assert len(db.read(lambda c: users.find(c, T, None, None))) == 150


def test_the_log_is_empty_when_a_delete_returns(db: Database) -> None:
    """No delete is answered while the log still holds what it deleted."""
    for owner in range(5):
        add(db, owner)
        assert owner in owners(db.path.parent)
        remove(db, owner)
        assert log_size(db) == 0


def test_a_replaced_text_leaves_the_log_once_the_writer_rests(db: Database) -> None:
    """What a write replaces is not deleted, and yet not kept in the log for long."""
    add(db, 1)
    add(db, 1, 1)
    wait_for(lambda: log_size(db) == 0, "the log to be empty")
    assert mark(1, 0).encode() not in db.path.read_bytes()


def test_a_reader_delays_a_delete_only_so_long(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a reader holds the log, the delete returns all the same; the log goes after it."""
    monkeypatch.setattr(cleaner, "PATIENCE_MS", 10)
    add(db, 1)
    reading, go = threading.Event(), threading.Event()

    def hold_on(conn: sqlite3.Connection) -> None:
        conn.execute("SELECT * FROM users").fetchall()
        reading.set()
        assert go.wait(SECONDS)

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(db.read, hold_on)
        assert reading.wait(SECONDS)
        remove(db, 1)
        add(db, 2)
        assert 1 in owners(db.path.parent)
        go.set()
        reader.result(SECONDS)
    wait_for(lambda: log_size(db) == 0, "the log to be empty")
    wait_for(lambda: owners(db.path.parent) == {2}, "the copies to go")


def test_the_patience_is_for_the_log_alone(db: Database) -> None:
    """After it has cleaned up, the writer waits for locks as long as before."""
    add(db, 1)
    remove(db, 1)
    wait_for(lambda: db.read(erasures) == 0, "the file to be vacuumed")
    [waits] = db.write(lambda c: c.execute("PRAGMA busy_timeout").fetchone())
    assert waits == BUSY_TIMEOUT_MS


def test_a_service_that_never_rests_cleans_up_all_the_same(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under load the file is vacuumed and the log emptied when they have waited long enough."""
    monkeypatch.setattr(cleaner, "REST_SECONDS", 3600.0)
    crowd(db)
    remove(db, 0)
    monkeypatch.setattr(cleaner, "LOAD_SECONDS", 0.0)
    add(db, 1)
    wait_for(lambda: db.read(erasures) == 0, "the file to be vacuumed")
    wait_for(lambda: log_size(db) == 0, "the log to be empty")


def test_what_a_killed_service_left_is_cleaned_up_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file itself says that deleted rows may have left copies."""
    with monkeypatch.context() as patched:
        patched.setattr(cleaner, "VACUUM_BYTES", 0)
        old = Database(tmp_path / "langmem.db")
        crowd(old)
        for owner in range(0, 300, 2):
            remove(old, owner)
        old.close()
    assert any(owner % 2 == 0 for owner in owners(tmp_path))
    new = Database(tmp_path / "langmem.db")
    wait_for(lambda: owners(tmp_path) == set(range(1, 300, 2)), "the copies to go")
    new.close()


def test_a_large_file_is_left_to_the_operator(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A file too large to be vacuumed beside the work is not, and the log names the command."""
    monkeypatch.setattr(cleaner, "VACUUM_BYTES", 0)
    with caplog.at_level(logging.WARNING):
        add(db, 1)
        remove(db, 1)
        wait_for(lambda: bool(caplog.records), "a warning")
    assert "run `langmem-server vacuum`" in caplog.text
    assert db.read(erasures) > 0


def test_a_file_that_cannot_be_vacuumed_is_tried_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the lock, the VACUUM fails, and is done later."""
    monkeypatch.setattr(cleaner, "PATIENCE_MS", 10)
    monkeypatch.setattr(cleaner, "LOAD_SECONDS", 0.1)
    monkeypatch.setattr(cleaner, "REST_SECONDS", 0.05)
    other = sqlite3.connect(db.path, isolation_level=None, check_same_thread=False)
    tries: list[int] = []
    really = cleaner.Cleaner._vacuum

    def vacuum(self: cleaner.Cleaner) -> None:
        if not tries:
            other.execute("BEGIN IMMEDIATE")
        really(self)
        tries.append(erasures(db._connection))
        if other.in_transaction:
            other.execute("ROLLBACK")

    monkeypatch.setattr(cleaner.Cleaner, "_vacuum", vacuum)
    add(db, 1)
    remove(db, 1)
    wait_for(lambda: len(tries) == 2, "the second try")
    assert tries == [1, 0]
    other.close()


def test_a_log_that_cannot_be_truncated_fails_no_delete(db: Database) -> None:
    """When SQLite cannot do it, the delete is done, and the log goes as soon as it can."""
    denied = {"wal_checkpoint": sqlite3.SQLITE_DENY}

    def judge(_: int, name: str | None, *__: str | None) -> int:
        return denied.get(name or "", sqlite3.SQLITE_OK)

    add(db, 1)
    db.write(lambda conn: conn.set_authorizer(judge))
    remove(db, 1)
    assert log_size(db) > 0
    denied.clear()
    wait_for(lambda: log_size(db) == 0, "the log to be empty")


def test_an_undone_delete_is_no_delete(db: Database) -> None:
    """A delete that finds nothing, or is undone, gives nothing to clean up."""

    def undo(conn: sqlite3.Connection) -> None:
        users.delete(conn, T, "1")
        raise LookupError

    add(db, 1)
    with pytest.raises(LookupError):
        db.write(undo)
    assert db.read(erasures) == 0


def test_a_database_in_memory_can_be_deleted_from() -> None:
    """There is no file to clean, and nothing gets in the way."""
    db = Database(None)
    add(db, 1)
    remove(db, 1)
    assert db.read(lambda c: users.find(c, T, None, None)) == []
    db.close()


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    """The file, its log and its lock are made for their owner alone, whatever the umask."""
    lock = hold(tmp_path / "langmem.db")
    db = Database(tmp_path / "langmem.db")
    add(db, 1)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(
        ("langmem.db", "langmem.db-wal", "langmem.db-shm", "langmem.db.lock"), 0o600
    )
    db.close()
    lock.release()


def test_the_rights_of_a_file_that_exists_are_the_operators(tmp_path: Path) -> None:
    """A group that was let in to read a file stays let in."""
    Database(tmp_path / "langmem.db").close()
    (tmp_path / "langmem.db").chmod(0o640)
    Database(tmp_path / "langmem.db").close()
    assert (tmp_path / "langmem.db").stat().st_mode & 0o777 == 0o640


def test_temporary_tables_are_in_memory(db: Database) -> None:
    """SQLite sorts and vacuums in memory: nothing of users gets into temporary files."""

    def kept(conn: sqlite3.Connection) -> int:
        place: int = conn.execute("PRAGMA temp_store").fetchone()[0]
        return place

    assert (db.read(kept), db.write(kept)) == (2, 2)


OWNERS = st.integers(0, 15)
SIZES = st.sampled_from([1, 2, 9, 20, 40, 80])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["name", "say", "state", "fact"]), OWNERS, SIZES),
        st.tuples(st.sampled_from(["forget", "forget_facts", "forget_thread"]), OWNERS, st.just(0)),
    ),
    min_size=100,
    max_size=300,
)


class World:
    """Users with a thread each; the words that are stored, and those that were deleted."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.held: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.gone: set[str] = set()
        self._number = 0
        for key, kind in (("state", "user_state"), ("fact", "user_append_state")):
            function = Function(key, kind, key, "", {}, None, "active", utc_now())
            db.write(partial(functions.upsert, tenant=T, function=function))

    def do(self, step: str, owner: int, size: int) -> None:
        """Take one step."""
        self._number += 1
        # One word, the same however the text index cuts and stems it.
        word = f"q{sha256(str(self._number).encode()).hexdigest()[:20]}7"
        text = " ".join([word] * size)
        if self.db.write(lambda c: getattr(self, f"_{step}")(c, str(owner), text)):
            self._note(step, owner, word)

    def _note(self, step: str, owner: int, word: str) -> None:
        erased = {
            "forget": ("name", "say", "state", "fact"),
            "forget_facts": ("fact",),
            "forget_thread": ("say", "fact"),
        }
        for kind in erased.get(step, ()):
            self.gone |= self.held.pop((kind, owner), set())
        if step in {"name", "state"}:
            self.held[step, owner] = {word}  # in place of what was there
        elif step not in erased:
            self.held[step, owner].add(word)

    def _name(self, conn: sqlite3.Connection, user: str, text: str) -> User:
        return users.upsert(conn, T, User(user, text, [text], {"text": text}))

    def _say(self, conn: sqlite3.Connection, user: str, text: str) -> int:
        users.ensure(conn, T, user, None)
        message = NewMessage(None, "user", text, None, user, None, {"text": text})
        return threads.add_messages(conn, T, f"thread-{user}", [message], 5.0)

    def _state(self, conn: sqlite3.Connection, user: str, text: str) -> bool:
        return memories.put_state(conn, T, user, "state", {"text": text})

    def _fact(self, conn: sqlite3.Connection, user: str, text: str) -> bool:
        thread = f"thread-{user}"
        if not (users.get(conn, T, user) and threads.get(conn, T, thread)):
            return False
        found = [NewMemory(text, {"text": text}, None)]
        memories.remember(conn, T, (user, "fact", thread), found, utc_now())
        return True

    def _forget(self, conn: sqlite3.Connection, user: str, _: str) -> bool:
        return users.delete(conn, T, user)

    def _forget_facts(self, conn: sqlite3.Connection, user: str, _: str) -> bool:
        found = memories.search(conn, T, user, ["fact"], [], 1000)
        ids = [candidate.memory.id for candidate in found]
        return memories.delete_many(conn, T, user, ids) > 0

    def _forget_thread(self, conn: sqlite3.Connection, user: str, _: str) -> bool:
        return threads.delete(conn, T, f"thread-{user}")


@given(STEPS)
@settings(max_examples=15)
def test_no_byte_of_a_deleted_row_is_left(steps: list[tuple[str, int, int]]) -> None:
    """Whatever is written and deleted in whatever order, the file holds what is stored alone."""
    with TemporaryDirectory() as folder:
        db = Database(Path(folder) / "langmem.db")
        world = World(db)
        for step, owner, size in steps:
            world.do(step, owner, size)
        db.close()
        [file] = Path(folder).iterdir()
        content = file.read_bytes()
    # The text index keeps of a word what its neighbour does not begin with.
    assert [word for word in world.gone if word[6:].encode() in content] == []
    held = set().union(*world.held.values())
    assert [word for word in held if word.encode() not in content] == []
