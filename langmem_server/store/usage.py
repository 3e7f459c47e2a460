"""What the model was used for, added up for each tenant and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem_server.store.records import DailyUsage

if TYPE_CHECKING:
    import sqlite3

    from langmem_server.store.records import Outcome


def add(conn: sqlite3.Connection, tenant: str, now: str, outcome: Outcome, *, ended: bool) -> None:
    """Count what one try of a run used.

    Args:
        conn: A writing connection.
        tenant: The tenant.
        now: The moment, as `records.utc_now` writes it; its day counts.
        outcome: What came of the try.
        ended: Whether the run has ended with it.
    """
    used = (outcome.attempts, outcome.prompt_tokens, outcome.completion_tokens)
    conn.execute(
        "INSERT INTO token_usage VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, date) DO UPDATE SET"
        " runs = runs + excluded.runs, attempts = attempts + excluded.attempts,"
        " prompt_tokens = prompt_tokens + excluded.prompt_tokens,"
        " completion_tokens = completion_tokens + excluded.completion_tokens",
        (tenant, now[: len("2026-01-31")], int(ended), *used),
    )


def days(conn: sqlite3.Connection, tenant: str, start: str, end: str) -> list[DailyUsage]:
    """List the days from one to another, `YYYY-MM-DD`, on which there was any use."""
    rows = conn.execute(
        "SELECT date, runs, attempts, prompt_tokens, completion_tokens FROM token_usage"
        " WHERE tenant = ? AND date BETWEEN ? AND ? ORDER BY date",
        (tenant, start, end),
    )
    return [DailyUsage(*row) for row in rows]
