from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import anthropic.types
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from openai.types import responses
from openai.types.chat import ChatCompletionMessage
from pydantic import BaseModel

from langmem import AsyncClient
from langmem.errors import UnprocessableEntityError
from langmem_server.settings import Settings
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio

PATIENCE = 30.0
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
CALL = {"id": "c", "type": "function", "function": {"name": "look_up", "arguments": '{"of": 1}'}}
LOOK = {"type": "text", "text": "Look!"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service without a model: it remembers what users say, word for word."""
    settings = Settings(database=tmp_path_factory.mktemp("service") / "langmem.db")
    with running(settings, process=True) as api:
        yield api.url


@pytest.fixture
def thread_id() -> uuid.UUID:
    """A thread that does not exist yet."""
    return uuid.uuid4()


class Said(BaseModel):
    """A message of a program's own kind."""

    role: str
    content: str
    name: str | None = None
    metadata: dict[str, Any] = {}


CLAUDE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude",
    "content": [LOOK, {"type": "tool_use", "id": "c", "name": "look_up", "input": {"of": 1}}],
    "usage": {"input_tokens": 1, "output_tokens": 2},
}
RESULT = {"type": "tool_result", "tool_use_id": "c", "content": "A mammal."}
ANSWER: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "A mammal.", "annotations": []}],
}

# Of each library: what is posted; then role, text, name and free metadata as they come back.
CONVERSATIONS: dict[str, list[tuple[Any, str, Any, str | None, dict[str, Any]]]] = {
    "openai": [
        ({"role": "user", "content": "Hi!", "name": "Will"}, "user", "Hi!", "Will", {}),
        (
            ChatCompletionMessage.model_validate(
                {"role": "assistant", "content": None, "tool_calls": [CALL]}
            ),
            *("assistant", None, None, {"tool_calls": [CALL]}),
        ),
        (
            {"role": "tool", "content": "A mammal.", "tool_call_id": "c"},
            *("tool", "A mammal.", None, {"tool_call_id": "c"}),
        ),
        (
            ChatCompletionMessage(role="assistant", content=None, refusal="No."),
            *("assistant", None, None, {"refusal": "No."}),
        ),
    ],
    "responses": [
        (
            responses.ResponseFunctionToolCall.model_validate(
                {
                    "type": "function_call",
                    "call_id": "c",
                    "name": "look_up",
                    "arguments": '{"of": 1}',
                }
            ),
            *("assistant", None, None, {"tool_calls": [CALL]}),
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": "A mammal."},
            *("tool", "A mammal.", None, {"tool_call_id": "c"}),
        ),
        (
            responses.ResponseOutputMessage.model_validate(ANSWER),
            *("assistant", [ANSWER["content"][0] | {"logprobs": None}], None, {}),
        ),
    ],
    "anthropic": [
        (
            anthropic.types.Message.model_validate(CLAUDE),
            *("assistant", anthropic.types.Message.model_validate(CLAUDE).model_dump()["content"]),
            *(None, {}),
        ),
        ({"role": "user", "content": [RESULT]}, "user", [RESULT], None, {}),
    ],
    "langchain": [
        (SystemMessage("Be brief."), "system", "Be brief.", None, {}),
        (HumanMessage([LOOK], name="Will"), "user", [LOOK], "Will", {}),
        (
            AIMessage("", tool_calls=[{"name": "look_up", "args": {"of": 1}, "id": "c"}]),
            *("assistant", "", None, {"tool_calls": [CALL]}),
        ),
        (
            ToolMessage("Down.", tool_call_id="c", status="error"),
            *("tool", "Down.", None, {"tool_call_id": "c", "status": "error"}),
        ),
    ],
    "own": [
        (Said(role="user", content="Hi!", name="Will"), "user", "Hi!", "Will", {}),
        (Said(role="ai", content="Hm.", metadata={"a": [1]}), "assistant", "Hm.", None, {"a": [1]}),
    ],
}


