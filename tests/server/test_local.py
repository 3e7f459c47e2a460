from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from langmem_server import local
from langmem_server.local import LocalService
from langmem_server.running import Running
from langmem_server.settings import Settings
from tests.server.live import running as over_http

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tests.server.live import Api

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"


@pytest.fixture
def service() -> Iterator[LocalService]:
    """A service in memory that refuses large bodies."""
    service = LocalService(Settings(max_body_bytes=1000), in_memory=True)
    yield service
    service.close()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """The same over HTTP."""
    settings = Settings(database=tmp_path / "langmem.db", max_body_bytes=1000)
    with over_http(settings, process=False) as api:
        yield api


REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/users", {"json": {"id": USER, "name": "Zoë", "metadata": {"a": [1, None]}}}),
    ("GET", f"/users/{USER}", {}),
    ("HEAD", f"/users/{USER}", {}),
    ("OPTIONS", f"/users/{USER}", {}),
    ("PUT", f"/users/{USER}", {}),
    ("GET", f"/users/{uuid4()}", {}),
    ("GET", "/users/not-an-id", {}),
    ("GET", "/nowhere", {}),
    ("GET", "/users/", {}),
    ("GET", f"/users/{USER}/runs", {"params": {"page_size": "0", "status": "ü&="}}),
    ("GET", f"/users/{USER}/runs?page_size=5&&x=%zz", {}),
    ("POST", "/users", {"content": b"{"}),
    ("POST", "/users", {"content": b"\xff" * 2000}),
    ("POST", "/users", {"json": {"id": USER}, "headers": {"Idempotency-Key": "one"}}),
    ("POST", "/users", {"json": {"id": USER}, "headers": {"Idempotency-Key": "one"}}),
]


def test_it_answers_as_it_does_over_http(service: LocalService, api: Api) -> None:
    """There is one service: status, headers and body are the same, request by request."""
    for method, path, content in REQUESTS:
        remote = api.request(method, path, **content)
        request = httpx.Request(method, f"http://localhost{path}", **content)
        here = service.handle(request)
        assert (here.status_code, here.content) == (remote.status_code, remote.content), path
        transport = {"connection", "date", "server", "x-request-id"}
        assert {k: v for k, v in here.headers.items() if k not in transport} == {
            k: v for k, v in remote.headers.items() if k not in transport
        }
        assert here.headers["x-request-id"]


def test_the_id_of_a_request_comes_back(service: LocalService) -> None:
    """A caller may name a request, as over HTTP."""
    request = httpx.Request("GET", "http://localhost/health", headers={"x-request-id": "mine"})
    assert service.handle(request).headers["x-request-id"] == "mine"


def test_durable_processing_wants_a_file() -> None:
    """DBOS keeps its queue in the database's file; in memory there is none to give it."""
    running = Running(Settings(), in_memory=True)
    with pytest.raises(RuntimeError, match="it has no file"):
        running.processing.start()
    running.close()


def test_many_threads_may_call(service: LocalService) -> None:
    """Writers and readers at once are all answered, and nothing is lost."""
    failures = []

    def call(number: int) -> None:
        for index in range(20):
            thread_id = uuid4()
            body = {"messages": [{"role": "user", "content": f"{number} {index}"}]}
            url = f"http://localhost/threads/{thread_id}"
            for request in (
                httpx.Request("POST", f"{url}/add_messages", json=body),
                httpx.Request("GET", f"{url}/messages"),
            ):
                response = service.handle(request)
                if response.status_code != 200:
                    failures.append(response.text)

    callers = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert failures == []
    stored = service.handle(httpx.Request("GET", "http://localhost/threads")).json()
    assert len(stored) == 160


def test_an_application_that_waits_is_refused() -> None:
    """A part that needs an event loop is found at once, and not by a request that never ends."""

    class Waits:
        def __await__(self) -> Generator[None]:
            yield

    async def application() -> None:
        await Waits()

    with pytest.raises(RuntimeError, match="there is no event loop to wait in"):
        local._run(application())


def test_a_failed_start_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is raised, and the file is free."""
    settings = Settings(database=tmp_path / "langmem.db")
    with monkeypatch.context() as patch:

        def broken(*_: object) -> None:
            raise MemoryError

        patch.setattr(local, "_lanes", broken)
        with pytest.raises(MemoryError):
            LocalService(settings)
    LocalService(settings).close()
