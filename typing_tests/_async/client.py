# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
"""What a type checker, and so an editor, knows of the asynchronous client.

A line with `type: ignore` must be an error to mypy, for the reason given, and to pyright; a mark on
a line that is not one is an error itself. The types asserted must be known exactly.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime
from typing import Any, TypedDict, assert_type

import httpx
from pydantic import BaseModel, Field

from langmem import AsyncClient
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


async def constructor() -> None:
    async with AsyncClient("http://127.0.0.1:8100", "key", timeout=5.0, transport=None) as client:
        assert_type(client, AsyncClient)
        assert_type(client.client, httpx.AsyncClient)
        assert_type(client.api_key, str | None)
    assert_type(await client.aclose(), None)
    assert_type(DEFAULT_TIMEOUT, httpx.Timeout)
    AsyncClient(timeout=httpx.Timeout(5))
    AsyncClient(timeout=None)
    AsyncClient(timeout="5")  # type: ignore[arg-type]
    AsyncClient(url="http://127.0.0.1:8100")  # type: ignore[call-arg]


async def users(client: AsyncClient) -> None:
    user = await client.create_user(
        user_id=USER, name="Will", tags=["a"], metadata={"plan": "free"}
    )
    assert_type(user, User)
    assert_type(user["id"], str)
    assert_type(user["name"], str | None)
    assert_type(user.get("tags"), list[str] | None)
    user["nam"]  # type: ignore[typeddict-item]
    user["tags"].append("b")  # type: ignore[union-attr]
    assert_type(await client.get_user(USER), User)
    assert_type(await client.update_user(USER, tags=("a",)), User)
    assert_type(await client.list_users(name=["Will"], id=[USER, THREAD]), list[User])
    assert_type(await client.list_users(id=USER), list[User])
    assert_type(await client.delete_user(USER), None)
    await client.create_user(USER, "Will")  # type: ignore[call-arg]
    await client.create_user(user_id=USER)  # type: ignore[call-arg]
    await client.get_user(3)  # type: ignore[arg-type]
    await client.list_users(names=["Will"])  # type: ignore[call-arg]


async def memories(client: AsyncClient) -> None:
    assert_type(await client.get_user_memory(USER, memory_function_id=USER), dict[str, Any] | None)
    assert_type(await client.get_thread_memory(THREAD, memory_function_id=USER), dict[str, Any])
    assert_type(await client.list_user_memory(USER), list[MemoryOutput])
    outputs = await client.list_thread_memory(THREAD)
    assert_type(outputs, list[MemoryOutput])
    assert_type(outputs[0]["output"], dict[str, Any])
    assert_type(await client.update_user_memory(USER, memory_function_id=USER, state={}), None)
    assert_type(await client.delete_user_memory(user_id=USER, memory_function_id=USER), None)
    assert_type(await client.delete_individual_memories(USER, memories=["a", USER]), None)
    assert_type(await client.trigger_all_for_user(USER), None)
    assert_type(await client.trigger_all_for_user(USER, wait=None), None)
    assert_type(await client.trigger_all_for_user(USER, wait=5), RunOutcomes)
    assert_type(await client.trigger_all_for_thread(THREAD, wait=0.5), RunOutcomes)
    await client.trigger_all_for_user(USER, wait="5")  # type: ignore[call-overload]
    outcomes = await client.wait_for_memories(thread_id=THREAD, timeout=5)
    assert_type(outcomes, RunOutcomes)
    assert_type(outcomes.failed, tuple[Run, ...])
    assert_type(outcomes.ok, bool)
    await client.wait_for_memories(THREAD)  # type: ignore[call-arg]
    await client.get_user_memory(USER, memory_function_ids=[USER])  # type: ignore[call-arg]


async def search(client: AsyncClient) -> None:
    found = await client.query_user_memory(USER, "pikas", 10, [USER], {"recency": 0.5})
    assert_type(found, QueryUserMemoryResponse)
    assert_type(found["memories"][0]["text"], str)
    assert_type(found["memories"][0]["scores"]["relevance"], float)
    found["memories"][0]["score"]  # type: ignore[typeddict-item]
    found["results"]  # type: ignore[typeddict-item]
    await client.query_user_memory(USER, "pikas", weights={"recency": "much"})  # type: ignore[dict-item]
    await client.query_user_memory(USER, "pikas", k="10")  # type: ignore[arg-type]
    await client.query_user_memory(USER)  # type: ignore[call-arg]


async def memory_functions(client: AsyncClient) -> None:
    function = await client.create_memory_function(
        Profile, target_type="user_state", name="Profile"
    )
    assert_type(function, MemoryFunction)
    assert_type(function["schema"]["parameters"], dict[str, Any])
    function["schem"]  # type: ignore[typeddict-item]
    await client.create_memory_function(Profile(name="Will"))
    await client.create_memory_function({"type": "object"})
    await client.create_memory_function(Event)
    await client.create_memory_function(Summary)
    await client.create_memory_function(Plain)
    await client.create_memory_function(3)  # type: ignore[arg-type]
    await client.create_memory_function("Profile")  # type: ignore[arg-type]
    assert_type(await client.get_memory_function(USER), MemoryFunction)
    assert_type(await client.update_memory_function(USER, schema=Plain), MemoryFunction)
    await client.update_memory_function(USER, status="off")  # type: ignore[arg-type]
    assert_type(
        client.list_memory_functions(target_type="user"), AsyncGenerator[MemoryFunction, None]
    )
    assert_type(await client.delete_memory_function(USER), None)


async def threads(client: AsyncClient) -> None:
    metadata: Metadata = {"user_id": USER, "timestamp": datetime.now(UTC)}
    message: OpenAIMessage = {"role": "user", "content": "Hi!", "metadata": metadata}
    spoken = {"role": "user", "content": "Hi!", "name": "Will", "metadata": {"user_id": USER}}
    answered = {"role": "ai", "content": "Hello!"}
    assert_type(await client.add_messages(THREAD, [spoken, answered]), None)
    await client.add_messages(thread_id=THREAD, messages=[message])
    await client.add_messages(THREAD, [{"id": USER, "content": "Hi!", "user": {"role": "ai"}}])
    await client.add_messages(THREAD, ["Hi!"])  # type: ignore[list-item]
    await client.add_messages(THREAD)  # type: ignore[call-arg]
    assert_type(await client.create_thread(messages=[message], metadata={"a": 1}), Thread)
    assert_type(await client.get_thread(THREAD), Thread)
    listed = await client.list_threads()
    assert_type(listed, list[ThreadListItem])
    assert_type(listed[0]["last_message_batch_id"], int | None)
    assert_type(await client.add_thread_state(THREAD, {"step": 1}, key="k"), None)
    stored = await client.get_thread_state(THREAD)
    assert_type(stored.get("state"), dict[str, Any] | None)
    assert_type(await client.delete_thread(THREAD), None)
    wrong: OpenAIMessage = {"role": "user", "text": "Hi!"}  # type: ignore[typeddict-unknown-key]
    await client.add_messages(THREAD, [wrong])


async def lists(client: AsyncClient) -> None:
    async for message in client.list_messages(THREAD, limit=3):
        assert_type(message["role"], str)
        assert_type(message["metadata"]["user_id"], str | None)
        message["user"]  # type: ignore[typeddict-item]
    async for other in client.list_messages(THREAD, response_format="langmem"):
        assert_type(other, LangMemMessage)
        assert_type(other["user"]["role"], str)
        other["role"]  # type: ignore[typeddict-item]
    assert_type(client.list_user_runs(USER, status="failed"), AsyncGenerator[Run, None])
    assert_type(await client.retry_run(RUN), Run)
    assert_type(await client.list_usage("2026-01-01", date(2026, 1, 31)), list[DailyUsage])
    assert_type(await client.get_readiness(), Readiness)
    page = await client.export_records(user_id=USER)
    assert_type(page, ExportPage)
    for record in page["records"]:
        if record["type"] == "user_memory":
            assert_type(record["text"], str)
    assert_type(await client.import_records(page["records"]), ImportResult)
    assert_type(client.list_thread_runs(THREAD), AsyncGenerator[Run, None])
    assert_type([run["error"] async for run in client.list_thread_runs(THREAD)], list[str | None])
    client.list_messages(THREAD, response_format="xml")  # type: ignore[call-overload]
    client.list_messages(THREAD, "openai")  # type: ignore[call-overload]


async def health(client: AsyncClient) -> None:
    answer = await client.get_health()
    assert_type(answer["model_configured"], bool)


async def errors(client: AsyncClient) -> None:
    try:
        await client.get_user(USER)
    except NotFoundError as error:
        assert_type(error.status_code, int | None)
        assert_type(error.detail, str)
    except (APIStatusError, LangMemError) as error:
        assert_type(error.path, str | None)
