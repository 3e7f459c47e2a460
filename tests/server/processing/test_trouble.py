from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from dbos import DBOS

from langmem_server import engine as engine_module
from langmem_server import processing as processing_module
from langmem_server import worker
from langmem_server.processing import Processing
from langmem_server.settings import Settings
from langmem_server.store import runs
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.scripted_model import ScriptedModel
from tests.server.background import (
    DEADLINE,
    all_runs,
    ids,
    post,
    remembered,
    running,
    trigger,
    wait_for,
    wait_until_ended,
)


def test_the_queue_holds_no_user_text_and_is_emptied(
    db: Database, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DBOS sees neither words nor ids of people, and what has ended is deleted from its tables."""
    monkeypatch.setattr(processing_module, "PURGE_INTERVAL", 0.3)
    user, thread = ids()
    post(db, "A secret.", user=user, thread=thread)
    trigger(db, thread)
    released = endpoint.hang()
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'workflow%'"
    with running(db, endpoint) as processing, closing(sqlite3.connect(db.path)) as conn:

        def rows() -> list[Any]:
            names = [name for (name,) in conn.execute(tables)]
            return [row for name in names for row in conn.execute(f"SELECT * FROM {name}")]

        endpoint.wait_for(1)
        seen = repr(rows())
        assert "langmem.run" in seen
        for word in ("secret", "Will", user, thread):
            assert word not in seen
        released.set()
        wait_until_ended(db)
        wait_for(lambda: rows() == [], "the queue is not emptied")
        post(db, "Another.", user=user, thread=thread)
        trigger(db, thread)
        processing.wake()
        wait_until_ended(db)
        wait_for(lambda: rows() == [], "the queue is not emptied again")


def test_only_one_runs_in_a_process(db: Database, tmp_path: Path) -> None:
    """A second start is refused in a sentence, and the first one works on."""
    user, thread = ids()
    with running(db) as processing, closing(Database(tmp_path / "other.db")) as other:
        for second in (Processing(other, Settings()), Processing(db, Settings())):
            with pytest.raises(RuntimeError, match="already runs in this process"):
                second.start()
            second.stop()
        post(db, "Still here.", user=user, thread=thread)
        trigger(db, thread)
        processing.wake()
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"


def test_a_start_that_fails_can_be_repeated(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the queue cannot be opened the error is raised, and the process is free again."""
    with monkeypatch.context() as patch:
        patch.setattr(engine_module, "POLLING_INTERVAL", -1.0)
        failing = Processing(db, Settings(llm_base_url="http://127.0.0.1:9", llm_model="m"))
        with pytest.raises(ValueError, match="polling_interval"):
            failing.start()
    assert not failing.ready
    with running(db) as processing:
        assert processing.ready


def test_a_start_is_tried_until_it_succeeds(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps processing from starting may pass, and then it starts by itself."""
    monkeypatch.setattr(processing_module, "ERROR_PAUSE", 0.01)
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread)
    trigger(db, thread)
    late = Processing(db, Settings())
    with closing(Database(db.path.with_name("other.db"))) as other, running(other):
        starting = threading.Thread(target=late.start_when_possible)
        starting.start()
        assert not late.ready
    starting.join(DEADLINE)
    assert late.ready
    [run] = wait_until_ended(db)
    late.stop()
    assert run.status == "succeeded"


def test_a_start_that_never_succeeds_can_be_stopped(db: Database) -> None:
    """A service that could not start to process ends all the same, and starts nothing later."""
    late = Processing(db, Settings())
    with closing(Database(db.path.with_name("other.db"))) as other, running(other):
        starting = threading.Thread(target=late.start_when_possible)
        starting.start()
        late.stop()
        starting.join(DEADLINE)
        assert not starting.is_alive()
    late.start()
    assert not late.ready


def test_a_queue_that_has_died_is_started_anew(
    db: Database, endpoint: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    """When DBOS is gone the service says that it is not ready, and then goes on by itself."""
    busy, other = ids(), ids()
    released = endpoint.hang()
    with running(db, endpoint) as processing:
        post(db, "At work.", user=busy[0], thread=busy[1])
        trigger(db, busy[1])
        processing.wake()
        endpoint.wait_for(1)
        assert processing.ready
        DBOS.destroy(destroy_registry=True)
        assert not processing.ready
        post(db, "Hello.", user=other[0], thread=other[1])
        trigger(db, other[1])
        processing.wake()
        wait_for(lambda: remembered(db, other[0]) != [], "the queue is dead")
        assert processing.ready
        released.set()
        done = wait_until_ended(db)
    assert [(run.status, run.attempts) for run in done] == [("succeeded", 1)] * 2
    assert "it is started anew" in caplog.text


def test_a_queue_that_leaves_runs_lying_is_started_anew(
    db: Database, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a queue took and lost is given to the next one."""
    monkeypatch.setattr(processing_module, "QUEUE_PATIENCE", 1.0)
    real = engine_module.Engine.enqueue
    lost: list[str] = []

    def losing(self: Any, workflow_id: str, lane: str) -> None:
        if lost:
            real(self, workflow_id, lane)
        else:
            lost.append(workflow_id)

    monkeypatch.setattr(engine_module.Engine, "enqueue", losing)
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread)
    trigger(db, thread)
    with running(db, endpoint) as processing:
        wait_for(lambda: not processing.ready, "nobody notices")
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"


def test_a_queue_that_refuses_a_run_is_asked_again(
    db: Database, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that could not be handed out, as on a full disk, gets its turn again."""
    monkeypatch.setattr(processing_module, "ERROR_PAUSE", 0.01)
    real = engine_module.Engine.enqueue
    refused: list[str] = []

    def refusing(self: Any, workflow_id: str, lane: str) -> None:
        if len(refused) < 3:
            refused.append(workflow_id)
            raise sqlite3.OperationalError("database or disk is full")
        real(self, workflow_id, lane)

    monkeypatch.setattr(engine_module.Engine, "enqueue", refusing)
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread)
    trigger(db, thread)
    with running(db, endpoint):
        [run] = wait_until_ended(db)
    assert (run.status, run.attempts) == ("succeeded", 1)
    assert len(refused) == 3


def test_a_queue_that_could_not_note_an_end_goes_on(
    db: Database,
    endpoint: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A disk that is full when a run ends keeps DBOS from noting it, and no later run waiting."""
    monkeypatch.setattr(processing_module, "QUEUE_PATIENCE", 1.0)
    user, thread = ids()
    with running(db, endpoint) as processing, closing(sqlite3.connect(db.path)) as conn:
        conn.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON workflow_status WHEN new.status = 'SUCCESS'"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        for text in ("One.", "Two."):
            post(db, text, user=user, thread=thread)
            trigger(db, thread)
            processing.wake()
            wait_for(lambda: len(remembered(db, user)) == len(all_runs(db)), "the lane is stuck")
            wait_for(lambda: "disk is full" in caplog.text, "DBOS has noted the end")
            conn.execute("DROP TRIGGER IF EXISTS full")
        statuses = [run.status for run in wait_until_ended(db)]
    assert statuses == ["succeeded", "succeeded"]
    assert "it is started anew" in caplog.text
    assert [run.attempts for run in all_runs(db)] == [1, 1]


def test_wake_and_stop_do_no_harm_without_a_start(db: Database) -> None:
    """A service may wake and stop what was never started."""
    processing = Processing(db, Settings())
    processing.wake()
    processing.stop()
    assert not processing.ready


def test_an_unexpected_error_fails_the_run(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of our own ends in a failed run; the log says where, without anybody's words."""
    user, thread = ids()
    post(db, "A secret.", user=user, thread=thread)
    trigger(db, thread)

    def broken(work: Any, _: Any) -> Any:
        raise KeyError(work.messages[0].content)

    monkeypatch.setattr(worker, "extract", broken)
    with running(db):
        [run] = wait_until_ended(db)
    assert run.status == "failed"
    assert run.error == "unexpected KeyError: the log of the service says where"
    assert "in broken" in caplog.text
    assert "secret" not in caplog.text


def test_what_cannot_be_stored_fails_the_run(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome the store refuses ends in a failed run."""
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread)
    trigger(db, thread)
    real = runs.finish

    def picky(conn: Any, work: Any, outcome: Any, now: str) -> bool:
        if outcome.memories:
            raise ValueError("half a surrogate pair")
        return real(conn, work, outcome, now)

    monkeypatch.setattr(runs, "finish", picky)
    with running(db):
        [run] = wait_until_ended(db)
    assert (run.status, run.error) == (
        "failed",
        "unexpected ValueError: the log of the service says where",
    )


def test_a_store_in_trouble_is_waited_for(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, say, delays runs instead of failing them, both planning and storing."""
    monkeypatch.setattr(worker, "STORE_PAUSE", 0.01)
    monkeypatch.setattr(processing_module, "ERROR_PAUSE", 0.01)
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread, due_in=-1.0)
    failures = {"due_threads": 2, "begin": 2, "finish": 2}

    def failing_first(name: str) -> None:
        real = getattr(runs, name)

        def fail_or(*args: Any) -> Any:
            if failures[name]:
                failures[name] -= 1
                raise StoreError("The disk is full.")
            return real(*args)

        monkeypatch.setattr(runs, name, fail_or)

    for name in failures:
        failing_first(name)
    with running(db):
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"
    assert set(failures.values()) == {0}
    assert remembered(db, user) == ["Will said Hello."]


def test_a_lane_that_cannot_be_read_is_left(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in reading a run is logged, harms no other run, and is tried again next start."""
    broken, other = ids(), ids()
    for user, thread in (broken, other):
        post(db, "Hello.", user=user, thread=thread)
        trigger(db, thread)
    lane = all_runs(db)[0].lane
    real = runs.begin

    def begin(conn: sqlite3.Connection, wanted: str) -> Any:
        if wanted == lane:
            raise KeyError("gone")
        return real(conn, wanted)

    with monkeypatch.context() as patch, running(db):
        patch.setattr(runs, "begin", begin)
        wait_for(lambda: remembered(db, other[0]) != [], "the other user waits")
        wait_for(lambda: "A run failed with KeyError" in caplog.text, "nothing is logged")
    assert remembered(db, broken[0]) == []
    with running(db):
        wait_until_ended(db)
    assert remembered(db, broken[0]) == ["Will said Hello."]


def test_stopping_leaves_a_long_queue_for_later(
    db: Database, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop in the middle of dispatching many runs does not wait for the last of them."""
    monkeypatch.setattr(processing_module, "_BATCH", 1)
    people = [ids() for _ in range(20)]
    for user, thread in people:
        post(db, "Hello.", user=user, thread=thread)
        trigger(db, thread)
    given: list[str] = []
    real = engine_module.Engine.enqueue
    first = threading.Event()
    go_on = threading.Event()

    def slow(self: Any, workflow_id: str, lane: str) -> None:
        given.append(workflow_id)
        first.set()
        go_on.wait(DEADLINE)
        real(self, workflow_id, lane)

    with monkeypatch.context() as patch:
        patch.setattr(engine_module.Engine, "enqueue", slow)
        with running(db, endpoint) as processing:
            assert first.wait(DEADLINE)
            stopper = threading.Thread(target=processing.stop)
            stopper.start()
            wait_for(lambda: not processing.ready, "stop has not begun")
            go_on.set()
            stopper.join(DEADLINE)
            assert not stopper.is_alive()
    assert len(given) < 20
    with running(db, endpoint):
        assert {run.status for run in wait_until_ended(db)} == {"succeeded"}


def test_a_stop_in_trouble_is_a_stop(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    """When the store cannot be written the runs at work are left as they are, and it is logged."""
    with running(db) as processing:
        db.close()
        processing.stop()
        assert not processing.ready
    assert "Putting back the runs at work failed with StoreError" in caplog.text


def test_dbos_logs_like_the_rest_of_the_program(db: Database) -> None:
    """The queue's lines go to the program's own log, and only its warnings."""
    with running(db):
        log = logging.getLogger("dbos")
        assert log.propagate
        assert not any(isinstance(handler, logging.StreamHandler) for handler in log.handlers)
        assert log.level == logging.WARNING


def test_a_path_may_hold_any_characters(tmp_path: Path) -> None:
    """The queue opens the very file the store does, however it is called."""
    path = tmp_path / "a %41?b#c" / "lang mem.db"
    path.parent.mkdir()
    user, thread = ids()
    with closing(Database(path)) as db, running(db):
        post(db, "Hello.", user=user, thread=thread)
        trigger(db, thread)
        assert {item.name[: len(path.name)] for item in path.parent.iterdir()} == {path.name}
    assert [item.name for item in tmp_path.iterdir()] == [path.parent.name]


def test_a_stopped_worker_begins_nothing(db: Database) -> None:
    """A lane that comes in while the service stops is left for the next start."""
    user, thread = ids()
    post(db, "Hello.", user=user, thread=thread)
    trigger(db, thread)
    [run] = all_runs(db)
    stopped = worker.Worker(db, None)
    stopped.stop()
    stopped.work(run.lane)
    assert all_runs(db) == [run]


def test_importing_is_cheap() -> None:
    """A service can answer before DBOS is imported."""
    program = (
        "import sys, langmem_server.processing;"
        "print([name for name in ('dbos', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
