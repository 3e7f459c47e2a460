"""What all tenants add up to, for whoever runs the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import sqlite3

STATUSES: Final = ("queued", "running", "succeeded", "failed", "skipped")


class Totals(NamedTuple):
    """The counts of one moment.

    `runs` are those there are, by status; `oldest_run` is when the oldest of those not ended was
    created; `ended`, `attempts` and tokens have been counted since the first day.
    """

    runs: dict[str, int]
    oldest_run: str | None
    waiting_threads: int
    ended: int
    attempts: int
    prompt_tokens: int
    completion_tokens: int


def read(conn: sqlite3.Connection) -> Totals:
    """Count."""
    found = conn.execute("SELECT status, count(*) AS n FROM runs GROUP BY status")
    runs: dict[str, int] = dict.fromkeys(STATUSES, 0)
    runs.update((row["status"], row["n"]) for row in found)
    [oldest] = conn.execute(
        "SELECT created_at FROM runs WHERE ordinal ="
        " (SELECT min(ordinal) FROM runs WHERE status IN ('queued', 'running'))"
    ).fetchone() or [None]
    [waiting] = conn.execute("SELECT count(*) FROM threads WHERE due_at IS NOT NULL").fetchone()
    used = conn.execute(
        "SELECT coalesce(sum(runs), 0), coalesce(sum(attempts), 0),"
        " coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0) FROM token_usage"
    ).fetchone()
    return Totals(runs, oldest, waiting, *used)
