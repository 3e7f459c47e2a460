"""Files of every schema there has been, each written by the program of its time.

The SQL in `schemas` is what the program of a commit left: its tables, and rows of a small world
that it stored and worked on by its own functions. Ann and Bob talked; one run failed, one was under
way and two waited when the program stopped, and Bob's last message was not planned yet.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMAS = {path.stem: path for path in sorted(Path(__file__).with_name("schemas").glob("*.sql"))}
ANN, BOB = "0a000000-0000-4000-8000-00000000000a", "0b000000-0000-4000-8000-00000000000b"
THREAD, OTHER = "07000000-0000-4000-8000-000000000007", "08000000-0000-4000-8000-000000000008"
STATE, FACTS, SUMMARY = (f"f{n}000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def write(path: Path, schema: str) -> None:
    """Make a file of an old schema, as the service of its time left it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.executescript(SCHEMAS[schema].read_text(encoding="utf-8"))


def schema_of(path: Path) -> dict[str, str]:
    """Read the SQL of all tables, indexes and triggers by their names, without outer blanks."""
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: sql.strip() for name, sql in rows}


def rows_of(path: Path, names: set[str]) -> dict[str, list[dict[str, object]]]:
    """Read all rows of some tables."""
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        return {
            name: [dict(row) for row in conn.execute(f"SELECT * FROM {name}")]
            for name in sorted(names)
        }
