"""What deletes leave in the files beside the rows, and when it goes.

Freed cells and pages are overwritten (secure_delete). Two kinds of copies are not: the write-ahead
log keeps pages as they were until it is truncated, and where SQLite moves rows from page to page
it may leave copies in the unused middle of a page, which only VACUUM takes out.

The first goes before a delete is answered, unless readers hold the log. The second goes once the
writer rests; the file itself counts the deletes since its last VACUUM (`user_version`), so that
neither a stop nor a crash forgets it.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

VACUUM_BYTES: Final = 128 * 2**20
"""The largest file that is vacuumed beside the service's work.

Measured: 6 ms and 1 MB of memory for each MB of the file, in which nothing can be written.
"""
PATIENCE_MS: Final = 1000
"""How long a delete waits for readers to let go of the log, in milliseconds."""
REST_SECONDS: Final = 1.0
"""How long the writer must have nothing to do before it cleans up."""
LOAD_SECONDS: Final = 60.0
"""How long cleaning up is put off while there is always something to write."""
_RETRY_SECONDS: Final = 0.1

logger = logging.getLogger(__name__)


def note_erasure(conn: sqlite3.Connection) -> None:
    """Note in the transaction of a delete that copies of what it deletes are to be cleaned up."""
    conn.execute(f"PRAGMA user_version = {erasures(conn) + 1}")


def erasures(conn: sqlite3.Connection) -> int:
    """Count the deletes since the file was last vacuumed."""
    count: int = conn.execute("PRAGMA user_version").fetchone()[0]
    return count


class Cleaner:
    """Cleans up after deletes; all its methods are the writer's, and none raises.

    Where cleaning up fails, the disk is full or out of order: what is written next says so.

    Args:
        conn: The writing connection, of a file.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._erasures = erasures(conn)
        self._urgent = False
        # An earlier service may have been killed before it cleaned up.
        self._logged_at: float | None = time.monotonic()
        self._vacuum_at: float | None = time.monotonic() if self._erasures else None

    def committed(self) -> None:
        """Truncate the log if something was deleted, as far as readers let it be done now."""
        now = time.monotonic()
        if self._logged_at is None:
            self._logged_at = now
        before = self._erasures
        with suppress(sqlite3.Error):
            self._erasures = erasures(self._conn)
        if self._erasures > before:
            self._urgent = True
            if self._vacuum_at is None:
                self._vacuum_at = now
            self._truncate_log(PATIENCE_MS)
        elif self._urgent:
            self._truncate_log(0)

    def pause(self) -> float | None:
        """Return after how many seconds without anything to write `tidy` is to be called."""
        if self._urgent:
            return _RETRY_SECONDS
        if self._logged_at is not None:
            return REST_SECONDS
        if self._vacuum_at is not None:
            return max(REST_SECONDS, self._vacuum_at - time.monotonic())
        return None

    def tidy(self, *, idle: bool) -> None:
        """Clean up what is due.

        Args:
            idle: Whether nothing waits to be written; else only what has waited for long is done.
        """
        latest = time.monotonic() - (0.0 if idle else LOAD_SECONDS)
        if self._logged_at is not None and self._logged_at <= latest:
            self._truncate_log(0)
        # First the log: while readers hold it, the copies in pages are not all there is.
        if self._vacuum_at is not None and self._vacuum_at <= latest and not self._urgent:
            self._vacuum()

    def finish(self) -> None:
        """Clean up before the file is closed."""
        with suppress(sqlite3.Error):
            if erasures(self._conn) and self._size() <= VACUUM_BYTES:
                self._vacuum()

    def _truncate_log(self, patience_ms: int) -> None:
        try:
            with self._waiting(patience_ms):
                held = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error:  # the disk is full, or out of order: the log stays as it is
            return
        if not held:
            self._urgent = False
            self._logged_at = None

    def _vacuum(self) -> None:
        """Rewrite the file if it is small enough; one that is not is the operator's to vacuum."""
        self._vacuum_at = None
        try:
            if self._size() > VACUUM_BYTES:
                logger.warning(_TOO_LARGE)
                return
            with self._waiting(PATIENCE_MS):
                self._conn.execute("VACUUM")
                self._conn.execute("PRAGMA user_version = 0")
        except sqlite3.Error:
            self._vacuum_at = time.monotonic() + LOAD_SECONDS
            return
        self._erasures = 0
        self._urgent = True
        self._truncate_log(PATIENCE_MS)

    def _size(self) -> int:
        size: int = self._conn.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        return size

    @contextmanager
    def _waiting(self, milliseconds: int) -> Iterator[None]:
        """Wait for locks no longer than this until the block ends."""
        [previous] = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            yield
        finally:
            self._conn.execute(f"PRAGMA busy_timeout = {previous}")


_TOO_LARGE: Final = (
    "The database is too large to be vacuumed beside the work: copies of deleted rows may stay in"
    " unused parts of its pages until you stop the service and run `langmem-server vacuum`."
)
