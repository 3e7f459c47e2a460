from __future__ import annotations

import asyncio
import gc
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from langmem import AsyncClient, Client
from tests.loopback import Loopback, serving, until

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def server() -> Generator[Loopback]:
    """A service that knows its connections."""
    with serving() as server:
        yield server


@pytest.fixture
def complaints(monkeypatch: pytest.MonkeyPatch) -> Generator[list[Any]]:
    """What Python complains of, garbage collection included."""
    found: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield found
        gc.collect()
        found += [str(each.message) for each in warned]
    assert found == []


async def ask(client: AsyncClient) -> Any:
    """Make one request; return what the service says of it."""
    return await client.get_health()


def test_a_client_works_in_one_loop_after_another(
    server: Loopback, complaints: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A second `asyncio.run` is served as the first was, and the end of each closes its own."""
    client = AsyncClient(server.url, "a-key")
    for number in range(3):

        async def twice() -> list[Any]:
            return [await ask(client), await ask(client)]

        answers = asyncio.run(twice())
        assert [answer["connection"] for answer in answers] == [number, number]
        server.wait_until(lambda server: not server.connected)
    asyncio.run(client.aclose())
    assert "Event loop is closed" not in caplog.text


def test_what_is_entered_in_one_loop_is_used_and_left_in_others(
    server: Loopback, complaints: list[Any]
) -> None:
    """An object made in one loop can be used in a second and closed in a third."""
    client = AsyncClient(server.url)
    asyncio.run(client.__aenter__())
    assert asyncio.run(ask(client))["connection"] == 0
    asyncio.run(client.__aexit__(None, None, None))
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(ask(client))


def test_many_loops_in_many_threads_use_one_client_at_once(
    server: Loopback, complaints: list[Any]
) -> None:
    """Each loop has connections of its own, and none waits for another."""
    client = AsyncClient(server.url, "a-key")
    together = threading.Barrier(6)

    async def many() -> set[int]:
        first = await ask(client)
        together.wait(10)
        answers = await asyncio.gather(*(ask(client) for _ in range(20)))
        together.wait(10)
        return {first["connection"], *(answer["connection"] for answer in answers)}

    with ThreadPoolExecutor(6) as threads:
        used = list(threads.map(lambda _: asyncio.run(many()), range(6)))
    assert sum(map(len, used)) == len(set.union(*used)) == len(server.opened)
    server.wait_until(lambda server: not server.connected)


def test_many_threads_use_one_client_at_once(server: Loopback, complaints: list[Any]) -> None:
    """The synchronous client serves threads from one pool."""
    with Client(server.url) as client, ThreadPoolExecutor(8) as threads:
        client_objects = set(threads.map(lambda _: id(client.client), range(50)))
        answers = list(threads.map(lambda _: client.get_health(), range(100)))
    assert len(client_objects) == 1
    assert len(answers) == 100
    assert len(server.opened) <= 8
    server.wait_until(lambda server: not server.connected)


def test_threads_that_come_at_once_make_one_httpx_client() -> None:
    """The first use by many threads makes one httpx client and not many."""
    for colour in (Client, AsyncClient):
        client = colour("http://127.0.0.1:8100")
        together = threading.Barrier(8)

        def first(client: Client | AsyncClient = client, wait: Any = together.wait) -> object:
            wait(10)
            return client.client

        with ThreadPoolExecutor(8) as threads:
            made = list(threads.map(lambda _, first=first: first(), range(8)))
        assert all(each is made[0] for each in made)


def test_who_comes_second_gets_what_the_first_made() -> None:
    """A thread that waited for another to make the httpx client does not make one more."""
    sync_client, client = Client("http://127.0.0.1:8100"), AsyncClient("http://127.0.0.1:8100")
    assert sync_client._pool._hold() is sync_client._pool._hold() is sync_client._pool.sender
    assert client._pool._hold(None) is client._pool._hold(None)
    asyncio.run(client.aclose())
    loop = asyncio.new_event_loop()
    assert client._pool._hold(loop).sender.client.is_closed
    loop.close()


def test_closing_reaches_the_loops_of_other_threads(
    server: Loopback, complaints: list[Any]
) -> None:
    """The connections of a loop that still runs are closed by that loop."""
    client = AsyncClient(server.url)
    used, done = threading.Event(), threading.Event()

    async def hold() -> None:
        await ask(client)
        used.set()
        while not done.is_set():  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(0.005)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(asyncio.run, hold())
        try:
            assert used.wait(10)
            asyncio.run(client.aclose())
            server.wait_until(lambda server: not server.connected)
        finally:
            done.set()
        running.result(10)


def test_a_client_that_nobody_holds_closes(server: Loopback, complaints: list[Any]) -> None:
    """Where `aclose` was forgotten, dropping the client closes its connections, loop or no loop."""

    async def drop_in_the_middle() -> None:
        await ask(AsyncClient(server.url))
        gc.collect()
        async with asyncio.timeout(10):
            while server.connected:  # noqa: ASYNC110 - threads empty it
                await asyncio.sleep(0.005)

    async def drop_at_the_end() -> None:
        client = AsyncClient(server.url)
        await ask(client)

    asyncio.run(drop_in_the_middle())
    asyncio.run(drop_at_the_end())
    sync_client = Client(server.url)
    sync_client.get_health()
    del sync_client
    gc.collect()
    server.wait_until(lambda server: len(server.opened) == 3 and not server.connected)


def test_closed_loops_are_forgotten(server: Loopback) -> None:
    """A client that lives long does not collect what dead loops left."""
    client = AsyncClient(server.url)
    for _ in range(5):
        asyncio.run(ask(client))
    assert len(client._pool._held) == 1


def test_the_httpx_client_can_be_had_before_there_is_a_loop(server: Loopback) -> None:
    """What is set on it outside of any loop holds in the first that runs."""
    client = AsyncClient(server.url)
    early = client.client
    assert client.client is early

    async def running() -> httpx.AsyncClient:
        await ask(client)
        return client.client

    assert asyncio.run(running()) is early
    assert asyncio.run(running()) is not early


def test_a_transport_of_the_users_is_used_in_every_loop(complaints: list[Any]) -> None:
    """It is theirs: the end of a loop does not close it, and closing the client does."""

    class Transport(httpx.MockTransport):
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    transport = Transport(lambda _: httpx.Response(200, json={"status": "ok"}))
    client = AsyncClient("http://127.0.0.1:8100", transport=transport)
    assert asyncio.run(ask(client)) == asyncio.run(ask(client)) == {"status": "ok"}
    assert transport.closed == 0
    asyncio.run(client.aclose())
    assert transport.closed == 1


def test_a_loop_that_ends_while_the_client_closes_does_no_harm(
    server: Loopback, complaints: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop of another thread may close between the look at it and the call to it."""
    client = AsyncClient(server.url)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(ask(client))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    monkeypatch.setattr(loop, "is_running", lambda: True)
    asyncio.run(client.aclose())
    until(lambda: not server.connected)
