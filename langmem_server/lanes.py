"""The queue of a service inside another program: threads, and nothing that outlives them.

It has the verbs of `engine.Engine`, and what it forgets when the program ends is dispatched anew
after the next start, since the store's runs are the truth. DBOS is one per process and takes half
a second to import; of these there may be many, each ready at once.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Lanes:
    """Works lanes off, several at a time, each lane one by one.

    Threads are made when there is work and end when there is none. They are daemons, so that a
    program that forgets to close its client ends all the same.

    Args:
        work: What to do with a lane. It must not raise.
        concurrency: How many lanes may be at work at once.

    Example:
        >>> lanes = Lanes(print, concurrency=8)
        >>> lanes.start(before=lambda: None)
        >>> lanes.enqueue("run-1.0", "lane-1")  # doctest: +SKIP
        >>> lanes.stop()
    """

    def __init__(self, work: Callable[[str], None], *, concurrency: int) -> None:
        self._work = work
        self._concurrency = concurrency
        self._lock = threading.Lock()
        self._knocks: dict[str, int] = {}
        self._waiting: deque[str] = deque()
        self._threads = 0

    def start(self, before: Callable[[], None]) -> None:
        """Begin; `before` is called first."""
        before()

    def enqueue(self, workflow_id: str, lane: str) -> None:
        """Have the lane worked on, once for each call."""
        del workflow_id
        with self._lock:
            self._knocks[lane] = self._knocks.get(lane, 0) + 1
            if self._knocks[lane] > 1:
                return  # whoever works on the lane goes on with it
            self._waiting.append(lane)
            if self._threads == self._concurrency:
                return
            self._threads += 1
        threading.Thread(target=self._drain, name="langmem-lanes", daemon=True).start()

    def purge(self) -> bool:
        """Forget what has ended; return whether anything is left: never."""
        return False

    def alive(self) -> bool:
        """Tell whether it works off what it is given: a thread is made for each."""
        return True

    def stop(self) -> None:
        """Stop taking work up. Work that runs on is not waited for."""
        with self._lock:
            self._waiting.clear()

    def _drain(self) -> None:
        while (lane := self._next()) is not None:
            self._work(lane)
            self._done(lane)

    def _next(self) -> str | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _done(self, lane: str) -> None:
        with self._lock:
            self._knocks[lane] -= 1
            if self._knocks[lane]:
                self._waiting.append(lane)
            else:
                del self._knocks[lane]
