"""A list that can be awaited as a whole or iterated over item by item."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class AwaitableList(Coroutine[Any, Any, list[T]]):
    """What `AsyncClient.list_thread_memory` returns: the documentation iterates, programs await.

    Each `await` and each `async for` makes a request of its own. It is a coroutine as well, for
    `asyncio.run`, `asyncio.gather` and `asyncio.create_task`. Nothing is requested, and nothing is
    warned of, while it is not used.

    Args:
        fetch: Makes the coroutine that fetches the list.

    Example:
        >>> memories = client.list_thread_memory(thread_id)
        >>> async for memory in memories:
        ...     print(memory["output"]["title"])
        Pikas
        >>> len(await memories)
        1
    """

    def __init__(self, fetch: Callable[[], Coroutine[Any, Any, list[T]]]) -> None:
        self._fetch = fetch
        self._running: Coroutine[Any, Any, list[T]] | None = None

    def __await__(self) -> Generator[Any, Any, list[T]]:
        return self._fetch().__await__()

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        for item in await self._fetch():
            yield item

    def send(self, value: Any) -> Any:
        """Run to the next point of waiting; an event loop calls this."""
        return self._run().send(value)

    def throw(self, *error: Any) -> Any:
        """Raise an error where it waits; an event loop calls this."""
        return self._run().throw(*error)

    def close(self) -> None:
        """Give up what `send` has begun."""
        if self._running is not None:
            self._running.close()

    def _run(self) -> Coroutine[Any, Any, list[T]]:
        if self._running is None:
            self._running = self._fetch()
        return self._running
