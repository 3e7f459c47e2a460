# Derived by scripts/unasync.py from tests/_async/test_direct.py: edit that instead.
from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
import respx

from langmem import Client
from langmem._direct import Target

if TYPE_CHECKING:
    from collections.abc import Callable


ID = UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")
URL = "http://127.0.0.1:8100/behind/a%20path/"


class Recorder(httpx.BaseTransport):
    """Keeps the requests, and answers them all the same."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.requests: list[httpx.Request] = []
        self.answers = list(answers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Keep a request."""
        request.read()
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={})

    @property
    def by_the_short_way(self) -> list[bool]:
        """Of each request, whether it came the short way."""
        return [isinstance(request.url, Target) for request in self.requests]


def _nothing(_: object) -> None:
    pass


def _hook(client: Client) -> None:
    client.client.event_hooks = {"request": [_nothing]}


def _response_hook(client: Client) -> None:
    client.client.event_hooks = {"response": [_nothing]}


def _cookie(client: Client) -> None:
    client.client.cookies.set("a", "b")


def _redirects(client: Client) -> None:
    client.client.follow_redirects = True


def _replaced_send(client: Client) -> None:
    send = client.client.send
    client.client.send = partial(send)  # type: ignore[method-assign]


WATCHERS = [_hook, _response_hook, _cookie, _redirects, _replaced_send]


@pytest.mark.parametrize("watch", WATCHERS)
def test_who_watches_httpx_sees_every_request(watch: Callable[[Client], None]) -> None:
    """The short way is taken only where nobody would notice."""
    transport = Recorder()
    with Client(URL, transport=transport) as client:
        client.get_user(ID)
        watch(client)
        client.get_user(ID)
    assert transport.by_the_short_way == [True, False]


def test_a_tool_that_replaces_send_sees_every_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tracing tools replace the method of httpx's class; they are called, whenever they came."""
    transport, sent = Recorder(), []
    send = httpx.Client.send

    def traced(self: httpx.Client, request: httpx.Request, **options: Any) -> Any:
        sent.append(request)
        return send(self, request, **options)

    with Client(URL, transport=transport) as client:
        client.get_user(ID)
        monkeypatch.setattr(httpx.Client, "send", traced)
        client.get_user(ID)
    assert sent == transport.requests[1:]


def test_a_mock_of_httpx_answers_every_request() -> None:
    """Respx may be asked to mock httpx's own client, and then nothing goes to the network."""
    with Client("http://langmem.example") as client:
        with respx.mock(using="httpx") as mock:
            route = mock.get(f"/users/{ID}").respond(json={"name": "Will"})
            assert (client.get_user(ID))["name"] == "Will"
            assert route.call_count == 1


def test_the_log_of_httpx_stays_complete(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has httpx log its requests finds each of them there."""
    transport = Recorder()
    with Client(URL, transport=transport) as client:
        with caplog.at_level(logging.INFO, logger="httpx"):
            client.get_user(ID)
    assert transport.by_the_short_way == [False]
    assert "HTTP Request: GET" in caplog.text


CALLS: list[Callable[[Client], object]] = [
    lambda client: client.get_user(ID),
    lambda client: client.get_health(),
    lambda client: client.create_user(user_id=ID, name="Zoë"),
    lambda client: client.update_user(ID, name="Zoë"),
    lambda client: client.trigger_all_for_thread(ID),
    lambda client: client.delete_individual_memories(ID, memories=["a b", "ü&c="]),
    lambda client: client.delete_thread(ID),
]


@pytest.mark.parametrize("call", CALLS)
def test_both_ways_send_the_same(call: Callable[[Client], object]) -> None:
    """Method, URL, headers, body and timeouts do not tell which way a request came."""
    transport = Recorder()
    options: Any = {"headers": {"x-extra": "more"}, "timeout": 7, "transport": transport}
    with Client(URL, "a-key", **options) as client:
        call(client)
        _hook(client)
        call(client)
    short, long = transport.requests
    assert short.method == long.method
    assert str(short.url) == str(long.url)
    assert (short.url.raw_path, short.url.host) == (long.url.raw_path, long.url.host)
    key = {"idempotency-key"}
    assert {k: v for k, v in short.headers.items() if k not in key} == {
        k: v for k, v in long.headers.items() if k not in key
    }
    assert short.headers["x-api-key"] == "a-key"
    assert short.content == long.content
    assert dict(short.extensions["timeout"]) == dict(long.extensions["timeout"])


def test_cookies_are_kept() -> None:
    """A cookie, such as one that keeps a client at one machine, comes back with the next call."""
    answer = httpx.Response(200, json={}, headers={"set-cookie": "machine=7; Path=/"})
    transport = Recorder(answer)
    with Client(URL, transport=transport) as client:
        client.get_user(ID)
        client.get_user(ID)
    assert "cookie" not in transport.requests[0].headers
    assert transport.requests[1].headers["cookie"] == "machine=7"


def test_what_is_changed_on_the_httpx_client_counts() -> None:
    """Programs of 2024 could set headers and the URL on it."""
    transport = Recorder()
    with Client(URL, transport=transport) as client:
        client.get_user(ID)
        client.client.headers["x-late"] = "yes"
        client.get_user(ID)
        client.client.base_url = "http://[::1]:8200"
        client.get_user(ID)
    assert transport.by_the_short_way == [True, True, True]
    assert [request.headers.get("x-late") for request in transport.requests] == [None, "yes", "yes"]
    assert str(transport.requests[2].url) == f"http://[::1]:8200/users/{ID}"
    assert transport.requests[2].headers["host"] == "[::1]:8200"
    assert transport.requests[2].url.raw_host == b"::1"


def test_a_proxy_of_the_environment_is_httpxs_to_choose(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    """With a proxy set, requests go where httpx sends them."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    with Client("http://langmem.example", max_retries=0) as client:
        with pytest.raises(httpx.ConnectError):
            client.get_health()
        assert client._pool.sender._transport is None


def test_a_closed_client_stays_closed() -> None:
    """Neither way sends for it."""
    transport = Recorder()
    client = Client(URL, transport=transport)
    client.get_user(ID)
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.get_user(ID)
    assert len(transport.requests) == 1
