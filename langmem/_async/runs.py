"""Single runs of memory functions, and what all of them used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem import _prepare

from .base import AsyncBase

if TYPE_CHECKING:
    from datetime import date

    from langmem.schemas import ID_T
    from langmem_api.types import DailyUsage, Run


class AsyncRuns(AsyncBase):
    """The operations on runs."""

    __slots__ = ()

    async def retry_run(self, run_id: ID_T) -> Run:
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
            >>> run = await client.retry_run(run_id)
            >>> run["status"]
            'queued'
        """
        return await self._send(_prepare.retry_run(run_id))

    async def list_usage(
        self, start: date | str | None = None, end: date | str | None = None
    ) -> list[DailyUsage]:
        """List what memory functions used of the model on each day, oldest first.

        Days are those of UTC; one without any use is left out. Every attempt counts, also of runs
        that failed. The service of 2024 had no such operation.

        Args:
            start: The first day, a date or text as `2026-01-31`. None: 29 days before the last.
            end: The last day, itself included. None: today.

        Returns:
            For each day: `date`, `runs` ended, `attempts` made, and `usage` in tokens.

        Raises:
            ValueError: A text is no date.
            UnprocessableEntityError: The first day is after the last.

        Example:
            >>> days = await client.list_usage("2026-01-01", "2026-01-31")
            >>> sum(day["usage"]["total_tokens"] for day in days)
            5680
        """
        return await self._send(_prepare.list_usage(start=start, end=end))
