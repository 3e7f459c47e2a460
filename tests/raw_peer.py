"""A peer on the loopback interface that does with each connection what a test says."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

HEAD_END = b"\r\n\r\n"


class Peer:
    """Accepts connections until it is told to stop, each served in a thread of its own.

    Args:
        act: What to do with a connection; it is closed afterwards.
        tls: How to speak TLS; None for plain TCP.
    """

    def __init__(
        self, act: Callable[[Peer, socket.socket], None], tls: ssl.SSLContext | None
    ) -> None:
        self._act = act
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._threads = [threading.Thread(target=self._accept)]
        self.over = threading.Event()
        self.accepted = 0
        self._open: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.ended = threading.Semaphore(0)
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Where it listens."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def stop(self) -> None:
        """End all that it does."""
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):  # it was shut down
            while True:
                connection, _ = self._listener.accept()
                self.accepted += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.append(connection)
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            self._act(self, connection)
        connection.close()
        self.ended.release()

    def read(self, connection: socket.socket) -> bytes:
        """Read one request, whole; no bytes at the end of the connection."""
        data = bytearray()
        while not _is_whole(data):
            if not (more := connection.recv(1_000_000)):
                return b""
            data += more
        self.requests.append(bytes(data))
        return bytes(data)


@contextmanager
def peer(
    act: Callable[[Peer, socket.socket], None], tls: ssl.SSLContext | None = None
) -> Iterator[Peer]:
    """Have a peer until the block ends."""
    made = Peer(act, tls)
    try:
        yield made
    finally:
        made.stop()


def reset(connection: socket.socket) -> None:
    """Break a connection, so that the other side learns of it as of an error."""
    # Closed without lingering, a connection ends in a reset.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _is_whole(data: bytearray) -> bool:
    head, end, body = data.partition(HEAD_END)
    if b"transfer-encoding: chunked" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(end) and (not length or len(body) >= int(length[0].split(b":")[1]))
