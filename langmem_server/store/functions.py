"""Memory functions: what is to be remembered, in which shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langmem_server.store import erase
from langmem_server.store.cleaner import note_erasure
from langmem_server.store.columns import decode, encode
from langmem_server.store.errors import ConflictError
from langmem_server.store.records import Function, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID, SEMANTIC_PARAMETERS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def upsert(conn: sqlite3.Connection, tenant: str, function: Function) -> Function:
    """Store a memory function, or update the one it is the same as.

    The same is: the same id; else the same type and non-empty name; else, without a name, the same
    type and parameters. A program may thus create its functions at each start.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        function: The function. Status and creation time count only for a new one.

    Returns:
        The function as stored, under the id it already had if it is not new.

    Raises:
        ConflictError: The id belongs to a function of another type, or the name to another one.
    """
    known = get(conn, tenant, function.id) or _twin(conn, tenant, function)
    if known is None:
        write(conn, tenant, function)
        return function
    if known.type != function.type:
        raise ConflictError(
            f"id: it belongs to a memory function of another type ({known.type});"
            " use another id, or delete that function first."
        )
    merged = replace(function, id=known.id, status=known.status, created_at=known.created_at)
    write(conn, tenant, merged)
    return merged


def seed(conn: sqlite3.Connection, tenant: str) -> None:
    """Give a tenant the unstructured memory that `default` begins with, unless it is there."""
    conn.execute(
        "INSERT OR IGNORE INTO memory_functions SELECT ?, ?, type, name, description, ?, NULL,"
        " 'active', ? FROM (SELECT 'user_semantic_memory' AS type, 'SemanticUserMemory' AS name,"
        " 'Facts about the user as subject, predicate and object.' AS description)",
        (tenant, SEMANTIC_FUNCTION_ID, SEMANTIC_PARAMETERS, utc_now()),
    )


def get(conn: sqlite3.Connection, tenant: str, id: str) -> Function | None:
    """Return a memory function, or None."""
    row = conn.execute(
        "SELECT * FROM memory_functions WHERE tenant = ? AND id = ?", (tenant, id)
    ).fetchone()
    return None if row is None else _function(row)


def types(conn: sqlite3.Connection, tenant: str) -> dict[str, str]:
    """Return the type of each memory function by its id."""
    rows = conn.execute("SELECT id, type FROM memory_functions WHERE tenant = ?", (tenant,))
    return {row["id"]: row["type"] for row in rows}


def list_page(
    conn: sqlite3.Connection,
    tenant: str,
    target_types: Sequence[str] | None,
    after: str | None,
    limit: int,
) -> list[Function]:
    """List memory functions, oldest first.

    Args:
        conn: A connection.
        tenant: The tenant.
        target_types: Some of `user` and `thread`; None for both.
        after: The `place` of the last function of the page before; None for the first page.
        limit: The most functions to return.
    """
    created_at, _, last_id = (after or "").partition(" ")
    rows = conn.execute(
        "SELECT * FROM memory_functions WHERE tenant = ? AND (created_at, id) > (?, ?)"
        " AND ((? AND type NOT LIKE 'thread%') OR (? AND type LIKE 'thread%'))"
        " ORDER BY created_at, id LIMIT ?",
        (
            tenant,
            created_at,
            last_id,
            target_types is None or "user" in target_types,
            target_types is None or "thread" in target_types,
            limit,
        ),
    )
    return [_function(row) for row in rows]


def active(conn: sqlite3.Connection, tenant: str) -> list[Function]:
    """List the memory functions that are to run, by id."""
    rows = conn.execute(
        "SELECT * FROM memory_functions WHERE tenant = ? AND status = 'active' ORDER BY id",
        (tenant,),
    )
    return [_function(row) for row in rows]


def update(
    conn: sqlite3.Connection,
    tenant: str,
    id: str,
    *,
    name: str | None = None,
    description: str | None = None,
    parameters: dict[str, Any] | None = None,
    custom_instructions: str | None = None,
    type: str | None = None,
    status: str | None = None,
) -> Function | None:
    """Replace what is given of a memory function, leave what is None.

    Returns:
        The function as stored now, or None if there is none.

    Raises:
        ConflictError: The name belongs to another function of the type, or the type changes when
            there are results of the old type.
    """
    known = get(conn, tenant, id)
    if known is None:
        return None
    given: dict[str, Any] = {
        "name": name,
        "description": description,
        "parameters": parameters,
        "custom_instructions": custom_instructions,
        "type": type,
        "status": status,
    }
    changed = replace(known, **{key: new for key, new in given.items() if new is not None})
    if changed.type != known.type:
        _start_over(conn, tenant, known)
    write(conn, tenant, changed)
    return changed


def write(conn: sqlite3.Connection, tenant: str, function: Function) -> None:
    """Store a memory function as it is, in place of one with the same id.

    Raises:
        ConflictError: Another function of the type has the name.
    """
    namesake = conn.execute(
        "SELECT id FROM memory_functions"
        " WHERE tenant = ? AND type = ? AND name = ? AND name <> '' AND id <> ?",
        (tenant, function.type, function.name, function.id),
    ).fetchone()
    if namesake is not None:
        raise ConflictError(
            f"name: another memory function of type {function.type} has it ({namesake['id']});"
            " choose another name, or delete that function first."
        )
    conn.execute(
        "INSERT INTO memory_functions (tenant, id, type, name, description, parameters,"
        " custom_instructions, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tenant, id) DO UPDATE SET type = excluded.type, name = excluded.name,"
        " description = excluded.description, parameters = excluded.parameters,"
        " custom_instructions = excluded.custom_instructions, status = excluded.status,"
        " created_at = excluded.created_at",
        (
            tenant,
            function.id,
            function.type,
            function.name,
            function.description,
            encode(function.parameters),
            function.custom_instructions,
            function.status,
            function.created_at,
        ),
    )


def delete(conn: sqlite3.Connection, tenant: str, id: str) -> bool:
    """Erase a memory function with all that it derived.

    Returns:
        Whether there was such a function.
    """
    erase.function_memories(conn, tenant, id)
    note_erasure(conn)
    cursor = conn.execute("DELETE FROM memory_functions WHERE tenant = ? AND id = ?", (tenant, id))
    return cursor.rowcount > 0


def _twin(conn: sqlite3.Connection, tenant: str, function: Function) -> Function | None:
    rows = conn.execute(
        "SELECT * FROM memory_functions WHERE tenant = ? AND type = ? AND name = ?",
        (tenant, function.type, function.name),
    )
    same = (_function(row) for row in rows)
    if function.name:
        return next(same, None)
    return next((other for other in same if other.parameters == function.parameters), None)


def _start_over(conn: sqlite3.Connection, tenant: str, function: Function) -> None:
    """Let a function without results take another type: its runs and progress are for the old."""
    results = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM memories WHERE tenant = ?1 AND function_id = ?2)"
        " OR EXISTS (SELECT 1 FROM user_states WHERE tenant = ?1 AND function_id = ?2)"
        " OR EXISTS (SELECT 1 FROM thread_outputs WHERE tenant = ?1 AND function_id = ?2)",
        (tenant, function.id),
    ).fetchone()[0]
    if results:
        raise ConflictError(
            f"type: this memory function already has results of type {function.type};"
            " create a new function, or delete this one first."
        )
    for statement in (
        "DELETE FROM runs WHERE tenant = ? AND function_id = ?",
        "DELETE FROM progress WHERE tenant = ? AND function_id = ?",
    ):
        conn.execute(statement, (tenant, function.id))


def _function(row: sqlite3.Row) -> Function:
    return Function(
        id=row["id"],
        type=row["type"],
        name=row["name"],
        description=row["description"],
        parameters=decode(row["parameters"]),
        custom_instructions=row["custom_instructions"],
        status=row["status"],
        created_at=row["created_at"],
    )
