"""The faster asynchronous transport of `langmem[fast]`, which speaks HTTP by means of aiohttp.

To all who use it it is httpx's own: the same limits, timeouts and errors.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from functools import partial
from importlib.util import find_spec
from types import FunctionType
from typing import TYPE_CHECKING, cast

import httpx

from langmem._codec import fast_is_wanted

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from langmem._connection import Connection, Origin, Timeouts

# As httpx has them, but that all connections may be kept: it keeps 20 of them, so that each time
# 100 are wanted at once 80 are opened anew.
_MAX_CONNECTIONS = 100
_IDLE_SECONDS = 5.0

# Tools that record, trace or answer requests replace the method of one of these.
_SENDERS = (("httpx", "AsyncHTTPTransport"), ("httpcore", "AsyncConnectionPool"))

# What is below aiohttp's client is the same in these.
_OLDEST, _TOO_NEW = (3, 10), (4,)


def usable() -> bool:
    """Say whether there is an aiohttp, and nobody has switched this transport off."""
    return fast_is_wanted() and find_spec("aiohttp") is not None


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends requests in one asyncio event loop.

    Outside of asyncio, with another aiohttp than it was made for, and where a tool has replaced
    what sends in httpx, httpx's transport does.

    Args:
        context: Whom to trust where the URL is one of https; None is httpx's own choice.
    """

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._turns = asyncio.Semaphore(_MAX_CONNECTIONS)
        self._open: set[Connection] = set()
        self._idle: deque[Connection] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._fit: bool | None = None
        self._plain: httpx.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; return the answer, whose body is yet to be read.

        Raises:
            httpx.TransportError: There is none, for the reason that its class tells.
        """
        if not _runs_asyncio() or any(map(_is_replaced, _SENDERS)) or not await self._is_fit():
            return await self._as_httpx_does(request)
        from langmem._connection import Origin  # noqa: PLC0415 - it imports aiohttp

        timeouts: Timeouts = request.extensions.get("timeout", {})
        connection = await self._acquire(Origin.of(request.url), timeouts)
        try:
            await connection.send(request, timeouts)
            message, body = await connection.receive(timeouts)
        except BaseException:
            self._release(connection)
            raise
        if body.is_eof() and connection.may_be_used_again():  # as most are: it came with the head
            stream: httpx.AsyncByteStream = httpx.ByteStream(body.read_nowait())
            self._release(connection)
        else:
            parts = connection.parts(message, body, timeouts)
            stream = _Body(parts, partial(self._release, connection))
        return httpx.Response(
            message.code,
            headers=list(message.raw_headers),
            stream=stream,
            extensions={
                "http_version": b"HTTP/%d.%d" % message.version,
                "reason_phrase": message.reason.encode("utf-8", "surrogateescape"),
            },
        )

    async def aclose(self) -> None:
        """Close all connections."""
        if self._look is not None:
            self._look.cancel()
        self._idle.clear()
        while self._open:
            self._open.pop().abort()
        if self._plain is not None:
            await self._plain.aclose()
        if _runs_asyncio():
            await asyncio.sleep(0)  # the loop closes what was aborted, and may end after this

    async def _is_fit(self) -> bool:
        if self._fit is None:
            # It takes long: the loop shall go on meanwhile.
            self._fit = await asyncio.to_thread(_import_aiohttp)
        return self._fit

    async def _as_httpx_does(self, request: httpx.Request) -> httpx.Response:
        if self._plain is None:
            self._plain = httpx.AsyncHTTPTransport(verify=cast("ssl.SSLContext", self._context))
        return await self._plain.handle_async_request(request)

    async def _acquire(self, origin: Origin, timeouts: Timeouts) -> Connection:
        await self._wait_for_turn(timeouts)
        try:
            return self._rested(origin) or await self._connected(origin, timeouts)
        except BaseException:
            self._turns.release()
            raise

    async def _wait_for_turn(self, timeouts: Timeouts) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(timeouts.get("pool")):
                await self._turns.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout("no connection was free in time") from error

    def _rested(self, origin: Origin) -> Connection | None:
        """Return an idle connection, of those there are the one that was used last."""
        self._close_rested()
        for place in reversed(range(len(self._idle))):
            connection = self._idle[place]
            if connection.origin == origin:
                del self._idle[place]
                if connection.is_quiet():
                    return connection
                self._close(connection)
        return None

    async def _connected(self, origin: Origin, timeouts: Timeouts) -> Connection:
        from langmem._connection import connect  # noqa: PLC0415 - it imports aiohttp

        if self._idle and len(self._open) >= _MAX_CONNECTIONS:
            self._close(self._idle.popleft())
        connection = await connect(origin, self._context, timeouts.get("connect"))
        self._open.add(connection)
        return connection

    def _release(self, connection: Connection) -> None:
        """Take back a connection: to be used again, if an answer has been read to its end."""
        self._turns.release()
        if not connection.may_be_used_again():
            self._close(connection)
            return
        connection.rest()
        self._idle.append(connection)
        if self._look is None:
            self._look_later()

    def _look_later(self) -> None:
        self._look = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._look = None
        self._close_rested()
        if self._idle:
            self._look_later()

    def _close_rested(self) -> None:
        while self._idle and self._idle[0].has_rested(_IDLE_SECONDS):
            self._close(self._idle.popleft())

    def _close(self, connection: Connection) -> None:
        self._open.discard(connection)
        connection.abort()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, and what to do when nobody wants more of it."""

    def __init__(self, parts: AsyncGenerator[bytes, None], release: Callable[[], None]) -> None:
        self._parts = parts
        self._release = release
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._parts.aclose()
        self._release()


def _import_aiohttp() -> bool:
    """Import all that is needed; say whether it is fit."""
    try:
        import aiohttp  # noqa: PLC0415 - few need it
    except ImportError:
        return False
    if not _OLDEST <= tuple(map(int, aiohttp.__version__.split(".")[:2])) < _TOO_NEW:
        return False
    import langmem._connection  # noqa: F401, PLC0415 - as above

    return True


def _runs_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _is_replaced(sender: tuple[str, str]) -> bool:
    """Say whether a tool has put a function of its own in the place of this method."""
    package, name = sender
    if package not in sys.modules:
        return False
    method = getattr(sys.modules[package], name).handle_async_request
    # The exact type, for a wrapper may pass for a function.
    return type(method) is not FunctionType or (
        method.__globals__["__name__"].partition(".")[0] != package
    )
