"""What the service alone knows. Made with the file, and never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def get(conn: sqlite3.Connection, name: str) -> bytes:
    """Return a secret.

    Args:
        conn: A connection.
        name: What it is for: `cursors`.

    Example:
        >>> db.read(lambda conn: service_secrets.get(conn, "cursors"))  # doctest: +SKIP
    """
    [row] = conn.execute("SELECT secret FROM service_secrets WHERE name = ?", (name,))
    secret: bytes = row["secret"]
    return secret
