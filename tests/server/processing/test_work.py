from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import time_machine

from langmem_server import processing as processing_module
from langmem_server.store import memories, runs, users
from tests.server.scripted_model import Body, ScriptedModel, messages_of, sensible

if TYPE_CHECKING:
    import pytest

    from langmem_server.store.database import Database
from tests.server.background import (
    DEADLINE,
    PROFILE,
    TENANT,
    all_runs,
    ids,
    make_function,
    only_function,
    post,
    remembered,
    running,
    trigger,
    wait_for,
    wait_until_ended,
)


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


def test_a_thread_put_off_by_another_clock_is_processed(db: Database) -> None:
    """Messages that came before the clock went back by an hour do not wait for that hour."""
    user, thread = ids()
    post(db, "Hello again.", user=user, thread=thread, due_in=3660.0)
    with running(db, processing_delay=60.0):
        [run] = wait_until_ended(db)
    assert run.status == "succeeded"


def test_nothing_is_slept_through(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes forward is noticed although nobody wakes the service."""
    monkeypatch.setattr(processing_module, "MAX_PAUSE", 0.05)
    user, thread = ids()
    with running(db), time_machine.travel(datetime.now(UTC), tick=True) as clock:
        post(db, "Hello.", user=user, thread=thread, due_in=3000.0)
        assert all_runs(db) == []
        clock.shift(3600)
        wait_until_ended(db)


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
    assert run.status == "queued"
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
