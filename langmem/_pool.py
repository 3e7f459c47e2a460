"""The httpx clients behind one client of ours: each made where it is first used, and used there.

A connection belongs to the process and, if asynchronous, to the event loop that opened it. So a
pool has an httpx client for each running loop, or one for the process, and a forked child starts
with none.
"""

from __future__ import annotations

import os
import threading
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet, finalize

import httpx

from langmem._direct import Sender, proxies_are_set

if TYPE_CHECKING:
    import ssl

    from langmem._async_pool import AsyncPool
    from langmem._settings import Settings

POOLS: WeakSet[AsyncPool | Pool] = WeakSet()

# What a forked child inherits. To close it would be to speak on the parent's connections, and to
# drop it would be to leave that to the garbage collector.
OF_THE_PARENT: list[object] = []


class Pool:
    """One httpx client for the process, closed when nobody holds the pool any more.

    It is safe to use from many threads.
    """

    __slots__ = (
        "__weakref__",
        "_closed",
        "_finalizer",
        "_held",
        "_lock",
        "_settings",
        "_transport",
    )

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        if transport is None and settings.local:
            from langmem import _local  # noqa: PLC0415 - few clients need it

            transport = _local.LocalTransport(_local.lease(settings.url))
        self._settings = settings
        self._transport = transport
        self._closed = False
        self.forget()
        POOLS.add(self)

    @property
    def client(self) -> httpx.Client:
        """The httpx client; after closing, a closed one."""
        return self.sender.client

    @property
    def sender(self) -> Sender:
        """What sends for the httpx client."""
        return self._held or self._hold()

    @property
    def transport(self) -> httpx.BaseTransport | None:
        """What carries the requests, or None where it is the network."""
        return self._transport

    @property
    def timeout(self) -> httpx.Timeout:
        """The timeout that the httpx clients are made with."""
        return self._settings.timeout

    def another(self) -> Pool:
        """Return a pool with connections of its own, to the same service."""
        local = self._settings.local and self._transport is not None
        return Pool(self._settings, copy(self._transport) if local else self._transport)

    def forget(self) -> None:
        """Start anew without touching the connections there are."""
        self._lock = threading.Lock()
        self._held: Sender | None = None
        self._finalizer: finalize[Any, Any] | None = None

    def leave_to_parent(self) -> None:
        """Start anew in a forked child, where the connections are the parent's."""
        if self._closed:
            return
        if self._finalizer is not None:
            self._finalizer.detach()
        OF_THE_PARENT.append(self._held)
        self.forget()

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        self.client.close()

    def _hold(self) -> Sender:
        with self._lock:
            if self._held is None:
                self._held = self._make()
                if self._transport is None:
                    self._finalizer = finalize(self, self._held.client.close)
            return self._held

    def _make(self) -> Sender:
        transport = self._transport
        if transport is None and not proxies_are_set():
            transport = httpx.HTTPTransport(verify=context(self._settings))
        client = httpx.Client(transport=transport, **options(self._settings))
        return Sender(client, transport)


def options(settings: Settings) -> dict[str, Any]:
    """Return what httpx clients of either colour are made with."""
    return {
        "base_url": settings.base_url,
        "auth": settings.auth,
        "timeout": settings.timeout,
        "verify": context(settings),
    }


def context(settings: Settings) -> ssl.SSLContext:
    """Return whom to trust where the URL is one of https."""
    # Without a context httpcore makes one if it ever needs it; httpx's types do not tell that.
    return _tls() if settings.url.scheme == "https" else cast("ssl.SSLContext", None)


@cache
def _tls() -> ssl.SSLContext:
    """Return the process's one TLS context: reading the certificates takes long."""
    return httpx.create_ssl_context()


def _after_fork_in_child() -> None:
    for pool in list(POOLS):
        pool.leave_to_parent()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_after_fork_in_child)
