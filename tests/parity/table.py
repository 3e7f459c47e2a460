"""What the tables of calls are made of: cases, identifiers, arguments and the server's replies.

The tables are read by the tests, and by `driver.py` under two interpreters. `{url}` stands for the
recording server. Identifiers are fixed and of UUID version 5, so that a version 4 identifier on the
wire is always one that a client made itself.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

USER = "64ec88ca-00b2-5ba9-9c9e-5c4e1e1a0b11"
OTHER_USER = "9c4b6f1d-3f0a-5d52-8e64-0e6b2c1d7a22"
THREAD = "3f2d9c51-7a18-5f6e-b1a4-d0c5a8e94b33"
FUNCTION = "b7e0a4d2-65c3-5b1f-9d88-41f7c2d6e044"
OTHER_FUNCTION = "e1c95f3a-8d27-5a40-8b6c-72a9d4f1c055"
MEMORY = "0a6d4e8b-12f7-5c93-a5de-93b8c0e7f266"
MESSAGE = "d58b7c0f-4e96-5d1a-9c3b-a4f6e2d81077"
WHEN = dt.datetime(2024, 4, 6, 12, 30, 15, 250000, tzinfo=dt.UTC)


class Case(NamedTuple):
    """One call, and what the server answers."""

    name: str
    method: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}  # noqa: RUF012 - never written to: the driver copies it
    replies: tuple[Any, ...] | None = None
    """JSON values sent with 200, or (status, body, media type); None is the method's usual one."""
    reading: str = "whole"
    """`whole` as a caller of the method would, `first` item only, or `items` one by one."""
    network: str = "up"
    """`up`, `refuses` connections or `hangs` after the request."""
    client: dict[str, Any] | None = None
    """Constructor arguments; None is the recording server's URL and the key `a-key`."""
    environ: dict[str, str] = {}  # noqa: RUF012 - as above

    def answers(self) -> tuple[Any, ...]:
        """Return the replies in the order in which the server gives them."""
        usual = USUAL_REPLIES.get(self.method)
        return (usual,) if self.replies is None else self.replies


class Profile(BaseModel):
    """What is known of a person."""

    name: str = Field(description="The person's name")
    age: int | None = None
    pets: list[str] = Field(default_factory=list, description="Names of their animals")


class Untitled(BaseModel):  # noqa: D101 - a docstring would be its description
    topic: str


class Opaque:
    """A value JSON has no word for."""

    def __repr__(self) -> str:
        return "Opaque()"


def schema() -> dict[str, Any]:
    """Return a JSON Schema that has a title and a description."""
    return {
        "title": "Habit",
        "description": "Something done often.",
        "type": "object",
        "properties": {"habit": {"type": "string", "title": "Habit"}},
        "required": ["habit"],
    }


BARE_SCHEMA = {"type": "object", "properties": {"habit": {"type": "string"}}}
ANIMALS: list[dict[str, Any]] = [
    {
        "role": "user",
        "content": "Did you hear the marmot whistle? \N{MUSICAL NOTE}",
        "name": "Ada",
        "metadata": {"user_id": USER},
    },
    {"role": "assistant", "content": "Yes, marmots whistle to warn each other."},
]
WITH_IDS: list[dict[str, Any]] = [
    {
        "role": "user",
        "content": [{"type": "text", "text": "Here is a picture"}],
        "metadata": {"user_id": uuid.UUID(USER), "timestamp": WHEN, "channel": "web"},
    }
]
LANGMEM_FORM = [
    {
        "id": MESSAGE,
        "content": "Marmots sleep through winter.",
        "timestamp": "2024-04-06T12:30:15.250000",
        "user": {"user_id": USER, "user_name": "Ada", "role": "user"},
    }
]
FUNCTION_OBJECT = {
    "id": FUNCTION,
    "type": "user_state",
    "custom_instructions": None,
    "schema": {"name": "Profile", "description": "", "parameters": BARE_SCHEMA},
    "status": "active",
    "target_type": "user",
}
MEMORY_OBJECT = {
    "id": MEMORY,
    "created_at": "2024-04-06T12:31:15.250000Z",
    "last_accessed": "2024-04-06T12:31:15.250000Z",
    "text": "Ada likes marmots",
    "content": {"subject": "Ada", "predicate": "likes", "object": "marmots"},
    "scores": {"recency": 0.5, "importance": 1.0, "relevance": 0.0071},
}
QUERY_RESULT = {
    "user_id": USER,
    "memories": [MEMORY_OBJECT],
    "state": None,
    "thread_summaries": None,
}
MESSAGE_OBJECT = {
    "content": "Did you hear the marmot whistle? \N{MUSICAL NOTE}",
    "role": "user",
    "name": "Ada",
    "metadata": {"user_id": USER, "timestamp": "2024-04-06T12:30:15.250000", "id": MESSAGE},
}
THREAD_OBJECT = {
    "id": THREAD,
    "last_message_timestamp": "2024-04-06T12:30:15.250000Z",
    "last_message_batch_id": 1,
}
OUTPUT = {
    "memory_function_id": FUNCTION,
    "memory_function_name": "Summary",
    "memory_function_type": "thread_summary",
    "target": f"/threads/{THREAD}",
    "output": {"title": "Marmots", "topics": ["animals", "winter"]},
}

