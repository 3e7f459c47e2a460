"""One connection of the faster transport: aiohttp's protocol and parser, httpx's steps and errors.

aiohttp's own client cannot say which of httpx's four timeouts has passed, may send a request twice
by itself, and keeps the request's headers in its errors. What is below its client has none of this.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import select
import socket
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import aiohappyeyeballs
import httpx
from aiohttp import ClientError, ClientPayloadError, ServerDisconnectedError, SocketTimeoutError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping

    from aiohttp import StreamReader
    from aiohttp.http import RawResponseMessage

    Timeouts = Mapping[str, float | None]

_DEFAULT_PORTS = {"http": 80, "https": 443}

# As anyio has it, which connects for httpx.
_NEXT_ADDRESS_AFTER = 0.25

# As much as httpcore reads of a head.
_MAX_LINE = 100 * 1024

# To aiohttp and to `asyncio.timeout` zero means two things.
_LEAST_TIMEOUT = 0.001

_TOKEN = rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(_TOKEN + rb" [\x21-\x7e]+ HTTP/1\.1")
_HEADER_LINE = re.compile(_TOKEN + rb": [^\x00-\x08\x0a-\x1f\x7f]*")

_INFORMATIONAL = range(100, 200)
_UPGRADED = 101

_FAILURES = (ClientError, HttpProcessingError, OSError)


class Origin(NamedTuple):
    """Where a connection leads to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> Self:
        """Return where a request for a URL is sent.

        Raises:
            httpx.UnsupportedProtocol: It is no URL of HTTP.
        """
        scheme = url.raw_scheme.decode("ascii")
        if scheme not in _DEFAULT_PORTS:
            raise httpx.UnsupportedProtocol(
                f"Request URL has an unsupported protocol '{scheme}://'."
            )
        return cls(scheme, url.raw_host.decode("ascii"), url.port or _DEFAULT_PORTS[scheme])


