from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server import engine as engine_module
from langmem_server import llm, worker
from langmem_server import processing as processing_module
from langmem_server.processing import Processing
from langmem_server.settings import Settings
from langmem_server.store import functions, memories, runs, threads, users
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError
from langmem_server.store.records import Function, NewMessage, Run, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.scripted_model import Body, ScriptedModel, messages_of, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TENANT = "default"
DEADLINE = 30.0
PROFILE: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "likes": {"type": "array"}},
    "required": ["name"],
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database on a new file."""
    database = Database(tmp_path / "langmem.db")
    yield database
    database.close()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """A model endpoint that answers sensibly unless told otherwise."""
    monkeypatch.setattr(llm, "_BACKOFF", 0.01)
    with ScriptedModel() as scripted:
        yield scripted


@contextmanager
def running(
    db: Database, endpoint: ScriptedModel | None = None, **chosen: Any
) -> Iterator[Processing]:
    """Process in the background, with the endpoint as the model or without one."""
    if endpoint is not None:
        chosen |= {"llm_base_url": endpoint.base_url, "llm_model": "scripted"}
    processing = Processing(db, Settings(**chosen))
    processing.start()
    try:
        yield processing
    finally:
        processing.stop()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; fail after the deadline."""
    tick = threading.Event()
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited {DEADLINE} s: {what}"
        tick.wait(0.02)


def all_runs(db: Database) -> list[Run]:
    """List all runs, oldest first."""
    return db.read(lambda conn: runs.page(conn, TENANT, limit=1000))[::-1]


def wait_until_ended(db: Database) -> list[Run]:
    """Wait until there are runs and none is unfinished; return them, oldest first."""

    def ended() -> bool:
        found = all_runs(db)
        return bool(found) and not any(run.status in {"queued", "running"} for run in found)

    wait_for(ended, "a run is not finished")
    return all_runs(db)


def post(db: Database, text: str, *, user: str, thread: str, due_in: float = 3600.0) -> None:
    """Store one message of a user."""
    message = NewMessage(id=None, role="user", content=text, name="Will", user_id=user)
    due_at = time.time() + due_in
    db.write(lambda conn: threads.add_messages(conn, TENANT, thread, [message], due_at))


def trigger(db: Database, thread: str, *, retry: bool = True) -> None:
    """Plan what is new in a thread, as the trigger operation does."""
    db.write(lambda conn: runs.plan(conn, TENANT, thread, retry=retry, now=utc_now()))


def make_function(db: Database, kind: str, parameters: dict[str, Any]) -> str:
    """Store a memory function; return its id."""
    function = Function(
        id=str(uuid4()),
        type=kind,
        name=f"A {kind}",
        description="",
        parameters=parameters,
        custom_instructions=None,
        status="active",
        created_at=utc_now(),
    )
    return db.write(lambda conn: functions.upsert(conn, TENANT, function)).id


def only_function(db: Database, kind: str, parameters: dict[str, Any]) -> str:
    """Store a memory function and remove the one every database begins with."""
    db.write(lambda conn: functions.delete(conn, TENANT, SEMANTIC_FUNCTION_ID))
    return make_function(db, kind, parameters)


def remembered(db: Database, user: str) -> list[str]:
    """List the texts of a user's memories, in alphabetical order."""
    found = db.read(
        lambda conn: memories.search(conn, TENANT, user, [SEMANTIC_FUNCTION_ID], [], 1000)
    )
    return sorted(candidate.memory.text for candidate in found)


def ids() -> tuple[str, str]:
    """Make the ids of a new user and a new thread."""
    return str(uuid4()), str(uuid4())


def test_a_trigger_makes_memories_without_a_model(db: Database) -> None:
    """With nothing configured, what the user said is found a moment after the trigger."""
    user, thread = ids()
    post(db, "I know pikas.", user=user, thread=thread)
    with running(db) as processing:
        assert processing.ready
        trigger(db, thread)
        processing.wake()
        [run] = wait_until_ended(db)
    assert not processing.ready
    assert (run.status, run.error, run.attempts) == ("succeeded", None, 0)
    assert remembered(db, user) == ["Will said I know pikas."]


def test_a_thread_is_processed_when_its_time_comes(db: Database) -> None:
    """A thread that falls due is planned and done without anybody asking."""
    user, thread = ids()
    with running(db) as processing:
        post(db, "Later.", user=user, thread=thread, due_in=0.5)
        processing.wake()
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"
    assert db.read(runs.next_due) is None


