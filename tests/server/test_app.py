from __future__ import annotations

import json
import logging
import socket
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from langmem_server import app as app_module
from langmem_server.app import create_app
from langmem_server.processing import Processing
from langmem_server.service import Service
from langmem_server.settings import Settings
from langmem_server.store import database as database_module
from langmem_server.store.errors import UnstorableTextError
from tests.server.live import DEADLINE, running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.server.live import Api

LIMIT = 2000


@pytest.fixture(scope="module")
def small_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service that accepts bodies of at most `LIMIT` bytes."""
    settings = Settings(
        database=tmp_path_factory.mktemp("service") / "langmem.db", max_body_bytes=LIMIT
    )
    with running(settings, process=False) as client:
        yield client


def only_detail(response: httpx.Response) -> str:
    """Return the text of an error, which must be all there is."""
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["detail"]
    assert isinstance(body["detail"], str)
    return body["detail"]


def test_health(api: Api) -> None:
    """The service says that it works, its version, and that it has no model."""
    response = api.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "version": "0.1.0", "model_configured": False}


@pytest.mark.parametrize("path", ["/health", "/threads", "/users/no-id", "/nothing", "/metrics"])
def test_no_answer_is_cached(api: Api, path: str) -> None:
    """A cache on the way would give one caller's answer to another."""
    assert api.get(path).headers["cache-control"] == "no-store"


def test_health_with_a_model(tmp_path: Path) -> None:
    """With a model configured, health says so."""
    settings = Settings(
        database=tmp_path / "langmem.db", llm_model="m", llm_base_url="http://127.0.0.1:9/v1"
    )
    with running(settings, process=False) as client:
        assert client.get("/health").json()["model_configured"] is True


@pytest.mark.parametrize("key", [None, "", "any-key"])
def test_any_key_or_none_is_accepted(api: Api, key: str | None) -> None:
    """On loopback nobody needs a key, and a key disturbs nobody."""
    headers = {} if key is None else {"x-api-key": key}
    assert api.get("/threads", headers=headers).status_code == 200


@pytest.mark.parametrize("media", [None, "application/json", "text/plain", "nonsense"])
def test_a_body_is_json_whatever_its_type_says(api: Api, media: str | None) -> None:
    """Bodies arrive without a Content-Type, or with a wrong one, and are read all the same."""
    headers = {} if media is None else {"content-type": media}
    user = str(uuid4())
    body = json.dumps({"id": user, "name": "Will"}).encode()
    response = api.post("/users", content=body, headers=headers)
    assert response.json() == {"id": user, "name": "Will"}


def test_text_arrives_as_it_was(api: Api) -> None:
    """Any language and emoji come back unchanged, as UTF-8."""
    name = "Zoë 😀 名前 \u202e \u2028"
    response = api.post("/users", json={"id": str(uuid4()), "name": name})
    assert response.json()["name"] == name
    assert name.encode() in response.content


