"""The httpx clients behind one asynchronous client of ours: one for each running loop."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, NamedTuple

import httpx

from langmem import _aiohttp
from langmem._direct import AsyncSender, proxies_are_set
from langmem._pool import OF_THE_PARENT, POOLS, context, options

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from langmem._settings import Settings

# A loop does not hold its tasks.
_ENDING: set[asyncio.Task[None]] = set()


class _Held(NamedTuple):
    sender: AsyncSender
    closer: AsyncGenerator[None, None] | None


class AsyncPool:
    """One httpx client for each event loop, closed when the loop ends.

    It is safe to use from many threads. A transport that the user gave is theirs to fit to their
    loops: then there is one httpx client, whatever the loop.
    """

    __slots__ = ("__weakref__", "_closed", "_held", "_lock", "_settings", "_transport")

    def __init__(
        self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        if transport is None and settings.local:
            from langmem import _local  # noqa: PLC0415 - few clients need it

            transport = _local.AsyncLocalTransport(_local.lease(settings.url))
        self._settings = settings
        self._transport = transport
        self._closed: AsyncSender | None = None
        self.forget()
        POOLS.add(self)

    @property
    def client(self) -> httpx.AsyncClient:
        """The httpx client of the running loop; after closing, a closed one."""
        return self.sender.client

    @property
    def sender(self) -> AsyncSender:
        """What sends for the httpx client of the running loop."""
        if self._closed is not None:
            return self._closed
        loop = None if self._transport else _running_loop()
        held = self._held.get(loop)
        return (held or self._hold(loop)).sender

    @property
    def transport(self) -> httpx.AsyncBaseTransport | None:
        """What carries the requests, or None where it is the network."""
        return self._transport

    @property
    def timeout(self) -> httpx.Timeout:
        """The timeout that the httpx clients are made with."""
        return self._settings.timeout

    def another(self) -> AsyncPool:
        """Return a pool with connections of its own, to the same service."""
        local = self._settings.local and self._transport is not None
        return AsyncPool(self._settings, copy(self._transport) if local else self._transport)

    def forget(self) -> None:
        """Start anew without touching the connections there are."""
        self._lock = threading.Lock()
        self._held: dict[asyncio.AbstractEventLoop | None, _Held] = {}

    def leave_to_parent(self) -> None:
        """Start anew in a forked child, where the connections are the parent's."""
        OF_THE_PARENT.append(self._held)
        self.forget()

    async def aclose(self) -> None:
        """Close the connections of this loop, and have the other running loops close theirs."""
        sender = self.sender
        with self._lock:
            self._closed = sender
            held = dict(self._held)
        held.pop(_running_loop(), None)
        for loop, (_, closer) in held.items():
            if loop and closer and loop.is_running():
                with suppress(RuntimeError):  # it was closed at this very moment
                    loop.call_soon_threadsafe(_end, loop, closer)
        await sender.client.aclose()

    def _hold(self, loop: asyncio.AbstractEventLoop | None) -> _Held:
        with self._lock:
            if self._closed is not None:
                return _Held(self._closed, None)
            for old in [old for old in self._held if old and old.is_closed()]:
                del self._held[old]
            if loop not in self._held:
                # One that was asked for outside of any loop has no connections yet.
                early = self._held.pop(None, None)
                sender = early.sender if early else self._make()
                closer = _close_with_loop(sender.client) if loop else None
                self._held[loop] = _Held(sender, closer)
            return self._held[loop]

    def _make(self) -> AsyncSender:
        transport = self._transport
        if transport is None and not proxies_are_set():
            fast, trusted = _aiohttp.usable(), context(self._settings)
            make = _aiohttp.AiohttpTransport if fast else httpx.AsyncHTTPTransport
            transport = make(trusted)
        client = httpx.AsyncClient(transport=transport, **options(self._settings))
        return AsyncSender(client, transport)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _close_with_loop(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    """Have the running loop close a client when it ends, or when what is returned is dropped.

    Before it closes its loop, `asyncio.run` ends the asynchronous generators that were started in
    it, with `loop.shutdown_asyncgens` (PEP 525); a loop ends those that nobody holds any more. So
    the connections close while there is still a loop to close them.
    """
    closer = _wait_and_close(client)
    with suppress(StopIteration):  # it yields at once, without a turn of the loop
        closer.__anext__().send(None)
    return closer


async def _wait_and_close(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await client.aclose()


def _end(loop: asyncio.AbstractEventLoop, closer: AsyncGenerator[None, None]) -> None:
    _ENDING.add(task := loop.create_task(_ended(closer)))
    task.add_done_callback(_ENDING.discard)


async def _ended(closer: AsyncGenerator[None, None]) -> None:
    await closer.aclose()
