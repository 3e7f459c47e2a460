# Derived by scripts/unasync.py from langmem/_async/runs.py: edit that instead.
"""Single runs of memory functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem import _prepare

from .base import Base

if TYPE_CHECKING:
    from langmem.schemas import ID_T
    from langmem_api.types import Run


class Runs(Base):
    """The operations on a run."""

    __slots__ = ()

    def retry_run(self, run_id: ID_T) -> Run:
        """Run a failed or skipped run again, over the same messages.

        Returns at once; the run's status in `list_user_runs` or `list_thread_runs` tells when it
        is done. The service of 2024 had no such operation.

        Args:
            run_id: The run's id.

        Returns:
            The run, queued again.

        Raises:
            NotFoundError: There is no such run.
            ConflictError: The run has not ended or succeeded, or its memory function is disabled.
            ValueError: The id is text and not a UUID.

        Example:
            >>> run = client.retry_run(run_id)
            >>> run["status"]
            'queued'
        """
        return self._send(_prepare.retry_run(run_id))