def test_what_is_due_at_the_start_is_done(db: Database) -> None:
    """Messages left by an earlier service need neither wake nor trigger."""
    user, thread = ids()
    post(db, "Hello again.", user=user, thread=thread, due_in=-5.0)
    with running(db):
        wait_until_ended(db)
    assert remembered(db, user) == ["Will said Hello again."]


def test_every_type_of_function_runs(db: Database, endpoint: ScriptedModel) -> None:
    """With a model each function stores its output, and the run what it cost."""
    user, thread = ids()
    state = make_function(db, "user_state", PROFILE)
    append = make_function(db, "user_append_state", PROFILE)
    summary = make_function(db, "thread_summary", PROFILE)
    post(db, "I know pikas.", user=user, thread=thread)
    trigger(db, thread)
    with running(db, endpoint):
        done = wait_until_ended(db)
    assert {run.status for run in done} == {"succeeded"}
    assert {(run.attempts, run.prompt_tokens, run.completion_tokens) for run in done} == {
        (1, 10, 5)
    }
    assert remembered(db, user) == ["Will said I know pikas."]
    profile = db.read(lambda conn: memories.get_state(conn, TENANT, user, state))
    assert profile is not None
    assert profile[0] == {"name": "I know pikas.", "likes": ["I know pikas."]}
    [found] = db.read(lambda conn: memories.search(conn, TENANT, user, [append], ["pikas"], 9))
    assert found.memory.text == "name: I know pikas.; likes: I know pikas."
    output = db.read(lambda conn: memories.get_thread_output(conn, TENANT, thread, summary))
    assert output is not None


def test_a_state_is_brought_up_to_date(db: Database, endpoint: ScriptedModel) -> None:
    """The second run patches what the first one made."""
    user, thread = ids()
    function = only_function(db, "user_state", PROFILE)
    endpoint.reply({"name": "Will", "likes": ["tea"]})
    endpoint.reply({"patch": [{"op": "add", "path": "/likes/-", "value": "figs"}]})
    with running(db, endpoint) as processing:
        for text in ("I like tea.", "Figs too."):
            post(db, text, user=user, thread=thread)
            trigger(db, thread)
            processing.wake()
            wait_until_ended(db)
    state = db.read(lambda conn: memories.get_state(conn, TENANT, user, function))
    assert state is not None
    assert state[0] == {"name": "Will", "likes": ["tea", "figs"]}


def test_a_lane_keeps_its_order_and_never_overlaps(db: Database, endpoint: ScriptedModel) -> None:
    """Runs of one user go one after another, oldest first, while other users go beside them."""
    watch = threading.Lock()
    order: dict[str, list[str]] = {}
    busy: dict[str, int] = {}
    most = 0
    both = threading.Barrier(2, timeout=DEADLINE)

    def answer(body: Body) -> Any:
        nonlocal most
        [line] = [line for line in messages_of(body) if line["target"]]
        user = line["user_id"]
        with watch:
            busy[user] = busy.get(user, 0) + 1
            most = max(most, busy[user])
            order.setdefault(user, []).append(line["text"])
        if line["text"] == "0":
            both.wait()  # opens only when both users are at work at once
        with watch:
            busy[user] -= 1
        return sensible(body)

    endpoint.default(answer)
    people = [ids(), ids()]
    for number in range(5):
        for user, thread in people:
            post(db, str(number), user=user, thread=thread)
            trigger(db, thread, retry=False)
    with running(db, endpoint):
        assert len(wait_until_ended(db)) == 10
    assert most == 1
    assert list(order.values()) == [["0", "1", "2", "3", "4"]] * 2


def test_a_hanging_model_holds_up_only_its_own_user(db: Database, endpoint: ScriptedModel) -> None:
    """While one user's run hangs, another user's runs are done."""
    held, other = ids(), ids()
    post(db, "Hang.", user=held[0], thread=held[1])
    trigger(db, held[1])
    released = endpoint.hang()
    with running(db, endpoint) as processing:
        endpoint.wait_for(1)
        post(db, "Go on.", user=other[0], thread=other[1])
        trigger(db, other[1])
        processing.wake()
        wait_for(lambda: remembered(db, other[0]) == ["Will said Go on."], "the other user waits")
        assert remembered(db, held[0]) == []
        released.set()
        wait_until_ended(db)
    assert remembered(db, held[0]) == ["Will said Hang."]


