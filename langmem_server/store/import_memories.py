"""Single memories from elsewhere, and the text index beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.store import erase, exports, threads, users
from langmem_server.store.changes import Changes
from langmem_server.store.columns import digest, encode, token
from langmem_server.store.errors import ConflictError

if TYPE_CHECKING:
    import sqlite3
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from langmem_server.store.changes import Change
    from langmem_server.store.exports import Kind
    from langmem_server.store.records import Imported, Moment

    Mark = tuple[str, str, str]


def store(
    conn: sqlite3.Connection, tenant: str, kind: Kind, rows: Sequence[Imported], moment: Moment
) -> Counter[str]:
    """Store memories; see `imports.store`.

    A new one that says what another memory of its user and function says is that memory, met again:
    that one keeps its id.
    """
    marks = [_mark(row.values) for row in rows]
    holders = _holders(conn, tenant, marks)
    ids = {*holders.values(), *(row.values["id"] for row in rows)}
    changes = Changes(exports.present(conn, tenant, kind, [(known,) for known in ids]))
    for (place, values), mark in zip(rows, marks, strict=True):
        before = changes.row((values["id"],))
        if before is not None and _mark(before) != mark:
            holders.pop(_mark(before), None)
        holder = holders.setdefault(mark, values["id"])
        if holder == values["id"]:
            after = _merged(before or _new(moment.now), values)
        elif before is None:
            after = _met_again(changes.row((holder,)) or {}, values)
        else:
            raise ConflictError(
                f"{place}.text: another memory of this user and function says the same ({holder});"
                " delete one of the two first."
            )
        changes.note(place, (holder,), after)
    _write(conn, tenant, changes.to_write(), moment.now)
    return changes.counts


def _mark(values: Mapping[str, Any]) -> Mark:
    """Return what makes two memories the same."""
    return values["user_id"], values["function_id"], digest(values["text"], values["content"])


def _holders(conn: sqlite3.Connection, tenant: str, marks: Sequence[Mark]) -> dict[Mark, str]:
    """Return the id of the memory that has a mark, for those that one has."""
    rows = conn.execute(
        "SELECT user_id, function_id, digest, id FROM memories WHERE tenant = ?"
        " AND (user_id, function_id, digest) IN"
        " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),"
        " json_extract(value, '$[2]') FROM json_each(?))",
        (tenant, encode(marks)),
    )
    return {(row["user_id"], row["function_id"], row["digest"]): row["id"] for row in rows}


def _new(now: str) -> dict[str, Any]:
    dates = {"created_at": now, "last_accessed": now}
    return {"ordinal": None, "importance": None, **dates, "thread_ids": []}


def _merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {**before, **given, "thread_ids": _threads(before, given)}


def _met_again(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    met = max(before["last_accessed"], given.get("last_accessed", ""))
    return {**before, "last_accessed": met, "thread_ids": _threads(before, given)}


def _threads(before: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    return sorted({*before["thread_ids"], *given.get("thread_ids", ())})


def _write(conn: sqlite3.Connection, tenant: str, changes: Sequence[Change], now: str) -> None:
    rows = [change.after for change in changes]
    links = [(tenant, thread_id, row["id"]) for row in rows for thread_id in row["thread_ids"]]
    users.ensure_all(conn, tenant, [row["user_id"] for row in rows])
    threads.ensure_all(conn, tenant, [thread_id for _, thread_id, _ in links], now)
    # Taken out and put back in its place: the text index knows rows that come and go.
    replaced = [before for _, before, _ in changes if before is not None]
    conn.executemany(
        "DELETE FROM memories WHERE tenant = ? AND id = ?",
        [(tenant, before["id"]) for before in replaced],
    )
    conn.executemany(
        "INSERT INTO memories (ordinal, tenant, id, user_id, function_id, owner, text, content,"
        " importance, created_at, last_accessed, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_columns(tenant, row) for row in rows],
    )
    conn.executemany(
        "INSERT INTO memory_threads (tenant, thread_id, memory_id) VALUES (?, ?, ?)", links
    )
    erase.scrub_index(conn, sum(_mark(old) != _mark(new) for _, old, new in changes if old))


def _columns(tenant: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        row["ordinal"],
        tenant,
        row["id"],
        row["user_id"],
        row["function_id"],
        token(tenant, row["user_id"]),
        row["text"],
        encode(row["content"]),
        row["importance"],
        row["created_at"],
        row["last_accessed"],
        digest(row["text"], row["content"]),
    )
