"""Which keyed requests have been done, and what they answered.

An answer hangs on the user, thread or memory function it shows, and is erased with them. Its key
stays: a late repetition must not bring back what was deleted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from langmem_server.store.columns import decode, encode, token
from langmem_server.store.records import Done, Subjects, iso

if TYPE_CHECKING:
    import sqlite3

LIFETIME: Final = timedelta(hours=24)
"""How long a key counts."""

_PURGED_AT_ONCE = 10  # more than the one that comes in, so that what is left over shrinks


def find(conn: sqlite3.Connection, tenant: str, key: str) -> Done | None:
    """Return what was done under a key within its lifetime, or None.

    Example:
        >>> db.read(lambda c: idempotency.find(c, "default", key))  # doctest: +SKIP
        Done(fingerprint='5f...', answer=None, erased=False)
    """
    row = conn.execute(
        "SELECT k.fingerprint, k.answered, a.answer FROM idempotency_keys k"
        " LEFT JOIN idempotency_answers a ON a.tenant = k.tenant AND a.key = k.key"
        " WHERE k.tenant = ? AND k.key = ? AND k.created_at > ?",
        (tenant, token(key), _expired()),
    ).fetchone()
    if row is None:
        return None
    erased = bool(row["answered"]) and row["answer"] is None
    return Done(row["fingerprint"], decode(row["answer"]), erased)


def keep(
    conn: sqlite3.Connection,
    tenant: str,
    key: str,
    fingerprint: str,
    answer: Any,
    subjects: Subjects,
) -> None:
    """Keep what a request answered, and forget some keys whose time is over.

    Args:
        conn: A connection in the transaction of the request's effect.
        tenant: The tenant.
        key: The request's key; one that still counts must not be there.
        fingerprint: What tells the request from others.
        answer: The answer, a JSON value.
        subjects: Whom and what the answer shows; nothing where it is None.
    """
    _purge(conn, tenant, key)
    kept = token(key)
    conn.execute(
        "INSERT INTO idempotency_keys (tenant, key, fingerprint, answered, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (tenant, kept, fingerprint, answer is not None, iso(datetime.now(UTC))),
    )
    if answer is not None:
        conn.execute(
            "INSERT INTO idempotency_answers"
            " (tenant, key, answer, user_id, thread_id, function_id) VALUES (?, ?, ?, ?, ?, ?)",
            (tenant, kept, encode(answer), *subjects),
        )


def _purge(conn: sqlite3.Connection, tenant: str, key: str) -> None:
    conn.execute("DELETE FROM idempotency_keys WHERE tenant = ? AND key = ?", (tenant, token(key)))
    conn.execute(
        "DELETE FROM idempotency_keys WHERE (tenant, key) IN (SELECT tenant, key"
        " FROM idempotency_keys WHERE created_at <= ? ORDER BY created_at LIMIT ?)",
        (_expired(), _PURGED_AT_ONCE),
    )


def _expired() -> str:
    """Return when a key was made that counts no more from now on."""
    return iso(datetime.now(UTC) - LIFETIME)
