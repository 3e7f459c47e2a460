"""Threads, their messages, and the state a program keeps with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langmem_server.store import erase, users
from langmem_server.store.cleaner import note_erasure
from langmem_server.store.columns import decode, encode, fingerprint
from langmem_server.store.records import Message, NewMessage, Thread, utc_now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def upsert(
    conn: sqlite3.Connection, tenant: str, id: str, metadata: dict[str, Any] | None
) -> Thread:
    """Store a thread; of one that exists, replace the metadata if there is new."""
    [row] = conn.execute(
        "INSERT INTO threads (tenant, id, metadata, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (tenant, id) DO UPDATE SET metadata = coalesce(excluded.metadata, metadata)"
        " RETURNING *",
        (tenant, id, encode(metadata), utc_now()),
    )
    return _thread(row)


def ensure_all(conn: sqlite3.Connection, tenant: str, ids: Iterable[str], now: str) -> None:
    """Make sure that there are threads; new ones are created at the moment given."""
    conn.executemany(
        "INSERT OR IGNORE INTO threads (tenant, id, created_at) VALUES (?, ?, ?)",
        [(tenant, thread_id, now) for thread_id in dict.fromkeys(ids)],
    )


def get(conn: sqlite3.Connection, tenant: str, id: str) -> Thread | None:
    """Return a thread, or None."""
    row = conn.execute("SELECT * FROM threads WHERE tenant = ? AND id = ?", (tenant, id)).fetchone()
    return None if row is None else _thread(row)


def list_all(conn: sqlite3.Connection, tenant: str) -> list[Thread]:
    """List all threads, the one last written to first."""
    rows = conn.execute(
        "SELECT * FROM threads WHERE tenant = ?"
        " ORDER BY last_message_timestamp DESC, created_at DESC, id",
        (tenant,),
    )
    return [_thread(row) for row in rows]


def of_user(conn: sqlite3.Connection, tenant: str, user_id: str) -> list[str]:
    """List the ids of the threads a user has spoken in, by id."""
    rows = conn.execute(
        "SELECT thread_id FROM participants WHERE tenant = ? AND user_id = ? ORDER BY thread_id",
        (tenant, user_id),
    )
    return [row["thread_id"] for row in rows]


def delete(conn: sqlite3.Connection, tenant: str, id: str) -> bool:
    """Erase a thread, its messages, state and runs, and the memories drawn from it.

    States of users that it helped to form stay: they cannot be taken apart.

    Returns:
        Whether there was such a thread.
    """
    erase.thread_memories(conn, tenant, id)
    note_erasure(conn)
    cursor = conn.execute("DELETE FROM threads WHERE tenant = ? AND id = ?", (tenant, id))
    return cursor.rowcount > 0


def add_messages(
    conn: sqlite3.Connection,
    tenant: str,
    thread_id: str,
    messages: Sequence[NewMessage],
    due_at: float,
) -> int:
    """Append messages to a thread, passing over those posted before.

    Posted before is: the same id in the thread, or the same role, user, content and timestamp
    where the sender gave a timestamp. A call that stores nothing changes nothing, so that a
    request may be repeated. The thread and the users are created if they are unknown.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        thread_id: The thread.
        messages: The messages, oldest first.
        due_at: When they are to be processed, in epoch seconds; an earlier time stands.

    Returns:
        How many messages were new.

    Example:
        >>> message = NewMessage(None, "user", "I keep pikas.", user_id=will)  # doctest: +SKIP
        >>> db.write(
        ...     lambda c: threads.add_messages(c, "default", thread, [message], time.time() + 60)
        ... )  # doctest: +SKIP
        1
    """
    last_batch = upsert(conn, tenant, thread_id, None).last_message_batch_id
    batch_id = 0 if last_batch is None else last_batch + 1
    before = seq = _last_seq(conn, tenant, thread_id)
    now = utc_now()
    for message in messages:
        mark = fingerprint(message)
        if not _is_stored(conn, tenant, thread_id, message.id, mark):
            seq += 1
            _append(conn, tenant, thread_id, _placed(message, seq, batch_id, now), mark)
    if seq > before:
        conn.execute(
            "UPDATE threads SET last_message_timestamp = ?3, last_message_batch_id = ?4,"
            " last_seq = ?5, due_at = min(coalesce(due_at, ?6), ?6) WHERE tenant = ?1 AND id = ?2",
            (tenant, thread_id, now, batch_id, seq, due_at),
        )
    return seq - before


def schedule(conn: sqlite3.Connection, tenant: str, id: str, due_at: float) -> None:
    """Have a thread processed at a time in epoch seconds; an earlier time stands."""
    conn.execute(
        "UPDATE threads SET due_at = min(coalesce(due_at, ?3), ?3) WHERE tenant = ?1 AND id = ?2",
        (tenant, id, due_at),
    )


def messages_page(
    conn: sqlite3.Connection,
    tenant: str,
    thread_id: str,
    *,
    after_seq: int | None,
    ascending: bool,
    limit: int,
) -> list[Message]:
    """List messages of a thread.

    Args:
        conn: A connection.
        tenant: The tenant.
        thread_id: The thread; an unknown one has no messages.
        after_seq: The `seq` of the last message of the page before; None for the first page.
        ascending: Oldest first, else newest first.
        limit: The most messages to return.
    """
    if ascending:
        rows = conn.execute(
            "SELECT * FROM messages WHERE tenant = ? AND thread_id = ? AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (tenant, thread_id, 0 if after_seq is None else after_seq, limit),
        )
    else:
        rows = conn.execute(
            "SELECT * FROM messages WHERE tenant = ? AND thread_id = ? AND seq < ?"
            " ORDER BY seq DESC LIMIT ?",
            (tenant, thread_id, 2**62 if after_seq is None else after_seq, limit),
        )
    return [_message(row) for row in rows]


def messages_between(
    conn: sqlite3.Connection, tenant: str, thread_id: str, first_seq: int, last_seq: int
) -> list[Message]:
    """List the messages of a thread from one `seq` to another, both included."""
    rows = conn.execute(
        "SELECT * FROM messages WHERE tenant = ? AND thread_id = ? AND seq BETWEEN ? AND ?"
        " ORDER BY seq",
        (tenant, thread_id, first_seq, last_seq),
    )
    return [_message(row) for row in rows]


def message_count(conn: sqlite3.Connection, tenant: str, thread_id: str) -> int:
    """Count the messages of a thread."""
    count: int = conn.execute(
        "SELECT count(*) FROM messages WHERE tenant = ? AND thread_id = ?", (tenant, thread_id)
    ).fetchone()[0]
    return count


def set_state(
    conn: sqlite3.Connection, tenant: str, thread_id: str, key: str | None, state: dict[str, Any]
) -> None:
    """Keep JSON of the program's own with a thread, which is created if it is unknown.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        thread_id: The thread.
        key: The slot; None is the nameless one, and not the same as an empty text.
        state: What to keep, in place of what is there.
    """
    upsert(conn, tenant, thread_id, None)
    conn.execute(
        "INSERT INTO thread_states (tenant, thread_id, key, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (tenant, thread_id, key) DO UPDATE SET state = excluded.state",
        (tenant, thread_id, _slot(key), encode(state)),
    )


def get_state(
    conn: sqlite3.Connection, tenant: str, thread_id: str, key: str | None
) -> dict[str, Any] | None:
    """Return what `set_state` kept, or None."""
    row = conn.execute(
        "SELECT state FROM thread_states WHERE tenant = ? AND thread_id = ? AND key = ?",
        (tenant, thread_id, _slot(key)),
    ).fetchone()
    state: dict[str, Any] | None = None if row is None else decode(row["state"])
    return state


def _last_seq(conn: sqlite3.Connection, tenant: str, thread_id: str) -> int:
    [row] = conn.execute(
        "SELECT last_seq FROM threads WHERE tenant = ? AND id = ?", (tenant, thread_id)
    )
    seq: int = row["last_seq"]
    return seq


def _is_stored(
    conn: sqlite3.Connection, tenant: str, thread_id: str, id: str | None, fingerprint: str | None
) -> bool:
    [row] = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM messages"
        " WHERE tenant = ?1 AND thread_id = ?2 AND id = ?3)"
        " OR EXISTS (SELECT 1 FROM messages"
        " WHERE tenant = ?1 AND thread_id = ?2 AND fingerprint = ?4)",
        (tenant, thread_id, id, fingerprint),
    )
    return bool(row[0])


def _placed(message: NewMessage, seq: int, batch_id: int, now: str) -> Message:
    return Message(
        seq=seq,
        batch_id=batch_id,
        id=message.id or str(uuid4()),
        role=message.role,
        content=message.content,
        name=message.name,
        user_id=message.user_id,
        timestamp=message.timestamp or now,
        extra=message.extra,
    )


def _append(
    conn: sqlite3.Connection, tenant: str, thread_id: str, message: Message, fingerprint: str | None
) -> None:
    if message.user_id is not None:
        users.ensure(conn, tenant, message.user_id, message.name)
        conn.execute(
            "INSERT INTO participants (tenant, user_id, thread_id, last_seq) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (tenant, user_id, thread_id) DO UPDATE SET last_seq = excluded.last_seq",
            (tenant, message.user_id, thread_id, message.seq),
        )
    conn.execute(
        "INSERT INTO messages (tenant, thread_id, seq, batch_id, id, role, content, name,"
        " user_id, timestamp, extra, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            tenant,
            thread_id,
            message.seq,
            message.batch_id,
            message.id,
            message.role,
            encode(message.content),
            message.name,
            message.user_id,
            message.timestamp,
            encode(message.extra),
            fingerprint,
        ),
    )


def _slot(key: str | None) -> str:
    """Write a key so that None and the empty text differ, in a column that knows no NULL."""
    return json.dumps(key)


def _thread(row: sqlite3.Row) -> Thread:
    return Thread(
        id=row["id"],
        metadata=decode(row["metadata"]),
        created_at=row["created_at"],
        last_message_timestamp=row["last_message_timestamp"],
        last_message_batch_id=row["last_message_batch_id"],
    )


def _message(row: sqlite3.Row) -> Message:
    return Message(
        seq=row["seq"],
        batch_id=row["batch_id"],
        id=row["id"],
        role=row["role"],
        content=decode(row["content"]),
        name=row["name"],
        user_id=row["user_id"],
        timestamp=row["timestamp"],
        extra=decode(row["extra"]),
    )
