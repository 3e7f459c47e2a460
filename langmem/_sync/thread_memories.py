# Derived by scripts/unasync.py from langmem/_async/thread_memories.py: edit that instead.
"""The memories of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from langmem import _prepare, _waiting

from .waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Generator

    from langmem.schemas import ID_T, RunOutcomes
    from langmem_api.types import MemoryOutput, Run


class ThreadMemories(Waiting):
    """The operations on what is remembered of a thread."""

    __slots__ = ()

    def list_thread_memory(self, thread_id: ID_T) -> list[MemoryOutput]:
        """List everything that memory functions remember of a thread.

        Args:
            thread_id: The thread's id.

        Returns:
            One entry for each output; empty while there is none.

        Raises:
            NotFoundError: There is no such thread.
            ValueError: The id is text and not a UUID.

        Example:
            >>> memories = client.list_thread_memory(thread_id)
            >>> for memory in memories:
            ...     print(memory["memory_function_name"], memory["output"]["title"])
            ConversationSummary Pikas
        """
        call = _prepare.list_thread_memory(thread_id)
        return self._send(call)

    def get_thread_memory(self, thread_id: ID_T, *, memory_function_id: ID_T) -> dict[str, Any]:
        """Get what a `thread_summary` function remembers of a thread.

        Args:
            thread_id: The thread's id.
            memory_function_id: The memory function's id.

        Returns:
            The output, whose keys are the properties of the function's schema.

        Raises:
            NotFoundError: There is no such thread or memory function, or no output yet.
            ValueError: An id is text and not a UUID.

        Example:
            >>> client.get_thread_memory(thread_id, memory_function_id=memory_function_id)
            {'title': 'Pikas', 'summary': 'Pikas make haypiles.', 'topic': ['animals']}
        """
        return self._send(
            _prepare.get_thread_memory(thread_id, memory_function_id=memory_function_id)
        )

    @overload
    def trigger_all_for_thread(self, thread_id: ID_T, *, wait: None = None) -> None: ...

    @overload
    def trigger_all_for_thread(self, thread_id: ID_T, *, wait: float) -> RunOutcomes: ...

    def trigger_all_for_thread(
        self, thread_id: ID_T, *, wait: float | None = None
    ) -> RunOutcomes | None:
        """Process a thread's messages now instead of after the service's delay.

        Failed and skipped runs are run again. Memories are made in the background: give `wait` to
        have them made when this returns, or look at `list_thread_runs`.

        Args:
            thread_id: The thread's id.
            wait: Seconds to wait at most until all runs over the thread have ended. None returns at
                once.

        Returns:
            What became of the runs, or None where they were not waited for.

        Raises:
            NotFoundError: There is no such thread.
            WaitTimeoutError: The runs take longer than `wait`. They go on: `wait_for_memories`
                waits once more.
            ValueError: The id is text and not a UUID, or `wait` is below 0; nothing is sent.

        Example:
            >>> outcomes = client.trigger_all_for_thread(thread_id, wait=30)
            >>> for run in outcomes.runs:
            ...     print(run["memory_function_name"], run["status"])
            User Profile skipped
        """
        call = _prepare.trigger_all_for_thread(thread_id)
        span = None if wait is None else _waiting.Span(wait, "wait")
        self._send(call)
        if span is None:
            return None
        return self._wait(_waiting.runs_of_thread(thread_id), span)

    def list_thread_runs(
        self,
        thread_id: ID_T,
        *,
        status: str | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> Generator[Run, None, None]:
        """List what each memory function did with a thread's messages, newest first.

        An empty memory and one that is not computed yet look alike; here they do not. The service
        of 2024 had no such operation.

        Args:
            thread_id: The thread's id.
            status: Only runs of this status: queued, running, succeeded, failed or skipped.
            page_size: How many runs to fetch at a time; 1 or more.
            limit: How many runs to return at most. No page is fetched that is not needed.

        Returns:
            An iterator over the runs, which fetches page after page.

        Raises:
            NotFoundError: There is no such thread.
            PaginationError: The service repeated a page.
            ValueError: The id is text and not a UUID, or a number is too small; at the call.

        Example:
            >>> runs = client.list_thread_runs(thread_id)
            >>> print([run["status"] for run in runs])
            ['skipped']
        """
        return self._iterate(
            _prepare.list_thread_runs(thread_id, status=status, page_size=page_size, limit=limit)
        )
