"""The faster transport beside httpx's own: the same bytes, answers, errors and connections."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import pytest
import respx

from langmem import AsyncClient, _aiohttp, errors
from langmem._aiohttp import AiohttpTransport, usable
from tests.raw_peer import Peer, peer, reset

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping

    Act = Callable[[Peer, socket.socket], None]

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
PATIENT = 10.0
BRIEF = 0.1


def httpxs(context: ssl.SSLContext) -> httpx.AsyncBaseTransport:
    """The transport that all others shall be like."""
    return httpx.AsyncHTTPTransport(verify=context)


TRANSPORTS: list[Callable[[ssl.SSLContext], httpx.AsyncBaseTransport]] = [httpxs, AiohttpTransport]


@pytest.fixture(params=TRANSPORTS, ids=["httpx", "aiohttp"])
async def transport(
    request: pytest.FixtureRequest, context: ssl.SSLContext
) -> AsyncGenerator[httpx.AsyncBaseTransport]:
    """One transport after the other."""
    made = request.param(context)
    yield made
    await made.aclose()


@pytest.fixture
async def ours(context: ssl.SSLContext) -> AsyncGenerator[AiohttpTransport]:
    """The faster transport."""
    made = AiohttpTransport(context)
    yield made
    await made.aclose()


@pytest.fixture
async def theirs(context: ssl.SSLContext) -> AsyncGenerator[httpx.AsyncBaseTransport]:
    """The transport of httpx."""
    made = httpxs(context)
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1, and its key, that nobody signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificate of these tests")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test"
    named = ["-addext", "subjectAltName=IP:127.0.0.1"]
    written = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([*command.split(), *named, *written], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def context() -> ssl.SSLContext:
    """A context that trusts nobody."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def secured(certificate: Path) -> ssl.SSLContext:
    """How a peer with a certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def asking(
    url: str, method: str = "GET", timeouts: Mapping[str, float | None] | None = None, **more: Any
) -> httpx.Request:
    """A request as httpx makes it, with time for each of its steps."""
    steps = dict.fromkeys(("connect", "read", "write", "pool"), PATIENT) | dict(timeouts or {})
    return httpx.Request(method, url, extensions={"timeout": steps}, **more)


async def answered(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
    """The answer to a request, read to its end."""
    response = await transport.handle_async_request(request)
    try:
        await response.aread()
    finally:
        await response.aclose()
    return response


# What a peer may do.


def saying(answer: bytes) -> Act:
    """Answer each request with these bytes."""

    def act(peer: Peer, connection: socket.socket) -> None:
        while peer.read(connection):
            connection.sendall(answer)

    return act


def saying_at_last(answer: bytes, end: Callable[[socket.socket], None] | None = None) -> Act:
    """Answer one request with these bytes, and hang up or worse."""

    def act(peer: Peer, connection: socket.socket) -> None:
        peer.read(connection)
        if answer:
            connection.sendall(answer)
            time.sleep(0.02)  # a reset would overtake it
        if end:
            end(connection)

    return act


def saying_and_waiting(answer: bytes) -> Act:
    """Answer one request with these bytes, and go on with nothing."""

    def act(peer: Peer, connection: socket.socket) -> None:
        peer.read(connection)
        connection.sendall(answer)
        peer.over.wait(PATIENT)

    return act


def hanging_up(peer: Peer, connection: socket.socket) -> None:
    """Say at once that nothing will come."""
    connection.shutdown(socket.SHUT_WR)
    peer.read(connection)


def waiting(peer: Peer, connection: socket.socket) -> None:
    """Neither read nor write."""
    peer.over.wait(PATIENT)


def trickling(parts: list[bytes]) -> Act:
    """Answer each request in parts."""

    def act(peer: Peer, connection: socket.socket) -> None:
        while peer.read(connection):
            for part in parts:
                connection.sendall(part)
                time.sleep(0.06)

    return act


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\n\r\n"

FAILURES: dict[str, tuple[Act, type[httpx.TransportError]]] = {
    "closes when connected": (hanging_up, httpx.RemoteProtocolError),
    "closes instead of an answer": (saying_at_last(b""), httpx.RemoteProtocolError),
    "closes in the head": (saying_at_last(HEAD[:30]), httpx.RemoteProtocolError),
    "resets instead of an answer": (saying_at_last(b"", reset), httpx.ReadError),
    "resets in the head": (saying_at_last(HEAD[:30], reset), httpx.ReadError),
    "is silent": (saying_and_waiting(b""), httpx.ReadTimeout),
    "is silent in the head": (saying_and_waiting(HEAD[:30]), httpx.ReadTimeout),
    "is silent before the body": (saying_and_waiting(HEAD), httpx.ReadTimeout),
    "is silent in the body": (saying_and_waiting(HEAD + b"12"), httpx.ReadTimeout),
    "is silent after 100": (saying_and_waiting(b"HTTP/1.1 100 C\r\n\r\n"), httpx.ReadTimeout),
    "does not speak HTTP": (saying_and_waiting(b"SMTP\r\n\r\n"), httpx.RemoteProtocolError),
    "says a status that is none": (
        saying_and_waiting(b"HTTP/1.1 OK\r\n\r\n"),
        httpx.RemoteProtocolError,
    ),
    "says a length that is none": (
        saying_and_waiting(b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"),
        httpx.RemoteProtocolError,
    ),
    "cuts the body off": (saying_at_last(HEAD + b"12"), httpx.RemoteProtocolError),
    "cuts a chunk off": (saying_at_last(CHUNKED + b"9\r\n12"), httpx.RemoteProtocolError),
    "ends without a last chunk": (
        saying_at_last(CHUNKED + b"2\r\n12\r\n"),
        httpx.RemoteProtocolError,
    ),
    "says a chunk that is none": (
        saying_and_waiting(CHUNKED + b"x\r\n12"),
        httpx.RemoteProtocolError,
    ),
    "resets in the body": (saying_at_last(HEAD + b"12", reset), httpx.ReadError),
    "resets in a chunk": (saying_at_last(CHUNKED + b"9\r\n12", reset), httpx.ReadError),
    "resets in a body without a length": (
        saying_at_last(UNTIL_CLOSED + b"12", reset),
        httpx.ReadError,
    ),
}


@pytest.mark.parametrize("situation", FAILURES)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_failures_are_the_same(
    transport: httpx.AsyncBaseTransport, situation: str, method: str
) -> None:
    """Whatever the peer does, the error tells the same, and the request was sent once at most."""
    act, expected = FAILURES[situation]
    content = None if method == "GET" else b"a body"
    with peer(act) as other:
        request = asking(other.url, method, {"read": BRIEF}, content=content)
        with pytest.raises(httpx.TransportError) as caught:
            await answered(transport, request)
        assert type(caught.value) is expected
        assert len(other.requests) <= 1
        assert other.accepted == 1


async def test_refused_is_a_connect_error(transport: httpx.AsyncBaseTransport) -> None:
    """Nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(httpx.ConnectError):
        await answered(transport, asking(url))


