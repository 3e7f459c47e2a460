from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.connections import MAX_HEAD_BYTES, Connection, StrictReader
from langmem_server.settings import Settings
from tests.server.live import running, wait_for
from tests.server.raw_client import DEADLINE, answers, exchange, received

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Api
    from tests.server.raw_client import Answer

HOST = b"Host: localhost\r\n"
NEXT = b"GET /ready HTTP/1.1\r\n" + HOST + b"\r\n"
"""A second request, which a proxy in front might not know to be one."""


def post(fields: bytes, body: bytes = b"") -> bytes:
    """Write a request with a body."""
    return b"POST /users HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


MALFORMED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "an empty line": b"\r\n" + NEXT,
    "HTTP/0.9": b"GET /health\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/1.2": b"GET /health HTTP/1.2\r\n" + HOST + b"\r\n",
    "no Host": b"GET /health HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /health HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "an absolute target": b"GET http://localhost/health HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces": b"GET  /health HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target beyond ASCII": "GET /hélth HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "lines ended by LF": b"GET /health HTTP/1.1\nHost: localhost\n\n",
    "one line ended by LF": b"GET /health HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n",
    "a CR within a line": b"GET /health HTTP/1.1\r\n" + HOST + b"A: b\rContent-Length: 9\r\n\r\n",
    "a NUL": b"GET /health HTTP/1.1\r\n" + HOST + b"A: b\0c\r\n\r\n",
    "a control character": b"GET /health HTTP/1.1\r\n" + HOST + b"A: b\x01c\r\n\r\n",
    "a folded line": b"GET /health HTTP/1.1\r\n" + HOST + b"A: b\r\n c\r\n\r\n",
    "a field without a colon": b"GET /health HTTP/1.1\r\n" + HOST + b"A\r\n\r\n",
    "a space before the colon": post(b"Content-Length : 2\r\n", b"{}"),
    "a length and chunks": post(
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + NEXT
    ),
    "chunks and a length": post(
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n" + NEXT
    ),
    "two lengths": post(b"Content-Length: 2\r\nContent-Length: 4\r\n", b"{}  "),
    "one length twice": post(b"Content-Length: 2\r\nContent-Length: 2\r\n", b"{}"),
    "a list of lengths": post(b"Content-Length: 2, 2\r\n", b"{}"),
    "a negative length": post(b"Content-Length: -1\r\n"),
    "a signed length": post(b"Content-Length: +2\r\n", b"{}"),
    "a length of many digits": post(b"Content-Length: " + b"9" * 30 + b"\r\n"),
    "another coding": post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n" + NEXT),
    "nearly chunked": post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + NEXT),
    "chunked twice": post(
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"
    ),
    "chunked in HTTP/1.0": (
        b"POST /users HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT
    ),
    "a chunk size of no digits": post(b"Transfer-Encoding: chunked\r\n", b"\r\n{}\r\n" + NEXT),
    "a chunk size with 0x": post(b"Transfer-Encoding: chunked\r\n", b"0x2\r\n{}\r\n0\r\n\r\n"),
    "a negative chunk size": post(b"Transfer-Encoding: chunked\r\n", b"-2\r\n{}\r\n0\r\n\r\n"),
    "a chunk longer than its size": post(
        b"Transfer-Encoding: chunked\r\n", b"1\r\n{}\r\n0\r\n\r\n"
    ),
    "an LF in a chunk's extension": post(
        b"Transfer-Encoding: chunked\r\n", b"2;\n{}\r\n0\r\n\r\n" + NEXT
    ),
    "a CR in a chunk's extension": post(
        b"Transfer-Encoding: chunked\r\n", b"2;a\rb\r\n{}\r\n0\r\n\r\n" + NEXT
    ),
    "a CR at a chunk's extension's end": post(
        b"Transfer-Encoding: chunked\r\n", b"2;a\r\r\n{}\r\n0\r\n\r\n" + NEXT
    ),
    "a NUL in a chunk's extension": post(
        b"Transfer-Encoding: chunked\r\n", b"2;\0\r\n{}\r\n0\r\n\r\n" + NEXT
    ),
    "a CR in the last chunk's extension": post(
        b"Transfer-Encoding: chunked\r\n", b"0;a\rb\r\n\r\n" + NEXT
    ),
    "many chunks of a byte": post(
        b"Transfer-Encoding: chunked\r\n", b"1\r\n \r\n" * 1001 + b"0\r\n\r\n" + NEXT
    ),
    "trailers": post(b"Transfer-Encoding: chunked\r\n", b"0\r\nHost: elsewhere\r\n\r\n" + NEXT),
    "a trailer ended by LF": post(b"Transfer-Encoding: chunked\r\n", b"0\r\nA: b\n\r\n" + NEXT),
    "a last line ended by LF": post(b"Transfer-Encoding: chunked\r\n", b"0\r\n\n" + NEXT),
}
GOOD = {
    "chunks": post(
        b"Transfer-Encoding: chunked\r\n", b"1\r\n{\r\n1;name=value\r\n}\r\n0\r\n\r\n" + NEXT
    ),
    "chunks large enough": post(
        b"Transfer-Encoding: chunked\r\n", b"20\r\n%s\r\n" % (b" " * 32) * 1001 + b"0\r\n\r\n"
    ),
    "a length": post(b"Content-Length: 2\r\n", b"{}" + NEXT),
    "two requests": NEXT * 2,
}


