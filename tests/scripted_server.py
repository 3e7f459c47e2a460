"""A server on the loopback interface that does to each request what a script says."""

from __future__ import annotations

import asyncio
import inspect
import json
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Act(Enum):
    """What a server may do instead of answering, once it has read the request."""

    RESET = "break the connection"
    HANG = "say nothing"
    DRIP = "begin an answer that is long in coming"


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int = 200
    body: bytes = b"null"
    headers: tuple[tuple[str, str], ...] = ()


def reply(status: int, value: Any = None, **headers: str) -> Reply:
    """An answer in JSON; underscores in the names of headers stand for hyphens."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Reply(status, json.dumps(value).encode(), named)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class ScriptedServer(ThreadingHTTPServer):
    """Plays a script, one item for each request, and the last one on and on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Act | Reply] = [Reply()]
        self.asked: list[Asked] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_item(self) -> Act | Reply:
        """What to do to the request that came last."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def scripted(self) -> ScriptedServer:
        assert isinstance(self.server, ScriptedServer)
        return self.server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.scripted.asked.append(Asked(self.command, self.path, headers, body))
        item = self.scripted.next_item()
        if isinstance(item, Reply):
            self.reply(item)
        else:
            self.close_connection = True
            getattr(self, item.name.lower())()

    def reply(self, item: Reply) -> None:
        self.send_response(item.status)
        for name, value in (*item.headers, ("content-length", str(len(item.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(item.body)

    def reset(self) -> None:
        # Closed without lingering, a connection ends in a reset.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def hang(self) -> None:
        self.scripted.over.wait(30)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "1000000")
        self.end_headers()
        try:
            for _ in range(600):  # three seconds: a client without a deadline shall fail, not hang
                self.wfile.write(b" ")
                self.scripted.over.wait(0.005)
        except OSError:
            return

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # its connection was closed on one side or the other
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{verb}", _Handler.answer)


@contextmanager
def serving() -> Iterator[ScriptedServer]:
    """Serve until the block ends."""
    with ScriptedServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def elsewhere(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a thread of its own; an asynchronous one in an event loop besides."""

    def call() -> Any:
        result = function(*arguments)
        return asyncio.run(result) if inspect.iscoroutine(result) else result

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()
