from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, Field

from langmem import errors
from tests.integration.waiting import wait_for_runs

if TYPE_CHECKING:
    from tests.integration.conftest import Call
    from tests.server.live import Api
    from tests.server.scripted_model import ScriptedModel

pytestmark = pytest.mark.anyio

SAID = "I am sure that pikas make their own haypiles."


class UserProfile(BaseModel):
    """What is known of a user."""

    name: str = Field(description="The user's name")
    interests: list[str] = Field(description="The user's interests")
    relationships: dict[str, str] = Field(description="The user's friends, family and pets")


class Belief(BaseModel):
    """Something the user holds to be true."""

    belief: str


class ConversationSummary(BaseModel):
    """What was talked about."""

    title: str
    topic: list[str]


@pytest.fixture(scope="module")
def service(model_service: Api) -> Api:
    """The service of this module has a model."""
    return model_service


async def functions(call: Call) -> dict[str, str]:
    """Create one function of each type that needs a schema; return their ids by type."""
    wanted = {
        "user_state": UserProfile,
        "user_append_state": Belief,
        "thread_summary": ConversationSummary,
    }
    return {
        type_: (await call("create_memory_function", schema, target_type=type_))["id"]
        for type_, schema in wanted.items()
    }


async def talk(call: Call, user: uuid.UUID, thread: uuid.UUID, text: str) -> list[dict[str, Any]]:
    """Say something, have it processed, and return the runs."""
    message = {"role": "user", "content": text, "name": "Will", "metadata": {"user_id": user}}
    await call("add_messages", thread, [message, {"role": "assistant", "content": "I see."}])
    await call("trigger_all_for_thread", thread)
    return await wait_for_runs(call, "list_thread_runs", thread)


async def test_every_type_of_memory(call: Call) -> None:
    """From one conversation come a profile, beliefs, triples and a summary, all in one query."""
    ids = await functions(call)
    user, thread = uuid.uuid4(), uuid.uuid4()
    runs = await talk(call, user, thread, SAID)
    assert {run["memory_function_type"]: run["status"] for run in runs} == {
        "user_state": "succeeded",
        "user_append_state": "succeeded",
        "user_semantic_memory": "succeeded",
        "thread_summary": "succeeded",
    }
    for run in runs:
        assert run["attempts"] == 1
        assert run["usage"]["total_tokens"] > 0
    profile = await call("get_user_memory", user, memory_function_id=ids["user_state"])
    assert profile["name"] == SAID
    found = await call(
        "query_user_memory",
        user,
        "pikas",
        k=5,
        memory_function_ids=[ids["user_append_state"]],
        states_to_return=[ids["user_state"]],
        thread_summaries=[ids["thread_summary"]],
        thread_summaries_k=5,
    )
    [belief] = found["memories"]
    assert belief["content"] == {"belief": SAID}
    assert belief["text"] == f"belief: {SAID}"
    assert found["state"] == [profile]
    summary = await call("get_thread_memory", thread, memory_function_id=ids["thread_summary"])
    [output] = found["thread_summaries"]
    assert output["output"] == summary
    assert await call("list_thread_memory", thread) == [output]
    [triple] = (await call("query_user_memory", user, "pikas"))["memories"]
    assert triple["content"]["subject"] == "Will"


async def test_a_profile_changes_only_in_what_is_said(call: Call, model: ScriptedModel) -> None:
    """A second conversation adds to the profile; what it does not mention stays."""
    ids = await functions(call)
    user = uuid.uuid4()
    target = {"memory_function_id": ids["user_state"]}
    await talk(call, user, uuid.uuid4(), SAID)
    state = {"name": "Will", "interests": ["pikas"], "relationships": {"Jo": "friend"}}
    await call("update_user_memory", user, **target, state=state)
    thread = uuid.uuid4()
    for function in ids.values():
        if function != ids["user_state"]:
            await call("update_memory_function", function, status="disabled")
    semantic = [
        f["id"] for f in await call("list_memory_functions") if "Semantic" in f["schema"]["name"]
    ]
    for function in semantic:
        await call("update_memory_function", function, status="disabled")
    try:
        model.reply({"patch": [{"op": "add", "path": "/interests/-", "value": "rabbits"}]})
        [run] = await talk(call, user, thread, "Rabbits are nice, too.")
    finally:
        for function in (*ids.values(), *semantic):
            await call("update_memory_function", function, status="active")
    assert run["status"] == "succeeded", run["error"]
    assert await call("get_user_memory", user, **target) == state | {
        "interests": ["pikas", "rabbits"]
    }


async def test_a_failed_run_says_why_and_is_run_again(call: Call, model: ScriptedModel) -> None:
    """A model that refuses makes a failed run with its reason; a trigger tries again."""
    ids = await functions(call)
    user, thread = uuid.uuid4(), uuid.uuid4()
    for _ in range(4):
        model.refuse(401, text="no such key")
    runs = await talk(call, user, thread, SAID)
    assert {run["status"] for run in runs} == {"failed"}
    assert all("401" in run["error"] for run in runs)
    with pytest.raises(errors.NotFoundError, match="has no output for this thread yet"):
        await call("get_thread_memory", thread, memory_function_id=ids["thread_summary"])
    await call("trigger_all_for_thread", thread)
    again = await wait_for_runs(call, "list_thread_runs", thread)
    assert [(run["id"], run["status"]) for run in again] == [
        (run["id"], "succeeded") for run in runs
    ]


async def test_health(call: Call) -> None:
    """The service says that it has a model."""
    assert (await call("get_health"))["model_configured"] is True
