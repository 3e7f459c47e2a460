"""How long ranking takes among other people's memories, beside FTS5's own bm25().

    python -m benchmarks.search [others]

The peer is the query this service had before: the same match, ranked by bm25() over the whole file.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import interleaved
from langmem_server.store import functions, matches, memories, threads, users
from langmem_server.store.columns import id_list, token
from langmem_server.store.database import Database
from langmem_server.store.records import Function, NewMemory, User, utc_now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from benchmarks.measure import Block

TENANT = "default"
ROUNDS, TURNS, CALLS = 7, 4, 2
OWN = (10, 100, 1000)
WORDS = [f"word{number}" for number in range(3000)]
TERMS = ["likes", "word5"]  # the first is in every memory of everybody
PEER = (
    "SELECT m.ordinal, -bm25(memories_fts, 1.0, 0.0) AS relevance FROM memories_fts"
    " CROSS JOIN memories m ON m.ordinal = memories_fts.rowid"
    " WHERE memories_fts MATCH ? AND m.tenant = ? AND m.user_id = ?"
    " ORDER BY relevance DESC, m.ordinal DESC LIMIT 600"
)


def fill(conn: sqlite3.Connection, user_id: str, memories_of_user: int) -> None:
    """Give a user memories of ten random words and a common one."""
    chance = random.Random(user_id)  # noqa: S311 - words, not secrets
    users.upsert(conn, TENANT, User(user_id))
    found = [
        NewMemory(f"{user_id} likes {' '.join(chance.choices(WORDS, k=10))} {number}", {}, 5)
        for number in range(memories_of_user)
    ]
    memories.remember(conn, TENANT, (user_id, "f", "t"), found, utc_now())


def build(conn: sqlite3.Connection, others: int) -> None:
    """Fill a file: users of 500 memories each, and between them those whose search is measured."""
    threads.upsert(conn, TENANT, "t", None)
    function = Function("f", "user_append_state", "f", "", {}, None, "active", utc_now())
    functions.upsert(conn, TENANT, function)
    for number in range(others // 500):
        fill(conn, f"other{number}", 500)
        if number == others // 1000:
            for own in OWN:
                fill(conn, f"own{own}", own)


def ours(conn: sqlite3.Connection, user_id: str) -> None:
    """Rank as the service does."""
    matches.relevances(conn, TENANT, user_id, id_list(["f"]), TERMS)


def peer(conn: sqlite3.Connection, user_id: str) -> None:
    """Rank by bm25()."""
    texts = " OR ".join(f'"{term}"' for term in TERMS)
    query = f'owner : "{token(TENANT, user_id)}" AND text : ({texts})'
    conn.execute(PEER, (query, TENANT, user_id)).fetchall()


def wall(call: Callable[[], object]) -> Block:
    """Make a block of a call, in seconds by the clock."""

    def block(calls: int) -> float:
        began = time.perf_counter()
        for _ in range(calls):
            call()
        return time.perf_counter() - began

    return block


def report(conn: sqlite3.Connection, others: int) -> None:
    """Measure and print a table."""
    print(f"{others} memories of others; ms to rank: median (least-most) of {ROUNDS} rounds")
    for own in OWN:
        sides = {"ours": ours, "bm25()": peer}
        blocks = {name: wall(partial(side, conn, f"own{own}")) for name, side in sides.items()}
        measured = interleaved(blocks, rounds=ROUNDS, turns=TURNS, calls=CALLS)
        shown = [
            f"{name} {median(times) * 1e3:.2f} ({min(times) * 1e3:.2f}-{max(times) * 1e3:.2f})"
            for name, times in measured.items()
        ]
        ratio = median(a / b for a, b in zip(measured["ours"], measured["bm25()"], strict=True))
        print(f"{own:5} of one's own: {', '.join(shown)}, ratio {ratio:.3f}")


def main() -> None:
    """Measure in a new file, then remove it."""
    others = int(sys.argv[1]) if sys.argv[1:] else 200_000
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Path(folder, "langmem.db"))
        db.write(partial(build, others=others))
        db.read(partial(report, others=others))
        db.close()


if __name__ == "__main__":
    main()
