"""What is stored, kind by kind, in an order that stays the same while it is written to.

Each kind is read by keys that never change, so that a page begins where the one before ended. What
one user's share of a kind is stands here too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from langmem_server.store.columns import decode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

PAGE_CHARACTERS: Final = 1_000_000
"""The most characters of a page, unless one row has more: a page must fit into a request."""

_ALONE: Final = """(
    SELECT p.thread_id FROM participants p WHERE p.tenant = :tenant AND p.user_id = :user
    AND NOT EXISTS (SELECT 1 FROM participants o WHERE o.tenant = p.tenant
        AND o.thread_id = p.thread_id AND o.user_id <> p.user_id)
    AND NOT EXISTS (SELECT 1 FROM messages g WHERE g.tenant = p.tenant
        AND g.thread_id = p.thread_id AND g.user_id IS NULL
        AND g.role NOT IN ('assistant', 'developer', 'function', 'system', 'tool'))
)"""

_SPOKEN_IN: Final = (
    "(SELECT p.thread_id FROM participants p WHERE p.tenant = :tenant AND p.user_id = :user)"
)

# A cursor holds the age of the newest function there was at the beginning: of later ones nothing
# is exported, as their own records may have been passed.
_KNOWN_FUNCTIONS: Final = (
    "(SELECT f.id FROM memory_functions f WHERE f.tenant = :tenant AND f.created_at <= :until)"
)

# What is done without a gap: up to the first run that has not succeeded, else all that is planned.
_PROCESSED: Final = f"""(
    SELECT json_group_array(json_object(
        'function_id', q.function_id, 'user_id', q.user_id, 'last_seq', q.last_seq))
    FROM (
        SELECT p.function_id, p.user_id, min(p.planned_seq, coalesce((
            SELECT min(x.first_seq) - 1 FROM runs x WHERE x.tenant = p.tenant
            AND x.thread_id = p.thread_id AND x.lane = p.lane AND x.status <> 'succeeded'
        ), p.planned_seq)) AS last_seq
        FROM progress p WHERE p.tenant = r.tenant AND p.thread_id = r.id
        AND p.function_id IN {_KNOWN_FUNCTIONS}
        AND (:user IS NULL OR p.user_id = :user OR (p.user_id IS NULL AND r.id IN {_ALONE}))
        ORDER BY p.function_id, p.user_id
    ) AS q WHERE q.last_seq > 0
)"""  # noqa: S608 - made of the constants above

_OF_THE_USER: Final = f"""r.id IN (
    SELECT s.function_id FROM user_states s WHERE s.tenant = :tenant AND s.user_id = :user
    UNION SELECT m.function_id FROM memories m WHERE m.tenant = :tenant AND m.user_id = :user
    UNION SELECT p.function_id FROM progress p WHERE p.tenant = :tenant AND p.user_id = :user
    UNION SELECT p.function_id FROM progress p WHERE p.tenant = :tenant AND p.user_id IS NULL
        AND p.thread_id IN {_ALONE}
    UNION SELECT o.function_id FROM thread_outputs o WHERE o.tenant = :tenant
        AND o.thread_id IN {_ALONE}
)"""  # noqa: S608 - made of the constants above


_EVER: Final = "~"  # after every date


class Kind(NamedTuple):
    """One kind of row.

    `columns` are what is exported, JSON where `json` names them. Rows are ordered by the columns
    `order`, and known by the columns `identity`. `where` holds for all that is exported, `share`
    for what belongs to one user; no index gives it in order where it is a `sorted_share`.
    """

    name: str
    table: str
    columns: str
    json: tuple[str, ...]
    order: tuple[str, ...]
    identity: tuple[str, ...]
    share: str
    where: str = "r.tenant = :tenant"
    sorted_share: bool = False


class Place(NamedTuple):
    """Where an export stands: after the row of a kind with these values of its order.

    `until` is the age of the newest memory function that is exported.
    """

    until: str
    kind: str
    after: tuple[str | int, ...] = ()


_BY_FUNCTION: Final = f"r.tenant = :tenant AND r.function_id IN {_KNOWN_FUNCTIONS}"

KINDS: Final = (
    Kind(
        name="memory_function",
        table="memory_functions",
        columns="id, type, custom_instructions, name, description, parameters, status, created_at",
        json=("parameters",),
        order=("id",),
        identity=("id",),
        share=_OF_THE_USER,
        where="r.tenant = :tenant AND r.created_at <= :until",
    ),
    Kind(
        name="user",
        table="users",
        columns="id, name, named, tags, metadata",
        json=("tags", "metadata"),
        order=("id",),
        identity=("id",),
        share="r.id = :user",
    ),
    Kind(
        name="thread",
        table="threads",
        columns="id, metadata, created_at, last_message_timestamp, last_message_batch_id, last_seq,"
        f" {_PROCESSED} AS processed, :user IS NULL OR id IN {_ALONE} AS whole",
        json=("metadata", "processed"),
        order=("id",),
        identity=("id",),
        share=f"r.id IN {_SPOKEN_IN}",
    ),
    Kind(
        name="thread_state",
        table="thread_states",
        columns="thread_id, key, state",
        json=("key", "state"),
        order=("thread_id", "key"),
        identity=("thread_id", "key"),
        share=f"r.thread_id IN {_ALONE}",
    ),
    Kind(
        name="user_state",
        table="user_states",
        columns="user_id, function_id, state",
        json=("state",),
        order=("user_id", "function_id"),
        identity=("user_id", "function_id"),
        share="r.user_id = :user",
        where=_BY_FUNCTION,
    ),
    Kind(
        name="user_memory",
        table="memories",
        columns="ordinal, id, user_id, function_id, text, content,"
        " importance, created_at, last_accessed, (SELECT json_group_array(thread_id)"
        " FROM (SELECT t.thread_id FROM memory_threads t WHERE t.tenant = r.tenant"
        " AND t.memory_id = r.id ORDER BY t.thread_id)) AS thread_ids",
        json=("content", "thread_ids"),
        order=("ordinal",),
        identity=("id",),
        share="r.user_id = :user",
        sorted_share=True,
        # The plus keeps SQLite from an index whose rows it would have to sort.
        where=f"r.tenant = :tenant AND +r.function_id IN {_KNOWN_FUNCTIONS}",
    ),
    Kind(
        name="thread_memory",
        table="thread_outputs",
        columns="thread_id, function_id, output",
        json=("output",),
        order=("thread_id", "function_id"),
        identity=("thread_id", "function_id"),
        share=f"r.thread_id IN {_ALONE}",
        where=_BY_FUNCTION,
    ),
    Kind(
        name="message",
        table="messages",
        columns="thread_id, seq, batch_id, id, role, content, name, user_id, timestamp, extra,"
        " fingerprint IS NOT NULL AS timestamp_given",
        json=("content", "extra"),
        order=("thread_id", "seq"),
        identity=("thread_id", "id"),
        share=f"r.thread_id IN {_SPOKEN_IN} AND (r.user_id = :user OR r.thread_id IN {_ALONE})",
    ),
)


def page(
    conn: sqlite3.Connection, tenant: str, user_id: str | None, place: Place | None, limit: int
) -> tuple[list[tuple[str, dict[str, Any]]], Place | None]:
    """Read the next rows of an export.

    Args:
        conn: A connection.
        tenant: The tenant.
        user_id: Only this user's share.
        place: Where the page before ended; None for the beginning.
        limit: The most rows; rows of many characters make a page of fewer.

    Returns:
        The rows, each a kind's name and its values by column, and where they end; None when
        nothing is left.

    Example:
        >>> db.read(lambda conn: exports.page(conn, "default", None, None, 500))  # doctest: +SKIP
    """
    start = place or Place(_newest_function(conn, tenant), KINDS[0].name)
    found: list[tuple[str, dict[str, Any]]] = []
    size, end = 0, None
    for kind, row in _rows(conn, {"tenant": tenant, "user": user_id}, start, limit + 1):
        size += sum(len(value) for value in row if isinstance(value, str))
        if found and (len(found) == limit or size > PAGE_CHARACTERS):
            return found, end
        found.append((kind.name, _values(kind, row)))
        end = Place(start.until, kind.name, tuple(row[column] for column in kind.order))
    return found, None


def present(
    conn: sqlite3.Connection, tenant: str, kind: Kind, identities: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows of a kind that are known by some identities, each by its own."""
    columns = kind.identity
    wanted = [
        [
            json.dumps(value) if column in kind.json else value
            for column, value in zip(columns, identity, strict=True)
        ]
        for identity in identities
    ]
    parts = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(columns)))
    known = ", ".join(f"r.{column}" for column in columns)
    rows = conn.execute(
        f"SELECT {kind.columns} FROM {kind.table} r"  # noqa: S608 - made of the constants above
        f" WHERE r.tenant = :tenant AND ({known}) IN (SELECT {parts} FROM json_each(:wanted))",
        {"tenant": tenant, "user": None, "until": _EVER, "wanted": json.dumps(wanted)},
    )
    found = (_values(kind, row) for row in rows)
    return {tuple(values[column] for column in columns): values for values in found}


