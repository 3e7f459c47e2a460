"""Runs: one memory function over one range of a thread's messages, from plan to effect.

A run goes queued -> running -> succeeded | failed | skipped, and from the last two back to queued
on a retry. It starts when `begin` takes it from its lane and ends in `finish`, which stores the
effect and the end of the run in one transaction: an effect is stored at most once, whatever
crashes in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from langmem_server.store import functions, memories, plans, threads, usage, users
from langmem_server.store.columns import decode, id_list
from langmem_server.store.records import Dispatch, Outcome, Run, Work, utc_now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from langmem_server.store.records import Function

CONTEXT_MESSAGES = 10
"""How many messages before its own a run gets to understand these."""

MAX_INTERRUPTIONS = 10
"""How often in a row a service may be killed during a run before the run is given up."""

SUSPICIOUS_INTERRUPTIONS = 3
"""From how many on it may be the run that kills the service, and it goes alone."""

_GIVEN_UP = Outcome(
    "failed",
    f"the service was killed during this run, {MAX_INTERRUPTIONS} times in a row: if its messages"
    " were not the reason, trigger it again",
    attempts=0,
    prompt_tokens=0,
    completion_tokens=0,
)

CLOCK_SLACK = 30.0
"""Seconds by which a clock may go back without a look at what is due: more than lie between the
moment somebody asks what is due and a message that is stored meanwhile."""


def plan(
    conn: sqlite3.Connection,
    tenant: str,
    thread_id: str,
    *,
    user_id: str | None = None,
    retry: bool,
    now: str,
) -> list[Run]:
    """Queue runs of every active function over the messages of a thread it has not seen.

    A function over users runs for each user with new messages of their own, over all messages
    of the thread since it last did. A range of more than `plans.RUN_MESSAGES` makes several runs.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        thread_id: The thread; an unknown one has nothing to plan.
        user_id: Only what concerns this user; the thread then stays due for the rest.
        retry: Also queue failed and skipped runs of active functions again.
        now: The moment of planning, as `records.utc_now` writes it.

    Returns:
        The runs queued, oldest first.

    Example:
        >>> db.write(
        ...     lambda c: runs.plan(c, "default", thread, retry=True, now=utc_now())
        ... )  # doctest: +SKIP
    """
    again = _requeue(conn, tenant, thread_id, user_id) if retry else []
    new = plans.extend(conn, tenant, thread_id, user_id, now)
    if user_id is None:
        conn.execute(
            "UPDATE threads SET due_at = NULL WHERE tenant = ? AND id = ?", (tenant, thread_id)
        )
    return _runs(conn, "r.ordinal IN (SELECT value FROM json_each(?))", (id_list(again + new),))


def schedule_all(conn: sqlite3.Connection, tenant: str, due_at: float) -> None:
    """Make every thread with messages due, as after a function was created or enabled.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        due_at: When, in epoch seconds; an earlier time stands.
    """
    conn.execute(
        "UPDATE threads SET due_at = min(coalesce(due_at, ?1), ?1)"
        " WHERE tenant = ?2 AND last_message_batch_id IS NOT NULL",
        (due_at, tenant),
    )


def due_threads(conn: sqlite3.Connection, now: float, delay: float) -> list[tuple[str, str]]:
    """List the threads that are due, earliest first.

    Args:
        conn: A connection.
        now: The present moment in epoch seconds.
        delay: The most seconds that anything is put off. What is due later than that, and
            `CLOCK_SLACK` more, was put off before the clock went back, and is due.

    Returns:
        (tenant, thread id) of each.
    """
    rows = conn.execute(
        "SELECT tenant, id, due_at FROM threads WHERE due_at <= ?1"
        " UNION ALL SELECT tenant, id, due_at FROM threads WHERE due_at > ?2 ORDER BY due_at",
        (now, now + delay + CLOCK_SLACK),
    )
    return [(row["tenant"], row["id"]) for row in rows]


def next_due(conn: sqlite3.Connection) -> float | None:
    """Return when the next thread is due, in epoch seconds, or None."""
    due_at: float | None = conn.execute(
        "SELECT min(due_at) FROM threads WHERE due_at IS NOT NULL"
    ).fetchone()[0]
    return due_at


def several_tenants(conn: sqlite3.Connection) -> bool:
    """Tell whether more than one tenant has threads."""
    [found] = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM threads WHERE tenant > (SELECT min(tenant) FROM threads))"
    ).fetchone()
    return bool(found)


def undispatched(conn: sqlite3.Connection) -> list[Dispatch]:
    """List the queued runs that the background engine has not been given, oldest first."""
    rows = conn.execute(
        "SELECT tenant, id, lane, queued_count,"
        " CASE WHEN interrupted_count < ? THEN coalesce(user_id, thread_id) END"
        " FROM runs WHERE status = 'queued' AND dispatched = 0 ORDER BY ordinal",
        (SUSPICIOUS_INTERRUPTIONS,),
    )
    return [Dispatch(*row) for row in rows]


def mark_dispatched(conn: sqlite3.Connection, items: Iterable[Dispatch]) -> None:
    """Note that runs were given to the background engine, unless queued again since."""
    conn.executemany(
        "UPDATE runs SET dispatched = 1 WHERE tenant = ? AND id = ? AND queued_count = ?",
        [(item.tenant, item.run_id, item.queued_count) for item in items],
    )


def reset_dispatched(conn: sqlite3.Connection) -> None:
    """Have all unfinished runs dispatched again, under a new count: for the start of a service.

    A run that is found running was at work when the last service was killed. One to which that
    happens `MAX_INTERRUPTIONS` times in a row has failed: it may be what kills the service.
    """
    conn.execute(
        "UPDATE runs SET interrupted_count = interrupted_count + 1 WHERE status = 'running'"
    )
    given_up = conn.execute(
        "SELECT tenant, id FROM runs WHERE status = 'running' AND interrupted_count >= ?",
        (MAX_INTERRUPTIONS,),
    ).fetchall()
    for row in given_up:
        _end(conn, row["tenant"], row["id"], _GIVEN_UP, utc_now())
    conn.execute(
        "UPDATE runs SET status = 'queued', dispatched = 0, queued_count = queued_count + 1"
        " WHERE status IN ('queued', 'running')"
    )


def release(conn: sqlite3.Connection) -> None:
    """Put the runs at work back into their places: for the end of a service that is not killed."""
    conn.execute("UPDATE runs SET status = 'queued' WHERE status = 'running'")


def begin(conn: sqlite3.Connection, lane: str) -> Work | None:
    """Start the oldest unfinished run of a lane and read all it needs.

    A run that is running already is started anew: whoever had it crashed, or read a state that
    moved. What the former holder still delivers is ignored.

    Returns:
        The work, or None if the lane has no unfinished run.
    """
    row = conn.execute(
        "SELECT tenant, ordinal FROM runs WHERE lane = ? AND status IN ('queued', 'running')"
        " ORDER BY ordinal LIMIT 1",
        (lane,),
    ).fetchone()
    if row is None:
        return None
    [begun] = conn.execute(
        "UPDATE runs SET status = 'running', started_at = ?, begun_count = begun_count + 1"
        " WHERE ordinal = ? RETURNING begun_count",
        (utc_now(), row["ordinal"]),
    )
    [run] = _runs(conn, "r.ordinal = ?", (row["ordinal"],))
    return _work(conn, row["tenant"], run, begun["begun_count"])


def finish(conn: sqlite3.Connection, work: Work, outcome: Outcome, now: str) -> bool:
    """Store what came of a run, effect and end together.

    Nothing is stored if the run is over, was started anew, or is gone with its user, thread or
    function. Attempts and tokens are added up over all tries of the run.

    Args:
        conn: A writing connection.
        work: What `begin` gave.
        outcome: What became of it; its state replaces the one there, its memories are added.
        now: The moment the run ended and its memories were made, as `records.utc_now` writes it.

    Returns:
        False if the state has moved since `begin` read it: only the usage is stored, and `begin`
        gives the run again. Otherwise True.
    """
    run = work.run
    held = conn.execute(
        "UPDATE runs SET attempts = attempts + ?, prompt_tokens = prompt_tokens + ?,"
        " completion_tokens = completion_tokens + ?"
        " WHERE tenant = ? AND id = ? AND status = 'running' AND begun_count = ?",
        (
            outcome.attempts,
            outcome.prompt_tokens,
            outcome.completion_tokens,
            work.tenant,
            run.id,
            work.begun_count,
        ),
    ).rowcount
    moved = (
        bool(held) and outcome.state is not None and not _replace_state(conn, work, outcome.state)
    )
    if not held or moved:
        usage.add(conn, work.tenant, now, outcome, ended=False)
        return not moved
    if run.user_id is not None:
        source = (run.user_id, run.function_id, run.thread_id)
        memories.remember(conn, work.tenant, source, outcome.memories, now)
    _end(conn, work.tenant, run.id, outcome, now)
    return True


def page(
    conn: sqlite3.Connection,
    tenant: str,
    *,
    thread_id: str | None = None,
    user_id: str | None = None,
    status: str | None = None,
    after: int | None = None,
    limit: int,
) -> list[Run]:
    """List runs, newest first.

    Args:
        conn: A connection.
        tenant: The tenant.
        thread_id: Only runs over this thread.
        user_id: Only runs for this user.
        status: Only runs of this status.
        after: The `ordinal` of the last run of the page before; None for the first page.
        limit: The most runs to return.
    """
    filters = {
        "r.thread_id = ?": thread_id,
        "r.user_id = ?": user_id,
        "r.status = ?": status,
        "r.ordinal < ?": after,
    }
    given = {test: value for test, value in filters.items() if value is not None}
    where = " AND ".join(["r.tenant = ?", *given])
    return _runs(conn, where, (tenant, *given.values()), newest_first=True, limit=limit)


def get(conn: sqlite3.Connection, tenant: str, id: str) -> Run | None:
    """Return a run, or None."""
    return next(iter(_runs(conn, "r.tenant = ? AND r.id = ?", (tenant, id))), None)


def retry(conn: sqlite3.Connection, tenant: str, id: str) -> Run | None:
    """Queue a failed or skipped run again, at its old place in its lane.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        id: The run.

    Returns:
        The run as it is now, or None if there is none that has failed or was skipped.
    """
    run = get(conn, tenant, id)
    if run is None or run.status not in {"failed", "skipped"}:
        return None
    _queue_again(conn, [run.ordinal])
    return get(conn, tenant, id)


def _requeue(
    conn: sqlite3.Connection, tenant: str, thread_id: str, user_id: str | None
) -> list[int]:
    rows = conn.execute(
        "SELECT ordinal FROM runs"
        " WHERE tenant = ?1 AND thread_id = ?2 AND status IN ('failed', 'skipped')"
        " AND (?3 IS NULL OR user_id = ?3) AND function_id IN"
        " (SELECT id FROM memory_functions WHERE tenant = ?1 AND status = 'active')",
        (tenant, thread_id, user_id),
    )
    ordinals = [row["ordinal"] for row in rows]
    _queue_again(conn, ordinals)
    return ordinals


def _queue_again(conn: sqlite3.Connection, ordinals: list[int]) -> None:
    conn.execute(
        "UPDATE runs SET status = 'queued', error = NULL, started_at = NULL, finished_at = NULL,"
        " dispatched = 0, queued_count = queued_count + 1, interrupted_count = 0"
        " WHERE ordinal IN (SELECT value FROM json_each(?))",
        (id_list(ordinals),),
    )


def _end(conn: sqlite3.Connection, tenant: str, id: str, outcome: Outcome, now: str) -> None:
    conn.execute(
        "UPDATE runs SET status = ?, error = ?, finished_at = ?, interrupted_count = 0"
        " WHERE tenant = ? AND id = ?",
        (outcome.status, outcome.error, now, tenant, id),
    )
    usage.add(conn, tenant, now, outcome, ended=True)


def _work(conn: sqlite3.Connection, tenant: str, run: Run, begun_count: int) -> Work:
    before = threads.messages_page(
        conn,
        tenant,
        run.thread_id,
        after_seq=run.first_seq,
        ascending=False,
        limit=CONTEXT_MESSAGES,
    )
    state, version = _current_state(conn, tenant, run) or (None, 0)
    return Work(
        tenant=tenant,
        run=run,
        # A foreign key holds the run to its function.
        function=cast("Function", functions.get(conn, tenant, run.function_id)),
        user=None if run.user_id is None else users.get(conn, tenant, run.user_id),
        context=before[::-1],
        messages=threads.messages_between(conn, tenant, run.thread_id, run.first_seq, run.last_seq),
        state=state,
        state_version=version,
        begun_count=begun_count,
    )


def _current_state(
    conn: sqlite3.Connection, tenant: str, run: Run
) -> tuple[dict[str, Any], int] | None:
    if run.user_id is None:
        return memories.get_thread_output(conn, tenant, run.thread_id, run.function_id)
    return memories.get_state(conn, tenant, run.user_id, run.function_id)


def _replace_state(conn: sqlite3.Connection, work: Work, state: dict[str, Any]) -> bool:
    run = work.run
    _, version = _current_state(conn, work.tenant, run) or (None, 0)
    if version != work.state_version:
        return False
    if run.user_id is None:
        memories.put_thread_output(conn, work.tenant, run.thread_id, run.function_id, state)
    else:
        memories.put_state(conn, work.tenant, run.user_id, run.function_id, state)
    return True


def _runs(
    conn: sqlite3.Connection,
    where: str,
    values: tuple[Any, ...],
    *,
    newest_first: bool = False,
    limit: int = -1,
) -> list[Run]:
    """Read runs by a condition this module wrote; SQLite takes a limit of -1 for none."""
    rows = conn.execute(
        "SELECT r.*, f.name AS function_name, f.type AS function_type, ("  # noqa: S608
        " SELECT json_group_array(id) FROM (SELECT m.id FROM messages m"
        " WHERE m.tenant = r.tenant AND m.thread_id = r.thread_id"
        " AND m.seq BETWEEN r.first_seq AND r.last_seq ORDER BY m.seq)) AS message_ids"
        " FROM runs r JOIN memory_functions f ON f.tenant = r.tenant AND f.id = r.function_id"
        f" WHERE {where} ORDER BY r.ordinal {'DESC' if newest_first else 'ASC'} LIMIT ?",
        (*values, limit),
    )
    return [_run(row) for row in rows]


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        thread_id=row["thread_id"],
        user_id=row["user_id"],
        function_id=row["function_id"],
        function_name=row["function_name"],
        function_type=row["function_type"],
        status=row["status"],
        first_seq=row["first_seq"],
        last_seq=row["last_seq"],
        error=row["error"],
        attempts=row["attempts"],
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        lane=row["lane"],
        message_ids=decode(row["message_ids"]),
        ordinal=row["ordinal"],
    )
