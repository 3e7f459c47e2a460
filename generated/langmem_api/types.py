# Made by scripts/generate from openapi.yaml; edit that instead.
"""The JSON values of the API as TypedDicts, and what the generated client needs."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import (
    IO,
    Any,
    BinaryIO,
    Final,
    Generic,
    Literal,
    NotRequired,
    TypeAlias,
    TypedDict,
    TypeVar,
)


class Unset:
    """The type of `UNSET`: an argument that was not given, which differs from None."""

    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> str:
        return "UNSET"  # a copy or an unpickled value is the same object


UNSET: Final[Unset] = Unset()

FileContent = IO[bytes] | bytes | str
FileTypes = (
    tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@dataclass
class File:
    """A file to upload."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The form that httpx takes for multipart/form-data."""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@dataclass
class Response(Generic[T]):
    """A response from an endpoint; `parsed` is None for a status the API does not document."""

    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


class ErrorResponse(TypedDict):
    """The one shape of every error."""

    detail: str
    """What is wrong and how to mend it."""


class User(TypedDict):
    """A user. `tags` and `metadata` are present once they have been set."""

    id: str
    """The user's id."""
    name: str | None
    """The user's name; null while no message or call has given one."""
    tags: NotRequired[list[str] | None]
    """Labels of your own."""
    metadata: NotRequired[dict[str, Any] | None]
    """Facts of your own about the user."""


class CreateUserRequest(TypedDict):
    """A user to store."""

    id: str
    """The id you choose for the user."""
    name: str
    """The user's name."""
    tags: NotRequired[list[str] | None]
    """Labels of your own."""
    metadata: NotRequired[dict[str, Any] | None]
    """Facts of your own about the user."""


class UpdateUserRequest(TypedDict):
    """What to change of a user."""

    name: NotRequired[str]
    """The new name."""
    tags: NotRequired[list[str]]
    """The new labels, in place of the old."""
    metadata: NotRequired[dict[str, Any]]
    """The new metadata, in place of the old."""


class QueryUsersRequest(TypedDict):
    """Filters on users."""

    name: NotRequired[list[str] | None]
    """Only users with one of these names."""
    id: NotRequired[list[str] | None]
    """Only users with one of these ids."""


class QueryUsersResponse(TypedDict):
    """The users that match."""

    users: "list[User]"
    """The users, by name and id."""


class MemoryFunctionSchema(TypedDict):
    """The shape of what a memory function remembers."""

    name: str
    """The schema's name."""
    description: str
    """What the schema is about."""
    parameters: dict[str, Any]
    """A JSON Schema."""


class MemoryFunction(TypedDict):
    """A memory function."""

    id: str
    """The memory function's id."""
    type: Literal["user_state", "user_append_state", "user_semantic_memory", "thread_summary"] | str
    """The kind of memory; an open enumeration."""
    custom_instructions: str | None
    """What the extraction is told besides the schema."""
    schema: "MemoryFunctionSchema"
    """The shape of what a memory function remembers."""
    status: Literal["active", "disabled"] | str
    """Whether the function is run; an open enumeration."""
    target_type: Literal["user", "thread"] | str
    """Follows from `type`; an open enumeration."""


class CreateMemoryFunctionRequest(TypedDict):
    """A memory function to store."""

    schema: "MemoryFunctionSchema"
    """The shape of what a memory function remembers."""
    type: NotRequired[
        Literal["user_state", "user_append_state", "user_semantic_memory", "thread_summary"]
    ]
    """The kind of memory. Without it, `user_state`."""
    custom_instructions: NotRequired[str | None]
    """What the extraction is to be told besides the schema."""
    id: NotRequired[str | None]
    """The id you choose; without it the service makes one."""