async def test_an_unknown_name_is_a_connect_error(
    transport: httpx.AsyncBaseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the service leads nowhere."""

    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(httpx.ConnectError, match="not known"):
        await answered(transport, asking("http://nowhere.invalid/"))


async def test_names_are_looked_up(transport: httpx.AsyncBaseTransport) -> None:
    """A name may have several addresses; one where somebody listens is enough."""
    with peer(saying(OK)) as other:
        url = other.url.replace("127.0.0.1", "localhost")
        assert (await answered(transport, asking(url))).content == b"ok"


async def test_addresses_of_both_kinds_are_taken(transport: httpx.AsyncBaseTransport) -> None:
    """An address of IP version 6 needs no lookup either."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IP version 6")
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no loopback address of IP version 6")
    with server:
        asked = asyncio.create_task(
            answered(transport, asking(f"http://[::1]:{server.getsockname()[1]}/"))
        )
        connection, _ = await asyncio.to_thread(server.accept)
        with connection:
            assert b"\r\nHost: [::1]:" in await asyncio.to_thread(connection.recv, 65536)
            connection.sendall(OK)
            assert (await asked).content == b"ok"


async def test_who_never_accepts_is_a_connect_timeout(transport: httpx.AsyncBaseTransport) -> None:
    """The time to connect passes while the peer lets us wait in its queue."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # the queue is full
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(httpx.ConnectTimeout):
            await answered(transport, asking(url, timeouts={"connect": BRIEF}))


async def test_silence_in_the_handshake_is_a_connect_timeout(
    transport: httpx.AsyncBaseTransport,
) -> None:
    """To agree on TLS is a part of connecting."""
    with peer(waiting) as other:
        url = other.url.replace("http:", "https:")
        with pytest.raises(httpx.ConnectTimeout):
            await answered(transport, asking(url, timeouts={"connect": BRIEF}))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 No\r\n\r\n"])
async def test_no_tls_is_a_connect_error(
    transport: httpx.AsyncBaseTransport, answer: bytes
) -> None:
    """The peer hangs up in the handshake, or speaks something else."""

    def speaking(peer: Peer, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    with peer(speaking) as other:
        url = other.url.replace("http:", "https:")
        with pytest.raises(httpx.ConnectError):
            await answered(transport, asking(url, timeouts={"connect": 2.0}))


async def test_a_certificate_that_nobody_signed_is_a_connect_error(
    transport: httpx.AsyncBaseTransport, certificate: Path
) -> None:
    """Whom we do not trust gets no request."""
    with peer(saying(OK), secured(certificate)) as other:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await answered(transport, asking(other.url))
        assert other.requests == []


async def test_requests_go_over_tls(
    transport: httpx.AsyncBaseTransport, context: ssl.SSLContext, certificate: Path
) -> None:
    """Over TLS it is the same, and connections are kept there too."""
    context.load_verify_locations(certificate)
    with peer(saying(OK), secured(certificate)) as other:
        for _ in range(3):
            assert (await answered(transport, asking(other.url))).content == b"ok"
        assert other.accepted == 1
        posted = asking(other.url, "POST", content=bytes(3_000_000))
        assert (await answered(transport, posted)).content == b"ok"
        assert other.requests[-1].count(b"\0") == 3_000_000


async def test_who_does_not_read_is_a_write_timeout(transport: httpx.AsyncBaseTransport) -> None:
    """The time to write passes while the peer takes nothing more."""
    with peer(waiting) as other:
        request = asking(other.url, "POST", {"write": BRIEF}, content=bytes(30_000_000))
        with pytest.raises(httpx.WriteTimeout):
            await answered(transport, request)


async def test_no_free_connection_is_a_pool_timeout(transport: httpx.AsyncBaseTransport) -> None:
    """A hundred requests may be under way; who comes then waits for a connection, but not long."""
    with peer(saying_and_waiting(b"")) as other:
        busy = [asyncio.create_task(answered(transport, asking(other.url))) for _ in range(100)]
        async with asyncio.timeout(PATIENT):
            while len(other.requests) < 100:  # noqa: ASYNC110 - threads fill it
                await asyncio.sleep(0.01)
        with pytest.raises(httpx.PoolTimeout):
            await answered(transport, asking(other.url, timeouts={"pool": BRIEF}))
        waiter = asyncio.create_task(answered(transport, asking(other.url)))
        await asyncio.sleep(0)
        for each in busy[:1]:
            each.cancel()
        async with asyncio.timeout(PATIENT):
            while len(other.requests) < 101:  # noqa: ASYNC110 - threads fill it
                await asyncio.sleep(0.01)
        assert other.accepted == 101
        for each in (waiter, *busy):
            each.cancel()
        await asyncio.gather(waiter, *busy, return_exceptions=True)


@pytest.mark.parametrize("step", ["connect", "read", "write", "pool"])
async def test_no_time_to_wait_is_no_failure(
    transport: httpx.AsyncBaseTransport, step: str
) -> None:
    """None is to wait for ever, and what is there at once needs no time."""
    with peer(saying(OK)) as other:
        request = asking(other.url, timeouts={step: None})
        assert (await answered(transport, request)).content == b"ok"


async def test_a_read_timeout_is_for_each_part(transport: httpx.AsyncBaseTransport) -> None:
    """An answer may take longer than that, as long as something comes all the time."""
    parts = [b"HTTP/1.1 200 OK\r\n", b"x: 1\r\n", b"content-length: 3\r\n\r\n", b"a", b"b", b"c"]
    with peer(trickling(parts)) as other:
        request = asking(other.url, timeouts={"read": 0.2})
        assert (await answered(transport, request)).content == b"abc"


async def test_timeouts_are_asked_for_when_their_step_begins(
    transport: httpx.AsyncBaseTransport,
) -> None:
    """A deadline leaves later steps less time: nobody asks how much before they begin."""
    asked: list[str] = []

    class Steps(dict[str, float]):
        def get(self, step: str, default: Any = None) -> Any:
            asked.append(step)
            return PATIENT

    def request(url: str) -> httpx.Request:
        return httpx.Request("GET", url, extensions={"timeout": Steps()})

    with pytest.raises(httpx.ConnectError):
        await answered(transport, request("http://127.0.0.1:1"))
    assert {"connect"} <= {*asked} <= {"pool", "connect"}
    asked.clear()
    with peer(trickling([HEAD, bytes(100)])) as other:
        response = await transport.handle_async_request(request(other.url))
        assert [*dict.fromkeys(asked)][-3:] == ["connect", "write", "read"]
        assert asked.count("read") == 1
        await response.aread()
        assert asked.count("read") == 2


async def test_a_deadline_holds_while_steps_wait(ours: AiohttpTransport) -> None:
    """The steps of one attempt take no longer together than the deadline leaves."""
    with peer(saying_and_waiting(HEAD)) as other:
        client = AsyncClient(other.url, timeout=5, deadline=0.3, max_retries=0, transport=ours)
        began = time.monotonic()
        with pytest.raises(errors.ReadTimeout):
            await client.get_health()
        assert time.monotonic() - began < 2


ANSWERS = {
    "headers": b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nSet-Cookie: a=b\r\n"
    b"content-length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
    "redirect": b"HTTP/1.1 302 F\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
    "informational": b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nlink: x\r\n\r\n" + OK,
    "chunked": CHUNKED + b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nx-trailer: 1\r\n\r\n",
    "gzip": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b"
    % (len(gzip.compress(b"abc", mtime=0)), gzip.compress(b"abc", mtime=0)),
    "old": b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
    "closing": b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
    "long head": b"HTTP/1.1 200 OK\r\nx: %b\r\ncontent-length: 2\r\n\r\nok" % (b"y" * 50_000),
    "long body": b"HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n" + b"z" * 5_000_000,
    "no reason": b"HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok",
    "strange reason": b"HTTP/1.1 200 \xff\xfe\r\ncontent-length: 2\r\n\r\nok",
    "server error": b"HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\nno",
}


async def told(transport: httpx.AsyncBaseTransport, act: Act, method: str) -> dict[str, Any]:
    """What two answers tell, one after the other, and how many connections they took."""
    with peer(act) as other:
        found = [await answered(transport, asking(other.url, method)) for _ in range(2)]
        return {
            "answers": [
                (each.status_code, each.headers.raw, each.content, each.reason_phrase)
                for each in found
            ],
            "versions": [each.http_version for each in found],
            "connections": other.accepted,
        }


@pytest.mark.parametrize("answer", ANSWERS)
async def test_answers_are_the_same(
    ours: AiohttpTransport, theirs: httpx.AsyncBaseTransport, answer: str
) -> None:
    """Status, headers as they came, body and version; connections are kept as often."""
    act = saying(ANSWERS[answer])
    assert await told(ours, act, "GET") == await told(theirs, act, "GET")


async def test_a_body_may_end_with_the_connection(transport: httpx.AsyncBaseTransport) -> None:
    """Without a length the body is all that comes."""
    found = await told(transport, saying_at_last(UNTIL_CLOSED + b"abc"), "GET")
    assert [each[2] for each in found["answers"]] == [b"abc"] * 2
    assert found["connections"] == 2


async def test_an_answer_to_head_has_no_body(transport: httpx.AsyncBaseTransport) -> None:
    """Its length is that of the body it would have; the connection is kept."""
    found = await told(transport, saying(HEAD), "HEAD")
    assert [each[2] for each in found["answers"]] == [b""] * 2
    assert found["connections"] == 1


async def parts() -> AsyncIterator[bytes]:
    """A body that comes in parts."""
    for part in (b"abc", b"", b"de"):
        yield part


REQUESTS: dict[str, dict[str, Any]] = {
    "get": {"method": "GET"},
    "headers": {
        "headers": [
            (b"X-One", b"1"),
            (b"x-one", b"2"),
            (b"Cookie", b"a=b"),
            (b"X-Latin", "é".encode("latin-1")),
        ]
    },
    "path": {"path": "//a%2Fb/./../c;d=e/%C3%A9?q=a%20b+c&q=&r=%26"},
    "post": {"method": "POST", "json": {"a": [1, "é"]}},
    "post nothing": {"method": "POST"},
    "put": {"method": "PUT", "content": b"\r\n\r\n" * 50_000},
    "parts": {"method": "POST", "content": parts},
    "parts of known length": {
        "method": "POST",
        "content": parts,
        "headers": {"content-length": "5"},
    },
    "delete": {"method": "DELETE"},
    "another host": {"headers": {"Host": "elsewhere:1"}},
}


@pytest.mark.parametrize("request_", REQUESTS)
async def test_requests_are_the_same(
    ours: AiohttpTransport, theirs: httpx.AsyncBaseTransport, request_: str
) -> None:
    """Each byte of them: no header is added, lost or moved, and no URL is put differently."""
    with peer(saying(OK)) as other:
        for transport in (theirs, ours):
            more: dict[str, Any] = {
                k: v() if v is parts else v for k, v in REQUESTS[request_].items()
            }
            path = more.pop("path", "")
            await answered(transport, asking(other.url + path, **more))
        httpxs_bytes, our_bytes = other.requests
        assert our_bytes == httpxs_bytes


BROKEN: list[dict[str, Any]] = [
    {"headers": {"x-a": "1\r\nx-b: 2"}},
    {"headers": {"x-a": "1\0"}},
    {"headers": {"x a": "1"}},
    {"headers": {"x-a:": "1"}},
    {"headers": {"": "1"}},
    {"method": "GET /x HTTP/1.1\r\nx-a:"},
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_cannot_be_written_is_refused(
    transport: httpx.AsyncBaseTransport, broken: dict[str, Any]
) -> None:
    """A header does not become two; the connection serves the next request."""
    with peer(saying(OK)) as other:
        with pytest.raises(httpx.LocalProtocolError):
            await answered(transport, asking(other.url, **broken))
        assert (await answered(transport, asking(other.url))).content == b"ok"
        assert len(other.requests) == 1


async def test_a_refusal_does_not_show_the_header(ours: AiohttpTransport) -> None:
    """It may be the API key."""
    with peer(saying(OK)) as other, pytest.raises(httpx.LocalProtocolError) as caught:
        await answered(ours, asking(other.url, headers={"x-api-key": "secret\0"}))
    assert "secret" not in str(caught.value)


async def test_only_http_is_spoken(transport: httpx.AsyncBaseTransport) -> None:
    """Another scheme is an error before anything is sent."""
    with pytest.raises(httpx.UnsupportedProtocol, match="ftp"):
        await answered(transport, asking("ftp://127.0.0.1/"))


async def test_cookies_are_nobodys(transport: httpx.AsyncBaseTransport) -> None:
    """What one answer sets, the transport does not send with the next request."""
    with peer(saying(ANSWERS["headers"])) as other:
        for _ in range(2):
            await answered(transport, asking(other.url))
        assert b"a=b" not in other.requests[1]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_nothing_is_sent_twice(transport: httpx.AsyncBaseTransport, method: str) -> None:
    """A kept connection that breaks once a request is sent is an error: it may have been done."""

    def act(peer: Peer, connection: socket.socket) -> None:
        if peer.read(connection):
            connection.sendall(OK)
        peer.read(connection)

    with peer(act) as other:
        await answered(transport, asking(other.url))
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            await answered(transport, asking(other.url, method))
        assert len(other.requests) == 2
        assert other.accepted == 1


@pytest.mark.parametrize("last", [b"", b"HTTP/1.1 408 T\r\ncontent-length: 0\r\n\r\n"])
@pytest.mark.parametrize("seen", [True, False])
async def test_an_idle_connection_that_has_ended_is_not_used(
    transport: httpx.AsyncBaseTransport, last: bytes, seen: bool
) -> None:
    """Whether the loop has seen it or not, and whatever was said at its end."""

    def act(peer: Peer, connection: socket.socket) -> None:
        if peer.read(connection):
            connection.sendall(OK)
            if peer.accepted > 1:
                peer.over.wait(PATIENT)
            time.sleep(0.02)  # the answer has been read
            connection.sendall(last)

    with peer(act) as other:
        assert (await answered(transport, asking(other.url))).content == b"ok"
        # The loop stands still meanwhile.
        assert other.ended.acquire(timeout=PATIENT)
        if seen:
            await asyncio.sleep(0.02)
        found = await answered(transport, asking(other.url, "POST", content=b"a body"))
        assert (found.status_code, found.content) == (200, b"ok")
        assert other.accepted == 2


async def test_an_answer_that_nobody_asked_for_is_nobodys(
    transport: httpx.AsyncBaseTransport,
) -> None:
    """What comes on an idle connection that stays open is not taken for the next answer."""
    sent = asyncio.Event()
    loop = asyncio.get_running_loop()

    def act(peer: Peer, connection: socket.socket) -> None:
        if peer.read(connection):
            connection.sendall(OK)
            if peer.accepted == 1:
                time.sleep(0.05)
                connection.sendall(b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n")
                loop.call_soon_threadsafe(sent.set)
            peer.over.wait(PATIENT)

    with peer(act) as other:
        await answered(transport, asking(other.url))
        await sent.wait()
        await asyncio.sleep(0.02)
        assert (await answered(transport, asking(other.url))).status_code == 200
        assert other.accepted == 2


@pytest.mark.parametrize("answer", [b"", HEAD, HEAD + b"12"])
async def test_a_cancelled_request_closes_its_connection(
    transport: httpx.AsyncBaseTransport, answer: bytes
) -> None:
    """The answer that may come yet is nobody's."""

    def act(peer: Peer, connection: socket.socket) -> None:
        peer.read(connection)
        connection.sendall(answer)
        peer.read(connection)

    with peer(act) as other:
        asked = asyncio.create_task(answered(transport, asking(other.url)))
        async with asyncio.timeout(PATIENT):
            while not other.requests:  # noqa: ASYNC110 - a thread fills it
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        # Sooner than an idle one closes.
        assert await asyncio.to_thread(other.ended.acquire, timeout=2)


