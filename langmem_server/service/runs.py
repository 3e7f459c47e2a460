"""Single runs of memory functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.errors import RequestError
from langmem_server.service import views
from langmem_server.service.base import Base, found_function, found_run
from langmem_server.store import runs

if TYPE_CHECKING:
    import sqlite3


class Runs(Base):
    """The operations on a run."""

    def retry_run(self, tenant: str, run_id: str) -> dict[str, Any]:
        """Queue a failed or skipped run again."""

        def queue(conn: sqlite3.Connection) -> dict[str, Any]:
            run = found_run(conn, tenant, run_id)
            if found_function(conn, tenant, run.function_id).status != "active":
                raise RequestError(409, "The run's memory function is disabled: enable it first")
            again = runs.retry(conn, tenant, run_id)
            if again is None:
                raise RequestError(
                    409, f"The run is {run.status}: only a failed or skipped one is run again"
                )
            return views.run(again)

        shown = self._db.write(queue)
        self._processing.wake()
        return shown