def refused(found: list[Answer], status: int) -> str:
    """Return the detail of the one answer there must be, which says that the connection closes."""
    [answer] = found
    assert answer.status == status, answer
    assert b"\r\nconnection: close" in answer.head
    assert b"\r\nx-request-id: " in answer.head
    assert b"\r\ndate: " in answer.head
    body = json.loads(answer.body)
    assert list(body) == ["detail"]
    return str(body["detail"])


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_gets_one_answer(api: Api, sent: bytes) -> None:
    """It is 400, the connection is closed, and what follows on it is not taken for a request."""
    assert refused(exchange(api.address, sent + NEXT), 400)
    assert api.get("/health").status_code == 200


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_stays_so_in_pieces(api: Api, sent: bytes) -> None:
    """The answer is the same when every byte comes by itself."""
    whole, pieces = StrictReader(h11.SERVER), StrictReader(h11.SERVER)
    whole.receive_data(sent)
    read(whole)
    for n in range(len(sent)):
        pieces.receive_data(sent[n : n + 1])
        read(pieces)
    assert whole.refusal is not None
    assert pieces.refusal == whole.refusal


@given(st.sampled_from(list(GOOD.values())), st.data())
def test_what_is_well_formed_is_read_in_any_pieces(sent: bytes, data: st.DataObject) -> None:
    """However the bytes of good requests arrive, the events are the same, and none is refused."""
    whole, pieces = StrictReader(h11.SERVER), StrictReader(h11.SERVER)
    whole.receive_data(sent)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(sent) - 1))))
    found = []
    for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        pieces.receive_data(sent[begin:end])
        found += read(pieces)
    assert whole.refusal is None
    assert pieces.refusal is None
    assert joined(found) == joined(read(whole))


def read(reader: StrictReader) -> list[h11.Event]:
    """Return the events there are, of one request."""
    found = []
    while isinstance(event := reader.next_event(), h11.Event):
        found.append(event)
    return found


def joined(events: list[h11.Event]) -> tuple[list[str], bytes]:
    """Return the kinds of events but data, and the data."""
    data = b"".join(bytes(event.data) for event in events if isinstance(event, h11.Data))
    return [type(event).__name__ for event in events if not isinstance(event, h11.Data)], data


@pytest.mark.parametrize("in_pieces", [True, False])
def test_a_head_too_large(api: Api, in_pieces: bool) -> None:
    """A head of more bytes than the limit is 431, also when it comes whole at once."""
    head = b"GET /health HTTP/1.1\r\n" + HOST + b"A: " + b"b" * MAX_HEAD_BYTES + b"\r\n\r\n"
    pieces = [head[:1000], head[1000:]] if in_pieces else [head]
    assert "65536 bytes" in refused(exchange(api.address, *pieces), 431)


def test_a_head_as_large_as_may_be(api: Api) -> None:
    """A head of exactly the limit is served."""
    begin, end = b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\nA: ", b"\r\n\r\n"
    head = begin + b"b" * (MAX_HEAD_BYTES - len(begin) - len(end)) + end
    assert [answer.status for answer in exchange(api.address, head)] == [200]


