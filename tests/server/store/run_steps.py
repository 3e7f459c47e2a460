"""Steps the tests of runs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem_server.store import functions, runs, threads
from langmem_server.store.records import Function, NewMessage, Outcome, Run, Work, utc_now

if TYPE_CHECKING:
    import sqlite3

T = "tenant"
STATE, FACTS, SUMMARY = "a-state", "b-facts", "c-summary"
DONE = Outcome("succeeded", None, 1, 10, 5)


def add_functions(conn: sqlite3.Connection, *ids: str) -> None:
    """Store functions of the types their ids speak of."""
    types = {STATE: "user_state", FACTS: "user_append_state", SUMMARY: "thread_summary"}
    for key in ids:
        function = Function(key, types[key], key, "", {}, None, "active", utc_now())
        functions.upsert(conn, T, function)


def say(conn: sqlite3.Connection, *users_: str | None, thread: str = "t", due: float = 0.0) -> None:
    """Post one message for each user named; None is a guest."""
    messages = [NewMessage(None, "user", "x", user_id=user) for user in users_]
    threads.add_messages(conn, T, thread, messages, due)


def plan(
    conn: sqlite3.Connection, thread: str = "t", user: str | None = None, *, retry: bool = False
) -> list[Run]:
    """Plan a thread now."""
    return runs.plan(conn, T, thread, user_id=user, retry=retry, now=utc_now())


def ranges(planned: list[Run]) -> list[tuple[str, str | None, int, int]]:
    """Show function, user and messages of runs."""
    ordered = sorted(planned, key=lambda run: (run.function_id, run.user_id or "", run.first_seq))
    return [(run.function_id, run.user_id, run.first_seq, run.last_seq) for run in ordered]


def begun(conn: sqlite3.Connection, run: Run) -> Work:
    """Begin the next run of a run's lane, which there must be."""
    work = runs.begin(conn, run.lane)
    assert work is not None
    return work