def test_a_failed_run_says_why_and_can_be_retried(db: Database, endpoint: ScriptedModel) -> None:
    """A failure is kept with its reason and does no harm to others; a trigger tries again."""
    failing, other = ids(), ids()
    broken = True

    def answer(body: Body) -> Any:
        mine = any(line["user_id"] == failing[0] for line in messages_of(body))
        return "no json" if broken and mine else sensible(body)

    endpoint.default(answer)
    for user, thread in (failing, other):
        post(db, "Hello.", user=user, thread=thread)
        trigger(db, thread)
    with running(db, endpoint) as processing:
        first, second = wait_until_ended(db)
        assert (first.status, first.attempts) == ("failed", 3)
        assert "no valid JSON" in (first.error or "")
        assert second.status == "succeeded"
        broken = False
        trigger(db, failing[1])
        processing.wake()
        first, second = wait_until_ended(db)
    assert (first.status, first.error, first.attempts) == ("succeeded", None, 4)
    assert remembered(db, failing[0]) == ["Will said Hello."]


def test_skipped_runs_are_done_once_there_is_a_model(db: Database, endpoint: ScriptedModel) -> None:
    """A run skipped for want of a model succeeds after a restart with one and a trigger."""
    user, thread = ids()
    only_function(db, "user_state", PROFILE)
    post(db, "I am Will.", user=user, thread=thread)
    trigger(db, thread)
    with running(db):
        [run] = wait_until_ended(db)
    assert run.status == "skipped"
    assert "LANGMEM_LLM_MODEL" in (run.error or "")
    trigger(db, thread)
    with running(db, endpoint):
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"


def test_stopping_is_prompt_and_loses_nothing(db: Database, endpoint: ScriptedModel) -> None:
    """A hanging call does not hold up the stop; the next start in the process does the run once."""
    user, thread = ids()
    post(db, "I know pikas.", user=user, thread=thread)
    trigger(db, thread)
    endpoint.hang()
    with running(db, endpoint) as processing:
        endpoint.wait_for(1)
        begun = time.monotonic()
        processing.stop()
        assert time.monotonic() - begun < 5.0
    [run] = all_runs(db)
    assert run.status == "running"
    with running(db, endpoint):
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"
    assert remembered(db, user) == ["Will said I know pikas."]


def test_a_change_in_between_is_not_lost(db: Database, endpoint: ScriptedModel) -> None:
    """A state changed while the model was asked is read again, and both changes are kept."""
    user, thread = ids()
    function = only_function(db, "user_state", PROFILE)
    post(db, "I like figs.", user=user, thread=thread)
    trigger(db, thread)

    def change_then_answer(_: Body) -> Any:
        own = {"name": "William", "likes": []}
        db.write(lambda conn: memories.put_state(conn, TENANT, user, function, own))
        return {"name": "Will", "likes": ["figs"]}

    endpoint.reply_with(change_then_answer)
    endpoint.reply({"patch": [{"op": "add", "path": "/likes/-", "value": "figs"}]})
    with running(db, endpoint):
        [run] = wait_until_ended(db)
    assert (run.status, run.attempts) == ("succeeded", 2)
    state = db.read(lambda conn: memories.get_state(conn, TENANT, user, function))
    assert state is not None
    assert state[0] == {"name": "William", "likes": ["figs"]}


def test_a_state_that_never_rests_fails_the_run(db: Database, endpoint: ScriptedModel) -> None:
    """After five changes in a row the run gives up and says so; the caller's document stands."""
    user, thread = ids()
    function = only_function(db, "user_state", PROFILE)
    post(db, "I like figs.", user=user, thread=thread)
    trigger(db, thread)

    def change_then_answer(body: Body) -> Any:
        own = {"name": str(len(endpoint.requests))}
        db.write(lambda conn: memories.put_state(conn, TENANT, user, function, own))
        return sensible(body)

    endpoint.default(change_then_answer)
    with running(db, endpoint):
        [run] = wait_until_ended(db)
    assert (run.status, run.attempts) == ("failed", 5)
    assert "changed while the model was asked" in (run.error or "")
    state = db.read(lambda conn: memories.get_state(conn, TENANT, user, function))
    assert state is not None
    assert state[0] == {"name": "5"}


def test_nothing_comes_back_of_a_deleted_user(db: Database, endpoint: ScriptedModel) -> None:
    """A run whose user is erased while the model is asked leaves nothing behind."""
    user, thread = ids()
    post(db, "Forget me.", user=user, thread=thread)
    trigger(db, thread)
    released = endpoint.hang()
    with running(db, endpoint) as processing:
        endpoint.wait_for(1)
        db.write(lambda conn: users.delete(conn, TENANT, user))
        released.set()
        other = ids()
        post(db, "Me too.", user=other[0], thread=other[1])
        trigger(db, other[1])
        processing.wake()
        wait_until_ended(db)
    assert remembered(db, user) == []
    assert [run.user_id for run in all_runs(db)] == [other[0]]


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