class UpdateMemoryFunctionRequest(TypedDict):
    """What to change of a memory function."""

    name: NotRequired[str]
    """The new schema name."""
    description: NotRequired[str]
    """The new schema description."""
    custom_instructions: NotRequired[str]
    """The new custom instructions."""
    type: NotRequired[
        Literal["user_state", "user_append_state", "user_semantic_memory", "thread_summary"]
    ]
    """`user_state`: one object of the schema for each user, kept current.
    `user_append_state`: a growing list of objects of the schema for each user, searched by
    similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
    unstructured memory. `thread_summary`: one object of the schema for each thread."""
    status: NotRequired[Literal["active", "disabled"]]
    """A disabled function is not run. When it is made active again it catches up on the messages
    it has missed."""
    schema: NotRequired[dict[str, Any]]
    """The new JSON Schema itself, without name and description around it."""
    function: NotRequired[dict[str, Any]]
    """What the asynchronous client of 2024 calls `schema`; `schema` wins."""


class QueryMemoryFunctionsRequest(TypedDict):
    """Filters on memory functions."""

    target_type: NotRequired[list[Literal["user", "thread"]] | None]
    """Only functions with one of these target types."""
    cursor: NotRequired[str | None]
    """The `next_cursor` of the page before; an opaque string."""


class QueryMemoryFunctionsResponse(TypedDict):
    """A page of memory functions."""

    memory_functions: "list[MemoryFunction]"
    """The functions of this page."""
    next_cursor: NotRequired[str | None]
    """Where the next page begins; null or missing at the end."""


class OpenAIMessageInput(TypedDict):
    """A message in the form of model APIs. `tool_calls`, `tool_call_id`, `function_call` and
    `refusal` are kept in `metadata`, unless it has such a key itself; other properties not
    named here are accepted and not kept."""

    role: str
    """Who speaks: `user`, `assistant`, `system`, `tool` or another word. `human` means `user`
    and `ai` means `assistant`."""
    content: str | list[dict[str, Any]] | None
    """The text, or a list of parts as model APIs know them."""
    name: NotRequired[str | None]
    """The speaker's name."""
    metadata: NotRequired["MessageMetadataInput | None"]
    timestamp: NotRequired[str | None]
    """When it was said, if `metadata` does not say so; ISO 8601, UTC without a zone."""


class MessageMetadataInput(TypedDict):
    """What is known of a message. Keys of your own are kept."""

    user_id: NotRequired[str | None]
    """The user who speaks. Without it the speaker is a guest."""
    user_name: NotRequired[str | None]
    """The user's name, if the message has no `name`."""
    timestamp: NotRequired[str | None]
    """When it was said; ISO 8601, UTC without a zone. Without it, when it arrived."""
    id: NotRequired[str | None]
    """The message's id, unique in the thread. Without it the service makes one."""


class LangMemMessageInput(TypedDict):
    """A message in the service's own form."""

    content: str | list[dict[str, Any]] | None
    """The text, or a list of parts as model APIs know them."""
    user: "MessageUserInput"
    """Who speaks."""
    id: NotRequired[str | None]
    """The message's id, unique in the thread. Without it the service makes one."""
    timestamp: NotRequired[str | None]
    """When it was said; ISO 8601, UTC without a zone. Without it, when it arrived."""


class MessageUserInput(TypedDict):
    """Who speaks."""

    user_id: NotRequired[str | None]
    """The user who speaks. Without it the speaker is a guest."""
    user_name: NotRequired[str | None]
    """The speaker's name."""
    role: NotRequired[str]
    """As `role` of the other form. Without it, `user`."""


class OpenAIMessage(TypedDict):
    """A message in the form of model APIs, with no other keys."""

    content: str | list[dict[str, Any]] | None
    """The text, or a list of parts as model APIs know them."""
    role: str
    """Who speaks: user, assistant, system or another word."""
    name: str | None
    """The speaker's name, guests included."""
    metadata: "MessageMetadata"
    """What is known of a message, with the keys of your own it was posted with."""


class MessageMetadata(TypedDict):
    """What is known of a message, with the keys of your own it was posted with."""

    user_id: str | None
    """The user who speaks; null for a guest."""
    timestamp: str
    """When it was said; ISO 8601, UTC, without a zone."""
    id: str
    """The message's id."""