@pytest.mark.parametrize("library", CONVERSATIONS)
async def test_messages_of_each_library_come_back(
    service: str, thread_id: uuid.UUID, library: str
) -> None:
    """Text, role, name and calls of tools come back; the langmem form has no place for calls."""
    conversation = CONVERSATIONS[library]
    async with AsyncClient(service) as client:
        await client.add_messages(thread_id, [message for message, *_ in conversation])
        given = [message async for message in client.list_messages(thread_id)]
        for message, (_, role, content, name, extra) in zip(given, conversation, strict=True):
            metadata = dict(message["metadata"])
            assert metadata.pop("user_id") is None
            assert metadata.pop("timestamp")
            assert metadata.pop("id")
            assert (message["role"], message["content"]) == (role, content)
            assert (message["name"], metadata) == (name, extra)
        others = [m async for m in client.list_messages(thread_id, response_format="langmem")]
    for other, (_, role, content, name, _) in zip(others, conversation, strict=True):
        assert other["content"] == content
        assert other["user"]["role"].replace("ai", "assistant") == role
        assert other["user"]["user_name"] == name


async def test_a_single_message_is_as_good_as_a_list(service: str, thread_id: uuid.UUID) -> None:
    """A program adds what its model answered, as it came; a thread may begin with it, too."""
    answer = ChatCompletionMessage(role="assistant", content="Hello!")
    async with AsyncClient(service) as client:
        await client.create_thread(thread_id=thread_id, messages=answer)
        await client.add_messages(thread_id, HumanMessage("Hi!"))
        await client.add_messages(thread_id, {"role": "user", "content": "Bye!"})
        thread = await client.get_thread(thread_id)
    assert [message["content"] for message in thread["messages"]] == ["Hello!", "Hi!", "Bye!"]


@pytest.mark.parametrize("library", CONVERSATIONS)
async def test_what_is_listed_can_be_added_again(
    service: str, thread_id: uuid.UUID, library: str
) -> None:
    """It is the same messages, so nothing is stored twice, and copied it is the same thread."""
    other = uuid.uuid4()
    posted = [message for message, *_ in CONVERSATIONS[library]]
    async with AsyncClient(service) as client:
        await client.add_messages(thread_id, posted)
        listed = [message async for message in client.list_messages(thread_id)]
        await client.add_messages(thread_id, listed)
        await client.add_messages(other, listed)
        assert [message async for message in client.list_messages(thread_id)] == listed
        assert [message async for message in client.list_messages(other)] == listed


async def test_what_a_user_says_is_remembered_in_whatever_form(
    service: str, thread_id: uuid.UUID
) -> None:
    """The words count: neither what a tool answered nor what a model said are the user's."""
    metadata = {"user_id": USER, "user_name": "Will"}
    async with AsyncClient(service) as client:
        await client.add_messages(
            thread_id,
            [
                {
                    "role": "user",
                    "content": [{"type": "input_text", "text": "I keep bees."}],
                    "metadata": metadata,
                },
                HumanMessage("I keep pikas.", additional_kwargs=metadata),
                {**ChatCompletionMessage(role="assistant", content="Oh!").model_dump()},
                {
                    "role": "user",
                    "content": [RESULT, {"type": "text", "text": "I keep cats."}],
                    "metadata": metadata,
                },
            ],
        )
        assert (await client.trigger_all_for_thread(thread_id, wait=PATIENCE)).ok
        found = await client.query_user_memory(USER, "keep")
    texts = {memory["text"] for memory in found["memories"]}
    assert texts == {f"Will said I keep {kept}." for kept in ("bees", "pikas", "cats")}


async def test_what_is_no_message_is_refused_before_it_is_sent(thread_id: uuid.UUID) -> None:
    """Nobody listens at this address; the error says which message, and what is wrong with it."""
    hi = {"role": "user", "content": "Hi!"}
    async with AsyncClient("http://127.0.0.1:1", max_retries=0) as client:
        with pytest.raises(TypeError, match=r"^messages\[1\].content: expected text or a list of"):
            await client.add_messages(thread_id, [hi, {"role": "user", "content": 3}])
        with pytest.raises(ValueError, match=r"^messages\[1\].content: missing"):
            await client.create_thread(messages=[hi, {"role": "user"}])


async def test_what_the_client_does_not_know_the_service_judges(
    service: str, thread_id: uuid.UUID
) -> None:
    """Such as an item of the Responses API that nobody said; nothing of its list is stored."""
    thought = {"type": "reasoning", "id": "rs_1", "summary": []}
    async with AsyncClient(service) as client:
        with pytest.raises(UnprocessableEntityError, match=r"messages\[1\]"):
            await client.add_messages(thread_id, [{"role": "user", "content": "Hi!"}, thought])
        assert [message async for message in client.list_messages(thread_id)] == []
