# Derived by scripts/unasync.py from typing_tests/_async/typed.py: edit that instead.
# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
"""What a type checker knows of typed memories, with the synchronous client.

A line with `type: ignore` must be an error to mypy, for the reason given, and to pyright.
"""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, Literal, TypeVar, assert_type

from pydantic import BaseModel

from langmem import Client
from langmem.errors import StoredValueError
from langmem.schemas import MemoryFunction
from langmem.typed import (
    SchemaChange,
    SchemaDiff,
    ThreadSummary,
    TypedFunction,
    TypedMemory,
    UserAppendState,
    UserState,
)

T = TypeVar("T")
USER = uuid.uuid4()
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"


class Profile(BaseModel):
    name: str


@dataclasses.dataclass
class Event:
    what: str


def user_state(client: Client) -> None:
    profile = client.memory_function(Profile)
    assert_type(profile, UserState[Profile])
    assert_type(client.memory_function(Event, target_type="user_state"), UserState[Event])
    found = profile.get(USER)
    assert_type(found, Profile | None)
    found.name  # type: ignore[union-attr]
    if found is not None:
        assert_type(found.name, str)
        found.nam  # type: ignore[attr-defined]
    assert_type(profile.put(USER, Profile(name="Will")), None)
    assert_type(profile.delete(THREAD), None)
    profile.put(USER, Event("a"))  # type: ignore[arg-type]
    profile.put(USER, {"name": "Will"})  # type: ignore[arg-type]
    profile.get(3)  # type: ignore[arg-type]
    profile.query(USER, "pikas")  # type: ignore[attr-defined]


def user_append_state(client: Client) -> None:
    events = client.memory_function(Event, target_type="user_append_state")
    assert_type(events, UserAppendState[Event])
    found = events.query(USER, "pikas", 5, weights={"recency": 0.5})
    assert_type(found, list[TypedMemory[Event]])
    memory = found[0]
    assert_type(memory.value, Event)
    assert_type(memory.value.what, str)
    assert_type(memory.scores["relevance"], float)
    assert_type(memory.raw, dict[str, Any])
    assert_type(memory.error, StoredValueError | None)
    memory.scores["relevanc"]  # type: ignore[typeddict-item]
    memory.text = "other"  # type: ignore[misc]
    assert_type(events.delete(USER), None)
    events.get(USER)  # type: ignore[attr-defined]
    events.put(USER, Event("a"))  # type: ignore[attr-defined]
    events.query(USER, "pikas", k="5")  # type: ignore[arg-type]


def thread_summary(client: Client) -> None:
    summary = client.memory_function(
        Profile, target_type="thread_summary", name="Summary", custom_instructions="Be brief."
    )
    assert_type(summary, ThreadSummary[Profile])
    assert_type(summary.get(THREAD), Profile | None)
    summary.put(THREAD, Profile(name="Will"))  # type: ignore[attr-defined]


def of_any_kind(client: Client, handle: TypedFunction[T], cls: type[T]) -> UserState[T]:
    assert_type(handle.id, str)
    assert_type(handle.cls, type[T])
    assert_type(handle.function, MemoryFunction)
    diff = handle.diff()
    assert_type(diff, SchemaDiff)
    assert_type(diff.changes, tuple[SchemaChange, ...])
    assert_type(diff.changes[0].kind, Literal["added", "removed", "changed"])
    assert_type(handle.push(), SchemaDiff)
    return client.memory_function(cls)


def options() -> None:
    with Client("memory://") as client:
        patient = client.with_options(deadline=60)
        assert_type(patient.memory_function(Profile), UserState[Profile])


def arguments(client: Client, target_type: str) -> None:
    profile: TypedFunction[Profile] = client.memory_function(Profile)
    assert_type(profile.cls, type[Profile])
    client.memory_function(Profile, target_type="user_semantic_memory")  # type: ignore[call-overload]
    client.memory_function(Profile, target_type=target_type)  # type: ignore[call-overload]
    client.memory_function(Profile(name="Will"))  # type: ignore[call-overload]
    client.memory_function({"type": "object"})  # type: ignore[call-overload]
    client.memory_function(Profile, title="Profile")  # type: ignore[call-overload]
