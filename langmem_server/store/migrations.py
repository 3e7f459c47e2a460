"""The tables, as numbered functions that each run once in the life of a file.

The names of those done are kept in `langmem_migrations`. A file that holds a name this program
does not know was made by a newer one, and is left alone.

Every table keys on the tenant first, and every derived row hangs on its user, thread and memory
function by a cascading foreign key: what is deleted takes everything of it along.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from langmem_server.store import schema, schema_idempotency, schema_keys
from langmem_server.store.errors import StoreError
from langmem_server.store.records import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def m001_first_tables(conn: sqlite3.Connection) -> None:
    """Create all tables and the unstructured memory every deployment begins with."""
    for statement in schema.FIRST_TABLES:
        conn.execute(statement)
    conn.execute(schema.SEED_FUNCTION, (schema.SEMANTIC_PARAMETERS, utc_now()))


def m002_idempotency_keys(conn: sqlite3.Connection) -> None:
    """Create the tables that keep what keyed requests answered."""
    for statement in schema_idempotency.TABLES:
        conn.execute(statement)


def m003_keys_and_usage(conn: sqlite3.Connection) -> None:
    """Create the tables of API keys, usage and secrets; count how runs begin and break off."""
    for statement in schema_keys.STATEMENTS:
        conn.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_first_tables,
    m002_idempotency_keys,
    m003_keys_and_usage,
)


def check_current(path: Path) -> None:
    """Refuse a file that `migrate` would change, without changing it.

    Raises:
        StoreError: The file is of another version.
    """
    with closing(sqlite3.connect(path)) as conn:
        done = {row[0] for row in conn.execute("SELECT name FROM langmem_migrations")}
    if done != {migration.__name__ for migration in MIGRATIONS}:
        raise StoreError(
            f"The database {path.absolute()} is in use by a service of another version: use the"
            " langmem-server it was started with, or stop it first."
        )


def migrate(conn: sqlite3.Connection) -> None:
    """Bring a file up to date, in one transaction; it also proves that the file can be written.

    Raises:
        StoreError: The file was made by a newer program. It has not been changed.
    """
    with conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(
            "CREATE TABLE IF NOT EXISTS langmem_migrations"
            " (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
        )
        done = {row[0] for row in conn.execute("SELECT name FROM langmem_migrations")}
        unknown = done - {migration.__name__ for migration in MIGRATIONS}
        if unknown:
            raise StoreError(f"it was made by a newer version ({', '.join(sorted(unknown))})")
        # In a read-only file a transaction may well begin; only a write is refused.
        conn.execute("DELETE FROM langmem_migrations WHERE name IS NULL")
        for migration in MIGRATIONS:
            if migration.__name__ not in done:
                migration(conn)
                conn.execute(
                    "INSERT INTO langmem_migrations VALUES (?, ?)", (migration.__name__, utc_now())
                )
