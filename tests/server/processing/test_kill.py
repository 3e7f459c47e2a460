from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from langmem_server.store import memories, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from langmem_server.store.database import Database
    from tests.server.scripted_model import ScriptedModel
from tests.server.background import (
    DEADLINE,
    PROFILE,
    TENANT,
    all_runs,
    ids,
    make_function,
    post,
    remembered,
    running,
    trigger,
    wait_until_ended,
)

SERVICE = """
import json, sys
from langmem_server.processing import Processing
from langmem_server.settings import Settings
from langmem_server.store.database import Database

if __name__ == "__main__":
    db = Database(sys.argv[1])
    processing = Processing(db, Settings(**json.loads(sys.argv[2])))
    processing.start()
    sys.stdin.read()
    processing.stop()
    db.close()
"""


@contextmanager
def service(db: Database, endpoint: ScriptedModel) -> Iterator[subprocess.Popen[bytes]]:
    """Process in a program of its own; it stops by itself when its input ends."""
    settings = {"llm_base_url": endpoint.base_url, "llm_model": "scripted"}
    command = [sys.executable, "-W", "error", "-c", SERVICE, str(db.path), json.dumps(settings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_service_loses_and_doubles_nothing(db: Database, endpoint: ScriptedModel) -> None:
    """After kill -9 in the middle of a run the next service does it, once."""
    user, thread = ids()
    state = make_function(db, "user_state", PROFILE)
    for text in ("I know pikas.", "I like figs."):
        post(db, text, user=user, thread=thread)
        trigger(db, thread)
    for _ in range(2):
        endpoint.hang()
    with service(db, endpoint) as process:
        endpoint.wait_for(2)  # one run of each lane
        os.kill(process.pid, signal.SIGKILL)
        process.wait(DEADLINE)
    assert sorted(run.status for run in all_runs(db)) == ["queued", "queued", "running", "running"]
    with service(db, endpoint) as process:
        done = wait_until_ended(db)
        _, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, errors.decode()
    assert errors == b""
    assert {run.status for run in done} == {"succeeded"}
    assert [run.attempts for run in done] == [1, 1, 1, 1]
    assert len(endpoint.requests) == 6  # two that were cut off, and one for each run
    assert remembered(db, user) == ["Will said I know pikas.", "Will said I like figs."]
    profile = db.read(lambda conn: memories.get_state(conn, TENANT, user, state))
    assert profile is not None
    assert profile[0] == {"name": "I like figs.", "likes": ["I like figs."]}


def test_a_run_that_kills_the_service_is_given_up(
    db: Database, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that kills whoever works on it fails in the end, and the rest is done."""
    monkeypatch.setattr(runs, "MAX_INTERRUPTIONS", 2)
    poisoned, other = ids(), ids()
    for user, thread in (poisoned, other):
        post(db, "Hello.", user=user, thread=thread)
        trigger(db, thread)
    [run, _] = all_runs(db)
    for _ in range(2):
        begun = db.write(lambda conn: runs.begin(conn, run.lane))
        assert begun is not None
        db.write(runs.reset_dispatched)
    with running(db, endpoint):
        first, second = wait_until_ended(db)
    assert (first.status, second.status) == ("failed", "succeeded")
    assert "the service was killed during this run" in (first.error or "")
    db.write(lambda conn: runs.retry(conn, TENANT, run.id))
    with running(db, endpoint):
        first, _ = wait_until_ended(db)
    assert (first.status, first.error) == ("succeeded", None)
