# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
"""What a type checker knows of typed memories, with the asynchronous client.

A line with `type: ignore` must be an error to mypy, for the reason given, and to pyright.
"""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, Literal, TypeVar, assert_type

from pydantic import BaseModel

from langmem import AsyncClient
from langmem.errors import StoredValueError
from langmem.schemas import MemoryFunction
from langmem.typed import (
    AsyncThreadSummary,
    AsyncTypedFunction,
    AsyncUserAppendState,
    AsyncUserState,
    SchemaChange,
    SchemaDiff,
    TypedMemory,
)

T = TypeVar("T")
USER = uuid.uuid4()
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"


class Profile(BaseModel):
    name: str


@dataclasses.dataclass
class Event:
    what: str


async def user_state(client: AsyncClient) -> None:
    profile = await client.memory_function(Profile)
    assert_type(profile, AsyncUserState[Profile])
    assert_type(
        await client.memory_function(Event, target_type="user_state"), AsyncUserState[Event]
    )
    found = await profile.get(USER)
    assert_type(found, Profile | None)
    found.name  # type: ignore[union-attr]
    if found is not None:
        assert_type(found.name, str)
        found.nam  # type: ignore[attr-defined]
    assert_type(await profile.put(USER, Profile(name="Will")), None)
    assert_type(await profile.delete(THREAD), None)
    await profile.put(USER, Event("a"))  # type: ignore[arg-type]
    await profile.put(USER, {"name": "Will"})  # type: ignore[arg-type]
    await profile.get(3)  # type: ignore[arg-type]
    await profile.query(USER, "pikas")  # type: ignore[attr-defined]


async def user_append_state(client: AsyncClient) -> None:
    events = await client.memory_function(Event, target_type="user_append_state")
    assert_type(events, AsyncUserAppendState[Event])
    found = await events.query(USER, "pikas", 5, weights={"recency": 0.5})
    assert_type(found, list[TypedMemory[Event]])
    memory = found[0]
    assert_type(memory.value, Event)
    assert_type(memory.value.what, str)
    assert_type(memory.scores["relevance"], float)
    assert_type(memory.raw, dict[str, Any])
    assert_type(memory.error, StoredValueError | None)
    memory.scores["relevanc"]  # type: ignore[typeddict-item]
    memory.text = "other"  # type: ignore[misc]
    assert_type(await events.delete(USER), None)
    await events.get(USER)  # type: ignore[attr-defined]
    await events.put(USER, Event("a"))  # type: ignore[attr-defined]
    await events.query(USER, "pikas", k="5")  # type: ignore[arg-type]


async def thread_summary(client: AsyncClient) -> None:
    summary = await client.memory_function(
        Profile, target_type="thread_summary", name="Summary", custom_instructions="Be brief."
    )
    assert_type(summary, AsyncThreadSummary[Profile])
    assert_type(await summary.get(THREAD), Profile | None)
    await summary.put(THREAD, Profile(name="Will"))  # type: ignore[attr-defined]


async def of_any_kind(
    client: AsyncClient, handle: AsyncTypedFunction[T], cls: type[T]
) -> AsyncUserState[T]:
    assert_type(handle.id, str)
    assert_type(handle.cls, type[T])
    assert_type(handle.function, MemoryFunction)
    diff = await handle.diff()
    assert_type(diff, SchemaDiff)
    assert_type(diff.changes, tuple[SchemaChange, ...])
    assert_type(diff.changes[0].kind, Literal["added", "removed", "changed"])
    assert_type(await handle.push(), SchemaDiff)
    return await client.memory_function(cls)


async def options() -> None:
    async with AsyncClient("memory://") as client:
        patient = client.with_options(deadline=60)
        assert_type(await patient.memory_function(Profile), AsyncUserState[Profile])


async def arguments(client: AsyncClient, target_type: str) -> None:
    profile: AsyncTypedFunction[Profile] = await client.memory_function(Profile)
    assert_type(profile.cls, type[Profile])
    await client.memory_function(Profile, target_type="user_semantic_memory")  # type: ignore[call-overload]
    await client.memory_function(Profile, target_type=target_type)  # type: ignore[call-overload]
    await client.memory_function(Profile(name="Will"))  # type: ignore[call-overload]
    await client.memory_function({"type": "object"})  # type: ignore[call-overload]
    await client.memory_function(Profile, title="Profile")  # type: ignore[call-overload]