@pytest.mark.parametrize("path", ["/", "/nothing", "/users/", "/users/a/b/c/d", "/openapi.json"])
def test_an_unknown_path(api: Api, path: str) -> None:
    """What is no path of the API is 404; a slash at the end makes another path."""
    response = api.get(path)
    assert response.status_code == 404
    assert only_detail(response) == "Not found: no operation of the API has this path"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/users", "OPTIONS, POST"),
        ("POST", f"/users/{UUID(int=1)}", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("GET", "/users/query", "OPTIONS, POST"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
        ("BREW", "/threads", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_a_wrong_method(api: Api, method: str, path: str, allowed: str) -> None:
    """A method a path has not is 405, with those it has."""
    response = api.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allowed
    assert only_detail(response) == f"Method not allowed: this path has {allowed}"


def test_options(api: Api) -> None:
    """OPTIONS names the methods of a path, and permits no other site anything."""
    response = api.options("/threads", headers={"Origin": "http://example.com"})
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_head(api: Api) -> None:
    """HEAD is GET without the body."""
    response = api.head("/health")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(api.get("/health").content))


def test_a_body_of_the_limit_is_accepted(small_api: Api) -> None:
    """The limit itself is not too large, with or without a declared length."""
    body = json.dumps({"id": str(uuid4()), "name": ""}).encode()
    body = body.replace(b'""', b'"' + b"x" * (LIMIT - len(body)) + b'"')
    assert len(body) == LIMIT
    assert small_api.post("/users", content=body).status_code == 200
    assert small_api.post("/users", content=iter([body])).status_code == 200


@pytest.mark.parametrize("size", [LIMIT + 1, 5_000_000])
@pytest.mark.parametrize("declared", [True, False])
def test_a_body_beyond_the_limit_is_refused(small_api: Api, size: int, declared: bool) -> None:
    """More than the limit is 413, and the connection lives on."""
    pieces = [b"x" * 1000] * (size // 1000) + [b"x" * (size % 1000)]
    content = b"".join(pieces) if declared else iter(pieces)
    response = small_api.post("/users", content=content)
    assert response.status_code == 413
    assert only_detail(response) == "The body is larger than 2000 bytes; send it in smaller parts."
    assert small_api.get("/health").status_code == 200


def test_a_body_too_large_is_refused_before_it_is_sent(small_api: Api) -> None:
    """A declared length is enough for 413: the client need not send the body first."""
    with socket.create_connection(small_api.address, timeout=10) as connection:
        connection.sendall(
            b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_caller_that_leaves_is_no_error(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """A connection closed in the middle of a body stores nothing and is not logged."""
    user = str(uuid4())
    with socket.create_connection(api.address, timeout=10) as connection:
        connection.sendall(
            b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
            b'{"id": "' + user.encode()
        )
    assert api.get(f"/users/{user}").status_code == 404
    assert caplog.records == []


def test_an_unexpected_error(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of our own is 500 without its text; the log has the place, and no text either."""
    said = str(uuid4())

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(said)

    monkeypatch.setattr(Service, "get_user", fail)
    response = api.get(f"/users/{uuid4()}")
    assert response.status_code == 500
    assert only_detail(response) == "Internal server error: nothing has been stored."
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "get_user failed with ZeroDivisionError" in record.getMessage()
    assert "in fail" in record.getMessage()
    assert said not in caplog.text
    assert api.get("/threads").status_code == 200


def test_a_text_the_store_cannot_keep(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should half a surrogate pair get as far as the store, it is the request's fault."""

    def fail(*_: object, **__: object) -> None:
        raise UnstorableTextError("half a pair")

    monkeypatch.setattr(Service, "get_user", fail)
    response = api.get(f"/users/{uuid4()}")
    assert response.status_code == 422
    assert only_detail(response) == "half a pair"


def test_a_locked_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While another program holds the file, writes are 503 and reads go on."""
    monkeypatch.setattr(database_module, "_SETTINGS", ("busy_timeout = 50",))
    path = tmp_path / "langmem.db"
    body = {"id": str(uuid4()), "name": "Will"}
    with (
        running(Settings(database=path), process=False) as client,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        response = client.post("/users", json=body)
        assert response.status_code == 503
        assert only_detail(response) == (
            f"The database {path} is locked by another program: try again."
        )
        assert "create_user could not be done" in caplog.text
        assert client.get("/threads").status_code == 200
        other.execute("ROLLBACK")
        assert client.post("/users", json=body).status_code == 200


def test_a_closed_database(fresh_api: Api) -> None:
    """When the store is gone, health says 503."""
    fresh_api.db.close()
    response = fresh_api.get("/health")
    assert response.status_code == 503
    assert "is closed" in only_detail(response)


def test_stored_is_stored(tmp_path: Path) -> None:
    """What was answered is there after the service was stopped and started again."""
    settings = Settings(database=tmp_path / "langmem.db")
    user = {"id": str(uuid4()), "name": "Will"}
    with running(settings, process=False) as client:
        client.post("/users", json=user)
    with running(settings, process=False) as client:
        assert client.get(f"/users/{user['id']}").json() == user


def test_requests_are_served_though_processing_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure of the background processing is logged; messages are stored all the same."""

    def fail(_: Any) -> None:
        raise OSError("no")

    monkeypatch.setattr(Processing, "start", fail)
    with running(Settings(database=tmp_path / "langmem.db"), process=True) as client:
        wait_for(lambda: bool(caplog.records), "the failure")
        body = {"messages": [{"role": "user", "content": "Hi"}]}
        assert client.post(f"/threads/{uuid4()}/add_messages", json=body).json() is None
    assert "Starting the background processing failed with OSError" in caplog.text


def test_no_request_waits_for_processing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the background processing is still starting, requests are answered."""
    started, answered = threading.Event(), threading.Event()

    def start(_: Processing) -> None:
        started.set()
        assert answered.wait(DEADLINE)

    monkeypatch.setattr(Processing, "start", start)
    with running(Settings(database=tmp_path / "langmem.db"), process=True) as client:
        assert started.wait(DEADLINE)
        assert client.get("/health").status_code == 200
        assert client.post("/users", json={"id": str(uuid4()), "name": "W"}).status_code == 200
        answered.set()


def test_operations_and_handlers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service does not start with an operation it has no method for, or the other way."""
    create_app(Settings())
    monkeypatch.setattr(Service, "get_weather", lambda _: None, raising=False)
    with pytest.raises(RuntimeError, match=r"differ in the operations \['get_weather'\]"):
        create_app(Settings())
    monkeypatch.delattr(Service, "get_weather")
    monkeypatch.setattr(app_module, "operation_ids", set)
    with pytest.raises(RuntimeError, match="add_messages"):
        create_app(Settings())