def test_a_slow_head(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that is not there in time is 408, and a connection that asks nothing is closed."""
    monkeypatch.setattr(Connection, "head_seconds", 0.2)
    assert "head took too long" in refused(exchange(api.address, NEXT[:-1]), 408)
    assert exchange(api.address) == []


def test_a_slow_body(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is not there in time is 408, and nothing of it is done."""
    monkeypatch.setattr(Connection, "body_seconds", 0.2)
    user = str(uuid4())
    body = json.dumps({"id": user, "name": "Will"}).encode()
    sent = post(b"Content-Length: %d\r\n" % len(body), body[:-1])
    assert "body took too long" in refused(exchange(api.address, sent), 408)
    assert api.get(f"/users/{user}").status_code == 404


def test_the_time_of_a_body_begins_anew(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one connection each request has the time for itself."""
    monkeypatch.setattr(Connection, "body_seconds", 3.0)
    with socket.create_connection(api.address, timeout=DEADLINE) as connection:
        for _ in range(3):
            connection.sendall(post(b"Content-Length: 2\r\n", b"{"))
            assert not readable_within(connection, 1.1)
            connection.sendall(b"}")
            assert one_answer(connection).status == 422


def one_answer(connection: socket.socket) -> Answer:
    """Return the next answer, on a connection that stays open."""
    data = connection.recv(65536)
    while not data.endswith(b"}"):
        data += connection.recv(65536)
    [answer] = answers(data)
    return answer


def readable_within(connection: socket.socket, seconds: float) -> bool:
    """Tell whether something arrives in a time."""
    connection.settimeout(seconds)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        connection.settimeout(DEADLINE)


def test_a_body_after_its_answer_has_its_time_too(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was answered early, and does not send the rest in time, is let go without a word."""
    monkeypatch.setattr(Connection, "body_seconds", 0.2)
    [answer] = exchange(api.address, post(b"Content-Length: 99999999\r\n", b"{"))
    assert answer.status == 413


def test_an_announced_body_that_was_refused(api: Api) -> None:
    """After an early answer to `Expect: 100-continue`, what comes is nobody's request."""
    sent = post(b"Content-Length: 99999999\r\nExpect: 100-continue\r\n")
    assert [answer.status for answer in exchange(api.address, sent, NEXT)] == [413]


def test_an_announced_body_that_is_welcome(api: Api) -> None:
    """`Expect: 100-continue` gets its 100, then the answer."""
    fields = b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n"
    found = exchange(api.address, post(fields, b"{}"))
    assert found[-1].status == 422


def test_a_request_cut_short(api: Api) -> None:
    """Who says that nothing more comes, in the middle of a request, is told so."""
    for sent in (NEXT[:-3], post(b"Content-Length: 9\r\n", b"{}")):
        assert "ended before" in refused(exchange(api.address, sent, half_close=True), 400)
    assert exchange(api.address, half_close=True) == []


def test_what_comes_after_the_last_request(api: Api) -> None:
    """A request that closes the connection gets its answer, whatever is sent after it."""
    last = b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    for more in (b"\0\0", NEXT):
        assert [answer.status for answer in exchange(api.address, last + more)] == [200]
        assert [answer.status for answer in exchange(api.address, last, more)] == [200]


def test_what_is_malformed_after_a_request(api: Api) -> None:
    """A good request before a malformed one gets its own answer first."""
    found = exchange(api.address, b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n" + b"\0\r\n\r\n")
    assert [answer.status for answer in found] == [200, 400]


def test_an_upgrade_is_not_made(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """A request to change the protocol is answered as if it had not asked, and not logged."""
    fields = b"Connection: upgrade, close\r\nUpgrade: websocket\r\n"
    sent = b"GET /health HTTP/1.1\r\n" + HOST + fields + b"\r\n"
    assert [answer.status for answer in exchange(api.address, sent)] == [200]
    assert caplog.records == []


@pytest.fixture
def narrow_api(tmp_path: Path) -> Iterator[Api]:
    """A service for at most two connections, one of which is the client's."""
    settings = Settings(database=tmp_path / "langmem.db", max_connections=2)
    with running(settings, process=False) as client:
        assert client.get("/health").status_code == 200
        yield client


def test_too_many_connections(narrow_api: Api) -> None:
    """One more than the limit is told to come again; there is room once another is closed."""
    with socket.create_connection(narrow_api.address, timeout=DEADLINE) as second:
        found = exchange(narrow_api.address, NEXT)
        assert "Too many connections" in refused(found, 429)
        assert b"\r\nretry-after: 1" in found[0].head
        assert narrow_api.get("/health").status_code == 200
        second.sendall(b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n")
        assert second.recv(65536).startswith(b"HTTP/1.1 200")
    wait_for(lambda: is_admitted(narrow_api.address), "room for a connection")


def test_who_takes_no_answer_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that the caller does not take in time is dropped, and makes room for others."""
    monkeypatch.setattr(Connection, "answer_seconds", 0.2)
    user = str(uuid4())
    body = {"id": user, "name": "Will", "metadata": {"text": "x" * 9_000_000}}
    settings = Settings(database=tmp_path / "langmem.db", max_connections=1)
    with running(settings, process=False) as client, socket.socket() as connection:
        stored = client.post("/users", json=body, headers={"Connection": "close"})
        assert stored.status_code == 200
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(DEADLINE)
        connection.connect(client.address)
        connection.sendall(b"GET /users/%s HTTP/1.1\r\n" % user.encode() + HOST + b"\r\n")
        wait_for(lambda: is_admitted(client.address), "the service to let go")
        assert len(received(connection)) < 9_000_000


def is_admitted(address: tuple[str, int]) -> bool:
    """Tell whether there is room for a connection."""
    sent = b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    return [answer.status for answer in exchange(address, sent)] == [200]
