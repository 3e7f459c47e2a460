"""What is remembered: states, single memories, summaries of threads."""

from __future__ import annotations

import re
from secrets import randbits
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langmem_server.store import erase
from langmem_server.store.cleaner import note_erasure
from langmem_server.store.columns import decode, digest, encode, id_list, token
from langmem_server.store.records import Candidate, Memory, NewMemory, Output

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def get_state(
    conn: sqlite3.Connection, tenant: str, user_id: str, function_id: str
) -> tuple[dict[str, Any], int] | None:
    """Return a user's state and its version, or None. Versions are only good for comparing."""
    row = conn.execute(
        "SELECT state, version FROM user_states"
        " WHERE tenant = ? AND user_id = ? AND function_id = ?",
        (tenant, user_id, function_id),
    ).fetchone()
    return None if row is None else (decode(row["state"]), row["version"])


def put_state(
    conn: sqlite3.Connection, tenant: str, user_id: str, function_id: str, state: dict[str, Any]
) -> bool:
    """Store a user's state in place of the one there; runs under way begin anew from it.

    Returns:
        False when there is no such user or memory function.
    """
    cursor = conn.execute(
        "INSERT INTO user_states (tenant, user_id, function_id, state, version)"
        " SELECT u.tenant, u.id, f.id, ?4, ?5 FROM users u JOIN memory_functions f"
        " ON f.tenant = u.tenant WHERE u.tenant = ?1 AND u.id = ?2 AND f.id = ?3"
        " ON CONFLICT (tenant, user_id, function_id)"
        " DO UPDATE SET state = excluded.state, version = excluded.version",
        (tenant, user_id, function_id, encode(state), _version()),
    )
    return cursor.rowcount > 0


def delete_for_function(
    conn: sqlite3.Connection, tenant: str, user_id: str, function_id: str
) -> bool:
    """Erase the state and the memories that a function holds about a user.

    Returns:
        Whether there was any.
    """
    states = conn.execute(
        "DELETE FROM user_states WHERE tenant = ? AND user_id = ? AND function_id = ?",
        (tenant, user_id, function_id),
    ).rowcount
    singles = conn.execute(
        "DELETE FROM memories WHERE tenant = ? AND user_id = ? AND function_id = ?",
        (tenant, user_id, function_id),
    ).rowcount
    erase.scrub_index(conn, singles)
    if states:
        note_erasure(conn)
    return states + singles > 0


def delete_many(conn: sqlite3.Connection, tenant: str, user_id: str, ids: Sequence[str]) -> int:
    """Erase single memories of a user; return how many of the ids there were."""
    count = conn.execute(
        "DELETE FROM memories WHERE tenant = ? AND user_id = ?"
        " AND id IN (SELECT value FROM json_each(?))",
        (tenant, user_id, id_list(ids)),
    ).rowcount
    erase.scrub_index(conn, count)
    return count


def list_for_user(conn: sqlite3.Connection, tenant: str, user_id: str) -> list[Output]:
    """List all that is remembered about a user, function by function, oldest first.

    A state is one output; of a function that appends, each memory's content is one.
    """
    rows = conn.execute(
        "SELECT f.id AS function_id, f.name AS function_name, f.type AS function_type,"
        " NULL AS thread_id, held.user_id, held.value FROM memory_functions f JOIN ("
        " SELECT tenant, user_id, function_id, state AS value, 0 AS ordinal FROM user_states"
        " WHERE tenant = ?1 AND user_id = ?2 UNION ALL"
        " SELECT tenant, user_id, function_id, content, ordinal FROM memories"
        " WHERE tenant = ?1 AND user_id = ?2"
        ") AS held ON held.tenant = f.tenant AND held.function_id = f.id"
        " ORDER BY f.created_at, f.id, held.ordinal",
        (tenant, user_id),
    )
    return [_output(row) for row in rows]


