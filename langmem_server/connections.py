"""Connections from the network: HTTP/1.1 read strictly, within bounds of size, time and number.

uvicorn and h11 read and write HTTP. h11 forgives what some programs send, and so do proxies, each
in its own way; where two read one request differently, an attacker can hide a second request in it.
So whatever RFC 9112 lets a server refuse is refused here, and after a refusal nothing more is read.
A caller who sends slowly, or not at all, or takes no answer, is let go.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import uuid4

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from langmem_server import responses

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from langmem_server.settings import Settings

logger = logging.getLogger(__name__)

MAX_HEAD_BYTES: Final = 64 * 1024
GRACE_SECONDS: Final = 5
_LINGER_SECONDS: Final = 1.0

_CONTROLS: Final = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n)|\r\n[ \t]"  # the last: a folded line
)
_CHUNK_FAULTS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r[^\n]|[^\r]\n")
_FREE_CHUNKS: Final = 1000
_LEAST_CHUNK_BYTES: Final = 32
_LENGTH: Final = re.compile(rb"^content-length:(.*)\r$", re.IGNORECASE | re.MULTILINE)


class Refusal(NamedTuple):
    """Why nothing more is read from a connection, as the answer says it."""

    status: int
    detail: str
    headers: Mapping[str, str] | None = None


_SLOW_HEAD: Final = Refusal(408, "The request's head took too long to arrive: send it at once")
_SLOW_BODY: Final = Refusal(
    408, "The request's body took too long to arrive: send it in smaller parts"
)
_CUT_SHORT: Final = Refusal(400, "The request ended before its end: send all of it")
_CROWDED: Final = Refusal(
    429, "Too many connections are open: close some, or come again in 1 s", {"Retry-After": "1"}
)
_TOO_LARGE: Final = Refusal(431, f"The request's head is larger than {MAX_HEAD_BYTES} bytes")
_NO_HTTP: Final = Refusal(400, "This is no request as HTTP/1.1 has it")


def server(app: ASGIApp, settings: Settings) -> uvicorn.Server:
    """Make the server of an application, not started.

    Args:
        app: The application.
        settings: The settings; `max_connections` is for here, host and port are the caller's.

    Example:
        >>> server(create_app(settings), settings).run([listener])  # doctest: +SKIP
    """

    class Bounded(Connection):
        max_connections = settings.max_connections

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Bounded,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            # Query strings hold what people look for: `access` logs requests without them.
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ws="none",
        )
    )


class StrictReader(h11.Connection):
    r"""The requests of one connection, by h11, until there is something to refuse.

    Attributes:
        refusal: What was refused; from then on there are no more events.

    Example:
        >>> reader = StrictReader(h11.SERVER)
        >>> reader.receive_data(b"GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n")
        >>> reader.next_event() is h11.NEED_DATA, reader.refusal.status
        (True, 400)
    """

    refusal: Refusal | None = None
    _chunks = 0
    _bytes = 0

    def next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Read the next event."""
        if self.refusal is not None:
            return h11.NEED_DATA
        before, _ = self.trailing_data
        try:
            event = super().next_event()
        except h11.RemoteProtocolError as error:
            self.refusal = _TOO_LARGE if error.error_status_hint == _TOO_LARGE.status else _NO_HTTP
            return h11.NEED_DATA
        read = before[: len(before) - len(self.trailing_data[0])]
        if isinstance(event, h11.Request):
            self._chunks = self._bytes = 0
            self.refusal = _refusal_of_head(event, read)
        elif self.their_state in {h11.SEND_BODY, h11.DONE, h11.MUST_CLOSE}:
            self.refusal = self._refusal_in_body(event, read)
        return event if self.refusal is None else h11.NEED_DATA

    def _refusal_in_body(
        self, event: h11.Event | type[h11.NEED_DATA | h11.PAUSED], read: bytes
    ) -> Refusal | None:
        if isinstance(event, h11.EndOfMessage) and (refusal := _refusal_of_end(event, read)):
            return refusal
        if isinstance(event, h11.Data):
            read = read[: len(read) - len(event.data)]
            self._bytes += len(event.data)
        # What is left is the line before a chunk: its size, and perhaps an extension.
        self._chunks += bool(read.strip(b"\r\n"))
        if _CHUNK_FAULTS.search(read):
            return _not_served("the size of a chunk has a control character beside it")
        # Each chunk takes time to read, also where nobody with a key has sent it.
        if self._chunks > _FREE_CHUNKS and self._bytes < _LEAST_CHUNK_BYTES * (self._chunks - 1):
            return _not_served(f"its chunks are of less than {_LEAST_CHUNK_BYTES} bytes each")
        return None


def _refusal_of_head(request: h11.Request, head: bytes) -> Refusal | None:
    if len(head) > MAX_HEAD_BYTES:
        return _TOO_LARGE
    lengths = _LENGTH.findall(head)
    is_chunked = any(name == b"transfer-encoding" for name, _ in request.headers)
    faults = {
        "its head has a control character, a line not ended by CRLF, or a folded line": (
            _CONTROLS.search(head)
        ),
        "its version is not 1.1 or 1.0": request.http_version not in {b"1.1", b"1.0"},
        "its target is not a path, which begins with /": not request.target.startswith(b"/"),
        "it gives its length more than once": (
            len(lengths) + is_chunked > 1 or any(b"," in length for length in lengths)
        ),
        "it is chunked, which HTTP/1.0 has not": is_chunked and request.http_version == b"1.0",
    }
    return next((_not_served(what) for what, found in faults.items() if found), None)