class Protocol(ResponseHandler):
    """What aiohttp reads with. Besides, it knows whether all that was written has left."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.written = asyncio.Event()
        self.written.set()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.written.clear()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.written.set()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self.written.set()


class Connection:
    """One connection, which carries a request and its answer at a time.

    Args:
        origin: Where it leads to.
        protocol: What reads from it.
    """

    __slots__ = ("_answered", "_protocol", "_transport", "_used", "origin")

    def __init__(self, origin: Origin, protocol: Protocol) -> None:
        assert protocol.transport is not None  # noqa: S101 - it is connected
        self.origin = origin
        self._protocol = protocol
        self._transport = protocol.transport
        self._transport.set_write_buffer_limits(0)  # what is written has left the process
        self._used = time.monotonic()
        self._answered = True

    def may_be_used_again(self) -> bool:
        """Say whether what was asked is answered to its end, and the connection is to stay."""
        return self._answered and self._protocol.is_connected() and not self._protocol.should_close

    def rest(self) -> None:
        """Begin to be idle."""
        self._time_reads(None)
        self._used = time.monotonic()

    def has_rested(self, seconds: float) -> bool:
        """Say whether it has been idle for longer than this."""
        return time.monotonic() - self._used > seconds

    def is_quiet(self) -> bool:
        """Say whether nothing has come to it since it is idle.

        That would be its end, or an answer that nobody asked for. The loop may not have seen it.
        """
        sock = self._transport.get_extra_info("socket")
        return self.may_be_used_again() and not _is_readable(sock)

    def abort(self) -> None:
        """Close it, whatever is under way."""
        self._transport.abort()

    async def send(self, request: httpx.Request, timeouts: Timeouts) -> None:
        """Write a request.

        That the other side does not take all of it is no error yet, for it may have answered.

        Raises:
            httpx.LocalProtocolError: The request cannot be written as HTTP.
            httpx.WriteTimeout: A part of it took too long.
        """
        self._protocol.set_response_params(
            skip_payload=request.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
        )
        head, seconds = _head(request), timeouts.get("write")
        self._answered = False
        try:
            content = request.content
        except httpx.RequestNotRead:
            await self._write(head, seconds)
            async for part in _framed(request):
                await self._write(part, seconds)
        else:
            await self._write(head + content, seconds)

    async def receive(self, timeouts: Timeouts) -> tuple[RawResponseMessage, StreamReader]:
        """Read the head of the answer; return it, and what the body comes from.

        Raises:
            httpx.ReadTimeout: Nothing came for too long.
            httpx.ReadError: The connection broke.
            httpx.RemoteProtocolError: What came is no answer, or it ended before one.
        """
        seconds = timeouts.get("read")
        while True:
            self._time_reads(seconds)
            message, body = await _read(self._protocol.read())
            if message.code not in _INFORMATIONAL or message.code == _UPGRADED:
                self._answered = True
                return message, body

    async def parts(
        self, message: RawResponseMessage, body: StreamReader, timeouts: Timeouts
    ) -> AsyncGenerator[bytes, None]:
        """Read the body as it comes.

        Raises:
            httpx.ReadTimeout: Nothing came for too long.
            httpx.ReadError: The connection broke.
            httpx.RemoteProtocolError: The body is cut off.
        """
        if not body.is_eof():
            self._time_reads(timeouts.get("read"))
        try:
            while not body.at_eof():
                if part := await _read(body.readany()):
                    yield part
        except httpx.RemoteProtocolError:
            self._raise_if_broken()
            raise
        if not message.chunked and "Content-Length" not in message.headers:
            self._raise_if_broken()

    def _raise_if_broken(self) -> None:
        """Tell the end of a body from that of a connection which broke."""
        error = self._protocol.exception()
        if isinstance(error, OSError):
            raise httpx.ReadError(str(error)) from error

    def _time_reads(self, seconds: float | None) -> None:
        self._protocol.read_timeout = None if seconds is None else max(seconds, _LEAST_TIMEOUT)
        self._protocol.start_timeout()

    async def _write(self, data: bytes, seconds: float | None) -> None:
        if not self._protocol.is_connected():
            return
        self._transport.write(data)
        if self._protocol.written.is_set():
            return
        try:
            async with asyncio.timeout(seconds):
                await self._protocol.written.wait()
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error


async def connect(
    origin: Origin, context: ssl.SSLContext | None, seconds: float | None
) -> Connection:
    """Open a connection.

    Raises:
        httpx.ConnectTimeout: It took too long.
        httpx.ConnectError: There is none to be had, or none to be trusted.
    """
    try:
        async with asyncio.timeout(seconds):
            return Connection(origin, await _connected(origin, context))
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error


async def _connected(origin: Origin, context: ssl.SSLContext | None) -> Protocol:
    loop = asyncio.get_running_loop()
    connected = await aiohappyeyeballs.start_connection(
        await _addresses(origin), happy_eyeballs_delay=_NEXT_ADDRESS_AFTER, loop=loop
    )
    tls: dict[str, Any] = {}
    if origin.scheme == "https":
        trusted = context or httpx.create_ssl_context()
        trusted.set_alpn_protocols(["http/1.1"])
        tls = {"ssl": trusted, "server_hostname": origin.host}
    _, protocol = await loop.create_connection(partial(Protocol, loop), sock=connected, **tls)
    return protocol


async def _addresses(origin: Origin) -> list[Any]:
    try:
        version = ipaddress.ip_address(origin.host).version
    except ValueError:
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    family = socket.AF_INET if version == 4 else socket.AF_INET6  # noqa: PLR2004 - of IP
    address = (origin.host, origin.port, 0, 0)[: 2 if family == socket.AF_INET else 4]
    return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]


def _head(request: httpx.Request) -> bytes:
    first = b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)
    lines = [b"%b: %b" % each for each in request.headers.raw]
    if not _REQUEST_LINE.fullmatch(first) or not all(map(_HEADER_LINE.fullmatch, lines)):
        # Which line it is stays untold, for it may hold a secret.
        raise httpx.LocalProtocolError("the request line or a header has a character it must not")
    return b"\r\n".join([first, *lines, b"", b""])


async def _framed(request: httpx.Request) -> AsyncIterator[bytes]:
    """Give the parts of a body that comes in parts, as its headers announce them."""
    assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101 - httpx sees to it
    chunked = "chunked" in request.headers.get("transfer-encoding", "").lower()
    async for part in request.stream:
        if part:
            yield b"%x\r\n%b\r\n" % (len(part), part) if chunked else part
    if chunked:
        yield b"0\r\n\r\n"


async def _read(awaited: Awaitable[Any]) -> Any:
    try:
        return await awaited
    except _FAILURES as error:
        raise _as_httpx_has_it(error) from error


def _as_httpx_has_it(error: Exception) -> httpx.TransportError:
    if isinstance(error, SocketTimeoutError):
        return httpx.ReadTimeout(str(error))
    if isinstance(error, ServerDisconnectedError):
        return httpx.RemoteProtocolError("Server disconnected without sending a response.")
    if isinstance(error, HttpProcessingError | ClientPayloadError):
        return httpx.RemoteProtocolError(str(error))
    return httpx.ReadError(str(error))


def _is_readable(sock: socket.socket) -> bool:
    if not hasattr(select, "poll"):  # pragma: no cover - Windows
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
