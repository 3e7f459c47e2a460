from __future__ import annotations

import asyncio
import gc
import inspect
import json
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest

from langmem import AsyncClient, Client, _async_pool, _pool
from tests.loopback import Loopback, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server() -> Generator[Loopback]:
    """A service that knows its connections."""
    with serving() as server:
        yield server


def ask(client: Client | AsyncClient) -> Any:
    """Make one request from outside of any loop."""
    if isinstance(client, Client):
        return client.get_health()

    async def run() -> Any:
        return await client.get_health()

    return asyncio.run(run())


def close(client: Any) -> Any:
    """Begin to close a client of either colour, ours or httpx's."""
    return client.aclose() if hasattr(client, "aclose") else client.close()


def in_child(work: Callable[[], Any]) -> Any:
    """Fork, do the work in the child, and return what it found as JSON tells it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, json.dumps(work()).encode())
        except BaseException as error:  # noqa: BLE001 - the parent shall see it
            os.write(write, json.dumps({"raised": repr(error)}).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as found:
        answered, _, _ = select.select([found], [], [], 30)
        if not answered:
            os.kill(child, signal.SIGKILL)
        text = found.read()
    os.waitpid(child, 0)
    assert answered
    return json.loads(text)


def test_a_forked_child_connects_by_itself(server: Loopback) -> None:
    """The child of a program that is connected opens its own; the parent's goes on serving."""
    with Client(server.url, "a-key") as client:
        assert ask(client)["connection"] == 0
        child = in_child(lambda: [ask(client), ask(client)])
        assert [answer["connection"] for answer in child] == [1, 1]
        assert [answer["key"] for answer in child] == ["a-key", "a-key"]
        assert ask(client)["connection"] == 0
    server.wait_until(lambda server: not server.connected)


def test_a_child_forked_inside_a_loop_connects_by_itself(server: Loopback) -> None:
    """So it is where the parent's loop runs at the time of the fork, and runs on afterwards."""

    async def run() -> None:
        async with AsyncClient(server.url, "a-key") as client:
            assert (await client.get_health())["connection"] == 0  # type: ignore[typeddict-item]
            child = in_child(lambda: [ask(client), ask(client)])
            assert [answer["connection"] for answer in child] == [1, 2]
            assert (await client.get_health())["connection"] == 0  # type: ignore[typeddict-item]

    asyncio.run(run())
    server.wait_until(lambda server: not server.connected)


@pytest.mark.parametrize("colour", [Client, AsyncClient])
def test_closing_in_the_child_leaves_the_parents_open(
    server: Loopback, colour: type[Client | AsyncClient]
) -> None:
    """A child that closes the client, or drops it, does nothing to its parent."""

    async def aclose(client: AsyncClient) -> None:
        await client.aclose()

    def close() -> str:
        if isinstance(client, Client):
            client.close()
        else:
            asyncio.run(aclose(client))
        return "closed"

    client = colour(server.url)
    if isinstance(client, Client):
        assert ask(client)["connection"] == 0
        assert in_child(close) == "closed"
        assert ask(client)["connection"] == 0
        client.close()
        assert "closed" in in_child(lambda: ask(client))["raised"]
        return

    async def run(client: AsyncClient) -> None:
        assert (await client.get_health())["connection"] == 0  # type: ignore[typeddict-item]
        assert in_child(close) == "closed"
        assert (await client.get_health())["connection"] == 0  # type: ignore[typeddict-item]
        await client.aclose()
        assert "closed" in in_child(lambda: ask(client))["raised"]

    asyncio.run(run(client))


@pytest.mark.parametrize("colour", [Client, AsyncClient])
def test_a_fork_at_a_bad_moment_blocks_nothing(
    server: Loopback, colour: type[Client | AsyncClient]
) -> None:
    """A lock that another thread holds during the fork is never released in the child."""
    client = colour(server.url)
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with client._pool._lock:
            locked.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert locked.wait(10)
    assert in_child(lambda: ask(client)) == {
        "connection": 0,
        "key": None,
        "authorization": None,
        "extra": None,
    }
    release.set()
    thread.join()


@pytest.mark.parametrize("colour", [Client, AsyncClient])
def test_what_is_the_parents_stays_open(
    server: Loopback, colour: type[Client | AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child starts anew: it neither uses nor closes what it inherits, and not by dropping it."""
    inherited: list[Any] = []
    client, closed, unused = (colour(server.url) for _ in range(3))
    pools = WeakSet([client._pool, closed._pool, unused._pool])
    monkeypatch.setattr(_pool, "POOLS", pools)
    monkeypatch.setattr(_pool, "OF_THE_PARENT", inherited)
    monkeypatch.setattr(_async_pool, "OF_THE_PARENT", inherited)

    def answer(found: Any) -> Any:
        return loop.run_until_complete(found) if inspect.isawaitable(found) else found

    loop = asyncio.new_event_loop()
    answer(close(closed))
    assert answer(client.get_health())["connection"] == 0
    before = client._pool._held
    _pool._after_fork_in_child()
    gc.collect()
    assert before in inherited
    assert server.connected == {0}
    assert answer(client.get_health())["connection"] == 1
    with pytest.raises(RuntimeError, match="has been closed"):
        answer(closed.get_health())
    answer(close(client))
    sender = next(iter(before.values())).sender if isinstance(before, dict) else before
    assert sender is not None
    answer(close(sender.client))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    server.wait_until(lambda server: not server.connected)


@pytest.mark.parametrize("colour", ["Client", "AsyncClient"])
def test_a_child_that_ends_normally_complains_of_nothing(server: Loopback, colour: str) -> None:
    """A child that runs to its end, clean-up at exit included, prints no warning."""
    program = f"""
        import asyncio, gc, os, sys
        from langmem import AsyncClient, Client
        client = {colour}({server.url!r})
        def ask():
            found = client.get_health()
            if asyncio.iscoroutine(found):
                async def run():
                    # asyncio complains of a slow machine too, and that is not the question.
                    asyncio.get_running_loop().slow_callback_duration = 60
                    return await found
                found = asyncio.run(run())
            return found["connection"]
        first = ask()
        child = os.fork()
        print(first, ask(), flush=True)
        if child:
            assert os.waitpid(child, 0)[1] == 0
        del client
        gc.collect()
    """
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(run.stdout.splitlines()) == 2


@pytest.mark.parametrize("colour", [Client, AsyncClient])
def test_a_spawned_worker_gets_the_client_by_pickle(
    server: Loopback, colour: type[Client | AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that shares nothing with its parent is given the client as an argument."""
    monkeypatch.setenv("LANGMEM_API_KEY", "of-the-environment")
    client = colour(server.url, "of-the-argument", headers={"X-Extra": "more"})
    assert ask(client)["key"] == "of-the-argument"
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as workers:
        found = workers.submit(ask, client).result(60)
    assert (found["key"], found["extra"]) == ("of-the-environment", "more")
    assert found["connection"] == 1
    if isinstance(client, Client):
        client.close()
