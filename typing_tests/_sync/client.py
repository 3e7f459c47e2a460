# Derived by scripts/unasync.py from typing_tests/_async/client.py: edit that instead.
# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
"""What a type checker, and so an editor, knows of the synchronous client.

A line with `type: ignore` must be an error to mypy, for the reason given, and to pyright; a mark on
a line that is not one is an error itself. The types asserted must be known exactly.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Generator
from datetime import UTC, date, datetime
from typing import Any, TypedDict, assert_type

import httpx
from pydantic import BaseModel, Field

from langmem import Client
from langmem.client import DEFAULT_TIMEOUT
from langmem.errors import APIStatusError, LangMemError, NotFoundError
from langmem.schemas import (
    DailyUsage,
    ExportPage,
    ImportResult,
    LangMemMessage,
    MemoryFunction,
    MemoryOutput,
    Metadata,
    OpenAIMessage,
    QueryUserMemoryResponse,
    Readiness,
    Run,
    RunOutcomes,
    Thread,
    ThreadListItem,
    User,
)

USER = uuid.uuid4()
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
RUN = "7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02"


class Profile(BaseModel):
    name: str = Field(description="The user's name")


@dataclasses.dataclass
class Event:
    what: str


class Summary(TypedDict):
    title: str


class Plain:
    name: str


def constructor() -> None:
    with Client("http://127.0.0.1:8100", "key", timeout=5.0, transport=None) as client:
        assert_type(client, Client)
        assert_type(client.client, httpx.Client)
        assert_type(client.api_key, str | None)
    assert_type(client.close(), None)
    assert_type(DEFAULT_TIMEOUT, httpx.Timeout)
    Client(timeout=httpx.Timeout(5))
    Client(timeout=None)
    Client(timeout="5")  # type: ignore[arg-type]
    Client(url="http://127.0.0.1:8100")  # type: ignore[call-arg]


def users(client: Client) -> None:
    user = client.create_user(user_id=USER, name="Will", tags=["a"], metadata={"plan": "free"})
    assert_type(user, User)
    assert_type(user["id"], str)
    assert_type(user["name"], str | None)
    assert_type(user.get("tags"), list[str] | None)
    user["nam"]  # type: ignore[typeddict-item]
    user["tags"].append("b")  # type: ignore[union-attr]
    assert_type(client.get_user(USER), User)
    assert_type(client.update_user(USER, tags=("a",)), User)
    assert_type(client.list_users(name=["Will"], id=[USER, THREAD]), list[User])
    assert_type(client.list_users(id=USER), list[User])
    assert_type(client.delete_user(USER), None)
    client.create_user(USER, "Will")  # type: ignore[call-arg]
    client.create_user(user_id=USER)  # type: ignore[call-arg]
    client.get_user(3)  # type: ignore[arg-type]
    client.list_users(names=["Will"])  # type: ignore[call-arg]


def memories(client: Client) -> None:
    assert_type(client.get_user_memory(USER, memory_function_id=USER), dict[str, Any] | None)
    assert_type(client.get_thread_memory(THREAD, memory_function_id=USER), dict[str, Any])
    assert_type(client.list_user_memory(USER), list[MemoryOutput])
    outputs = client.list_thread_memory(THREAD)
    assert_type(outputs, list[MemoryOutput])
    assert_type(outputs[0]["output"], dict[str, Any])
    assert_type(client.update_user_memory(USER, memory_function_id=USER, state={}), None)
    assert_type(client.delete_user_memory(user_id=USER, memory_function_id=USER), None)
    assert_type(client.delete_individual_memories(USER, memories=["a", USER]), None)
    assert_type(client.trigger_all_for_user(USER), None)
    assert_type(client.trigger_all_for_user(USER, wait=None), None)
    assert_type(client.trigger_all_for_user(USER, wait=5), RunOutcomes)
    assert_type(client.trigger_all_for_thread(THREAD, wait=0.5), RunOutcomes)
    client.trigger_all_for_user(USER, wait="5")  # type: ignore[call-overload]
    outcomes = client.wait_for_memories(thread_id=THREAD, timeout=5)
    assert_type(outcomes, RunOutcomes)
    assert_type(outcomes.failed, tuple[Run, ...])
    assert_type(outcomes.ok, bool)
    client.wait_for_memories(THREAD)  # type: ignore[call-arg]
    client.get_user_memory(USER, memory_function_ids=[USER])  # type: ignore[call-arg]


def search(client: Client) -> None:
    found = client.query_user_memory(USER, "pikas", 10, [USER], {"recency": 0.5})
    assert_type(found, QueryUserMemoryResponse)
    assert_type(found["memories"][0]["text"], str)
    assert_type(found["memories"][0]["scores"]["relevance"], float)
    found["memories"][0]["score"]  # type: ignore[typeddict-item]
    found["results"]  # type: ignore[typeddict-item]
    client.query_user_memory(USER, "pikas", weights={"recency": "much"})  # type: ignore[dict-item]
    client.query_user_memory(USER, "pikas", k="10")  # type: ignore[arg-type]
    client.query_user_memory(USER)  # type: ignore[call-arg]


def memory_functions(client: Client) -> None:
    function = client.create_memory_function(Profile, target_type="user_state", name="Profile")
    assert_type(function, MemoryFunction)
    assert_type(function["schema"]["parameters"], dict[str, Any])
    function["schem"]  # type: ignore[typeddict-item]
    client.create_memory_function(Profile(name="Will"))
    client.create_memory_function({"type": "object"})
    client.create_memory_function(Event)
    client.create_memory_function(Summary)
    client.create_memory_function(Plain)
    client.create_memory_function(3)  # type: ignore[arg-type]
    client.create_memory_function("Profile")  # type: ignore[arg-type]
    assert_type(client.get_memory_function(USER), MemoryFunction)
    assert_type(client.update_memory_function(USER, schema=Plain), MemoryFunction)
    client.update_memory_function(USER, status="off")  # type: ignore[arg-type]
    assert_type(
        client.list_memory_functions(target_type="user"), Generator[MemoryFunction, None, None]
    )
    assert_type(client.delete_memory_function(USER), None)


def threads(client: Client) -> None:
    metadata: Metadata = {"user_id": USER, "timestamp": datetime.now(UTC)}
    message: OpenAIMessage = {"role": "user", "content": "Hi!", "metadata": metadata}
    spoken = {"role": "user", "content": "Hi!", "name": "Will", "metadata": {"user_id": USER}}
    answered = {"role": "ai", "content": "Hello!"}
    assert_type(client.add_messages(THREAD, [spoken, answered]), None)
    client.add_messages(thread_id=THREAD, messages=[message])
    client.add_messages(THREAD, [{"id": USER, "content": "Hi!", "user": {"role": "ai"}}])
    client.add_messages(THREAD, ["Hi!"])  # type: ignore[list-item]
    client.add_messages(THREAD)  # type: ignore[call-arg]
    assert_type(client.create_thread(messages=[message], metadata={"a": 1}), Thread)
    assert_type(client.get_thread(THREAD), Thread)
    listed = client.list_threads()
    assert_type(listed, list[ThreadListItem])
    assert_type(listed[0]["last_message_batch_id"], int | None)
    assert_type(client.add_thread_state(THREAD, {"step": 1}, key="k"), None)
    stored = client.get_thread_state(THREAD)
    assert_type(stored.get("state"), dict[str, Any] | None)
    assert_type(client.delete_thread(THREAD), None)
    wrong: OpenAIMessage = {"role": "user", "text": "Hi!"}  # type: ignore[typeddict-unknown-key]
    client.add_messages(THREAD, [wrong])


def lists(client: Client) -> None:
    for message in client.list_messages(THREAD, limit=3):
        assert_type(message["role"], str)
        assert_type(message["metadata"]["user_id"], str | None)
        message["user"]  # type: ignore[typeddict-item]
    for other in client.list_messages(THREAD, response_format="langmem"):
        assert_type(other, LangMemMessage)
        assert_type(other["user"]["role"], str)
        other["role"]  # type: ignore[typeddict-item]
    assert_type(client.list_user_runs(USER, status="failed"), Generator[Run, None, None])
    assert_type(client.retry_run(RUN), Run)
    assert_type(client.list_usage("2026-01-01", date(2026, 1, 31)), list[DailyUsage])
    assert_type(client.get_readiness(), Readiness)
    page = client.export_records(user_id=USER)
    assert_type(page, ExportPage)
    for record in page["records"]:
        if record["type"] == "user_memory":
            assert_type(record["text"], str)
    assert_type(client.import_records(page["records"]), ImportResult)
    assert_type(client.list_thread_runs(THREAD), Generator[Run, None, None])
    assert_type([run["error"] for run in client.list_thread_runs(THREAD)], list[str | None])
    client.list_messages(THREAD, response_format="xml")  # type: ignore[call-overload]
    client.list_messages(THREAD, "openai")  # type: ignore[call-overload]


def health(client: Client) -> None:
    answer = client.get_health()
    assert_type(answer["model_configured"], bool)


def errors(client: Client) -> None:
    try:
        client.get_user(USER)
    except NotFoundError as error:
        assert_type(error.status_code, int | None)
        assert_type(error.detail, str)
    except (APIStatusError, LangMemError) as error:
        assert_type(error.path, str | None)
