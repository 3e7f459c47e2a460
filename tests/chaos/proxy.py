"""A TCP proxy on loopback that cuts connections by a plan, before, during and after requests."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.chaos.fates import ANSWERED, KEPT, Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.fates import Draw, Plan

START_SECONDS: Final = 10
STEP_SECONDS: Final = 30
BACKLOG: Final = 512
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_KEY: Final = re.compile(rb"\r\nidempotency-key:[^\r]*", re.IGNORECASE)
_REFUSALS: Final = {
    Fate.BUSY: (b"503 Service Unavailable\r\nretry-after: 0", b'{"detail": "Busy"}'),
    Fate.LIMITED: (b"429 Too Many Requests\r\nretry-after-ms: 5", b'{"detail": "Too many"}'),
    # Not in the service's form: a gateway that has had enough knows nothing of the outcome.
    Fate.GATEWAY: (b"504 Gateway Timeout", b"<h1>Gateway Timeout</h1>"),
}


@dataclass(frozen=True)
class _Message:
    """An HTTP request or response as it came: its head, with the empty line, and its body."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body


@dataclass
class Proxy:
    """Stands between clients and one service.

    Attributes:
        service: The service's URL.
        plan: What happens to each request.
        strip_key: Whether the header Idempotency-Key is left out of what is forwarded.
        errors: What went wrong in the proxy itself: nothing should.
    """

    service: str
    plan: Plan
    strip_key: bool = False

    def __post_init__(self) -> None:
        self.errors: list[Exception] = []
        address = urlsplit(self.service)
        self._address = (address.hostname, address.port)

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Listen on a free port until the block ends, and give the URL."""
        ready: threading.Event = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name="proxy")
        thread.start()
        assert ready.wait(START_SECONDS), "the proxy did not start"
        try:
            yield f"http://127.0.0.1:{self._port}"
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._connection(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=BACKLOG)
        self._port: int = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client's connection, over one to the service, until one of them ends."""
        service_writer: asyncio.StreamWriter | None = None
        try:
            service_reader, service_writer = await asyncio.open_connection(*self._address)
            while await self._exchange(reader, writer, service_reader, service_writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client or the service has hung up
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.errors.append(error)
        finally:
            for one in (writer, service_writer):
                if one is not None:
                    one.transport.abort()

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        service_reader: asyncio.StreamReader,
        service_writer: asyncio.StreamWriter,
    ) -> bool:
        """Treat one request as the plan says; return whether the connection is to live on."""
        request = await _read(reader)
        draw = self.plan.draw(request.head.partition(b"\r\n")[0] + request.body)
        head = _KEY.sub(b"", request.head) if self.strip_key else request.head
        await _send(service_writer, _forwarded(draw, head + request.body))
        whole = (await _read(service_reader)).raw if draw.fate in ANSWERED else b""
        answer = _answer(draw, whole)
        await _send(writer, answer)
        if draw.fate in KEPT:
            return True
        if draw.reset:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


def _forwarded(draw: Draw, request: bytes) -> bytes:
    """Return what the service sees of a request."""
    if draw.fate in {Fate.CUT_BEFORE, Fate.BUSY, Fate.LIMITED}:
        return b""
    return _part(draw, request) if draw.fate is Fate.CUT_IN_REQUEST else request


def _answer(draw: Draw, answer: bytes) -> bytes:
    """Return what the client sees of the service's answer, or in its place."""
    if draw.fate in _REFUSALS:
        head, body = _REFUSALS[draw.fate]
        return b"HTTP/1.1 " + head + b"\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    if draw.fate is Fate.CUT_COMMITTED:
        return b""
    return _part(draw, answer) if draw.fate is Fate.CUT_IN_ANSWER else answer


def _part(draw: Draw, data: bytes) -> bytes:
    """Cut, so that something is there and something is missing."""
    return data[: 1 + int(draw.part * (len(data) - 1))]


async def _read(reader: asyncio.StreamReader) -> _Message:
    """Read one request or response, whose length its head must tell."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if length is None and not head.startswith((b"GET ", b"DELETE ")):
        raise ValueError(f"no Content-Length in {head!r}")
    return _Message(head, await reader.readexactly(int(length[1]) if length else 0))


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await asyncio.wait_for(writer.drain(), STEP_SECONDS)
