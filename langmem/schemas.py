"""The types of what the clients take and return.

What they take is written here, and none of its keys is required. What they return comes from the
API's own description. Two of its names had been taken for input before, and keep that meaning:
`OpenAIMessage` and `GetThreadStateResponse`.

Example:
    >>> from langmem.schemas import Metadata, OpenAIMessage
    >>> metadata: Metadata = {"user_id": "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"}
    >>> message: OpenAIMessage = {"role": "user", "content": "I keep bees.", "metadata": metadata}
"""

# The annotations are evaluated, so that `typing.get_type_hints` works on these types.

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias, TypedDict
from uuid import UUID

from langmem_api.types import (
    Health,
    LangMemMessage,
    Memory,
    MemoryFunction,
    MemoryOutput,
    QueryUserMemoryResponse,
    Run,
    Thread,
    ThreadListItem,
    User,
)

__all__ = [
    "ID_T",
    "MESSAGE_LIKE",
    "SCHEMA_LIKE",
    "GetThreadStateResponse",
    "Health",
    "LangMemMessage",
    "Memory",
    "MemoryFunction",
    "MemoryOutput",
    "Message",
    "Metadata",
    "OpenAIMessage",
    "QueryUserMemoryResponse",
    "ResponseFormat",
    "Run",
    "SupportsJSONSchema",
    "Thread",
    "ThreadListItem",
    "User",
    "UserForMessage",
    "UserMetadata",
    "Weights",
]

ID_T: TypeAlias = UUID | str
"""An id: a UUID, or its text in any of the forms `uuid.UUID` reads."""

ResponseFormat: TypeAlias = Literal["openai", "langmem"]
"""The two forms `list_messages` can return messages in."""


class GetThreadStateResponse(TypedDict, total=False):
    """What `get_thread_state` returns.

    Attributes:
        state: What was stored; None where nothing is.
    """

    state: dict[str, Any] | None


class UserMetadata(TypedDict, total=False):
    """Who speaks.

    Attributes:
        user_id: The user's id. Memories are kept for the user named here, and for nobody else.
        user_name: The user's name.
    """

    user_id: ID_T | None
    user_name: str | None


class UserForMessage(UserMetadata, total=False):
    """Who speaks, and as what.

    Attributes:
        role: Such as `user` or `ai`.
    """

    role: str


class Metadata(UserMetadata, total=False):
    """What is known of a message; keys of your own may stand beside these.

    Attributes:
        timestamp: When it was said: a datetime, or ISO 8601 text.
        id: The message's id; one that the thread already holds is not stored again.
    """

    timestamp: datetime | str | None
    id: ID_T | None


class OpenAIMessage(TypedDict, total=False):
    """A message in the form of model APIs.

    Attributes:
        role: Such as `user`, `assistant` or `system`.
        content: The text, or a list of parts.
        name: The speaker's name.
        metadata: Who speaks, and when.
    """

    role: str
    content: str | list[dict[str, Any]] | None
    name: str | None
    metadata: Metadata | Mapping[str, Any] | None


class Message(TypedDict, total=False):
    """A message in the service's own form.

    Attributes:
        id: The message's id.
        content: The text, or a list of parts.
        timestamp: When it was said: a datetime, or ISO 8601 text.
        user: Who speaks.
    """

    id: ID_T
    content: str | list[dict[str, Any]]
    timestamp: datetime | str
    user: UserForMessage


MESSAGE_LIKE: TypeAlias = OpenAIMessage | Message
"""A message in either form."""


class Weights(TypedDict, total=False):
    """How much each score counts in `query_user_memory`; a weight left out is 1.

    Attributes:
        relevance: How well a memory matches the text.
        recency: How lately it was made or met.
        importance: How much it matters.
    """

    relevance: float
    recency: float
    importance: float


class SupportsJSONSchema(Protocol):
    """Anything that can write its own JSON Schema, as pydantic models can."""

    def model_json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        ...


SCHEMA_LIKE: TypeAlias = type[Any] | Mapping[str, Any] | SupportsJSONSchema
"""What a memory can be described with.

A pydantic model, a dataclass, a TypedDict, a class with annotated fields, or a JSON Schema.
"""
