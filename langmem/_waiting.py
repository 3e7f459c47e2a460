"""When the wait for memories is over, decided from what the service says: no I/O.

The service plans a run for each memory function and whoever it remembers things about, some time
after messages were posted. So a wait has two parts: until every message that was there at its
beginning is part of a run, and then until the runs that exist by that time have ended. Runs planned
later are not waited for: a wait ends even where people never stop writing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from langmem import _clock, _prepare
from langmem._arguments import one_id
from langmem._json import a_type
from langmem.schemas import RunOutcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langmem._call import Listing
    from langmem.schemas import ID_T
    from langmem_api.types import MemoryFunction, OpenAIMessage, Run, ThreadListItem

UNFINISHED = ("queued", "running")
PAGE_SIZE = 1000
NEWEST_MESSAGES = 100
NEWEST_THREADS = 50
"""How many messages of a thread, and how many threads of a user, a wait looks at."""

_LAST_LOOK = 1.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class Posted(NamedTuple):
    """The newest message of a user in a thread; of the whole thread where `user_id` is None."""

    thread_id: str
    user_id: str | None
    message_id: str


class Watch:
    """A wait under way: show it what the service has, and it says when to stop.

    Args:
        posted: The messages that must be part of runs; none where the runs exist already.

    Attributes:
        runs: The runs waited for, as they were seen last; while planning, all that were seen.
    """

    def __init__(self, posted: Iterable[Posted] = ()) -> None:
        self.runs: tuple[Run, ...] = ()
        self._posted = frozenset(posted)
        self._watched: frozenset[str] | None = None

    @property
    def planning(self) -> bool:
        """Whether messages may still wait for their runs, so that `see` needs the functions."""
        return self._watched is None and bool(self._posted)

    def see(
        self, runs: Sequence[Run], functions: Iterable[MemoryFunction] = ()
    ) -> RunOutcomes | None:
        """Take note of the runs there are.

        Args:
            runs: All runs of the thread or user, newest first.
            functions: All memory functions, while `planning`.

        Returns:
            The outcomes, or None while there is something to wait for.
        """
        self.runs = tuple(runs)
        if self._watched is None:
            if not self._planned(runs, functions):
                return None
            self._watched = frozenset(run["id"] for run in runs)
        self.runs = tuple(run for run in runs if run["id"] in self._watched)
        return None if self._unfinished() else RunOutcomes(self.runs)

    def missing(self) -> str:
        """Say what is still waited for."""
        if self.planning:
            return "there are messages that no run has been planned for"
        return f"{self._unfinished()} of {len(self.runs)} runs have not ended"

    def _unfinished(self) -> int:
        return sum(run["status"] in UNFINISHED for run in self.runs)

    def _planned(self, runs: Iterable[Run], functions: Iterable[MemoryFunction]) -> bool:
        done = {
            (run["memory_function_id"], Posted(run["thread_id"], run["user_id"], message_id))
            for run in runs
            for message_id in run["message_ids"]
        }
        return all(
            (function["id"], posted) in done
            for function in functions
            if function["status"] == "active"
            for posted in self._posted
            if (function["target_type"] == "thread") == (posted.user_id is None)
        )


def runs_of_thread(thread_id: ID_T) -> Listing[Run]:
    """Ask for all runs over a thread."""
    return _prepare.list_thread_runs(thread_id, status=None, page_size=PAGE_SIZE, limit=None)


def runs_of_user(user_id: ID_T) -> Listing[Run]:
    """Ask for all runs for a user."""
    return _prepare.list_user_runs(user_id, status=None, page_size=PAGE_SIZE, limit=None)


def newest_messages(thread_id: ID_T) -> Listing[OpenAIMessage]:
    """Ask for the newest messages of a thread, newest first."""
    return _prepare.list_messages(
        thread_id,
        response_format=None,
        ascending_order=False,
        page_size=NEWEST_MESSAGES,
        limit=NEWEST_MESSAGES,
    )


def newest(
    thread_id: ID_T, messages: Iterable[OpenAIMessage], user_id: ID_T | None = None
) -> list[Posted]:
    """Find the newest message of a thread and of each user in it.

    Args:
        thread_id: The thread.
        messages: Messages of the thread, newest first.
        user_id: Find the newest message of this user alone.
    """
    thread = one_id(thread_id, "thread_id")
    only = None if user_id is None else one_id(user_id, "user_id")
    found: dict[str | None, Posted] = {}
    for message in messages:
        about = message["metadata"]
        for speaker in (None, about["user_id"]):
            found.setdefault(speaker, Posted(thread, speaker, about["id"]))
    return [posted for posted in found.values() if only in {None, posted.user_id}]


def written_since(threads: Iterable[ThreadListItem], runs: Iterable[Run]) -> list[str]:
    """List the threads in which a user may have messages without runs.

    Args:
        threads: All threads, the one last written to first.
        runs: All runs for the user.

    Returns:
        The ids of the threads that were written to after the user's last run over them, at most
        `NEWEST_THREADS` of them.
    """
    planned: dict[str, str] = {}
    for run in runs:
        thread_id = run["thread_id"]
        planned[thread_id] = max(run["created_at"], planned.get(thread_id, ""))
    written = [
        thread["id"]
        for thread in threads
        # Both are the service's own clock, in one form.
        if (thread["last_message_timestamp"] or "") >= planned.get(thread["id"], " ")
    ]
    return written[:NEWEST_THREADS]


class Span:
    """The time of a wait, which begins now.

    Args:
        seconds: How long it is.
        name: The argument that says so, for errors.

    Raises:
        TypeError: It is not a number.
        ValueError: It is below 0, or no number after all.
    """

    def __init__(self, seconds: float, name: str) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"{name}: expected a number of seconds, not {a_type(seconds)}")
        if math.isnan(seconds) or seconds < 0:
            raise ValueError(f"{name}: expected 0 seconds or more, not {seconds}")
        self.seconds = seconds
        self._end = _clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds until its end, below 0 afterwards."""
        return self._end - _clock.monotonic()

    def deadline(self, own: float | None) -> float | None:
        """Return how long a request may take that begins now: so long that a last look can succeed.

        Args:
            own: How long the client lets one take, or None for as long as it likes.
        """
        longest = min(max(self.left(), _LAST_LOOK), math.inf if own is None else own)
        return None if math.isinf(longest) else longest


def pause(looks: int, left: float) -> float:
    """Draw the seconds until the next look: growing, uneven, and no more than are left.

    Args:
        looks: How many looks there have been, from 1.
        left: Seconds until the wait must end.
    """
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(looks - 1, 10))
    return min(left, _clock.uniform(longest / 2, longest))
