# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
"""What a type checker knows of the difference between the two clients, and of the package."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import assert_type

import httpx

import langmem
from langmem import AsyncClient, Client
from langmem.schemas import MemoryOutput
from langmem.typed import AsyncUserState, UserState

THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"


@dataclass
class MemoryShape:
    name: str


def package() -> None:
    assert_type(langmem.Client(), Client)
    langmem.Memory  # type: ignore[attr-defined]
    langmem.errors.NotFoundError
    langmem.schemas.User


async def only_one_has_it(client: Client, other: AsyncClient) -> None:
    Client(transport=httpx.AsyncHTTPTransport())  # type: ignore[arg-type]
    AsyncClient(transport=httpx.HTTPTransport())  # type: ignore[arg-type]
    client.aclose()  # type: ignore[attr-defined]
    await other.close()  # type: ignore[attr-defined]
    other.get_user(THREAD)["name"]  # type: ignore[index]
    await client.get_user(THREAD)  # type: ignore[misc]
    for _ in other.list_messages(THREAD):  # type: ignore[attr-defined]
        pass
    async for _ in client.list_messages(THREAD):  # type: ignore[attr-defined]
        pass


async def both_ways_to_use_it(client: AsyncClient) -> None:
    memories = client.list_thread_memory(THREAD)
    async for memory in memories:
        assert_type(memory, MemoryOutput)
    assert_type(await memories, list[MemoryOutput])
    assert_type(await asyncio.create_task(memories), list[MemoryOutput])
    for _ in memories:  # type: ignore[attr-defined]
        pass


async def typed_memories(client: Client, other: AsyncClient) -> None:
    assert_type(client.memory_function(MemoryShape), UserState[MemoryShape])
    assert_type(await other.memory_function(MemoryShape), AsyncUserState[MemoryShape])
    other.memory_function(MemoryShape).get(THREAD)  # type: ignore[attr-defined]
    await client.memory_function(MemoryShape)  # type: ignore[misc]