class LangMemMessage(TypedDict):
    """A message in the service's own form."""

    id: str
    """The message's id."""
    content: str | list[dict[str, Any]] | None
    """The text, or a list of parts as model APIs know them."""
    timestamp: str
    """When it was said; ISO 8601, UTC, without a zone."""
    user: "MessageUser"
    """Who speaks."""


class MessageUser(TypedDict):
    """Who speaks."""

    user_id: str | None
    """The user who speaks; null for a guest."""
    user_name: str | None
    """The speaker's name, guests included."""
    role: str
    """Who speaks; an assistant is `ai` in this form."""


class AddMessagesRequest(TypedDict):
    """Messages to add."""

    messages: "list[OpenAIMessageInput | LangMemMessageInput]"
    """The messages, oldest first."""


class ListMessagesResponse(TypedDict):
    """A page of messages."""

    messages: "list[OpenAIMessage | LangMemMessage]"
    """The messages of this page, all in the form asked for."""
    next_cursor: NotRequired[str | None]
    """Where the next page begins; null or missing at the end."""


class CreateThreadRequest(TypedDict):
    """A thread to store."""

    id: NotRequired[str | None]
    """The id you choose; without it the service makes one."""
    messages: NotRequired["list[OpenAIMessageInput | LangMemMessageInput] | None"]
    """Messages to begin with, oldest first."""
    metadata: NotRequired[dict[str, Any] | None]
    """Facts of your own about the thread."""


class Thread(TypedDict):
    """A thread with its newest messages."""

    id: str
    """The thread's id."""
    metadata: dict[str, Any] | None
    """Facts of your own about the thread."""
    created_at: str
    """When the thread was stored."""
    last_message_timestamp: str | None
    """When messages last arrived."""
    last_message_batch_id: int | None
    """Counts the calls that added messages, from 0."""
    messages: "list[OpenAIMessage]"
    """The newest messages, at most 100, oldest first."""


class ThreadListItem(TypedDict):
    """A thread in a list."""

    id: str
    """The thread's id."""
    last_message_timestamp: str | None
    """When messages last arrived."""
    last_message_batch_id: int | None
    """Counts the calls that added messages, from 0."""


class AddThreadStateRequest(TypedDict):
    """A state to store."""

    state: dict[str, Any]
    """JSON of your own."""
    key: NotRequired[str | None]
    """The slot; null for the nameless one."""


class GetThreadStateRequest(TypedDict):
    """Which state to return."""

    key: NotRequired[str | None]
    """The slot; null for the nameless one."""


class GetThreadStateResponse(TypedDict):
    """A thread's state."""

    state: NotRequired[dict[str, Any] | None]
    """What was stored; null where nothing is."""


class MemoryOutput(TypedDict):
    """One output of one memory function."""

    memory_function_id: str
    """The memory function's id."""
    memory_function_name: str
    """The name of its schema."""
    memory_function_type: (
        Literal["user_state", "user_append_state", "user_semantic_memory", "thread_summary"] | str
    )
    """Its type; an open enumeration."""
    target: str
    """What it is about: /users/<id> or /threads/<id>."""
    output: dict[str, Any]
    """An object of the function's schema."""


class UpdateUserMemoryRequest(TypedDict):
    """A state to store."""

    state: dict[str, Any]
    """An object of the function's schema."""


class MemoryWeights(TypedDict):
    """How much each score counts. A weight left out is 1."""

    relevance: NotRequired[float]
    """How well the text matches."""
    recency: NotRequired[float]
    """How lately the memory was made or used."""
    importance: NotRequired[float]
    """How much the memory matters."""


class ThreadQuery(TypedDict):
    """Which thread summaries to return besides."""

    memory_function_ids: list[str]
    """The `thread_summary` functions."""
    k: NotRequired[int | list[str] | None]
    """How many of the user's threads for each function, the one last written to first.
    Without it, 10.
    A list counts as not given: the synchronous client of 2024 sent the function ids here."""


