"""Who is let in, and how much of it at once."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final, Protocol

from langmem_server.auth import DEFAULT_TENANT, Caller
from langmem_server.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from starlette.requests import Request

    from langmem_server.auth import Policy
    from langmem_server.limits import Limits
    from langmem_server.store.records import ApiKey

LIFETIME: Final = 1.0
"""Seconds after which a revoked key counts no more, at the latest."""


class KeyRing:
    """The keys there are, read again from time to time: not every request asks the database.

    Args:
        read: Reads the keys, revoked ones too.
        clock: Tells seconds that never go back.

    Example:
        >>> ring = KeyRing(lambda: [])
        >>> ring.refresh()
        >>> ring.any_made, ring.find("5f"), ring.age() < 1
        (False, None, True)
    """

    def __init__(
        self, read: Callable[[], list[ApiKey]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._read_at = -float("inf")
        self._keys: dict[str, ApiKey] = {}
        self.any_made = False

    def age(self) -> float:
        """Return how many seconds ago the keys were read; infinity before the first time."""
        return self._clock() - self._read_at

    def refresh(self) -> None:
        """Read the keys; it blocks.

        Raises:
            StoreError: They cannot be read.
        """
        begun = self._clock()
        found = self._read()
        self._keys = {key.digest: key for key in found if key.revoked_at is None}
        self.any_made = bool(found)
        self._read_at = begun

    def find(self, digest: str) -> ApiKey | None:
        """Return the key with a digest, unless it was revoked."""
        return self._keys.get(digest)


class Gate(Protocol):
    """How requests are let in."""

    async def caller(self, request: Request, policy: Policy) -> Caller:
        """Say who calls, or refuse with `RequestError`."""
        ...

    def admitted(self, caller: Caller, size: int) -> AbstractContextManager[None]:
        """Have a request at work whose body has at most so many bytes, or refuse."""
        ...


class OpenGate:
    """Lets everybody in: the programs of this process."""

    async def caller(self, request: Request, policy: Policy) -> Caller:
        """Return the one tenant there is."""
        del request, policy
        return Caller(DEFAULT_TENANT)

    def admitted(self, caller: Caller, size: int) -> AbstractContextManager[None]:
        """Set no limits."""
        del caller, size
        return nullcontext()


class KeyGate:
    """Lets in who has a key, within limits.

    Args:
        limits: How much each may have at work.
        call: Calls a function that blocks.
    """

    def __init__(self, limits: Limits, call: Callable[..., Awaitable[Any]]) -> None:
        self.admitted = limits.admitted
        self._call = call

    async def caller(self, request: Request, policy: Policy) -> Caller:
        """Return the caller, by the keys of a moment ago."""
        ring: KeyRing = request.app.state.running.keys
        if ring.age() > LIFETIME:
            await self._call(ring.refresh)
        try:
            caller = policy(request, ring)
        except RequestError:
            await self._call(ring.refresh)  # the key may be new
            caller = policy(request, ring)
        request.state.key_id = caller.key_id
        return caller
