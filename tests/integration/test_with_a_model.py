from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, Field

from langmem import errors

if TYPE_CHECKING:
    from langmem.testing import Service
    from tests.integration.conftest import Call

pytestmark = pytest.mark.anyio

SAID = "I am sure that pikas make their own haypiles."
TRIPLE = {"subject": "Will", "predicate": "is sure of", "object": "haypiles", "importance": 3}


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


WILL = UserProfile(name="Will", interests=["pikas"], relationships={"Jo": "friend"})
SUMMARY = ConversationSummary(title="Haypiles", topic=["pikas"])


@pytest.fixture
def service(langmem_service: Service) -> Service:
    """The services of this module have a model."""
    return langmem_service


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
    outcomes = await call("trigger_all_for_thread", thread, wait=30)
    return list(outcomes.runs)


async def test_every_type_of_memory(call: Call, service: Service) -> None:
    """From one conversation come a profile, beliefs, triples and a summary, all in one query."""
    ids = await functions(call)
    user, thread = uuid.uuid4(), uuid.uuid4()
    for answer in (WILL, Belief(belief="Pikas make haypiles."), SUMMARY, TRIPLE):
        service.model.reply(answer)
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
    assert profile == WILL.model_dump()
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
    assert belief["content"] == {"belief": "Pikas make haypiles."}
    assert belief["text"] == "belief: Pikas make haypiles."
    assert found["state"] == [profile]
    summary = await call("get_thread_memory", thread, memory_function_id=ids["thread_summary"])
    assert summary == SUMMARY.model_dump()
    [output] = found["thread_summaries"]
    assert output["output"] == summary
    assert await call("list_thread_memory", thread) == [output]
    [triple] = (await call("query_user_memory", user, "haypiles"))["memories"]
    assert triple["content"]["subject"] == "Will"


async def test_the_model_reads_what_was_said(call: Call, service: Service) -> None:
    """Each function's question holds the conversation, and whose memory it is about."""
    await functions(call)
    await talk(call, uuid.uuid4(), uuid.uuid4(), SAID)
    asked = {question.function: question for question in service.model.questions}
    assert set(asked) == {"UserProfile", "Belief", "ConversationSummary", "SemanticUserMemory"}
    for name, question in asked.items():
        said, answered = question.messages
        assert (said["text"], answered["text"]) == (SAID, "I see.")
        assert said.get("target") is (None if name == "ConversationSummary" else True)


async def test_a_profile_changes_only_in_what_is_said(call: Call, service: Service) -> None:
    """A second conversation adds to the profile by a patch; what it does not mention stays."""
    ids = await functions(call)
    user = uuid.uuid4()
    target = {"memory_function_id": ids["user_state"]}
    service.model.reply(SUMMARY, times=None)
    service.model.reply(WILL)
    await talk(call, user, uuid.uuid4(), SAID)
    state = WILL.model_dump() | {"interests": ["pikas", "rabbits"]}
    service.model.reply(state)
    runs = await talk(call, user, uuid.uuid4(), "Rabbits are nice, too.")
    assert {run["status"] for run in runs} == {"succeeded"}
    assert await call("get_user_memory", user, **target) == state
    asked = [each for each in service.model.questions if each.function == "UserProfile"]
    assert [question.document for question in asked] == [None, WILL.model_dump()]


async def test_a_failed_run_says_why_and_is_run_again(call: Call, service: Service) -> None:
    """A model that refuses makes a failed run with its reason; a trigger tries again."""
    ids = await functions(call)
    user, thread = uuid.uuid4(), uuid.uuid4()
    service.model.fail("out of order", times=4)
    runs = await talk(call, user, thread, SAID)
    assert {run["status"] for run in runs} == {"failed"}
    assert all("out of order" in run["error"] for run in runs)
    with pytest.raises(errors.NotFoundError, match="has no output for this thread yet"):
        await call("get_thread_memory", thread, memory_function_id=ids["thread_summary"])
    service.model.reply(WILL)
    service.model.reply(SUMMARY)
    again = (await call("trigger_all_for_thread", thread, wait=30)).runs
    assert [(run["id"], run["status"]) for run in again] == [
        (run["id"], "succeeded") for run in runs
    ]


async def test_health(call: Call) -> None:
    """The service says that it has a model."""
    assert (await call("get_health"))["model_configured"] is True
