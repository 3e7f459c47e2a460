"""Background work for tests: post, trigger, wait, look."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langmem_server.processing import Processing
from langmem_server.queues import durable
from langmem_server.settings import Settings
from langmem_server.store import functions, memories, runs, threads
from langmem_server.store.records import Function, NewMessage, Run, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langmem_server.store.database import Database
    from tests.server.scripted_model import ScriptedModel

TENANT = "default"
DEADLINE = 30.0
PROFILE: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "likes": {"type": "array"}},
    "required": ["name"],
}


@contextmanager
def running(
    db: Database, endpoint: ScriptedModel | None = None, *, queue: Any = durable, **chosen: Any
) -> Iterator[Processing]:
    """Process in the background, with the endpoint as the model or without one."""
    if endpoint is not None:
        chosen |= {"llm_base_url": endpoint.base_url, "llm_model": "scripted"}
    # As far ahead as `post` puts things off.
    processing = Processing(db, Settings(**{"processing_delay": 3600.0, **chosen}), queue=queue)
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


def make_function(
    db: Database, kind: str, parameters: dict[str, Any], name: str | None = None
) -> str:
    """Store a memory function; return its id."""
    function = Function(
        id=str(uuid4()),
        type=kind,
        name=name or f"A {kind}",
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
