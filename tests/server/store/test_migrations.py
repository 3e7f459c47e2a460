from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from langmem_server.store import functions, migrations, users
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError
from langmem_server.store.records import User
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACROSS_TENANTS = {
    "idempotency_keys_by_age": "keys of all tenants are forgotten, the oldest first",
    "sqlite_autoindex_service_secrets_1": "the service's own",
    "sqlite_autoindex_api_keys_1": "a key says whose it is",
    "runs_pending": "a lane is a token that holds the tenant",
    "runs_undispatched": "the dispatcher serves all tenants",
    "threads_due": "as above",
}
"""Indexes that may begin with something else than the tenant, and why."""


def tables(conn: sqlite3.Connection) -> list[str]:
    """Name the ordinary tables, without those FTS5 keeps for itself."""
    rows = conn.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
    return [
        row["name"]
        for row in rows
        if not row["name"].startswith("sqlite_") and row["name"] != "langmem_migrations"
    ]


def add_column(conn: sqlite3.Connection) -> None:
    """Change a table, as a second migration may."""
    conn.execute("ALTER TABLE users ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'")


def fail_half_way(conn: sqlite3.Connection) -> None:
    """Change a table, then fail."""
    add_column(conn)
    conn.execute("CREATE TABLE broken (")


def applied(path: Path) -> list[tuple[str, str]]:
    """Read which migrations a file has seen, and when."""
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT name, applied_at FROM langmem_migrations ORDER BY name").fetchall()
    conn.close()
    return rows


@pytest.fixture
def with_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the program one migration more."""

    def extend(migration: Callable[[sqlite3.Connection], None]) -> None:
        more = (*migrations.MIGRATIONS, migration)
        monkeypatch.setattr(migrations, "MIGRATIONS", more)

    return extend


def test_from_empty(tmp_path: Path) -> None:
    """A new file gets every migration, recorded by name."""
    Database(tmp_path / "langmem.db").close()
    names = [name for name, _ in applied(tmp_path / "langmem.db")]
    assert names == ["m001_first_tables", "m002_idempotency_keys", "m003_keys_and_usage"]


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """A migration runs once in the life of a file."""
    path = tmp_path / "langmem.db"
    Database(path).close()
    before = applied(path)
    Database(path).close()
    assert applied(path) == before


def test_from_old(tmp_path: Path, with_migration: Callable[..., None]) -> None:
    """A file of an older version gets what it lacks, and keeps its data."""
    path = tmp_path / "langmem.db"
    old = Database(path)
    old.write(lambda conn: users.upsert(conn, "default", User("u", "Ann")))
    old.close()
    with_migration(add_column)
    new = Database(path)
    row = new.read(lambda conn: conn.execute("SELECT name, colour FROM users").fetchone())
    new.close()
    assert tuple(row) == ("Ann", "green")
    names = [name for name, _ in applied(path)]
    assert names[:2] == ["add_column", "m001_first_tables"]


def test_from_each_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of any earlier version becomes what a new one is, and keeps its data."""

    def tables_of(path: Path) -> list[str]:
        conn = sqlite3.connect(path)
        rows = conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        found = [row[0] for row in rows]
        conn.close()
        return found

    Database(tmp_path / "new.db").close()
    released = migrations.MIGRATIONS
    for version in range(1, len(released)):
        path = tmp_path / f"{version}.db"
        with monkeypatch.context() as patched:
            patched.setattr(migrations, "MIGRATIONS", released[:version])
            old = Database(path)
            old.write(lambda conn: users.upsert(conn, "default", User("u", "Ann")))
            old.close()
        new = Database(path)
        assert new.read(lambda conn: users.get(conn, "default", "u")) == User("u", "Ann")
        new.close()
        assert tables_of(path) == tables_of(tmp_path / "new.db")


def test_a_failing_migration_changes_nothing(
    tmp_path: Path, with_migration: Callable[..., None]
) -> None:
    """If one migration fails, the file stays as it was, to the last statement."""
    path = tmp_path / "langmem.db"
    Database(path).close()
    before = applied(path)
    with_migration(fail_half_way)
    with pytest.raises(StoreError, match=r"langmem\.db cannot be used, incomplete input"):
        Database(path)
    assert applied(path) == before
    conn = sqlite3.connect(path)
    columns = [row[1] for row in conn.execute("PRAGMA table_info(users)")]
    conn.close()
    assert "colour" not in columns


def test_two_programs_open_one_new_file(tmp_path: Path) -> None:
    """Of two that open a new file at once, one makes the tables and both can work."""
    path = tmp_path / "langmem.db"
    with ThreadPoolExecutor(4) as pool:
        databases = list(pool.map(lambda _: Database(path), range(4)))
    for number, db in enumerate(databases):
        user = User(str(number))
        db.write(partial(users.upsert, tenant="default", user=user))
    for db in databases:
        assert len(db.read(lambda conn: users.find(conn, "default", None, None))) == 4
        db.close()


def test_the_default_function(db: Database) -> None:
    """A new deployment has the unstructured memory, active, under an id that never changes."""
    [function] = db.read(lambda conn: functions.active(conn, "default"))
    assert function.id == SEMANTIC_FUNCTION_ID == "5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27"
    assert (function.type, function.name) == ("user_semantic_memory", "SemanticUserMemory")
    assert function.custom_instructions is None
    assert function.parameters["title"] == "extractTriplet"
    assert function.parameters["required"] == ["triples"]
    triple = function.parameters["$defs"]["Triple"]
    assert triple["required"] == ["subject", "predicate", "object", "importance"]
    assert triple["properties"]["importance"]["type"] == "integer"


def test_a_deleted_default_function_stays_deleted(tmp_path: Path) -> None:
    """The next start does not bring the unstructured memory back."""
    path = tmp_path / "langmem.db"
    first = Database(path)
    first.write(lambda conn: functions.delete(conn, "default", SEMANTIC_FUNCTION_ID))
    first.close()
    second = Database(path)
    assert second.read(lambda conn: functions.active(conn, "default")) == []
    second.close()


def test_every_table_is_strict(db: Database) -> None:
    """SQLite checks the types of every column of ours."""
    rows = db.read(
        lambda conn: conn.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    )
    assert rows == []


def test_the_tenant_is_first_in_every_key(db: Database) -> None:
    """Every key and index begins with the tenant, but for the few that serve all tenants."""

    def first_columns(conn: sqlite3.Connection) -> dict[str, str]:
        rows = conn.execute(
            "SELECT i.name AS key, c.name AS first FROM pragma_table_list t,"
            " pragma_index_list(t.name) i, pragma_index_info(i.name) c"
            " WHERE t.type = 'table' AND c.seqno = 0 AND t.name <> 'langmem_migrations'"
        )
        return {row["key"]: row["first"] for row in rows}

    firsts = db.read(first_columns)
    assert {key for key, first in firsts.items() if first != "tenant"} == {*ACROSS_TENANTS}


def test_every_derived_row_hangs_on_what_it_came_from(db: Database) -> None:
    """Every id column of a table is held by a foreign key that cascades."""

    def loose(conn: sqlite3.Connection) -> set[tuple[str, str]]:
        found = set()
        for table in tables(conn):
            columns = {row["name"] for row in conn.execute(f"PRAGMA table_info({table})")}
            keys = conn.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            held = {key["from"] for key in keys if key["on_delete"] == "CASCADE"}
            wanted = columns & {"user_id", "thread_id", "function_id", "memory_id"}
            found |= {(table, column) for column in wanted - held}
        return found

    assert db.read(loose) == set()
