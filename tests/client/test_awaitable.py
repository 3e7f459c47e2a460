from __future__ import annotations

import asyncio
import gc
import inspect
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest

from langmem import AsyncClient
from langmem._awaitable import AwaitableList
from langmem.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Coroutine

THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"


def counting() -> tuple[AwaitableList[int], list[str]]:
    """A list of numbers, and a note of each time it was fetched."""
    fetched: list[str] = []

    async def fetch() -> list[int]:
        fetched.append("once")
        await asyncio.sleep(0)
        return [1, 2]

    return AwaitableList(fetch), fetched


def test_it_is_awaited_as_a_whole_or_iterated_over() -> None:
    """The examples iterate without awaiting, programs await; each use fetches once."""

    async def use() -> None:
        numbers, fetched = counting()
        assert await numbers == [1, 2]
        assert [number async for number in numbers] == [1, 2]
        assert await numbers == [1, 2]
        assert len(fetched) == 3

    asyncio.run(use())


def test_it_is_a_coroutine_to_asyncio() -> None:
    """Whatever takes a coroutine takes it: run, gather, tasks, time limits."""

    async def use() -> None:
        first, second = await asyncio.gather(counting()[0], counting()[0])
        assert first == second == [1, 2]
        assert await asyncio.create_task(counting()[0]) == [1, 2]
        assert await asyncio.wait_for(counting()[0], 5) == [1, 2]
        async with asyncio.TaskGroup() as group:
            task = group.create_task(counting()[0])
        assert task.result() == [1, 2]

    assert asyncio.run(counting()[0]) == [1, 2]
    assert inspect.isawaitable(counting()[0])
    asyncio.run(use())


def test_a_task_of_it_can_be_cancelled() -> None:
    """Cancelling reaches what it waits for, before it has begun as well as after."""
    began: list[str] = []

    async def forever() -> list[int]:
        began.append("yes")
        await asyncio.Event().wait()
        return []

    async def use() -> None:
        for turns in (0, 1):
            task = asyncio.create_task(AwaitableList(forever))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(use())
    assert began == ["yes"]


def test_it_can_be_closed_at_any_time() -> None:
    """Closing what has not begun does nothing; closing what has begun ends it."""
    ended: list[str] = []

    async def fetch() -> list[int]:
        try:
            await asyncio.sleep(0)
        finally:
            ended.append("yes")
        return []

    numbers: Coroutine[object, object, list[int]] = AwaitableList(fetch)
    numbers.close()
    assert ended == []
    numbers.send(None)
    numbers.close()
    assert ended == ["yes"]


def test_nothing_is_warned_of() -> None:
    """Unlike a coroutine that is not awaited, it may be iterated over, or left alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        numbers, fetched = counting()

        async def use() -> None:
            assert [number async for number in numbers] == [1, 2]

        asyncio.run(use())
        counting()
        gc.collect()
    assert len(fetched) == 1


def test_the_client_returns_one() -> None:
    """`list_thread_memory` works as its example shows it, and an error comes at the use of it."""
    outputs = [{"output": {"title": "Pikas"}}]
    answers = iter([httpx.Response(200, json=outputs)] * 2 + [httpx.Response(404)])
    transport = httpx.MockTransport(lambda _: next(answers))

    async def use() -> None:
        async with AsyncClient("http://127.0.0.1:8100", transport=transport) as client:
            memories = client.list_thread_memory(THREAD)
            assert [memory["output"] async for memory in memories] == [{"title": "Pikas"}]
            assert [memory["output"] for memory in await memories] == [{"title": "Pikas"}]
            with pytest.raises(NotFoundError):
                await memories

    asyncio.run(use())