def search(
    conn: sqlite3.Connection,
    tenant: str,
    user_id: str,
    function_ids: Sequence[str],
    terms: Sequence[str],
    limit: int,
) -> list[Candidate]:
    """Gather the memories of a user that a query may return.

    First those that hold a term, best first by BM25; then, up to the limit, the user's others,
    latest access first.

    Args:
        conn: A connection.
        tenant: The tenant.
        user_id: The user; an unknown one has no memories.
        function_ids: Only memories that these functions made.
        terms: Words to look for, any of them; stemmed as English by SQLite.
        limit: The most candidates to return.

    Example:
        >>> db.read(
        ...     lambda c: memories.search(c, "default", user, [function], ["pika"], 30)
        ... )  # doctest: +SKIP
    """
    chosen = id_list(function_ids)
    found = _matching(conn, tenant, user_id, chosen, terms=terms, limit=limit)
    known = {candidate.memory.id for candidate in found}
    rows = conn.execute(
        "SELECT * FROM memories WHERE tenant = ? AND user_id = ?"
        " AND function_id IN (SELECT value FROM json_each(?))"
        " ORDER BY last_accessed DESC, ordinal DESC LIMIT ?",
        (tenant, user_id, chosen, limit),
    )
    others = [Candidate(_memory(row), 0.0) for row in rows if row["id"] not in known]
    return [*found, *others][:limit]


def thread_outputs(conn: sqlite3.Connection, tenant: str, thread_id: str) -> list[Output]:
    """List what the functions over threads hold about a thread, by function id."""
    rows = conn.execute(
        _OUTPUTS + " WHERE o.tenant = ? AND o.thread_id = ? ORDER BY o.function_id",
        (tenant, thread_id),
    )
    return [_output(row) for row in rows]


def get_thread_output(
    conn: sqlite3.Connection, tenant: str, thread_id: str, function_id: str
) -> tuple[dict[str, Any], int] | None:
    """Return what one function holds about a thread, and its version, or None."""
    row = conn.execute(
        "SELECT output, version FROM thread_outputs"
        " WHERE tenant = ? AND thread_id = ? AND function_id = ?",
        (tenant, thread_id, function_id),
    ).fetchone()
    return None if row is None else (decode(row["output"]), row["version"])


def put_thread_output(
    conn: sqlite3.Connection, tenant: str, thread_id: str, function_id: str, output: dict[str, Any]
) -> None:
    """Store what a function holds about a thread, in place of what is there."""
    conn.execute(
        "INSERT INTO thread_outputs (tenant, thread_id, function_id, output, version)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, thread_id, function_id)"
        " DO UPDATE SET output = excluded.output, version = excluded.version",
        (tenant, thread_id, function_id, encode(output), _version()),
    )


def summaries_for_user(
    conn: sqlite3.Connection, tenant: str, user_id: str, function_ids: Sequence[str], k: int
) -> list[Output]:
    """List summaries of the threads a user has spoken in.

    Args:
        conn: A connection.
        tenant: The tenant.
        user_id: The user.
        function_ids: The functions over threads, in the order wanted.
        k: The most summaries for each function; the threads last written to come first.
    """
    return [
        _output(row)
        for function_id in function_ids
        for row in conn.execute(
            _OUTPUTS + " JOIN participants p ON p.tenant = o.tenant AND p.thread_id = o.thread_id"
            " JOIN threads t ON t.tenant = o.tenant AND t.id = o.thread_id"
            " WHERE o.tenant = ? AND p.user_id = ? AND o.function_id = ?"
            " ORDER BY t.last_message_timestamp DESC, t.id LIMIT ?",
            (tenant, user_id, function_id, k),
        )
    ]


