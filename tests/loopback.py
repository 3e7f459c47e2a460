"""A small HTTP service on the loopback interface, which knows who is connected to it."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Loopback(ThreadingHTTPServer):
    """Answers every request with the number of the connection it came by, and its API key."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.opened: list[int] = []
        self.connected: set[int] = set()
        self.changed = threading.Condition()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def wait_until(self, condition: Callable[[Loopback], bool]) -> None:
        """Wait until something is true of the connections.

        Raises:
            AssertionError: It is not true in time.
        """
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), timeout=10), self.connected


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Loopback  # pyright: ignore[reportIncompatibleVariableOverride]

    def setup(self) -> None:
        super().setup()
        with self.server.changed:
            self.number = len(self.server.opened)
            self.server.opened.append(self.number)
            self.server.connected.add(self.number)

    def finish(self) -> None:
        super().finish()
        with self.server.changed:
            self.server.connected.discard(self.number)
            self.server.changed.notify_all()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer()

    def _answer(self) -> None:
        said: dict[str, Any] = {
            "connection": self.number,
            "key": self.headers["x-api-key"],
            "authorization": self.headers["authorization"],
            "extra": self.headers["x-extra"],
        }
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


@contextmanager
def serving() -> Iterator[Loopback]:
    """Serve until the block ends."""
    with Loopback() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def answering(answer: bytes | None) -> Iterator[str]:
    """Give the URL of a server that answers each request with these bytes, and then hangs up.

    Without any it stays silent.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_all, args=(listener, answer))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _answer_all(listener: socket.socket, answer: bytes | None) -> None:
    silent = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # it was shut down
            break
        if answer is None:
            silent.append(connection)
            continue
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
    for connection in silent:
        connection.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is true.

    Raises:
        AssertionError: It is not true in time.
    """
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)
