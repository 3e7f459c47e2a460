"""Trouble that strikes while the model is asked: the run it strikes is stored later, once.

    scripts/prove faults_during_runs

The answer of the model comes while the file cannot be written, or while the clock is wrong.
LANGMEM_PROOF_LOCK says how many seconds another program holds the lock; 6 by default.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.proofs.struck import (
    MOVING_CLOCK,
    clock_off_by,
    full,
    integrity,
    locked,
    moved_away,
    scene,
    small_disk,
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
