"""What must be done beside a delete so that nothing of the deleted stays.

Foreign keys take derived rows along; this module knows what they cannot: words that live on in
the text index, memories drawn from several threads, summaries that quote a user, runs under way
that have read what is deleted. Copies of rows elsewhere in the files are `cleaner`'s to remove.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from langmem_server.store.cleaner import note_erasure

if TYPE_CHECKING:
    import sqlite3

REASON_NOT_KEPT: Final = "not kept: it may have quoted a user who was deleted since"
"""What stands in place of the reason why a run over messages of a deleted user failed."""


def user_memories(conn: sqlite3.Connection, tenant: str, user_id: str) -> None:
    """Erase all memories of a user."""
    cursor = conn.execute(
        "DELETE FROM memories WHERE tenant = ? AND user_id = ?", (tenant, user_id)
    )
    scrub_index(conn, cursor.rowcount)


def function_memories(conn: sqlite3.Connection, tenant: str, function_id: str) -> None:
    """Erase all memories that a function made."""
    cursor = conn.execute(
        "DELETE FROM memories WHERE tenant = ? AND function_id = ?", (tenant, function_id)
    )
    scrub_index(conn, cursor.rowcount)


def thread_memories(conn: sqlite3.Connection, tenant: str, thread_id: str) -> None:
    """Erase the memories drawn from a thread, but for those that another thread bears out."""
    cursor = conn.execute(
        "DELETE FROM memories WHERE tenant = ?1 AND id IN"
        " (SELECT memory_id FROM memory_threads WHERE tenant = ?1 AND thread_id = ?2)"
        " AND NOT EXISTS (SELECT 1 FROM memory_threads AS other WHERE other.tenant = ?1"
        " AND other.memory_id = memories.id AND other.thread_id <> ?2)",
        (tenant, thread_id),
    )
    scrub_index(conn, cursor.rowcount)


def speaker_summaries(conn: sqlite3.Connection, tenant: str, user_id: str) -> None:
    """Erase what was derived from the threads a user spoke in, and have it made anew.

    Answers kept for repeated requests may quote the user, and go too. So do the runs over these
    threads. Those for others who spoke there stay, without the reasons why they failed; one that is
    under way has read the user's messages, and is done anew without them.
    """
    rows = conn.execute(
        "SELECT tenant, thread_id FROM participants WHERE tenant = ? AND user_id = ?",
        (tenant, user_id),
    )
    spoken_in = [tuple(row) for row in rows]
    for statement in (
        "DELETE FROM thread_outputs WHERE tenant = ? AND thread_id = ?",
        "DELETE FROM idempotency_answers WHERE tenant = ? AND thread_id = ?",
        "DELETE FROM progress WHERE tenant = ? AND thread_id = ? AND user_id IS NULL",
        "DELETE FROM runs WHERE tenant = ? AND thread_id = ? AND user_id IS NULL",
        # Whoever holds such a run finds it no longer running, and stores nothing.
        (
            "UPDATE runs SET status = 'queued', started_at = NULL, dispatched = 0,"
            " queued_count = queued_count + 1"
            " WHERE tenant = ? AND thread_id = ? AND status = 'running'"
        ),
    ):
        conn.executemany(statement, spoken_in)
    conn.executemany(
        "UPDATE runs SET error = ? WHERE tenant = ? AND thread_id = ? AND error IS NOT NULL",
        [(REASON_NOT_KEPT, *thread) for thread in spoken_in],
    )
    now = time.time()
    conn.executemany(
        "UPDATE threads SET due_at = min(coalesce(due_at, ?1), ?1) WHERE tenant = ?2 AND id = ?3",
        [(now, *thread) for thread in spoken_in],
    )


def scrub_index(conn: sqlite3.Connection, erased: int) -> None:
    """Take the words of erased memories out of the text index.

    FTS5 only marks them as gone until it happens to merge its segments, so it is told to merge
    now: about a second for each million memories in the file, nothing if none were erased.
    https://www.sqlite.org/fts5.html#the_optimize_command
    """
    if erased:
        note_erasure(conn)
        conn.execute("INSERT INTO memories_fts (memories_fts) VALUES ('optimize')")
