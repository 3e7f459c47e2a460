# Derived by scripts/unasync.py from langmem/_async/waiting.py: edit that instead.
"""Waiting for memories: reading what one has written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from langmem import _clock, _prepare, _waiting
from langmem.errors import WaitTimeoutError

from .base import Base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langmem._call import Listing
    from langmem._waiting import Posted
    from langmem.schemas import ID_T, RunOutcomes
    from langmem_api.types import Run


class Waiting(Base):
    """Waits until runs have ended."""

    __slots__ = ()

    def wait_for_memories(
        self, *, thread_id: ID_T | None = None, user_id: ID_T | None = None, timeout: float = 60.0
    ) -> RunOutcomes:
        """Wait until what was posted has become memories.

        First until each active memory function has been given the messages that are there when the
        wait begins. The service does that some time after they were posted, 60 seconds unless its
        operator chose otherwise; `trigger_all_for_thread` and `trigger_all_for_user` have it done
        at once, and wait as well if told to. Then until all runs that exist by that time have
        ended. Messages posted meanwhile are not waited for.

        What is looked at are the newest 100 messages of a thread, and for a user those of the 50
        threads last written to. Messages that name no user in their metadata concern the functions
        over threads alone.

        Args:
            thread_id: Wait for what the messages of this thread become, for all its users and for
                the thread itself.
            user_id: Wait for what the messages of this user become, in all threads.
            timeout: Seconds to wait at most; 0 looks once.

        Returns:
            What became of all runs over the thread, or for the user. It tells a memory that is
            empty because runs failed or were skipped from one with nothing to remember.

        Raises:
            WaitTimeoutError: The time is over. Its `runs` are those waited for.
            APITimeoutError: The service itself has not answered in that time.
            NotFoundError: There is no such thread or user.
            ValueError: Both ids are given or none, one is text and not a UUID, or the timeout is
                below 0.

        Example:
            >>> outcomes = client.wait_for_memories(thread_id=thread_id)
            >>> outcomes
            RunOutcomes(succeeded=0, failed=0, skipped=1)
            >>> for run in outcomes.skipped:
            ...     print(run["memory_function_name"], "was skipped:", run["error"][:22])
            User Profile was skipped: no model is configured
        """
        span = _waiting.Span(timeout, "timeout")
        if thread_id is not None and user_id is None:
            runs = _waiting.runs_of_thread(thread_id)
            posted = self._within(span)._newest(thread_id)
        elif user_id is not None and thread_id is None:
            runs = _waiting.runs_of_user(user_id)
            posted = self._within(span)._newest_of(user_id)
        else:
            raise ValueError("wait_for_memories: give thread_id or user_id, and not both")
        return self._wait(runs, span, posted)

    def _within(self, span: _waiting.Span) -> Self:
        return self.with_options(deadline=span.deadline(self._settings.deadline))

    def _wait(
        self, listing: Listing[Run], span: _waiting.Span, posted: Iterable[Posted] = ()
    ) -> RunOutcomes:
        watch, looks = _waiting.Watch(posted), 0
        while (outcomes := self._within(span)._look(listing, watch)) is None:
            looks, left = looks + 1, span.left()
            if left <= 0:
                call = listing.page(None)
                detail = f"after {span.seconds:g} s {watch.missing()}"
                raise WaitTimeoutError(detail, runs=watch.runs, method=call.method, path=call.path)
            _clock.sleep(_waiting.pause(looks, left))
        return outcomes

    def _look(self, listing: Listing[Run], watch: _waiting.Watch) -> RunOutcomes | None:
        runs = list(self._iterate(listing))
        every = _prepare.list_memory_functions(target_type=None)
        functions = list(self._iterate(every)) if watch.planning else []
        return watch.see(runs, functions)

    def _newest(self, thread_id: ID_T, user_id: ID_T | None = None) -> list[Posted]:
        listing = _waiting.newest_messages(thread_id)
        messages = list(self._iterate(listing))
        return _waiting.newest(thread_id, messages, user_id)

    def _newest_of(self, user_id: ID_T) -> list[Posted]:
        listing = _waiting.runs_of_user(user_id)
        runs = list(self._iterate(listing))
        threads = self._send(_prepare.list_threads())
        return [
            posted
            for thread_id in _waiting.written_since(threads, runs)
            for posted in self._newest(thread_id, user_id)
        ]
