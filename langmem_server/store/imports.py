"""Rows from elsewhere, stored under their ids: created, updated, or there already.

Rows have the form in which `exports` reads them. What one leaves out stays as it is, or takes its
default. The users and threads that a row names are made if they are unknown; that its memory
function is known is for the caller to see to.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from langmem_server.store import (
    exports,
    functions,
    import_memories,
    import_messages,
    memories,
    runs,
    threads,
    users,
)
from langmem_server.store.changes import Changes
from langmem_server.store.columns import encode, lane
from langmem_server.store.errors import ConflictError
from langmem_server.store.records import Function

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from langmem_server.store.changes import Change
    from langmem_server.store.exports import Kind
    from langmem_server.store.records import Imported, Moment

_COUNTERS: Final = ("last_message_timestamp", "last_message_batch_id", "last_seq")


def store(
    conn: sqlite3.Connection, tenant: str, kind: Kind, rows: Sequence[Imported], moment: Moment
) -> Counter[str]:
    """Store rows of one kind.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        kind: The kind, one of `exports.KINDS`.
        rows: The rows; of two with one identity the later is stored last.
        moment: What rows without dates get, and when messages are to be processed.

    Returns:
        How many rows were `created`, `updated` and `unchanged`.

    Raises:
        ConflictError: A row contradicts what is stored; the text names its place.

    Example:
        >>> will = Imported("body.records[0]", {"id": user, "name": "Will"})  # doctest: +SKIP
        >>> db.write(
        ...     lambda c: imports.store(c, "default", kind, [will], moment)
        ... )  # doctest: +SKIP
        Counter({'created': 1})
    """
    if kind.name == "message":
        return import_messages.store(conn, tenant, rows, moment)
    if kind.name == "user_memory":
        return import_memories.store(conn, tenant, kind, rows, moment)
    identities = [tuple(row.values.get(column) for column in kind.identity) for row in rows]
    changes = Changes(exports.present(conn, tenant, kind, identities))
    for (place, values), identity in zip(rows, identities, strict=True):
        before = changes.row(identity) or _defaults(kind.name, moment.now)
        changes.note(place, identity, _merged(kind.name, before, values))
    _WRITERS[kind.name](conn, tenant, changes.to_write(), moment)
    return changes.counts


def _defaults(kind: str, now: str) -> dict[str, Any]:
    match kind:
        case "memory_function":
            return {"custom_instructions": None, "status": "active", "created_at": now}
        case "user":
            return {"name": None, "named": 0, "tags": None, "metadata": None}
        case "thread":
            counters = dict.fromkeys(_COUNTERS)
            return {"metadata": None, "created_at": now, **counters, "processed": [], "whole": 1}
        case "thread_state":
            return {"key": None}
        case _:
            return {}


def _merged(kind: str, before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    after = {**before, **given}
    if kind == "thread":
        for column in _COUNTERS:
            values = [value for value in (before[column], given.get(column)) if value is not None]
            after[column] = max(values, default=0 if column == "last_seq" else None)
        after["processed"] = _furthest([*before["processed"], *given["processed"]])
    return after


def _furthest(processed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Keep one item for each function and user, in the order of an export."""
    furthest: Counter[tuple[str, str]] = Counter()
    for item in processed:
        key = (item["function_id"], item["user_id"] or "")
        furthest[key] = max(furthest[key], item["last_seq"])
    return [
        {"function_id": function_id, "user_id": user_id or None, "last_seq": last_seq}
        for (function_id, user_id), last_seq in sorted(furthest.items())
        if last_seq > 0
    ]


def _write_functions(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], moment: Moment
) -> None:
    for place, before, after in changes:
        if before is not None and before["type"] != after["type"]:
            raise ConflictError(
                f"{place}.id: it belongs to a memory function of another type ({before['type']});"
                " delete that function first."
            )
        try:
            functions.write(conn, tenant, Function(**after))
        except ConflictError as error:
            raise ConflictError(f"{place}.schema.{error}") from None
        if after["status"] == "active" and (before is None or before["status"] != "active"):
            runs.schedule_all(conn, tenant, moment.due_at)


def _write_users(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], __: Moment
) -> None:
    conn.executemany(
        "INSERT INTO users (tenant, id, name, named, tags, metadata) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, named = excluded.named,"
        " tags = excluded.tags, metadata = excluded.metadata",
        [
            (
                tenant,
                row["id"],
                row["name"],
                row["named"],
                encode(row["tags"]),
                encode(row["metadata"]),
            )
            for _, _, row in changes
        ],
    )


def _write_threads(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], __: Moment
) -> None:
    conn.executemany(
        "INSERT INTO threads (tenant, id, metadata, created_at, last_message_timestamp,"
        " last_message_batch_id, last_seq) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tenant, id) DO UPDATE SET metadata = excluded.metadata,"
        " created_at = excluded.created_at,"
        " last_message_timestamp = excluded.last_message_timestamp,"
        " last_message_batch_id = excluded.last_message_batch_id, last_seq = excluded.last_seq",
        [
            (
                tenant,
                row["id"],
                encode(row["metadata"]),
                row["created_at"],
                *(row[column] for column in _COUNTERS),
            )
            for _, _, row in changes
        ],
    )
    for _, _, row in changes:
        _write_processed(conn, tenant, row["id"], row["processed"])


def _write_processed(
    conn: sqlite3.Connection, tenant: str, thread_id: str, processed: Sequence[Mapping[str, Any]]
) -> None:
    people = [item["user_id"] for item in processed if item["user_id"] is not None]
    users.ensure_all(conn, tenant, people)
    conn.executemany(
        "INSERT INTO progress (tenant, thread_id, lane, function_id, user_id, planned_seq)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, thread_id, lane)"
        " DO UPDATE SET planned_seq = max(planned_seq, excluded.planned_seq)",
        [
            (
                tenant,
                thread_id,
                lane(tenant, item["function_id"], thread_id=thread_id, user_id=item["user_id"]),
                item["function_id"],
                item["user_id"],
                item["last_seq"],
            )
            for item in processed
        ],
    )


def _write_thread_states(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], __: Moment
) -> None:
    for _, _, row in changes:
        threads.set_state(conn, tenant, row["thread_id"], row["key"], row["state"])


def _write_user_states(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], __: Moment
) -> None:
    users.ensure_all(conn, tenant, [change.after["user_id"] for change in changes])
    for _, _, row in changes:
        memories.put_state(conn, tenant, row["user_id"], row["function_id"], row["state"])


def _write_thread_memories(
    conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], moment: Moment
) -> None:
    threads.ensure_all(conn, tenant, [change.after["thread_id"] for change in changes], moment.now)
    for _, _, row in changes:
        memories.put_thread_output(
            conn, tenant, row["thread_id"], row["function_id"], row["output"]
        )


_WRITERS: Final[
    Mapping[str, Callable[[sqlite3.Connection, str, Sequence[Change], Moment], None]]
] = {
    "memory_function": _write_functions,
    "user": _write_users,
    "thread": _write_threads,
    "thread_state": _write_thread_states,
    "user_state": _write_user_states,
    "thread_memory": _write_thread_memories,
}
