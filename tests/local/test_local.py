from __future__ import annotations

import asyncio
import gc
import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem import AsyncClient, Client, _local
from langmem.errors import LocalServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://name/path", "what is in memory has a name at most"),
        ("memory://name?query=1", "what is in memory has a name at most"),
        ("memory://will@name", "what is in memory has a name at most"),
        ("file://langmem.db", "a file's URL is 'file://' and an absolute path, as in 'file:///"),
        ("file://", "a file's URL is 'file://' and an absolute path"),
        ("file:///data/", "a file's URL is 'file://' and an absolute path"),
        ("file:///data/langmem.db?mode=ro", "a file's URL is 'file://' and an absolute path"),
        ("memory", "is not the URL of a service: .* 'memory://', or a file's such"),
    ],
)
@pytest.mark.parametrize("make", [Client, AsyncClient])
def test_a_wrong_url_is_explained(url: str, message: str, make: Callable[[str], Any]) -> None:
    """The error names the argument and shows a URL that would do."""
    with pytest.raises(ValueError, match=message):
        make(url)


def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    """The error names the file and says what to do, and nothing stays locked behind it."""
    path = tmp_path / "langmem.db"
    path.write_bytes(b"This is not a database, but a text that is long enough to be none." * 20)
    for _ in range(2):
        with pytest.raises(LocalServiceError, match="is not a SQLite database: choose another"):
            Client(path.as_uri())
    path.unlink()
    with Client(path.as_uri()) as client:
        assert client.get_health()["status"] == "ok"
    with pytest.raises(LocalServiceError, match=r"The directory .*missing does not exist"):
        Client((tmp_path / "missing" / "langmem.db").as_uri())


def test_it_works_where_a_loop_is_running() -> None:
    """In a notebook both clients can be used, for the service needs no loop of its own."""

    async def cell() -> list[str | None]:
        with Client("memory://notebook") as client:
            async with AsyncClient("memory://notebook") as other:
                await other.create_user(user_id=uuid4(), name="Will")
                return [user["name"] for user in client.list_users()]

    assert asyncio.run(cell()) == ["Will"]


def test_a_client_outlives_its_loop() -> None:
    """One AsyncClient serves one loop after the other."""
    client = AsyncClient("memory://")
    asyncio.run(client.create_user(user_id=uuid4(), name="Will"))
    assert len(asyncio.run(client.list_users())) == 1
    asyncio.run(client.aclose())


def test_a_dropped_client_lets_go(tmp_path: Path) -> None:
    """Nobody need close: when the last client is gone, the file is free."""
    client = Client((tmp_path / "langmem.db").as_uri())
    client.get_health()
    service = client._pool.transport.lease._service  # type: ignore[union-attr]
    del client
    gc.collect()
    assert service.leases == 0
    assert service.name not in _local._registry.services


def test_a_service_is_not_closed_from_inside_itself() -> None:
    """When the garbage collector runs in a thread of the service, another thread closes it."""
    closed = threading.Event()

    class Recording:
        def handle(self, request: httpx.Request) -> httpx.Response:
            raise AssertionError

        def close(self) -> None:
            closed.by = threading.current_thread().name  # type: ignore[attr-defined]
            closed.set()

    lease = _local.Lease(_local._Service(Recording(), None, 1))
    inside = threading.Thread(target=lease.release, name="langmem-writer")
    inside.start()
    inside.join()
    assert closed.wait(30)
    assert not closed.by.startswith("langmem-")  # type: ignore[attr-defined]


def test_a_registered_name_is_taken() -> None:
    """Two services cannot answer to one name, and an unregistered one is closed."""
    handler = _local.start_service()
    assert _local.register("mine", handler) == "memory://mine"
    with pytest.raises(ValueError, match="There is a service named 'mine'"):
        _local.register("mine", handler)
    with Client("memory://mine") as client:
        assert client.get_health()["status"] == "ok"
    _local.unregister("mine")
    with Client("memory://mine") as client:
        assert client.list_users() == []


def test_a_question_to_a_closed_client_is_refused() -> None:
    """After closing, a call raises what it would over a network."""
    client = Client("memory://")
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.get_health()