async def test_a_body_left_unread_closes_its_connection(
    transport: httpx.AsyncBaseTransport,
) -> None:
    """Whoever has read enough closes the answer, and with it the connection."""

    def act(peer: Peer, connection: socket.socket) -> None:
        peer.read(connection)
        connection.sendall(HEAD + b"12")
        peer.read(connection)

    with peer(act) as other:
        response = await transport.handle_async_request(asking(other.url))
        async for _ in response.aiter_raw():
            break
        await response.aclose()
        await response.aclose()
        assert await asyncio.to_thread(other.ended.acquire, timeout=PATIENT)


async def test_closing_closes_all_connections(transport: httpx.AsyncBaseTransport) -> None:
    """Idle ones and busy ones; whoever waits for an answer is told."""
    with peer(saying(OK)) as other, peer(saying_and_waiting(b"")) as silent:
        await answered(transport, asking(other.url))
        asked = asyncio.create_task(answered(transport, asking(silent.url)))
        async with asyncio.timeout(PATIENT):
            while not silent.requests:  # noqa: ASYNC110 - a thread fills it
                await asyncio.sleep(0.005)
        await transport.aclose()
        assert await asyncio.to_thread(other.ended.acquire, timeout=PATIENT)
        with pytest.raises(httpx.TransportError):
            await asked


