from __future__ import annotations

import asyncio
import json
import logging
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.access import Access
from langmem_server.service import Service
from langmem_server.settings import Settings
from langmem_server.store.errors import StoreError
from tests.server.live import running, wait_for
from tests.server.service_process import service_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tests.server.live import Api

ACCESS = "langmem_server.access"
SECRET = "xyzzy"
REQUESTS: dict[int, dict[str, Any]] = {
    200: {"method": "GET", "url": "/threads"},
    204: {"method": "OPTIONS", "url": "/threads"},
    404: {"method": "GET", "url": f"/{SECRET}"},
    405: {"method": "DELETE", "url": "/threads"},
    413: {"method": "POST", "url": "/users", "content": SECRET * 100},
    422: {"method": "GET", "url": f"/users/{SECRET}"},
    500: {"method": "GET", "url": f"/users/{uuid4()}"},
    503: {"method": "GET", "url": f"/threads/{uuid4()}"},
}
"""By status: a request that gets it."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service that accepts small bodies only."""
    path = tmp_path_factory.mktemp("service") / "langmem.db"
    with running(Settings(database=path, max_body_bytes=100), process=False) as client:
        yield client


def respond(app: ASGIApp, request_id: bytes = b"") -> httpx.Response:
    """Ask an ASGI application once, in this process, with any bytes for an id."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "headers": [(b"x-request-id", request_id)]}

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    start, body = sent
    return httpx.Response(start["status"], headers=start["headers"], content=body.get("body"))


async def nothing(_: Scope, __: Receive, send: Send) -> None:
    """Answer with nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})


async def broken(_: Scope, __: Receive, ___: Send) -> None:
    """Fail before the answer."""
    raise ZeroDivisionError(SECRET)


async def cut_short(_: Scope, __: Receive, send: Send) -> None:
    """Fail in the middle of the answer."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ZeroDivisionError(SECRET)


@pytest.mark.parametrize("status", REQUESTS)
def test_every_answer_has_an_id_the_log_names(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """Whatever the answer, its id is new, and one line of the log has it with the status."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(SECRET) if status == 500 else StoreError("away")

    monkeypatch.setattr(Service, "get_user", fail)
    monkeypatch.setattr(Service, "get_thread", fail)
    caplog.set_level(logging.INFO, ACCESS)
    request = REQUESTS[status]
    query = {"name": SECRET}
    response = api.request(**request, params=query)
    assert response.status_code == status
    request_id = response.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert api.request(**request, params=query).headers["x-request-id"] != request_id

    def lines() -> list[str]:
        found = [record.getMessage() for record in caplog.records if record.name == ACCESS]
        return [line for line in found if request_id in line]

    wait_for(lambda: bool(lines()), "the line of the request")
    [line] = lines()
    assert re.fullmatch(rf"request {request_id}: (\w+|-) {status} \d+\.\d ms", line)
    assert SECRET not in caplog.text


def test_the_line_names_the_operation(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """The operation is logged by its name, whatever the outcome."""
    caplog.set_level(logging.INFO, ACCESS)
    api.post("/users", json={}, headers={"x-request-id": "one"})
    wait_for(lambda: "request one: create_user 422 " in caplog.text, "the line")


@pytest.mark.parametrize("error", [ZeroDivisionError(), StoreError("away")])
def test_an_error_in_the_log_names_the_request(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """Who has the id of an answer finds its error in the log."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Service, "get_user", fail)
    response = api.get(f"/users/{uuid4()}")
    [record] = caplog.records
    named = f"request {response.headers['x-request-id']}: get_user "
    assert record.getMessage().startswith(named)


def test_without_the_level_nothing_is_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Requests that succeed leave no line at the default level."""
    api.get("/health")
    api.get("/health")
    assert caplog.records == []


@given(st.binary(max_size=80) | st.from_regex(rb"[A-Za-z0-9._:=-]{1,65}", fullmatch=True))
def test_an_id_of_the_callers_is_kept_if_it_is_safe(sent: bytes) -> None:
    """A short id of harmless characters comes back as it was; any other is replaced."""
    request_id = respond(Access(nothing), sent).headers["x-request-id"]
    if re.fullmatch(b"[A-Za-z0-9._:=-]{1,64}", sent):
        assert request_id == sent.decode()
    else:
        assert re.fullmatch("[0-9a-f]{32}", request_id)


def test_what_escapes_the_application_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """An error nobody caught has the shape and the id of all others, and no text in the log."""
    response = respond(Access(broken))
    assert response.status_code == 500
    assert response.json() == {"detail": "Internal server error: nothing has been stored."}
    [record] = caplog.records
    assert record.getMessage().startswith(f"request {response.headers['x-request-id']}: answering")
    assert SECRET not in caplog.text


def test_half_an_answer_is_not_completed(caplog: pytest.LogCaptureFixture) -> None:
    """Once the answer has begun, an error goes on to the server, which cuts the connection."""
    with pytest.raises(ZeroDivisionError):
        respond(Access(cut_short))
    assert "failed with ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("level", "shown"), [("info", True), ("warning", False)])
def test_the_command_logs_at_the_level_asked_for(tmp_path: Path, level: str, shown: bool) -> None:
    """LANGMEM_LOG_LEVEL decides whether the operator sees a line for each request."""
    environment = {"LANGMEM_LOG_LEVEL": level}
    with service_process(tmp_path, environment=environment) as (_, client, log):
        client.get("/threads", headers={"x-request-id": "one"})
        client.get("/threads", headers={"x-request-id": "two"})
    lines = [line for line in log.read_text().splitlines() if " request one: " in line]
    assert len(lines) == shown
    assert all(" INFO request one: list_threads 200 " in line for line in lines)


def test_the_log_can_be_json(tmp_path: Path) -> None:
    """LANGMEM_LOG_FORMAT=json: each line is an object with the same facts, and no text of users."""
    environment = {"LANGMEM_LOG_LEVEL": "info", "LANGMEM_LOG_FORMAT": "json"}
    with service_process(tmp_path, environment=environment) as (_, client, log):
        answer = client.get(f"/users/{uuid4()}", headers={"x-request-id": "mine"})
        assert client.get(f"/{SECRET}").status_code == 404
    assert answer.status_code == 404
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    [line] = [line for line in lines if line.get("request_id") == "mine"]
    assert line["duration_ms"] > 0
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None
    assert line["message"].startswith("request mine: get_user 404 ")
    wanted = {"level": "INFO", "logger": ACCESS, "operation": "get_user", "status": 404}
    assert {key: line[key] for key in wanted} == wanted
    assert SECRET not in text
