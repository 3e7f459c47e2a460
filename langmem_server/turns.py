"""Whose run is next: each tenant in turn, and of a tenant each user or thread.

A run may hang for minutes, and cannot be put aside meanwhile. So nobody gets all the places at
work: a user or thread has half of them at most, and so has a tenant where there are several. The
rest stay free for whoever comes next.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langmem_server.store.records import Dispatch


class Turns:
    """The runs that wait for a place at work, and those that have one. For any number of threads.

    Of a lane one run is out at a time.

    Args:
        places: How many runs may be out at once.

    Example:
        >>> turns = Turns(2)
        >>> for lane in ("a", "b"):
        ...     turns.add(Dispatch("default", f"run of {lane}", lane, 1, "a user"))
        >>> turns.next(several_tenants=False).lane
        'a'
        >>> turns.next(several_tenants=False) is None
        True
        >>> turns.end("a")
        >>> turns.next(several_tenants=False).lane
        'b'
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._share = max(1, places // 2)
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Dispatch]] = {}
        # Lanes by tenant and subject, both in the order of their turns.
        self._ready: dict[str, dict[str | None, deque[str]]] = {}
        self._out: dict[str, Dispatch] = {}
        self._unbegun: dict[str, float] = {}
        self._of_tenant: Counter[str] = Counter()
        self._of_subject: Counter[tuple[str, str] | None] = Counter()

    def add(self, item: Dispatch) -> None:
        """Have a run wait for its turn."""
        with self._lock:
            waiting = self._waiting.setdefault(item.lane, deque())
            waiting.append(item)
            if len(waiting) == 1 and item.lane not in self._out:
                self._get_ready(item)

    def next(self, *, several_tenants: bool) -> Dispatch | None:
        """Let the next run out, and return it; None if none may go out now.

        Args:
            several_tenants: Whether a tenant has to leave places to others.
        """
        with self._lock:
            if len(self._out) == self._places:
                return None
            for tenant, subjects in self._ready.items():
                if several_tenants and self._of_tenant[tenant] >= self._share:
                    continue
                for subject in subjects:
                    if self._may_go(tenant, subject):
                        return self._let_out(tenant, subject)
            return None

    def begin(self, lane: str) -> bool:
        """Note that a run that was let out is at work; False if there is none, or it is already."""
        with self._lock:
            return self._unbegun.pop(lane, None) is not None

    def end(self, lane: str) -> None:
        """Free the place of a lane; its next run waits for its turn."""
        with self._lock:
            item = self._out.pop(lane, None)
            if item is None:
                return
            self._unbegun.pop(lane, None)
            self._of_tenant[item.tenant] -= 1
            self._of_subject[_who(item.tenant, item.subject)] -= 1
            if lane in self._waiting:
                self._get_ready(self._waiting[lane][0])

    def overdue(self, since: float) -> bool:
        """Tell whether a run let out before a moment of `time.monotonic` is still not at work."""
        with self._lock:
            return any(moment < since for moment in self._unbegun.values())

    def take_back(self) -> None:
        """Have the runs that were let out and are not at work wait for their turns again."""
        with self._lock:
            items = [self._out[lane] for lane in self._unbegun]
        for item in items:
            self.put_back(item)

    def put_back(self, item: Dispatch) -> None:
        """Have a run that was let out wait for its turn again."""
        self.end(item.lane)
        self.add(item)

    def _may_go(self, tenant: str, subject: str | None) -> bool:
        # What may have killed the service goes alone: nothing else is to be suspected with it.
        share = 1 if subject is None else self._share
        return self._of_subject[_who(tenant, subject)] < share

    def _let_out(self, tenant: str, subject: str | None) -> Dispatch:
        subjects = self._ready.pop(tenant)
        lanes = subjects.pop(subject)
        lane = lanes.popleft()
        if lanes:
            subjects[subject] = lanes
        if subjects:
            self._ready[tenant] = subjects
        waiting = self._waiting[lane]
        item = waiting.popleft()
        if not waiting:
            del self._waiting[lane]
        self._out[lane] = item
        self._unbegun[lane] = time.monotonic()
        self._of_tenant[tenant] += 1
        self._of_subject[_who(tenant, subject)] += 1
        return item

    def _get_ready(self, item: Dispatch) -> None:
        subjects = self._ready.setdefault(item.tenant, {})
        subjects.setdefault(item.subject, deque()).append(item.lane)


def _who(tenant: str, subject: str | None) -> tuple[str, str] | None:
    return None if subject is None else (tenant, subject)
