"""API keys: whose they are, and whether they still count. The keys themselves are not here.

Of a key only its SHA-256 is kept. A key is 256 random bits, so that its digest cannot be guessed
back, and neither salt nor slowness would add to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem_server.store import functions
from langmem_server.store.records import ApiKey

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = "id, tenant, name, scope, digest, created_at, revoked_at"


def create(conn: sqlite3.Connection, tenant: str, key: ApiKey) -> None:
    """Store a key; with its first one a tenant gets the memory function everybody begins with.

    Args:
        conn: A writing connection.
        tenant: The tenant, the same as in `key`.
        key: The key's record.
    """
    known = conn.execute("SELECT 1 FROM api_keys WHERE tenant = ? LIMIT 1", (tenant,)).fetchone()
    if known is None:
        functions.seed(conn, tenant)
    conn.execute(
        f"INSERT INTO api_keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (key.id, tenant, key.name, key.scope, key.digest, key.created_at, key.revoked_at),
    )


def list_all(conn: sqlite3.Connection) -> list[ApiKey]:
    """List the keys of all tenants, revoked ones too, oldest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM api_keys ORDER BY created_at, id"  # noqa: S608 - a constant
    )
    return [ApiKey(*row) for row in rows]


def revoke(conn: sqlite3.Connection, id: str, now: str) -> ApiKey | None:
    """Have a key count no more, for good; one that was revoked before stays as it is.

    Args:
        conn: A writing connection.
        id: The id of the key.
        now: The moment, as `records.utc_now` writes it.

    Returns:
        The key as it is now, or None if there is none.
    """
    conn.execute(
        "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now, id)
    )
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM api_keys WHERE id = ?",  # noqa: S608 - a constant
        (id,),
    ).fetchone()
    return None if row is None else ApiKey(*row)


def any_made(conn: sqlite3.Connection) -> bool:
    """Tell whether there ever was a key: from then on nobody gets in without one."""
    return conn.execute("SELECT 1 FROM api_keys LIMIT 1").fetchone() is not None