def remember(
    conn: sqlite3.Connection,
    tenant: str,
    source: tuple[str, str, str],
    memories: Sequence[NewMemory],
    now: str,
) -> None:
    """Store what an extraction found; a memory met again is only marked as accessed now.

    The same memory is one of the same user and function with the same text but for case.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        source: The ids of the user, the memory function and the thread it was drawn from.
        memories: What was found.
        now: The moment all of them get, as `records.utc_now` writes it.
    """
    user_id, function_id, thread_id = source
    for memory in memories:
        [row] = conn.execute(
            "INSERT INTO memories (tenant, id, user_id, function_id, owner, text, content,"
            " importance, created_at, last_accessed, digest)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)"
            " ON CONFLICT (tenant, user_id, function_id, digest)"
            " DO UPDATE SET last_accessed = excluded.last_accessed RETURNING id",
            (
                tenant,
                str(uuid4()),
                user_id,
                function_id,
                token(tenant, user_id),
                memory.text,
                encode(memory.content),
                memory.importance,
                now,
                digest(memory.text, memory.content),
            ),
        )
        conn.execute(
            "INSERT OR IGNORE INTO memory_threads (tenant, thread_id, memory_id) VALUES (?, ?, ?)",
            (tenant, thread_id, row["id"]),
        )


_OUTPUTS = (
    "SELECT f.id AS function_id, f.name AS function_name, f.type AS function_type, o.thread_id,"
    " NULL AS user_id, o.output AS value FROM thread_outputs o"
    " JOIN memory_functions f ON f.tenant = o.tenant AND f.id = o.function_id"
)

# FTS5 reads a query as C text: a NUL would end it early. Half a surrogate pair is no text at all.
_NOT_IN_A_QUERY = re.compile("[\0\ud800-\udfff]")


def _match_query(owner: str, terms: Sequence[str]) -> str | None:
    """Write an FTS5 query for any of the terms among one owner's rows; None without terms.

    Each term is quoted, so that nothing in it is read as FTS5 syntax.
    https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    cleaned = (_NOT_IN_A_QUERY.sub(" ", term).replace('"', '""') for term in terms)
    quoted = dict.fromkeys(f'"{term}"' for term in cleaned if term.strip())
    return f'owner : "{owner}" AND text : ({" OR ".join(quoted)})' if quoted else None


def _matching(
    conn: sqlite3.Connection,
    tenant: str,
    user_id: str,
    chosen: str,
    *,
    terms: Sequence[str],
    limit: int,
) -> list[Candidate]:
    query = _match_query(token(tenant, user_id), terms)
    if query is None:
        return []
    # CROSS JOIN holds SQLite to this order: the index first, then the rows it names. The owner
    # has weight 0, and is compared once more as a token is not a proof.
    rows = conn.execute(
        "SELECT m.*, -bm25(memories_fts, 1.0, 0.0) AS relevance FROM memories_fts"
        " CROSS JOIN memories m ON m.ordinal = memories_fts.rowid"
        " WHERE memories_fts MATCH ? AND m.tenant = ? AND m.user_id = ?"
        " AND m.function_id IN (SELECT value FROM json_each(?))"
        " ORDER BY relevance DESC, m.ordinal DESC LIMIT ?",
        (query, tenant, user_id, chosen, limit),
    )
    return [Candidate(_memory(row), row["relevance"]) for row in rows]


def _version() -> int:
    """Return a number no state had before; odd, so that it is never the 0 of "none"."""
    return randbits(62) | 1


def _memory(row: sqlite3.Row) -> Memory:
    return Memory(
        id=row["id"],
        user_id=row["user_id"],
        function_id=row["function_id"],
        text=row["text"],
        content=decode(row["content"]),
        importance=row["importance"],
        created_at=row["created_at"],
        last_accessed=row["last_accessed"],
    )


def _output(row: sqlite3.Row) -> Output:
    return Output(
        function_id=row["function_id"],
        function_name=row["function_name"],
        function_type=row["function_type"],
        thread_id=row["thread_id"],
        user_id=row["user_id"],
        value=decode(row["value"]),
    )