class QueryUserMemoryRequest(TypedDict):
    """A search."""

    text: str
    """What to look for. Empty, all memories are equally relevant."""
    k: NotRequired[int]
    """How many memories to return at most. Without it, 200."""
    memory_function_ids: NotRequired[list[str] | None]
    """Search the memories of these functions (`user_append_state` or `user_semantic_memory`).
    Null searches the unstructured memories alone."""
    weights: NotRequired["MemoryWeights | None"]
    state: NotRequired[list[str] | None]
    """The `user_state` functions whose states to return besides."""
    thread_query: NotRequired["ThreadQuery | None"]


class QueryUserMemoryResponse(TypedDict):
    """What a search found."""

    user_id: str
    """The user's id."""
    memories: "list[Memory]"
    """The memories, greatest weighted score first."""
    state: list[dict[str, Any] | None] | None
    """The bare states in the order asked, null for one not computed yet. Null when none was
    asked for."""
    thread_summaries: "list[MemoryOutput] | None"
    """The summaries, function by function in the order asked, the thread last written to
    first. Null when none was asked for."""


class Memory(TypedDict):
    """One memory."""

    id: str
    """The memory's id."""
    created_at: str
    """When it was stored."""
    last_accessed: str
    """When an extraction last made or met it."""
    text: str
    """The memory in words. For the unstructured memory subject, predicate and object; for
    others the properties and their values."""
    content: dict[str, Any]
    """`subject`, `predicate` and `object` for the unstructured memory; an object of the
    function's schema for others."""
    scores: "MemoryScores"
    """Each score, scaled to 0..1 over the pool of candidates, before weighting."""


class MemoryScores(TypedDict):
    """Each score, scaled to 0..1 over the pool of candidates, before weighting."""

    recency: float
    """How lately the memory was made or met."""
    importance: float
    """How much it matters."""
    relevance: float
    """How well it matches the text."""


class TokenUsage(TypedDict):
    """What the model counted over all attempts."""

    prompt_tokens: int
    """Tokens sent to the model."""
    completion_tokens: int
    """Tokens the model wrote."""
    total_tokens: int
    """Their sum."""


class DailyUsage(TypedDict):
    """What was used of the model on one day."""

    date: str
    """The day in UTC."""
    runs: int
    """Runs that ended, well or not."""
    attempts: int
    """Questions put to the model."""
    usage: "TokenUsage"
    """What the model counted over all attempts."""


class ListUsageResponse(TypedDict):
    """The days on which the model was used."""

    days: "list[DailyUsage]"
    """The days, oldest first."""


class Readiness(TypedDict):
    """That the service is ready."""

    status: str
    """Always `ready`."""


class Run(TypedDict):
    """One memory function over one range of a thread's messages, for one target."""

    id: str
    """The run's id."""
    memory_function_id: str
    """The memory function's id."""
    memory_function_name: str
    """The name of its schema."""
    memory_function_type: (
        Literal["user_state", "user_append_state", "user_semantic_memory", "thread_summary"] | str
    )
    """Its type; an open enumeration."""
    thread_id: str
    """The thread whose messages it works on."""
    user_id: str | None
    """The user it remembers things about; null for a thread-level function."""
    message_ids: list[str]
    """The messages it works on, oldest first."""
    status: Literal["queued", "running", "succeeded", "failed", "skipped"] | str
    """How far it is; an open enumeration."""
    error: str | None
    """Why it failed or was skipped."""
    attempts: int
    """How often the model was asked."""
    created_at: str
    """When it was planned."""
    started_at: str | None
    """When it last began."""
    finished_at: str | None
    """When it ended."""
    usage: "TokenUsage"
    """What the model counted over all attempts."""


class ListRunsResponse(TypedDict):
    """A page of runs."""

    runs: "list[Run]"
    """The runs of this page."""
    next_cursor: NotRequired[str | None]
    """Where the next page begins; null or missing at the end."""


class ExportPage(TypedDict):
    """A page of an export."""

    records: "list[MemoryFunctionRecord | UserRecord | ThreadRecord | ThreadStateRecord | UserStateRecord | UserMemoryRecord | ThreadMemoryRecord | MessageRecord]"
    """The records of this page, in the order to import them in."""
    next_cursor: str | None
    """Where the next page begins; null at the end."""


