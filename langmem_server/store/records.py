"""The records the store takes and gives: frozen, plain, free of SQL.

Ids are canonical lower-case UUID text. Timestamps are ISO-8601 UTC text with microseconds and a
`Z`, so that they sort as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

BESIDE_CONTENT: Final = ("tool_calls", "tool_call_id", "function_call", "refusal")
"""What a message may say in other keys than `content`; it is kept in `extra`."""


def iso(moment: datetime) -> str:
    """Write a moment the way the store keeps it.

    Args:
        moment: Any datetime; one without a zone is taken as UTC.

    Returns:
        Text such as `2026-01-31T12:00:00.000000Z`.

    Example:
        >>> iso(datetime(2026, 1, 31, 12, tzinfo=UTC))
        '2026-01-31T12:00:00.000000Z'
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def utc_now() -> str:
    """Return the present moment as `iso` text."""
    return iso(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class User:
    """A person whose messages are remembered."""

    id: str
    name: str | None = None
    tags: list[str] | None = None
    metadata: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A memory function: what is to be remembered, in which shape.

    `type` is one of user_state, user_append_state, user_semantic_memory, thread_summary;
    `parameters` is a JSON Schema; `status` is active or disabled.
    """

    id: str
    type: str
    name: str
    description: str
    parameters: dict[str, Any]
    custom_instructions: str | None
    status: str
    created_at: str

    @property
    def target_type(self) -> str:
        """`thread` for a function over threads, `user` for one over users."""
        return "thread" if self.type.startswith("thread") else "user"

    @property
    def place(self) -> str:
        """Where the function stands in lists, which go by age: what the next page continues after.

        It names the function's age and not only its id, so that it holds when the function is
        deleted in between.
        """
        return f"{self.created_at} {self.id}"


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation; both `last_message_*` are None until a message is stored."""

    id: str
    metadata: dict[str, Any] | None
    created_at: str
    last_message_timestamp: str | None
    last_message_batch_id: int | None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it came, from either wire form.

    `timestamp` is None unless the sender gave one; `extra` keeps the sender's free metadata.
    """

    id: str | None
    role: str
    content: Any
    name: str | None = None
    user_id: str | None = None
    timestamp: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `seq` counts from 1 in its thread, `batch_id` from 0 per posting."""

    seq: int
    batch_id: int
    id: str
    role: str
    content: Any
    name: str | None
    user_id: str | None
    timestamp: str
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewMemory:
    """A memory an extraction found; `importance` is None when nobody judged it."""

    text: str
    content: dict[str, Any]
    importance: float | None


@dataclass(frozen=True, slots=True)
class Memory:
    """A stored memory of one user."""

    id: str
    user_id: str
    function_id: str
    text: str
    content: dict[str, Any]
    importance: float | None
    created_at: str
    last_accessed: str


class Hit(NamedTuple):
    """A term of a query found in a document: how often, and how long the document is."""

    term: int
    document: int
    times: int
    length: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that a query may return.

    `relevance` is the BM25 score, 0.0 where no term matches.
    """

    memory: Memory
    relevance: float


@dataclass(frozen=True, slots=True)
class Output:
    """What one function holds about one target; exactly one of the two target ids is set."""

    function_id: str
    function_name: str
    function_type: str
    thread_id: str | None
    user_id: str | None
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One memory function over the messages `first_seq`..`last_seq` (inclusive) of a thread.

    `status` is one of queued, running, succeeded, failed, skipped. `user_id` is None for a
    function over threads. `lane` names the order the run belongs to: runs of one lane must not
    overlap. `ordinal` grows with every run and is what pages continue after.
    """

    id: str
    thread_id: str
    user_id: str | None
    function_id: str
    function_name: str
    function_type: str
    status: str
    first_seq: int
    last_seq: int
    error: str | None
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    created_at: str
    started_at: str | None
    finished_at: str | None
    lane: str
    message_ids: list[str]
    ordinal: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of an API key.

    `digest` is its SHA-256; `scope` is `application`, or `metrics` for one that reads `/metrics`
    and nothing else.
    """

    id: str
    tenant: str
    name: str
    scope: str
    digest: str = field(repr=False)
    created_at: str
    revoked_at: str | None = None


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """What a tenant used of the model on one day, `date`, in UTC: `runs` ended, `attempts` made."""

    date: str
    runs: int
    attempts: int
    prompt_tokens: int
    completion_tokens: int


class Imported(NamedTuple):
    """A row from elsewhere: its values by column, and where it stood, for errors."""

    place: str
    values: dict[str, Any]


class Moment(NamedTuple):
    """When an import happens, as `utc_now` writes it; what it brings is due at epoch seconds."""

    now: str
    due_at: float


class Subjects(NamedTuple):
    """Whom and what an answer shows, each by its id."""

    user_id: str | None = None
    thread_id: str | None = None
    function_id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A keyed request that was done.

    `fingerprint` tells it from other requests; `answer` is a JSON value, None also when it has
    been `erased` with what it showed.
    """

    fingerprint: str
    answer: Any
    erased: bool


class Dispatch(NamedTuple):
    """A queued run to hand to the background engine; `queued_count` grows with every retry.

    `subject` is the user it is for, else the thread; None if the service was killed during the run
    so often that it may be the reason.
    """

    tenant: str
    run_id: str
    lane: str
    queued_count: int
    subject: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """All that a run needs, read in one transaction.

    `messages` are the run's own; `context` are the last few before them. `state` is the current
    document of a user_state or thread_summary function, with the version it was read at (0 when
    there is none). `begun_count` says how often the run has been begun: only who began it last may
    end it.
    """

    tenant: str
    run: Run
    function: Function
    user: User | None
    context: list[Message]
    messages: list[Message]
    state: dict[str, Any] | None
    state_version: int
    begun_count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an extraction gives back; `status` is one of succeeded, failed, skipped."""

    status: str
    error: str | None
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    state: dict[str, Any] | None = None
    memories: list[NewMemory] | tuple[NewMemory, ...] = ()
