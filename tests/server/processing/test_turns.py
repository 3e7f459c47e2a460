"""That the hanging runs of some hold up nobody else, with either queue."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from langmem_server.local import _lanes
from langmem_server.queues import durable
from langmem_server.store import functions, runs, threads
from langmem_server.store.records import Function, NewMessage, utc_now
from tests.server.background import (
    DEADLINE,
    PROFILE,
    all_runs,
    ids,
    make_function,
    post,
    remembered,
    running,
    trigger,
    wait_for,
)
from tests.server.scripted_model import Body, ScriptedModel, messages_of, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langmem_server.store.database import Database

HANGING = 20
QUEUES = pytest.mark.parametrize("queue", [durable, _lanes], ids=["DBOS", "lanes"])


@pytest.fixture
def held(endpoint: ScriptedModel) -> Iterator[Callable[[], int]]:
    """Have every question with the word "Hang" hang; give how many do."""
    released = threading.Event()
    lock = threading.Lock()
    count = 0

    def answer(body: Body) -> Any:
        nonlocal count
        if any("Hang" in line["text"] for line in messages_of(body)):
            with lock:
                count += 1
            released.wait(DEADLINE)
        return sensible(body)

    endpoint.default(answer)
    yield lambda: count
    released.set()


@QUEUES
def test_hanging_runs_of_one_user_hold_up_nobody(
    db: Database, endpoint: ScriptedModel, held: Callable[[], int], queue: Any
) -> None:
    """With 20 runs of a user that hang, another user's run is done."""
    for number in range(HANGING - 1):
        make_function(db, "user_append_state", PROFILE, f"Function {number}")
    user, thread = ids()
    post(db, "Hang.", user=user, thread=thread)
    trigger(db, thread)
    assert len(all_runs(db)) == HANGING
    with running(db, endpoint, queue=queue, llm_concurrency=8) as processing:
        wait_for(lambda: held() == 4, "the user has not got half of the places")
        other, thread = ids()
        post(db, "Go on.", user=other, thread=thread)
        trigger(db, thread)
        processing.wake()
        wait_for(lambda: remembered(db, other) == ["Will said Go on."], "the other user waits")
        assert held() == 4
        assert remembered(db, user) == []


@QUEUES
def test_hanging_runs_of_one_tenant_hold_up_nobody(
    db: Database, endpoint: ScriptedModel, held: Callable[[], int], queue: Any
) -> None:
    """With 20 users of a tenant whose runs hang, another tenant's run is done."""
    summary = Function("s", "thread_summary", "S", "", PROFILE, None, "active", utc_now())
    message = NewMessage(None, "user", "Go on.")
    db.write(lambda conn: functions.upsert(conn, "other", summary))
    db.write(lambda conn: threads.add_messages(conn, "other", "t", [message], 0.0))
    for _ in range(HANGING):
        user, thread = ids()
        post(db, "Hang.", user=user, thread=thread)
        trigger(db, thread)

    def plan(conn: Any) -> None:
        runs.plan(conn, "other", "t", retry=False, now=utc_now())

    def status() -> str:
        [run] = db.read(lambda conn: runs.page(conn, "other", limit=2))
        return run.status

    with running(db, endpoint, queue=queue, llm_concurrency=8) as processing:
        wait_for(lambda: held() == 4, "the tenant has not got half of the places")
        db.write(plan)
        processing.wake()
        wait_for(lambda: status() == "succeeded", "the other tenant waits")
        assert held() == 4
