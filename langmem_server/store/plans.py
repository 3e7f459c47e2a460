"""Which memory function is to run over which messages: the range no run of its lane covers yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from langmem_server.store import functions
from langmem_server.store.columns import lane

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from langmem_server.store.records import Function

RUN_MESSAGES = 100
"""The most messages of one run: no model reads a thread of any length at once."""


class _Range(NamedTuple):
    """Messages of a thread for one function and target; `user_id` is None for the thread."""

    thread_id: str
    function_id: str
    user_id: str | None
    first_seq: int
    last_seq: int


def extend(
    conn: sqlite3.Connection, tenant: str, thread_id: str, user_id: str | None, now: str
) -> list[int]:
    """Queue runs over what is not covered yet, in the order of the messages.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        thread_id: The thread.
        user_id: Only what concerns this user; None for all users and the thread itself.
        now: The moment the runs are created, as `records.utc_now` writes it.

    Returns:
        The ordinals of the new runs.
    """
    return [_queue(conn, tenant, part, now) for part in _missing(conn, tenant, thread_id, user_id)]


def is_complete(conn: sqlite3.Connection, tenant: str, thread_id: str) -> bool:
    """Tell whether `extend` would queue nothing."""
    return next(_missing(conn, tenant, thread_id, None), None) is None


def _missing(
    conn: sqlite3.Connection, tenant: str, thread_id: str, user_id: str | None
) -> Iterator[_Range]:
    """Find the ranges that no run covers yet."""
    for function in functions.active(conn, tenant):
        for target, planned_seq in _targets(conn, tenant, thread_id, function):
            if user_id is None or target == user_id:
                for part in _parts(conn, tenant, thread_id, target, after=planned_seq):
                    yield _Range(thread_id, function.id, target, *part)


def _targets(
    conn: sqlite3.Connection, tenant: str, thread_id: str, function: Function
) -> list[tuple[str | None, int]]:
    """List whom a function may have to run for, each with the last seq planned so far."""
    if function.target_type == "thread":
        row = conn.execute(
            "SELECT planned_seq FROM progress WHERE tenant = ? AND function_id = ?"
            " AND thread_id = ? AND user_id IS NULL",
            (tenant, function.id, thread_id),
        ).fetchone()
        return [(None, 0 if row is None else row["planned_seq"])]
    rows = conn.execute(
        "SELECT s.user_id, coalesce(p.planned_seq, 0) AS planned_seq FROM participants s"
        " LEFT JOIN progress p ON p.tenant = s.tenant AND p.function_id = ?3"
        " AND p.thread_id = s.thread_id AND p.user_id = s.user_id"
        " WHERE s.tenant = ?1 AND s.thread_id = ?2 AND s.last_seq > coalesce(p.planned_seq, 0)"
        " ORDER BY s.user_id",
        (tenant, thread_id, function.id),
    )
    return [(row["user_id"], row["planned_seq"]) for row in rows]


def _parts(
    conn: sqlite3.Connection,
    tenant: str,
    thread_id: str,
    user_id: str | None,
    *,
    after: int,
) -> list[tuple[int, int]]:
    """Cut what follows a seq into ranges; leave out those in which the user says nothing."""
    rows = conn.execute(
        "SELECT min(seq) AS first_seq, max(seq) AS last_seq FROM ("
        " SELECT seq, user_id, (row_number() OVER (ORDER BY seq) - 1) / ?5 AS part"
        " FROM messages WHERE tenant = ?1 AND thread_id = ?2 AND seq > ?3)"
        " GROUP BY part HAVING ?4 IS NULL OR max(user_id IS ?4) ORDER BY part",
        (tenant, thread_id, after, user_id, RUN_MESSAGES),
    )
    return [(row["first_seq"], row["last_seq"]) for row in rows]


def _queue(conn: sqlite3.Connection, tenant: str, part: _Range, now: str) -> int:
    """Store one run, and that its messages are planned; return its ordinal."""
    order = lane(tenant, part.function_id, thread_id=part.thread_id, user_id=part.user_id)
    conn.execute(
        "INSERT INTO progress (tenant, thread_id, lane, function_id, user_id, planned_seq)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tenant, thread_id, lane) DO UPDATE SET planned_seq = excluded.planned_seq",
        (tenant, part.thread_id, order, part.function_id, part.user_id, part.last_seq),
    )
    [row] = conn.execute(
        "INSERT INTO runs (tenant, id, thread_id, user_id, function_id, lane, status,"
        " first_seq, last_seq, created_at) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)"
        " RETURNING ordinal",
        (
            tenant,
            str(uuid4()),
            part.thread_id,
            part.user_id,
            part.function_id,
            order,
            part.first_seq,
            part.last_seq,
            now,
        ),
    )
    ordinal: int = row["ordinal"]
    return ordinal
