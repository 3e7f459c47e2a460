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
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias, TypedDict
from uuid import UUID

from langmem_api.types import (
    DailyUsage,
    ExportPage,
    Health,
    ImportResult,
    LangMemMessage,
    Memory,
    MemoryFunction,
    MemoryOutput,
    QueryUserMemoryResponse,
    Readiness,
    Run,
    Thread,
    ThreadListItem,
    User,
)

__all__ = [
    "ID_T",
    "MESSAGE_LIKE",
    "SCHEMA_LIKE",
    "DailyUsage",
    "ExportPage",
    "GetThreadStateResponse",
    "Health",
    "ImportResult",
    "LangMemMessage",
    "Memory",
    "MemoryFunction",
    "MemoryOutput",
    "Message",
    "MessageObject",
    "Metadata",
    "OpenAIMessage",
    "QueryUserMemoryResponse",
    "Readiness",
    "ResponseFormat",
    "Run",
    "RunOutcomes",
    "SupportsJSONSchema",
    "Thread",
    "ThreadListItem",
    "ToolItem",
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


class MessageObject(Protocol):
    """An object that is a message: of OpenAI, of Anthropic, of LangChain, or of your own.

    It has a `role`, or what LangChain's have in place of one, and a content.
    """

    @property
    def content(self) -> object:
        """The text, a list of parts, or None."""
        ...


class ToolItem(Protocol):
    """A call of a tool, or its output, as OpenAI's Responses API has them among its messages."""

    @property
    def call_id(self) -> str | None:
        """The id that the call and its output share."""
        ...


MESSAGE_LIKE: TypeAlias = OpenAIMessage | Message | Mapping[str, Any] | MessageObject | ToolItem
"""A message in either form, or as another library has it."""


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


@dataclass(frozen=True, slots=True, repr=False)
class RunOutcomes:
    """What became of the runs that were waited for.

    Attributes:
        runs: The runs, newest first, as `list_thread_runs` and `list_user_runs` give them. Earlier
            runs over the same thread, or for the same user, are among them. None at all means that
            there was nothing to remember, or no memory function to do it.

    Example:
        >>> from langmem.schemas import RunOutcomes
        >>> outcomes = RunOutcomes(())
        >>> outcomes
        RunOutcomes(succeeded=0, failed=0, skipped=0)
        >>> outcomes.ok
        True
    """

    runs: tuple[Run, ...]

    @property
    def succeeded(self) -> tuple[Run, ...]:
        """The runs that did their work, even where they found nothing to remember."""
        return self._of("succeeded")

    @property
    def failed(self) -> tuple[Run, ...]:
        """The runs that did not; their `error` says why, and `retry_run` runs them again."""
        return self._of("failed")

    @property
    def skipped(self) -> tuple[Run, ...]:
        """The runs that could not be tried, as without a model; their `error` says why."""
        return self._of("skipped")

    @property
    def ok(self) -> bool:
        """Whether every run succeeded, so that an empty memory means nothing to remember."""
        return len(self.succeeded) == len(self.runs)

    def __repr__(self) -> str:
        counts = {"succeeded": self.succeeded, "failed": self.failed, "skipped": self.skipped}
        shown = ", ".join(f"{name}={len(runs)}" for name, runs in counts.items())
        return f"RunOutcomes({shown})"

    def _of(self, status: str) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run["status"] == status)