async def test_a_hundred_at_once_keep_their_connections(ours: AiohttpTransport) -> None:
    """The next hundred are served by the same; none is opened anew."""
    with peer(trickling([OK])) as other:
        for _ in range(3):
            await asyncio.gather(*(answered(ours, asking(other.url)) for _ in range(100)))
        assert other.accepted == 100


async def test_idle_connections_close_by_themselves(
    ours: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while without a request, whether one comes again or not."""
    monkeypatch.setattr(_aiohttp, "_IDLE_SECONDS", 0.05)
    with peer(saying(OK)) as other:
        await answered(ours, asking(other.url))
        await asyncio.sleep(0.03)
        await answered(ours, asking(other.url))
        assert other.accepted == 1
        assert await asyncio.to_thread(other.ended.acquire, timeout=PATIENT)
        await answered(ours, asking(other.url))
        time.sleep(0.06)  # noqa: ASYNC251 - the loop stands still, and cannot close it in time
        await answered(ours, asking(other.url))
        assert other.accepted == 3


async def test_idle_connections_make_room_for_another_service(
    ours: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are never more than the limit, idle ones among them."""
    monkeypatch.setattr(_aiohttp, "_MAX_CONNECTIONS", 1)
    with peer(saying(OK)) as one, peer(saying(OK)) as two:
        await answered(ours, asking(one.url))
        await answered(ours, asking(two.url))
        assert await asyncio.to_thread(one.ended.acquire, timeout=PATIENT)
        assert len(ours._open) == 1


async def test_an_early_answer_counts(ours: AiohttpTransport) -> None:
    """A service may refuse a body that it has not read, and hang up: its answer is the result."""

    def act(peer: Peer, connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Too much\r\ncontent-length: 0\r\n\r\n")
        time.sleep(0.05)
        reset(connection)

    with peer(act) as other:
        request = asking(other.url, "POST", content=bytes(30_000_000))
        assert (await answered(ours, request)).status_code == 413


# Who uses it.


async def sent_by(client: AsyncClient) -> type:
    """The transport of a client in the running loop."""
    return type(client.client._transport)


@pytest.mark.parametrize("value", ["off", "0", "no", " OFF "])
async def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """With LANGMEM_FAST=off httpx's own transport is used."""
    monkeypatch.setenv("LANGMEM_FAST", value)
    assert not usable()
    async with AsyncClient("http://127.0.0.1:1") as client:
        assert await sent_by(client) is httpx.AsyncHTTPTransport


@pytest.mark.parametrize("value", ["", "on", "1"])
async def test_it_is_used_where_it_can_be(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Where aiohttp is installed, nothing else need be done."""
    monkeypatch.setenv("LANGMEM_FAST", value)
    async with AsyncClient("http://127.0.0.1:1") as client:
        assert await sent_by(client) is AiohttpTransport


def test_it_is_used_by_a_client_that_was_ready_before_its_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The httpx client that was had outside of any loop sends in the first that runs."""
    monkeypatch.delenv("LANGMEM_FAST", raising=False)
    with peer(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull")) as other:
        client = AsyncClient(other.url)
        assert isinstance(client.client._transport, AiohttpTransport)
        assert asyncio.run(twice(client)) == [None, None]
        assert asyncio.run(twice(client)) == [None, None]
        assert other.accepted == 2


async def twice(client: AsyncClient) -> list[Any]:
    """Two answers, one after the other."""
    return [await client.get_health(), await client.get_health()]


async def test_it_is_not_used_with_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """To proxies httpx speaks by itself."""
    monkeypatch.delenv("LANGMEM_FAST", raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:2")
    async with AsyncClient("http://127.0.0.1:1") as client:
        assert await sent_by(client) is httpx.AsyncHTTPTransport


@pytest.mark.parametrize("version", ["3.9.5", "2.3", "4.0.0", None])
async def test_another_aiohttp_is_left_alone(
    ours: AiohttpTransport, monkeypatch: pytest.MonkeyPatch, version: str | None
) -> None:
    """A program may have one for reasons of its own, even one that cannot be imported."""
    if version is None:
        monkeypatch.setitem(sys.modules, "aiohttp", None)
    else:
        monkeypatch.setattr(aiohttp, "__version__", version)
    with peer(saying(OK)) as other:
        assert (await answered(ours, asking(other.url))).content == b"ok"
    assert ours._open == set()
    assert ours._plain is not None


def test_it_is_not_used_without_aiohttp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra has httpx's transport."""
    monkeypatch.delenv("LANGMEM_FAST", raising=False)
    assert usable()
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert not usable()


async def test_tools_that_answer_for_httpx_answer_here_too(ours: AiohttpTransport) -> None:
    """What respx and its like are told to answer does not reach the network."""
    with peer(saying(OK)) as other:
        with respx.mock() as mock:
            mock.get(other.url).respond(418)
            assert (await answered(ours, asking(other.url))).status_code == 418
        assert other.requests == []
        assert (await answered(ours, asking(other.url))).status_code == 200
        assert len(other.requests) == 1


async def test_tools_that_wrap_httpxs_transport_see_each_request(
    ours: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tracing goes on."""
    seen = []
    original = httpx.AsyncHTTPTransport.handle_async_request

    async def traced(self: Any, request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return await original(self, request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", traced)
    with peer(saying(OK)) as other:
        assert (await answered(ours, asking(other.url))).content == b"ok"
    assert seen == ["GET"]


def test_outside_of_asyncio_httpx_decides(
    context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another library's loop, such as trio's, is left to httpx's transport."""

    class Elsewhere(httpx.MockTransport):
        def __init__(self, verify: ssl.SSLContext) -> None:
            super().__init__(lambda _: httpx.Response(299))

    monkeypatch.setattr(httpx, "AsyncHTTPTransport", Elsewhere)

    async def asked_and_closed() -> int:
        transport = AiohttpTransport(context)
        response = await transport.handle_async_request(asking("http://127.0.0.1:1"))
        await transport.aclose()
        return response.status_code

    with pytest.raises(StopIteration) as stopped:
        asked_and_closed().send(None)  # nobody's loop runs
    assert stopped.value.value == 299


def test_aiohttp_is_imported_by_the_first_asynchronous_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither importing the package nor a synchronous call needs it."""
    program = (
        "import asyncio, sys; from langmem import AsyncClient, Client, errors\n"
        "def ask(call):\n"
        "    try: call()\n"
        "    except errors.ConnectError: print('aiohttp' in sys.modules)\n"
        "client = AsyncClient('http://127.0.0.1:1', max_retries=0)\n"
        "ask(Client('http://127.0.0.1:1', max_retries=0).get_health)\n"
        "ask(lambda: asyncio.run(client.get_health()))\n"
    )
    monkeypatch.delenv("LANGMEM_FAST", raising=False)
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.split() == ["False", "True"]