class ImportRecordsRequest(TypedDict):
    """Records to store."""

    records: "list[MemoryFunctionRecord | UserRecord | ThreadRecord | ThreadStateRecord | UserStateRecord | UserMemoryRecord | ThreadMemoryRecord | MessageRecord]"
    """The records, in any order; what one needs may come in the same request."""


class ImportResult(TypedDict):
    """How many records did what."""

    created: int
    """Records of what was not there."""
    updated: int
    """Records that changed what was there."""
    unchanged: int
    """Records of what was there already."""


class MemoryFunctionRecord(TypedDict):
    """A memory function."""

    type: Literal["memory_function"]
    """What this is."""
    id: str
    """The memory function's id."""
    memory_function_type: Literal[
        "user_state", "user_append_state", "user_semantic_memory", "thread_summary"
    ]
    """`user_state`: one object of the schema for each user, kept current.
    `user_append_state`: a growing list of objects of the schema for each user, searched by
    similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
    unstructured memory. `thread_summary`: one object of the schema for each thread."""
    schema: "MemoryFunctionSchema"
    """The shape of what a memory function remembers."""
    custom_instructions: NotRequired[str | None]
    """What the extraction is told besides the schema. By default nothing."""
    status: NotRequired[Literal["active", "disabled"]]
    """A disabled function is not run. When it is made active again it catches up on the messages
    it has missed."""
    created_at: NotRequired[str]
    """When it was stored. By default now."""


class UserRecord(TypedDict):
    """A user."""

    type: Literal["user"]
    """What this is."""
    id: str
    """The user's id."""
    name: NotRequired[str | None]
    """The user's name. By default null."""
    named: NotRequired[bool]
    """Whether a call gave the name: then messages do not change it. By default, whether there
    is a name."""
    tags: NotRequired[list[str] | None]
    """Labels of your own. By default null."""
    metadata: NotRequired[dict[str, Any] | None]
    """Facts of your own about the user. By default null."""


class ThreadRecord(TypedDict):
    """A thread, without its messages."""

    type: Literal["thread"]
    """What this is."""
    id: str
    """The thread's id."""
    metadata: NotRequired[dict[str, Any] | None]
    """Facts of your own about the thread. By default null."""
    created_at: NotRequired[str]
    """When the thread was stored. By default now."""
    last_message_timestamp: NotRequired[str | None]
    """When messages last arrived. By default null."""
    last_message_batch_id: NotRequired[int | None]
    """Counts the calls that added messages, from 0. By default null."""
    last_seq: NotRequired[int]
    """The greatest `seq` that a message of the thread has had, so that none is given twice. By
    default 0."""
    processed: NotRequired["list[ProcessedMessages]"]
    """How far memory functions have processed the thread. By default empty."""


class ProcessedMessages(TypedDict):
    """Up to which message of a thread a memory function has done its work."""

    memory_function_id: str
    """The memory function's id."""
    last_seq: int
    """The `seq` of the last message of those it has processed without a gap."""
    user_id: NotRequired[str | None]
    """The user it remembers things about; null, the default, for a thread-level function."""


class ThreadStateRecord(TypedDict):
    """JSON of your own, kept with a thread."""

    type: Literal["thread_state"]
    """What this is."""
    thread_id: str
    """The thread's id."""
    state: dict[str, Any]
    """What `add_thread_state` stored."""
    key: NotRequired[str | None]
    """The slot; null, the default, for the nameless one."""


class UserStateRecord(TypedDict):
    """The state that a `user_state` function keeps for a user."""

    type: Literal["user_state"]
    """What this is."""
    user_id: str
    """The user's id."""
    memory_function_id: str
    """The memory function's id."""
    state: dict[str, Any]
    """The state. It is stored as it is, also if the schema has changed since."""


