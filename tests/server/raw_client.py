"""Bytes to a service and back: what no HTTP client would send."""

from __future__ import annotations

import contextlib
import re
import socket
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

DEADLINE = 20.0
_LENGTH = re.compile(rb"(?im)^content-length: ([0-9]+)\r$")


class Answer(NamedTuple):
    """One answer: its status, its head in lower case, and its body."""

    status: int
    head: bytes
    body: bytes


def exchange(
    address: tuple[str, int], *pieces: bytes, then_leave: bool = False, half_close: bool = False
) -> list[Answer]:
    """Send pieces, and return the answers that come until the service closes the connection.

    Args:
        address: Where the service is.
        *pieces: What to send, one after another.
        then_leave: Whether to close the connection after that instead of reading.
        half_close: Whether to say, after that, that nothing more comes.

    Raises:
        TimeoutError: The service keeps the connection open, and says nothing.
    """
    with socket.create_connection(address, timeout=DEADLINE) as connection:
        with contextlib.suppress(ConnectionError):  # it may close before all is sent
            for piece in pieces:
                connection.sendall(piece)
        if then_leave:
            return []
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return answers(received(connection))


def received(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    return b"".join(_chunks(connection))


def answers(data: bytes) -> list[Answer]:
    """Take apart the answers in what was received."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, head
        length = _LENGTH.search(head + b"\r\n")
        size = int(length[1]) if length else 0
        found.append(Answer(int(head.split()[1]), head.lower(), data[:size]))
        data = data[size:]
    return found


def _chunks(connection: socket.socket) -> Iterable[bytes]:
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            yield chunk