def _newest_function(conn: sqlite3.Connection, tenant: str) -> str:
    [row] = conn.execute(
        "SELECT coalesce(max(created_at), '') FROM memory_functions WHERE tenant = ?", (tenant,)
    )
    age: str = row[0]
    return age


def _rows(
    conn: sqlite3.Connection, owner: dict[str, Any], start: Place, limit: int
) -> Iterator[tuple[Kind, sqlite3.Row]]:
    """Read on from a place, kind after kind."""
    names = [kind.name for kind in KINDS]
    for kind in KINDS[names.index(start.kind) :]:
        after = start.after if kind.name == start.kind else ()
        marks = {f"after_{number}": value for number, value in enumerate(after)}
        values = {**owner, "until": start.until, "limit": limit, **marks}
        share = owner["user"] is not None
        for row in conn.execute(_query(kind, share=share, marks=list(marks)), values):
            yield kind, row


def _query(kind: Kind, *, share: bool, marks: list[str]) -> str:
    """Write the query for rows of a kind, or for those after the values that marks stand for."""
    # The plus keeps SQLite from walking all in order where few are wanted.
    prefix = "+r." if share and kind.sorted_share else "r."
    order = ", ".join(prefix + column for column in kind.order)
    tests = [kind.where]
    if share:
        tests.append(kind.share)
    if marks:
        tests.append(f"({order}) > ({', '.join(':' + mark for mark in marks)})")
    return (
        f"SELECT {kind.columns} FROM {kind.table} r"  # noqa: S608 - made of the constants above
        f" WHERE {' AND '.join(tests)} ORDER BY {order} LIMIT :limit"
    )


def _values(kind: Kind, row: sqlite3.Row) -> dict[str, Any]:
    values = dict(row)
    for column in kind.json:
        values[column] = decode(values[column])
    return values