class UserMemoryRecord(TypedDict):
    """A single memory, of a `user_append_state` or a `user_semantic_memory` function."""

    type: Literal["user_memory"]
    """What this is."""
    id: str
    """The memory's id."""
    user_id: str
    """The user's id."""
    memory_function_id: str
    """The memory function's id."""
    text: str
    """The memory in words; what a search looks through."""
    content: dict[str, Any]
    """What the function made; see `Memory`."""
    importance: NotRequired[float | None]
    """How much it matters, from 1 to 10; null, the default, if nobody judged it."""
    created_at: NotRequired[str]
    """When it was stored. By default now."""
    last_accessed: NotRequired[str]
    """When an extraction last made or met it. By default `created_at`."""
    thread_ids: NotRequired[list[str]]
    """The threads it was drawn from: it is erased with the last of them. By default none."""


class ThreadMemoryRecord(TypedDict):
    """What a `thread_summary` function remembers of a thread."""

    type: Literal["thread_memory"]
    """What this is."""
    thread_id: str
    """The thread's id."""
    memory_function_id: str
    """The memory function's id."""
    output: dict[str, Any]
    """The output. It is stored as it is, also if the schema has changed since."""


class MessageRecord(TypedDict):
    """A message. Without `seq` it is one of your own data, which is taken as `add_messages` takes
    a message in the form of model APIs."""

    type: Literal["message"]
    """What this is."""
    thread_id: str
    """The thread's id."""
    role: str
    """Who speaks: `user`, `assistant`, `system`, `tool` or another word. `human` means `user`
    and `ai` means `assistant`."""
    content: str | list[dict[str, Any]] | None
    """The text, or a list of parts as model APIs know them."""
    name: NotRequired[str | None]
    """The speaker's name."""
    metadata: NotRequired["MessageMetadataInput | None"]
    timestamp: NotRequired[str | None]
    """When it was said, if `metadata` does not say so; ISO 8601, UTC without a zone."""
    seq: NotRequired[int]
    """Its place in the thread, counted from 1. `metadata.id` is then required."""
    batch_id: NotRequired[int]
    """Which of the calls that added messages to the thread brought it, counted from 0. By
    default 0; counts only beside `seq`."""
    timestamp_given: NotRequired[bool]
    """Whether its sender gave the timestamp, by which messages posted again are then told. By
    default, whether there is one; counts only beside `seq`."""


class Health(TypedDict):
    """The service's health."""

    status: Literal["ok"] | str
    """`ok`, or another word when the service needs attention; an open enumeration."""
    version: str
    """The service's version."""
    model_configured: bool
    """Whether functions that need a model can run."""


MemoryFunctionType: TypeAlias = Literal[
    "user_state", "user_append_state", "user_semantic_memory", "thread_summary"
]
"""`user_state`: one object of the schema for each user, kept current.
`user_append_state`: a growing list of objects of the schema for each user, searched by
similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
unstructured memory. `thread_summary`: one object of the schema for each thread."""

TargetType: TypeAlias = Literal["user", "thread"]
"""What a memory function remembers things about."""

MemoryFunctionStatus: TypeAlias = Literal["active", "disabled"]
"""A disabled function is not run. When it is made active again it catches up on the messages
it has missed."""

MessageFormat: TypeAlias = Literal["openai", "langmem"]
"""`openai`: role, content and name at the top, the rest in `metadata`. `langmem`: id,
timestamp and `user`."""

RunStatus: TypeAlias = Literal["queued", "running", "succeeded", "failed", "skipped"]
"""`queued`: waits for its turn. `running`: at work. `succeeded`: its output is stored.
`failed`: gave up, see `error`. `skipped`: could not begin, see `error`."""

MemoryFunctionRecordType: TypeAlias = Literal["memory_function"]
"""What this is."""

UserRecordType: TypeAlias = Literal["user"]
"""What this is."""

ThreadRecordType: TypeAlias = Literal["thread"]
"""What this is."""

ThreadStateRecordType: TypeAlias = Literal["thread_state"]
"""What this is."""

UserStateRecordType: TypeAlias = Literal["user_state"]
"""What this is."""

UserMemoryRecordType: TypeAlias = Literal["user_memory"]
"""What this is."""

ThreadMemoryRecordType: TypeAlias = Literal["thread_memory"]
"""What this is."""

MessageRecordType: TypeAlias = Literal["message"]
"""What this is."""

HealthStatusType0: TypeAlias = Literal["ok"]
