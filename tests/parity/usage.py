"""Use every method of the last published SDK against a running service, and print what came back.

    LANGMEM_API_URL=http://127.0.0.1:8100 python usage.py

The calls are those of a program written for that SDK: nothing here is known to this project's
client alone. One JSON object: by colour, then by the name of the step, the value returned.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from pydantic import BaseModel, Field

import langmem

DEADLINE = 40.0
"""Seconds within which a memory must have been computed."""


class UserProfile(BaseModel):
    """What is known of a user."""

    name: str = Field(description="The user's name")
    interests: list[str] = Field(description="The user's interests")


class Belief(BaseModel):
    """Something the user holds to be true."""

    belief: str


class ConversationSummary(BaseModel):
    """What was talked about."""

    title: str
    topic: list[str]


class Program:
    """One client of either colour, and what its calls returned."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.seen: dict[str, Any] = {}

    async def call(self, step: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method and keep its value under the name of the step."""
        result = getattr(self.client, method)(*args, **kwargs)
        if inspect.isawaitable(result):
            result = await result
        elif hasattr(result, "__aiter__"):
            result = [item async for item in result]
        elif isinstance(result, Iterator):
            result = list(result)
        self.seen[step] = result
        return result

    async def poll(
        self, step: str, found: Callable[[Any], bool], method: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Call a method until its value is `found`, as programs did: there was nothing to wait on.

        Raises:
            TimeoutError: It was not found before the deadline.
        """
        until = time.monotonic() + DEADLINE
        while not found(value := await self.call(step, method, *args, **kwargs)):
            if time.monotonic() > until:
                raise TimeoutError(f"{step}: still {value!r} after {DEADLINE} s")
            await asyncio.sleep(0.05)
        return value


def conversation(user_id: uuid.UUID) -> list[dict[str, Any]]:
    """Three messages, with a guest's among them."""
    return [
        {
            "role": "user",
            "content": "I am sure that pikas make their own haypiles.",
            "name": "Will",
            "metadata": {"user_id": user_id},
        },
        {"role": "assistant", "content": "Yes! They are related to rabbits."},
        {"role": "user", "content": "Hello, I am only passing by.", "name": "Jeanne"},
    ]


async def functions(program: Program) -> dict[str, str]:
    """Create, read, list and change memory functions; return their identifiers."""
    profile = await program.call(
        "create_memory_function", "create_memory_function", UserProfile,
        target_type="user_state", name="User Profile", custom_instructions="Never guess.",
    )  # fmt: skip
    belief = await program.call(
        "create append function", "create_memory_function", Belief, target_type="user_append_state"
    )
    summary = await program.call(
        "create thread function", "create_memory_function", ConversationSummary.model_json_schema(),
        target_type="thread_summary",
    )  # fmt: skip
    await program.call(
        "create again", "create_memory_function", Belief, target_type="user_append_state"
    )
    await program.call("get_memory_function", "get_memory_function", profile["id"])
    await program.call("list_memory_functions", "list_memory_functions")
    await program.call("list user functions", "list_memory_functions", target_type="user")
    await program.call("list thread functions", "list_memory_functions", target_type=["thread"])
    await program.call(
        "update_memory_function", "update_memory_function", profile["id"], description="A user."
    )
    schema = {"type": "object", "properties": {"belief": {"type": "string"}, "since": {}}}
    await program.call("update schema", "update_memory_function", belief["id"], schema=schema)
    schema = Belief.model_json_schema()
    await program.call("restore schema", "update_memory_function", belief["id"], schema=schema)
    return {"profile": profile["id"], "belief": belief["id"], "summary": summary["id"]}


async def users(program: Program) -> None:
    """Create, read, change and list a user who never speaks."""
    user = uuid.uuid4()
    await program.call("create_user", "create_user", user_id=str(user), name="Ada", tags=["new"])
    await program.call("get_user", "get_user", user)
    await program.call("update_user", "update_user", user, metadata={"plan": "free"})
    await program.call("list_users", "list_users", id=[str(user)])
    await program.call("list users by name", "list_users", name=["nobody has this name"])


async def threads(program: Program, user: uuid.UUID, thread: uuid.UUID) -> None:
    """Read a thread before it exists, post to it, and read it in every way."""
    await program.call("list messages of nothing", "list_messages", thread)
    await program.call("get state of nothing", "get_thread_state", thread)
    await program.call("query nobody", "query_user_memory", user, "pikas")
    await program.call("create_thread", "create_thread", thread_id=str(uuid.uuid4()), messages=[])
    await program.call("add_messages", "add_messages", thread, messages=conversation(user))
    await program.call("list_messages", "list_messages", thread)
    await program.call("list langmem form", "list_messages", thread, response_format="langmem")
    await program.call("list newest first", "list_messages", thread, page_size=2,
                       ascending_order=False)  # fmt: skip
    await program.call("list limited", "list_messages", thread, page_size=1, limit=2)
    await program.call("get_thread", "get_thread", thread)
    await program.call("list_threads", "list_threads")
    await program.call("add_thread_state", "add_thread_state", thread, {"step": 3}, key="mine")
    await program.call("get_thread_state", "get_thread_state", thread, key="mine")
    await program.call("get state of another key", "get_thread_state", thread)


async def memories(
    program: Program, user: uuid.UUID, thread: uuid.UUID, ids: dict[str, str]
) -> None:
    """Trigger, wait for, read, search, change and delete what is remembered."""
    profile, belief, summary = ids["profile"], ids["belief"], ids["summary"]
    await program.call("trigger_all_for_thread", "trigger_all_for_thread", thread)
    await program.call("trigger_all_for_user", "trigger_all_for_user", user)
    await program.poll("get_user_memory", bool, "get_user_memory", user, memory_function_id=profile)
    await program.poll("list_thread_memory", bool, "list_thread_memory", thread)
    await program.call("get_thread_memory", "get_thread_memory", thread, memory_function_id=summary)
    has_memories: Callable[[Any], bool] = lambda found: bool(found["memories"])  # noqa: E731
    await program.poll("query_user_memory", has_memories, "query_user_memory", user, "pikas", k=1)
    appended = await program.poll(
        "query append memories", has_memories, "query_user_memory", user, "pikas",
        memory_function_ids=[belief], weights={"relevance": 1.0, "recency": 0.0, "importance": 0.0},
        states_to_return=[profile], thread_summaries=[summary], thread_summaries_k=5,
    )  # fmt: skip
    if hasattr(program.client, "list_user_memory"):
        await program.call("list_user_memory", "list_user_memory", user)
    await program.call(
        "delete_individual_memories", "delete_individual_memories", user,
        memories=[memory["id"] for memory in appended["memories"]],
    )  # fmt: skip
    await program.call(
        "query deleted memories", "query_user_memory", user, "pikas", memory_function_ids=[belief]
    )
    await program.call(
        "update_user_memory", "update_user_memory", user,
        memory_function_id=profile, state={"name": "William"},
    )  # fmt: skip
    await program.call("get new state", "get_user_memory", user, memory_function_id=profile)
    await program.call(
        "delete_user_memory", "delete_user_memory", user_id=user, memory_function_id=profile
    )
    await program.call("get deleted state", "get_user_memory", user, memory_function_id=profile)


async def untriggered(program: Program, profile: str) -> None:
    """Wait for a memory nobody triggered."""
    user = uuid.uuid4()
    await program.call("post only", "add_messages", uuid.uuid4(), messages=conversation(user))
    await program.poll("get memory in time", bool, "get_user_memory", user,
                       memory_function_id=profile)  # fmt: skip


async def failure(program: Program) -> None:
    """Keep what a caller sees who asks for somebody unknown."""
    try:
        await program.call("unknown", "get_user", uuid.uuid4())
    except httpx.HTTPError as error:
        program.seen["unknown user"] = str(error)


async def run(client: Any) -> dict[str, Any]:
    """Make every call with one client."""
    program = Program(client)
    user, thread = uuid.uuid4(), uuid.uuid4()
    ids = await functions(program)
    await users(program)
    await threads(program, user, thread)
    await memories(program, user, thread, ids)
    await untriggered(program, ids["profile"])
    await failure(program)
    for one in ids.values():
        await program.call("delete_memory_function", "delete_memory_function", one)
    program.seen |= {"user": str(user), "thread": str(thread), "functions": ids}
    return program.seen


async def main() -> None:
    """Be a sync program first, then an async one."""
    with langmem.Client() as client:
        seen = {"sync": await run(client)}
    async with langmem.AsyncClient() as client:
        seen["async"] = await run(client)
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