def _refusal_of_end(end: h11.EndOfMessage, read: bytes) -> Refusal | None:
    # After the last chunk comes nothing but the line's end, perhaps read before.
    if end.headers or read[-4:] not in {b"", b"\r\n", b"\r\n\r\n"}:
        return _not_served("something comes after its last chunk")
    return None


def _not_served(what: str) -> Refusal:
    return Refusal(400, f"This request is not served: {what}")


class Connection(H11Protocol):
    """One connection.

    Attributes:
        max_connections: How many may be open at a time; each one more is told 429.
        head_seconds: How long a request's head may take to arrive.
        body_seconds: How long the rest of it may.
        answer_seconds: How long the caller may take for what is sent at once.
    """

    max_connections = 1000
    head_seconds = 10.0
    body_seconds = 60.0
    answer_seconds = 120.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = self._reader = StrictReader(h11.SERVER, MAX_HEAD_BYTES)
        self.refused = False
        self._awaited: tuple[object, object] | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin, unless there are too many."""
        super().connection_made(transport)
        # Writing counts as paused from the first byte that the caller does not take.
        transport.set_write_buffer_limits(high=0)
        if len(self.connections) > 2 * self.max_connections:
            transport.abort()
        elif self._open() > self.max_connections:
            self._refuse(_CROWDED)
        else:
            self._watch()

    def _open(self) -> int:
        """Count the connections that are served, this one with them."""
        return sum(isinstance(each, Connection) and not each.refused for each in self.connections)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        _cancel(self._reading)
        _cancel(self._writing)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on. What comes after a refusal, or after the last request, is nobody's."""
        if not self.refused and self.conn.their_state not in {h11.MUST_CLOSE, h11.CLOSED}:
            super().data_received(data)

    def eof_received(self) -> None:
        """Take note that the caller sends no more; the connection is then closed."""
        state = self.conn.their_state
        if state is h11.SEND_BODY or (state is h11.IDLE and self.conn.trailing_data[0]):
            self._refuse(_CUT_SHORT)

    def handle_events(self) -> None:
        """Go through what has arrived."""
        super().handle_events()
        if self._reader.refusal is not None:
            self._refuse(self._reader.refusal)
        else:
            self._watch()

    def on_response_complete(self) -> None:
        """Take note that an answer is out."""
        # Whether the body that was announced still comes is then the caller's choice, so what
        # comes next may be a body or a request.
        undecided = self.conn.their_state is h11.SEND_BODY and _expects(self.headers)
        super().on_response_complete()
        if undecided:
            self.transport.close()

    def shutdown(self) -> None:
        """Close, after the answer if there is one to give."""
        if self.refused:
            self.transport.close()
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        """Take note that the caller does not take all of what was sent, yet."""
        super().pause_writing()
        self._writing = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that the caller has taken all of it."""
        _cancel(self._writing)
        super().resume_writing()

    def _should_upgrade(self) -> bool:
        return False  # without a warning at each request that asks for it

    def _watch(self) -> None:
        """Give what is to arrive next its time, once."""
        awaited = (self.conn.their_state, self.cycle)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        _cancel(self._reading)
        if self.conn.their_state is h11.IDLE:
            self._reading = self.loop.call_later(self.head_seconds, self._expire, _SLOW_HEAD)
        elif self.conn.their_state is h11.SEND_BODY:
            self._reading = self.loop.call_later(self.body_seconds, self._expire, _SLOW_BODY)

    def _expire(self, refusal: Refusal) -> None:
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self.transport.close()  # nothing was asked
        else:
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer, unless there is an answer already, and read no more."""
        if self.refused:
            return
        self.refused = True
        self._unset_keepalive_if_required()
        _cancel(self._reading)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        self.conn.send_failed()  # what is written here, h11 does not know
        self.transport.write(_answer(refusal, self.server_state.default_headers))
        self.transport.write_eof()
        # Closed with bytes of the caller unread, the system would take the answer back.
        self.flow.resume_reading()
        self._reading = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)


def _answer(refusal: Refusal, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Write an answer as it goes over the wire, and a line of it into the log."""
    request_id = uuid4().hex
    fields = {"request_id": request_id, "status": refusal.status}
    logger.info("request %s: refused %d", request_id, refusal.status, extra=fields)
    more = {"Connection": "close", "X-Request-ID": request_id, **(refusal.headers or {})}
    made = responses.error(refusal.status, refusal.detail, more)
    lines = [b"HTTP/1.1 %d %s" % (refusal.status, STATUS_PHRASES[refusal.status])]
    lines += [b"%s: %s" % field for field in [*headers, *made.raw_headers]]
    return b"\r\n".join([*lines, b"", bytes(made.body)])


def _expects(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"expect" for name, _ in headers)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
