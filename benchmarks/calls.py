"""The calls of a client beside the same calls by httpx alone, in one process.

    python -m benchmarks.calls URL ROUNDS TURNS CALLS

prints seconds per call as JSON: for each operation the rounds of each side.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import partial
from typing import TYPE_CHECKING

import httpx

from benchmarks.answers import MESSAGES, THREAD, USER
from benchmarks.measure import async_cpu, async_wall, cpu, interleaved
from langmem import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.measure import Block

    Blocks = dict[str, Block]
    _Calls = dict[str, Callable[[], Awaitable[object]]]

KEY = "an-api-key-of-usual-length-0123456789"
DEADLINE = 30.0
CONCURRENT = 100

_USER = f"/users/{USER}"
_MEMORY = f"/users/{USER}/memory"
_MESSAGES = f"/threads/{THREAD}/add_messages"


def sync_operations(url: str) -> dict[str, Blocks]:
    """The blocks of each operation of the synchronous clients."""
    ours = {
        "ours": Client(url, KEY),
        "deadline": Client(url, KEY, deadline=DEADLINE),
    }
    raw = {
        name: httpx.Client(base_url=url, headers={"x-api-key": KEY}, timeout=30.0)
        for name in ("raw", "control")
    }
    posted = {"messages": MESSAGES}
    return {
        "get": {name: cpu(partial(client.get_user, USER)) for name, client in ours.items()}
        | {name: cpu(partial(_get_json, client, _USER)) for name, client in raw.items()},
        "post": {
            name: cpu(partial(client.add_messages, THREAD, MESSAGES))
            for name, client in ours.items()
        }
        | {name: cpu(partial(client.post, _MESSAGES, json=posted)) for name, client in raw.items()},
        "list": {name: cpu(partial(client.list_user_memory, USER)) for name, client in ours.items()}
        | {name: cpu(partial(_get_json, client, _MEMORY)) for name, client in raw.items()},
    }


def async_operations(url: str, runner: asyncio.Runner) -> dict[str, Blocks]:
    """The blocks of each operation of the asynchronous clients."""
    ours = {"ours": AsyncClient(url, KEY), "deadline": AsyncClient(url, KEY, deadline=DEADLINE)}
    raw = {
        name: httpx.AsyncClient(base_url=url, headers={"x-api-key": KEY}, timeout=30.0)
        for name in ("raw", "control")
    }
    gets: _Calls = {name: partial(client.get_user, USER) for name, client in ours.items()}
    gets |= {name: partial(_get_json_later, client, _USER) for name, client in raw.items()}
    lists: _Calls = {name: partial(client.list_user_memory, USER) for name, client in ours.items()}
    lists |= {name: partial(_get_json_later, client, _MEMORY) for name, client in raw.items()}
    return {
        "get_async": {name: async_cpu(runner, get) for name, get in gets.items()},
        "list_async": {name: async_cpu(runner, listed) for name, listed in lists.items()},
        "concurrent": {name: async_wall(runner, _many(get)) for name, get in gets.items()},
    }


def _get_json(client: httpx.Client, path: str) -> object:
    return client.get(path).json()


async def _get_json_later(client: httpx.AsyncClient, path: str) -> object:
    return (await client.get(path)).json()


def _many(get: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
    async def at_once() -> None:
        await asyncio.gather(*(get() for _ in range(CONCURRENT)))

    return at_once


def main(url: str, rounds: int, turns: int, calls: int) -> None:
    """Measure all operations and print what came of it."""
    with asyncio.Runner() as runner:
        operations = sync_operations(url) | async_operations(url, runner)
        measured = {
            name: interleaved(
                blocks,
                rounds=rounds,
                turns=turns,
                calls=1 if name == "concurrent" else calls,
            )
            for name, blocks in operations.items()
        }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
