"""Users: made by a call, or by the first message of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.store import erase
from langmem_server.store.cleaner import note_erasure
from langmem_server.store.columns import decode, encode, id_list
from langmem_server.store.records import User

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def upsert(conn: sqlite3.Connection, tenant: str, user: User) -> User:
    """Store a user, in place of one with the same id; what is remembered of them stays.

    Example:
        >>> db.write(lambda c: users.upsert(c, "default", User(id, "Will")))  # doctest: +SKIP
    """
    conn.execute(
        "INSERT INTO users (tenant, id, name, named, tags, metadata) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, named = excluded.named,"
        " tags = excluded.tags, metadata = excluded.metadata",
        (
            tenant,
            user.id,
            user.name,
            user.name is not None,
            encode(user.tags),
            encode(user.metadata),
        ),
    )
    return user


def ensure(conn: sqlite3.Connection, tenant: str, id: str, name: str | None) -> None:
    """Make sure that the sender of a message is a user.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        id: The user's id.
        name: The name the message gives. It never replaces a name given by a call.
    """
    conn.execute(
        "INSERT INTO users (tenant, id, name, named) VALUES (?, ?, ?, 0)"
        " ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name"
        " WHERE excluded.name IS NOT NULL AND NOT users.named",
        (tenant, id, name),
    )


def ensure_all(conn: sqlite3.Connection, tenant: str, ids: Iterable[str]) -> None:
    """Make sure that those named somewhere are users; new ones have no name."""
    conn.executemany(
        "INSERT OR IGNORE INTO users (tenant, id, named) VALUES (?, ?, 0)",
        [(tenant, user_id) for user_id in dict.fromkeys(ids)],
    )


def get(conn: sqlite3.Connection, tenant: str, id: str) -> User | None:
    """Return a user, or None."""
    row = conn.execute("SELECT * FROM users WHERE tenant = ? AND id = ?", (tenant, id)).fetchone()
    return None if row is None else _user(row)


def update(
    conn: sqlite3.Connection,
    tenant: str,
    id: str,
    *,
    name: str | None = None,
    tags: list[str] | None = None,
    metadata: dict[str, Any] | None = None,
) -> User | None:
    """Replace what is given of a user, leave what is None.

    Returns:
        The user as stored now, or None if there is none.
    """
    conn.execute(
        "UPDATE users SET name = coalesce(?1, name), named = (named OR ?1 IS NOT NULL),"
        " tags = coalesce(?2, tags), metadata = coalesce(?3, metadata)"
        " WHERE tenant = ?4 AND id = ?5",
        (name, encode(tags), encode(metadata), tenant, id),
    )
    return get(conn, tenant, id)


def find(
    conn: sqlite3.Connection, tenant: str, names: Sequence[str] | None, ids: Sequence[str] | None
) -> list[User]:
    """List the users that match both filters, by name and id; None matches all."""
    rows = conn.execute(
        "SELECT * FROM users WHERE tenant = ?1"
        " AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2)))"
        " AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3)))"
        " ORDER BY name, id",
        (
            tenant,
            None if names is None else id_list(names),
            None if ids is None else id_list(ids),
        ),
    )
    return [_user(row) for row in rows]


def delete(conn: sqlite3.Connection, tenant: str, id: str) -> bool:
    """Erase a user, their messages in every thread and all that was derived from these.

    Summaries of threads they spoke in are dropped too; they are made anew from the messages that
    are left, as these threads become due.

    Returns:
        Whether there was such a user.
    """
    erase.speaker_summaries(conn, tenant, id)
    erase.user_memories(conn, tenant, id)
    note_erasure(conn)
    return conn.execute("DELETE FROM users WHERE tenant = ? AND id = ?", (tenant, id)).rowcount > 0


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], decode(row["tags"]), decode(row["metadata"]))
