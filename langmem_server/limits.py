"""How much at once: requests in a second, requests at work, and bytes of bodies.

Of each caller, and of all. Whatever is over is refused with 429 and when to come again; nothing
waits in a line. A token bucket is twenty lines; the libraries for it keep a time stamp of every
request, or threads.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from langmem_server.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langmem_server.auth import Caller
    from langmem_server.settings import Settings

BURST_SECONDS: Final = 2.0
"""For how many seconds' worth of requests a caller may save up."""

BODIES: Final = 8
"""How many bodies of the largest size may be at work at a time; half of them of one caller."""


class Bucket:
    """A token bucket: `rate` tokens a second, and at most `BURST_SECONDS` worth of them.

    Args:
        rate: Tokens a second.
        clock: Tells seconds that never go back.

    Example:
        >>> bucket = Bucket(rate=0.5, clock=lambda: 0.0)
        >>> bucket.take(), bucket.take()
        (0.0, 2.0)
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._most = max(1.0, rate * BURST_SECONDS)
        self._tokens = self._most
        self._at = clock()

    def take(self) -> float:
        """Take a token; return 0.0, or when there is none, the seconds until there is one."""
        now = self._clock()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1.0:
            return (1.0 - self._tokens) / self._rate
        self._tokens -= 1.0
        return 0.0


class _Share:
    """What one caller, or all of them, may have."""

    def __init__(self, rate: float, requests: int, size: int, clock: Callable[[], float]) -> None:
        self.bucket = Bucket(rate, clock)
        self._requests = requests
        self._size = size
        self._requests_held = 0
        self._size_held = 0

    @property
    def at_work(self) -> int:
        """How many requests are at work."""
        return self._requests_held

    def excess(self, size: int) -> str | None:
        """Say what one more request with a body of a size would be too much of, or None."""
        if self._requests_held >= self._requests:
            return f"{self._requests} requests are at work"
        if self._size_held and self._size_held + size > self._size:
            return f"{self._size} bytes of bodies are at work"
        return None

    def hold(self, size: int, sign: int) -> None:
        """Count a request in, or with a sign of -1 out again."""
        self._requests_held += sign
        self._size_held += sign * size


class Limits:
    """The limits of one service. Used from its event loop alone.

    Args:
        settings: `rate_limit`, `key_rate_limit`, `max_requests`, `key_max_requests` and
            `max_body_bytes`.
        clock: Tells seconds that never go back.

    Example:
        >>> from langmem_server.auth import Caller
        >>> from langmem_server.settings import Settings
        >>> limits = Limits(Settings(max_requests=1))
        >>> with limits.admitted(Caller("default"), size=0):
        ...     "at work"
        'at work'
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key_rate = settings.key_rate_limit
        self._key_requests = settings.key_max_requests
        self._size = settings.max_body_bytes * BODIES
        self._all = _Share(settings.rate_limit, settings.max_requests, self._size, clock)
        self._callers: dict[str | None, _Share] = {}  # no more than there are keys

    @property
    def at_work(self) -> int:
        """How many requests are at work."""
        return self._all.at_work

    @contextmanager
    def admitted(self, caller: Caller, size: int) -> Iterator[None]:
        """Have a request at work.

        Args:
            caller: Whom it comes from.
            size: The most bytes its body may have.

        Raises:
            RequestError: 429: it is one too many now; `Retry-After` says when to come again.
        """
        own = self._share(caller)
        for share, whose in ((own, "of this key"), (self._all, "of all callers")):
            excess = share.excess(size)
            if excess:
                raise _refused(f"{excess} {whose}", 1.0)
        for share, whose in ((own, "of this key"), (self._all, "of all callers")):
            wait = share.bucket.take()
            if wait:
                raise _refused(f"more requests in a second {whose} than the limit", wait)
        for share in (own, self._all):
            share.hold(size, 1)
        try:
            yield
        finally:
            for share in (own, self._all):
                share.hold(size, -1)

    def _share(self, caller: Caller) -> _Share:
        if caller.key_id not in self._callers:
            size = self._size // 2
            share = _Share(self._key_rate, self._key_requests, size, self._clock)
            self._callers[caller.key_id] = share
        return self._callers[caller.key_id]


def _refused(why: str, wait: float) -> RequestError:
    seconds = math.ceil(wait)
    return RequestError(
        429, f"Too many requests: {why}; come again in {seconds} s", {"Retry-After": str(seconds)}
    )
