"""Messages from elsewhere: at the place they had in their thread, or at its end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from langmem_server.store import plans, threads
from langmem_server.store.columns import encode, fingerprint
from langmem_server.store.errors import ConflictError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from langmem_server.store.records import Imported, Moment, NewMessage

    Row = dict[str, Any]


class _Present(NamedTuple):
    """What threads hold: ids, fingerprints, and the id at each seq, each with its thread."""

    ids: set[tuple[str, str]]
    fingerprints: set[tuple[str, str | None]]
    at: dict[tuple[str, int], str]


def store(
    conn: sqlite3.Connection, tenant: str, rows: Sequence[Imported], moment: Moment
) -> Counter[str]:
    """Store messages; see `imports.store`.

    Those with a `seq` first, then the others, each thread's as one batch. A message that is there
    is passed over.
    """
    placed = [row for row in rows if "seq" in row.values]
    created = _store_placed(conn, tenant, placed, moment)
    posted: dict[str, list[NewMessage]] = {}
    for _, values in rows:
        if "seq" not in values:
            posted.setdefault(values["thread_id"], []).append(values["message"])
    for thread_id, messages in posted.items():
        created += threads.add_messages(conn, tenant, thread_id, messages, moment.due_at)
    return Counter(created=created, unchanged=len(rows) - created)


def _store_placed(
    conn: sqlite3.Connection, tenant: str, rows: Sequence[Imported], moment: Moment
) -> int:
    new = _missing(_present(conn, tenant, rows), rows)
    thread_ids = dict.fromkeys(row["thread_id"] for row in new)
    threads.ensure_all(conn, tenant, thread_ids, moment.now)
    _ensure_users(conn, tenant, new)
    _insert(conn, tenant, new, moment.now)
    _advance_threads(conn, tenant, new, moment.now)
    for thread_id in thread_ids:
        if not plans.is_complete(conn, tenant, thread_id):
            threads.schedule(conn, tenant, thread_id, moment.due_at)
    return len(new)


def _present(conn: sqlite3.Connection, tenant: str, rows: Sequence[Imported]) -> _Present:
    """Find the messages there are with an id, a fingerprint or a place of one of the rows."""
    found = _Present(set(), set(), {})
    sought = {
        "id": [(v["thread_id"], v["message"].id) for _, v in rows],
        "fingerprint": [(v["thread_id"], _fingerprint(v)) for _, v in rows],
        "seq": [(v["thread_id"], v["seq"]) for _, v in rows],
    }
    for column, wanted in sought.items():
        for row in conn.execute(
            "SELECT thread_id, id, fingerprint, seq FROM messages"  # noqa: S608 - a column above
            f" WHERE tenant = ? AND (thread_id, {column}) IN"
            " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))",
            (tenant, encode(wanted)),
        ):
            _note(found, row["thread_id"], row["id"], row["fingerprint"], row["seq"])
    return found


def _note(found: _Present, thread_id: str, id: str, mark: str | None, seq: int) -> None:
    found.ids.add((thread_id, id))
    found.at[thread_id, seq] = id
    if mark is not None:
        found.fingerprints.add((thread_id, mark))


def _missing(present: _Present, rows: Sequence[Imported]) -> list[Row]:
    """Return the rows of messages that are not there.

    Raises:
        ConflictError: The place of one is taken.
    """
    missing = []
    for place, row in rows:
        thread_id, message_id = row["thread_id"], row["message"].id
        mark = _fingerprint(row)
        if (thread_id, message_id) in present.ids or (thread_id, mark) in present.fingerprints:
            continue
        taken = present.at.get((thread_id, row["seq"]))
        if taken is not None:
            raise ConflictError(
                f"{place}.seq: the thread has another message at this place ({taken}): it has been"
                " written to since. Leave seq out to add the message at the end, or delete the"
                " thread first."
            )
        _note(present, thread_id, message_id, mark, row["seq"])
        missing.append(row)
    return missing


def _fingerprint(row: Row) -> str | None:
    return fingerprint(row["message"]) if row["timestamp_given"] else None


def _ensure_users(conn: sqlite3.Connection, tenant: str, rows: Sequence[Row]) -> None:
    """Make the senders users, with the name in their first message here.

    A user who is known keeps the name: that of an older message must not replace it.
    """
    names: dict[str, str | None] = {}
    for row in rows:
        message: NewMessage = row["message"]
        if message.user_id is not None and names.get(message.user_id) is None:
            names[message.user_id] = message.name
    conn.executemany(
        "INSERT OR IGNORE INTO users (tenant, id, name, named) VALUES (?, ?, ?, 0)",
        [(tenant, user_id, name) for user_id, name in names.items()],
    )


def _insert(conn: sqlite3.Connection, tenant: str, rows: Sequence[Row], now: str) -> None:
    conn.executemany(
        "INSERT INTO messages (tenant, thread_id, seq, batch_id, id, role, content, name,"
        " user_id, timestamp, extra, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_columns(tenant, row, now) for row in rows],
    )
    conn.executemany(
        "INSERT INTO participants (tenant, user_id, thread_id, last_seq) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (tenant, user_id, thread_id)"
        " DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)",
        [
            (tenant, row["message"].user_id, row["thread_id"], row["seq"])
            for row in rows
            if row["message"].user_id is not None
        ],
    )


def _columns(tenant: str, row: Row, now: str) -> tuple[Any, ...]:
    message: NewMessage = row["message"]
    return (
        tenant,
        row["thread_id"],
        row["seq"],
        row["batch_id"],
        message.id,
        message.role,
        encode(message.content),
        message.name,
        message.user_id,
        message.timestamp or now,
        encode(message.extra),
        _fingerprint(row),
    )


def _advance_threads(conn: sqlite3.Connection, tenant: str, rows: Sequence[Row], now: str) -> None:
    """Let threads know of messages beyond the last they knew of."""
    conn.executemany(
        "UPDATE threads SET last_seq = ?3, last_message_timestamp ="
        " max(coalesce(last_message_timestamp, ?4), ?4),"
        " last_message_batch_id = max(coalesce(last_message_batch_id, ?5), ?5)"
        " WHERE tenant = ?1 AND id = ?2 AND last_seq < ?3",
        [
            (tenant, row["thread_id"], row["seq"], row["message"].timestamp or now, row["batch_id"])
            for row in rows
        ],
    )