USUAL_REPLIES: dict[str, Any] = {
    "create_user": {"id": USER, "name": "Ada"},
    "get_user": {"id": USER, "name": "Ada"},
    "update_user": {"id": USER, "name": "Ada", "tags": ["a"], "metadata": {"plan": "free"}},
    "list_users": {"users": [{"id": USER, "name": "Ada"}, {"id": OTHER_USER, "name": None}]},
    "list_user_memory": [OUTPUT | {"target": f"/users/{USER}"}],
    "get_user_memory": {"name": "Ada", "age": None, "pets": ["Momo"]},
    "query_user_memory": QUERY_RESULT,
    "create_memory_function": FUNCTION_OBJECT,
    "get_memory_function": FUNCTION_OBJECT,
    "list_memory_functions": {"memory_functions": [FUNCTION_OBJECT], "next_cursor": None},
    "update_memory_function": FUNCTION_OBJECT | {"status": "disabled"},
    "create_thread": THREAD_OBJECT,
    "get_thread": THREAD_OBJECT | {"metadata": {"topic": "animals"}, "messages": [MESSAGE_OBJECT]},
    "list_threads": [THREAD_OBJECT],
    "list_thread_memory": [OUTPUT],
    "get_thread_memory": OUTPUT["output"],
    "get_thread_state": {"state": {"step": 3, "ratio": 0.25}},
    "list_messages": {"messages": [MESSAGE_OBJECT], "next_cursor": None},
}
"""By method; `null` for a method not named here."""


def functions(*ids: str, cursor: str | None = None) -> dict[str, Any]:
    """Return one page of memory functions."""
    return {
        "memory_functions": [FUNCTION_OBJECT | {"id": one} for one in ids],
        "next_cursor": cursor,
    }


def messages(*texts: str, cursor: str | None = None) -> dict[str, Any]:
    """Return one page of messages."""
    return {
        "messages": [MESSAGE_OBJECT | {"content": text} for text in texts],
        "next_cursor": cursor,
    }


def each(method: str, args: tuple[Any, ...], /, **variants: dict[str, Any]) -> list[Case]:
    """One case of `method` per keyword: its name, and the keyword arguments of the call."""
    return [
        Case(f"{method}: {name.replace('_', ' ')}", method, args, kwargs)
        for name, kwargs in variants.items()
    ]


def id_forms(method: str, **more: Any) -> list[Case]:
    """`method` with its one path identifier in the forms `uuid.UUID` reads, and in none."""
    forms: dict[str, Any] = {
        "text": USER,
        "UUID": uuid.UUID(USER),
        "upper case": USER.upper(),
        "no hyphens": USER.replace("-", ""),
        "braces": "{" + USER + "}",
        "not an id": "ada",
        "empty text": "",
    }
    return [
        Case(f"{method}: id as {name}", method, (value,), more) for name, value in forms.items()
    ]
