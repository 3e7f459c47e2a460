"""A server on the loopback interface that answers at once, in a process of its own.

    python -m benchmarks.stub

prints its URL, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import uuid
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from benchmarks.answers import MEMORIES, PROFILE, USER, listed
from benchmarks.peer_answers import answers
from benchmarks.processes import started

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_SIZE = 100  # what the service takes where none is asked for

_FIXED = answers() | {
    ("GET", f"/users/{USER}"): PROFILE,
    ("GET", f"/users/{USER}/memory"): MEMORIES,
}

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"date: Sat, 06 Apr 2024 09:30:00 GMT\r\n"
    b"content-type: application/json\r\n"
    b"x-request-id: 5f0c1a52-6a0e-4d6f-9e3b-2f6c3c1d7a10\r\n"
    b"content-length: %d\r\n\r\n"
)


class Stub(asyncio.Protocol):
    """One connection: requests one after the other, kept open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing read."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP has no other
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._read += data
        while (head := self._read.find(_END)) >= 0:
            length = _LENGTH.search(self._read, 0, head)
            end = head + len(_END) + (int(length[1]) if length else 0)
            if len(self._read) < end:
                return
            method, target, _ = self._read.split(b" ", 2)
            self._read = self._read[end:]
            self._transport.write(response(method.decode(), target.decode()))


@lru_cache(maxsize=256)
def response(method: str, target: str) -> bytes:
    """Return the bytes that answer a request."""
    body = _body(method, target)
    return _HEAD % len(body) + body


def _body(method: str, target: str) -> bytes:
    url = urlsplit(target)
    if method == "GET" and url.path.endswith("/messages"):
        return _page(uuid.UUID(url.path.split("/")[2]).int, parse_qs(url.query))
    return _json(_FIXED.get((method, url.path)))


def _page(total: int, query: dict[str, list[str]]) -> bytes:
    """Return a page of a thread that has as many messages as its id says."""
    size = int(query.get("page_size", [str(PAGE_SIZE)])[0])
    start = int(query.get("cursor", ["0"])[0])
    end = min(start + size, total)
    cursor = f'"{end:0216}"' if end < total else "null"  # as long as the service's
    return b'{"messages":%b,"next_cursor":%b}' % (_messages(end - start), cursor.encode())


@cache
def _messages(count: int) -> bytes:
    return _json([listed(number) for number in range(count)])


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@contextmanager
def running() -> Iterator[str]:
    """Run the stub until the block ends, and give its URL."""
    with started("benchmarks.stub") as first_line:
        yield first_line


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    server = await loop.create_server(Stub, "127.0.0.1", 0, backlog=256)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
