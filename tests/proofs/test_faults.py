"""What the service makes of trouble with its file, its disk and its clock, tried for real.

    scripts/prove faults

LANGMEM_PROOF_LOCK says how many seconds another program holds the lock; 6 by default.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from langmem_server.store.database import Database
from tests.proofs.faults import (
    MOVING_CLOCK,
    Row,
    clock_off_by,
    command,
    damage,
    full,
    integrity,
    locked,
    moved_away,
    read_only,
    refused_start,
    say_and_wait,
    scene,
    shown,
    small_disk,
    starts,
    suffer,
)
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_SECONDS = float(os.environ.get("LANGMEM_PROOF_LOCK", "6"))
mounts = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root may mount a small file system"
)


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """A model that answers sensibly unless told otherwise."""
    with ScriptedModel() as scripted:
        yield scripted


@mounts
def test_a_full_disk(tmp_path: Path, model: ScriptedModel) -> None:
    """Writes are refused with the fix, reads go on, and all goes on when there is space again."""
    with small_disk(tmp_path / "disk") as disk:
        database = disk / "langmem.db"
        with scene(tmp_path, model, database) as at:
            row = suffer(at, "disk full", full(disk))
        row.whole = integrity(database)
    print(f"\n{row}")
    assert "free some disk space" in row.write


def test_a_lock_of_another_program(tmp_path: Path, model: ScriptedModel) -> None:
    """Writes wait for some seconds and are refused then; all goes on when the lock is gone."""
    database = tmp_path / "langmem.db"
    with scene(tmp_path, model) as at:
        row = suffer(at, "locked by another program", locked(database, LOCK_SECONDS))
    row.whole = integrity(database)
    print(f"\n{row}")
    assert "locked by another program" in row.write


def test_a_damaged_file(tmp_path: Path, model: ScriptedModel) -> None:
    """What is overwritten is said to be damaged, and all is there again from a copy."""
    database, copy = tmp_path / "langmem.db", tmp_path / "copy.db"
    with scene(tmp_path, model) as at:
        say_and_wait(at, "before")
        command("backup", "--database", database, copy)
        damage(database)
        write = shown(lambda: at.say("meanwhile"))
        row = Row("damaged while running", write, shown(at.read), shown(at.ready))
    command("restore", "--database", database, copy)
    with scene(tmp_path, model) as again:
        again.user_id, again.thread_id = at.user_id, at.thread_id
        again.acknowledged = at.acknowledged
        say_and_wait(again, "after")
        row.again, row.kept = "after a restore", again.kept()
    row.whole = integrity(database)
    print(f"\n{row}")
    assert "is damaged: restore it from a copy" in row.write
    assert row.read.startswith("503")


def test_a_file_that_cannot_be_used_at_the_start(tmp_path: Path) -> None:
    """The service ends with one sentence that names the file and the fix, and changes nothing."""
    damaged, foreign, newer = (tmp_path / f"{name}.db" for name in ("damaged", "foreign", "newer"))
    for path in (damaged, newer):
        Database(path).close()
    damage(damaged)
    foreign.write_text("Not a database, but somebody's diary. " * 1000)
    with closing(sqlite3.connect(newer)) as conn, conn:
        conn.execute("INSERT INTO langmem_migrations VALUES ('m999_tomorrow', '2040-01-01')")
    missing = tmp_path / "missing" / "langmem.db"
    cases = {
        "damaged at the start": (damaged, "is damaged: restore it from a copy"),
        "no database at the start": (foreign, "is not a SQLite database: choose another path"),
        "made by a newer version": (newer, "was made by a newer version (m999_tomorrow)"),
        "its directory is missing": (missing, "does not exist: create it"),
    }
    print()
    for fault, (path, fix) in cases.items():
        before = path.read_bytes() if path.exists() else None
        said = refused_start(path)
        print(f"{fault:34} exit status 1\n    {said}")
        assert fix in said
        assert (path.read_bytes() if path.exists() else None) == before
    missing.parent.mkdir()
    assert starts(missing)


@mounts
def test_a_read_only_disk_at_the_start(tmp_path: Path) -> None:
    """The service says so and ends; with the disk writable again it starts.

    Under a running service Linux refuses to make a file system read-only: its file is open.
    """
    with small_disk(tmp_path / "disk") as disk:
        database = disk / "langmem.db"
        Database(database).close()
        with read_only(disk):
            said = refused_start(database)
        assert starts(database)
        whole = integrity(database)
    print(f"\n{'read-only disk at the start':34} exit status 1, then starts  {whole}\n    {said}")
    assert "writable" in said


def test_a_lock_at_the_start(tmp_path: Path) -> None:
    """A file that another program locks is waited for, and then said to be locked."""
    database = tmp_path / "langmem.db"
    Database(database).close()
    with locked(database):
        said = refused_start(database)
    print(f"\n{'locked at the start':34} exit status 1\n    {said}")
    assert "is locked by another program: try again" in said
    assert starts(database)


def test_a_file_taken_from_its_place(tmp_path: Path, model: ScriptedModel) -> None:
    """Nothing is acknowledged that would be lost with the file's old place."""
    database = tmp_path / "langmem.db"
    with scene(tmp_path, model) as at:
        row = suffer(at, "file moved away while running", moved_away(database))
    row.whole = integrity(database)
    print(f"\n{row}")
    assert row.write.startswith("503")
    assert "was removed or replaced while in use" in row.write


@pytest.mark.parametrize("hours", [-1.0, 1.0])
def test_a_clock_that_is_set(tmp_path: Path, model: ScriptedModel, hours: float) -> None:
    """Whatever the clock says, what is said is stored and processed at once, in its order."""
    path = tmp_path / "clock"
    path.write_text("0.0")
    with scene(tmp_path, model, before=MOVING_CLOCK.format(path=str(path))) as at:
        row = suffer(at, f"clock set by {hours:+g} h and back", clock_off_by(hours, path))
    row.whole = integrity(tmp_path / "langmem.db")
    print(f"\n{row}")
    assert row.write.startswith("200")
    assert row.ready.startswith("200")
