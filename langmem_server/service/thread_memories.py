"""What memory functions make of threads, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.errors import RequestError
from langmem_server.service import views
from langmem_server.service.base import PAGE_SIZE, Base, found_function, found_thread, page
from langmem_server.store import memories, runs
from langmem_server.store.records import utc_now

if TYPE_CHECKING:
    import sqlite3

    from langmem_server.cursors import Cursors
    from langmem_server.store.records import Output, Run


class ThreadMemories(Base):
    """The operations on what is remembered of threads."""

    def list_thread_memory(self, tenant: str, thread_id: str) -> list[dict[str, Any]]:
        """List the outputs for a thread."""

        def load(conn: sqlite3.Connection) -> list[Output]:
            found_thread(conn, tenant, thread_id)
            return memories.thread_outputs(conn, tenant, thread_id)

        return [views.output(output) for output in self._db.read(load)]

    def get_thread_memory(
        self, tenant: str, thread_id: str, memory_function_id: str
    ) -> dict[str, Any]:
        """Return the output of one function for a thread, bare."""

        def load(conn: sqlite3.Connection) -> dict[str, Any]:
            found_thread(conn, tenant, thread_id)
            function = found_function(conn, tenant, memory_function_id)
            if function.target_type != "thread":
                raise RequestError(
                    404,
                    f"The memory function is of type {function.type}: it remembers things about"
                    " users, not about threads",
                )
            output = memories.get_thread_output(conn, tenant, thread_id, memory_function_id)
            if output is None:
                raise RequestError(
                    404,
                    "The memory function has no output for this thread yet: see"
                    f" /threads/{thread_id}/runs",
                )
            return output[0]

        return self._db.read(load)

    def trigger_all_for_thread(self, tenant: str, thread_id: str) -> None:
        """Queue the runs of a thread now, failed and skipped ones again."""

        def plan(conn: sqlite3.Connection) -> None:
            found_thread(conn, tenant, thread_id)
            runs.plan(conn, tenant, thread_id, retry=True, now=utc_now())

        self._db.write(plan)
        self._processing.wake()

    def list_thread_runs(
        self,
        tenant: str,
        thread_id: str,
        *,
        status: str | None = None,
        page_size: int = PAGE_SIZE,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        """List a page of the runs over a thread."""
        cursors = self._cursors(tenant, "thread_runs", thread_id)
        after = cursors.decode(cursor, int, "query.cursor")

        def load(conn: sqlite3.Connection) -> list[Run]:
            found_thread(conn, tenant, thread_id)
            return runs.page(
                conn, tenant, thread_id=thread_id, status=status, after=after, limit=page_size + 1
            )

        return runs_page(self._db.read(load), page_size, cursors)


def runs_page(found: list[Run], page_size: int, cursors: Cursors) -> dict[str, Any]:
    """Show a page of runs."""
    shown, next_cursor = page(
        found, page_size, cursors, key=lambda run: run.ordinal, view=views.run
    )
    return {"runs": shown, "next_cursor": next_cursor}
