from __future__ import annotations

import asyncio
import importlib
import json
import sys
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.messages.content import create_image_block

from langmem import AsyncClient, Client
from langmem.integrations.langchain import LangMemChatMessageHistory

if TYPE_CHECKING:
    from collections.abc import Sequence

URL = "http://127.0.0.1:8100"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")


class Thread:
    """One thread of a service: keeps what is posted, and gives it back in the openai form."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.triggered = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Do what is asked for."""
        action = request.url.path.removeprefix(f"/threads/{THREAD}/")
        if action == "messages":
            return httpx.Response(200, json={"messages": [self.stored(m) for m in self.posted]})
        if action == "add_messages":
            self.posted += json.loads(request.content)["messages"]
        else:
            assert action == "trigger-all"
            self.triggered += 1
        return httpx.Response(200, json=None)

    def stored(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message as the service gives it back."""
        given = {"user_id": None, "timestamp": message.get("timestamp"), "id": "made"}
        metadata = given | {k: v for k, v in message["metadata"].items() if v is not None}
        return {
            "content": message["content"],
            "role": message["role"],
            "name": message.get("name"),
            "metadata": metadata,
        }

    def history(self) -> LangMemChatMessageHistory:
        """A history that is kept in this thread."""
        transport = httpx.MockTransport(self.answer)
        return LangMemChatMessageHistory(
            uuid.UUID(THREAD),
            sync_client=Client(URL, transport=transport),
            async_client=AsyncClient(URL, transport=transport),
        )


CALLS = [
    {"name": "look_up", "args": {"animal": "pika", "places": ["Alps"]}, "id": "call-1"},
    {"name": "look_up", "args": {}, "id": "call-2"},
]
BROKEN = {"type": "invalid_tool_call", "name": "f", "args": "{", "id": "call-3", "error": None}
PICTURE = {"type": "image_url", "image_url": {"url": "https://pika.example/1.png"}}
PARTS: list[str | dict[str, Any]] = [{"type": "text", "text": "Look!"}, PICTURE]
CLAUDE = {
    "content": [
        {"type": "text", "text": "I look it up."},
        {"type": "tool_use", "id": "call-1", "name": "look_up", "input": {"animal": "pika"}},
    ],
    "tool_calls": [{"name": "look_up", "args": {"animal": "pika"}, "id": "call-1"}],
    "response_metadata": {"model_provider": "anthropic", "stop_reason": "tool_use"},
    "usage_metadata": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
    "id": "run-2",
}
CONVERSATION = [
    SystemMessage("Be brief."),
    SystemMessage("Use metres.", additional_kwargs={"__openai_role__": "developer"}),
    HumanMessage("What is a pika?", name="Will", additional_kwargs={"user_id": str(USER)}),
    AIMessage("", tool_calls=CALLS, invalid_tool_calls=[BROKEN], id="run-1"),
    ToolMessage("A small mammal.", tool_call_id="call-1", additional_kwargs={"cached": True}),
    ToolMessage("It is down.", tool_call_id="call-2", status="error", name="look_up"),
    AIMessage("A small mammal.", name="Bot", additional_kwargs={"refusal": "Not more."}),
    HumanMessage(PARTS, id="mine"),
    HumanMessage(content_blocks=[create_image_block(url="https://pika.example/1.png")]),
    AIMessage.model_validate(CLAUDE),
    FunctionMessage(content="18", name="measure"),
    ChatMessage(content="Well said.", role="critic"),
]


def without_time(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Messages without what they gain by being stored: a time, and an id if they had none."""
    result = []
    for message in messages:
        kwargs = {k: v for k, v in message.additional_kwargs.items() if k != "timestamp"}
        own = None if message.id == "made" else message.id
        result.append(message.model_copy(update={"additional_kwargs": kwargs, "id": own}))
    return result


def blocks(message: BaseMessage) -> list[str]:
    """What LangChain sees in a message; it depends on the model that it knows to have made it."""
    return [block["type"] for block in message.content_blocks]


def test_a_conversation_comes_back_as_it_was() -> None:
    """Kind, content, name, id, user, tool calls, results, usage: all survive, in both colours."""
    thread = Thread()
    thread.history().add_messages(CONVERSATION)
    read = thread.history().messages
    assert without_time(read) == CONVERSATION
    assert list(map(blocks, read)) == list(map(blocks, CONVERSATION))
    assert asyncio.run(thread.history().aget_messages()) == read
    assert asyncio.run(thread.history().alist_messages()) == read


def test_chunks_are_read_as_whole_messages() -> None:
    """What was streamed may be added as it was summed up."""
    call = {"type": "tool_call_chunk", "name": "f", "args": '{"a": 1}', "id": "c", "index": 0}
    chunk = AIMessageChunk.model_validate({"content": "Hm.", "tool_call_chunks": [call]})
    thread = Thread()
    thread.history().add_messages([chunk])
    calls = [{"name": "f", "args": {"a": 1}, "id": "c"}]
    assert without_time(thread.history().messages) == [AIMessage("Hm.", tool_calls=calls)]


def test_a_tools_artifact_is_not_kept() -> None:
    """It may be any object of the program's, and was never said to anybody."""
    thread = Thread()
    answer = ToolMessage("A small mammal.", tool_call_id="call-1", artifact=object())
    thread.history().add_messages([answer])
    assert without_time(thread.history().messages) == [answer.model_copy(update={"artifact": None})]


def test_messages_alike_are_told_apart_by_their_time() -> None:
    """The service passes over what has the same sender, content and time; two answers may not."""
    thread = Thread()
    answers = [ToolMessage("Done.", tool_call_id=f"call-{n}") for n in range(100)]
    thread.history().add_messages(answers)
    assert len({message["timestamp"] for message in thread.posted}) == 100


def test_calls_that_openais_messages_were_posted_with_are_read() -> None:
    """A thread may be written by a program that has no LangChain, and hold what it likes."""
    function = {"name": "f", "arguments": '{"a": 1}'}
    call = {"id": "c", "type": "function", "function": function}
    thread = Thread()
    thread.posted = [
        {"role": "assistant", "content": None, "metadata": {"tool_calls": [call]}},
        {"role": "tool", "content": "18", "metadata": {"tool_call_id": "c"}},
        {"role": "assistant", "content": "18", "metadata": {"tool_calls": "none", "n": 1}},
        {"role": "tool", "content": "18", "metadata": {"status": "great"}},
        {"role": "function", "content": "18", "metadata": {}},
    ]
    assert without_time(thread.history().messages) == [
        AIMessage("", tool_calls=[{"name": "f", "args": {"a": 1}, "id": "c"}]),
        ToolMessage("18", tool_call_id="c"),
        AIMessage("18", additional_kwargs={"tool_calls": "none", "n": 1}),
        ToolMessage("18", tool_call_id="", additional_kwargs={"status": "great"}),
        FunctionMessage(content="18", name=""),
    ]


def test_both_colours_post_the_same() -> None:
    """What is posted is the openai form, with the additional kwargs as its metadata."""
    first, second = Thread(), Thread()
    first.history().add_messages(CONVERSATION)
    asyncio.run(second.history().aadd_messages(CONVERSATION))
    for thread in (first, second):
        for message in thread.posted:
            assert datetime.fromisoformat(message.pop("timestamp")).utcoffset() == timedelta(0)
    assert first.posted == second.posted
    assert first.posted[:3] == [
        {"role": "system", "content": "Be brief.", "metadata": {}},
        {"role": "developer", "content": "Use metres.", "metadata": {}},
        {
            "role": "user",
            "content": "What is a pika?",
            "name": "Will",
            "metadata": {"user_id": str(USER)},
        },
    ]


def test_values_of_the_programs_own_kinds_may_be_metadata() -> None:
    """A UUID as the user's id is what a program has at hand."""
    thread = Thread()
    thread.history().add_message(HumanMessage("Hi!", additional_kwargs={"user_id": USER}))
    assert thread.posted[0]["metadata"] == {"user_id": str(USER)}


def test_what_was_read_can_be_added_again() -> None:
    """A message read from a thread keeps its id and time, by which the service knows it."""
    thread = Thread()
    thread.history().add_messages(CONVERSATION)
    again = Thread()
    again.history().add_messages(thread.history().messages)
    assert {message["metadata"]["id"] for message in again.posted} == {
        "made",
        "run-1",
        "run-2",
        "mine",
    }
    users = [message for message in again.posted if message["role"] == "user"]
    assert all("timestamp" not in message for message in users)
    assert all(message["metadata"]["timestamp"] for message in users)


def test_a_message_without_content_can_be_read() -> None:
    """A service may store a message without content, such as one that only calls a tool."""
    thread = Thread()
    thread.posted = [{"role": "assistant", "content": None, "metadata": {}}]
    assert thread.history().messages[0].content == ""


def test_ending_processes_the_thread() -> None:
    """The end of a conversation is the time to remember it."""
    thread = Thread()
    thread.history().end()
    asyncio.run(thread.history().aend())
    assert thread.triggered == 2


def test_a_history_is_not_cleared() -> None:
    """Clearing says what to do instead, and asks the service for nothing."""
    thread = Thread()
    with pytest.raises(NotImplementedError, match="delete_thread"):
        thread.history().clear()
    with pytest.raises(NotImplementedError, match="delete_thread"):
        asyncio.run(thread.history().aclear())


def test_clients_are_made_when_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of one colour needs no client of the other; the environment says where."""
    history = LangMemChatMessageHistory(THREAD)
    assert (history.thread_id, history.key) == (THREAD, f"chat_history:{THREAD}")
    with pytest.raises(ValueError, match="LANGMEM_API_URL"):
        history.end()
    monkeypatch.setenv("LANGMEM_API_URL", URL)
    assert history.sync_client is history.sync_client
    assert history.async_client is history.async_client
    assert history.async_client.client.base_url == URL


def test_without_langchain_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The adapter is imported by those who ask for it, and says what it needs."""
    monkeypatch.setitem(sys.modules, "langchain_core.chat_history", None)
    monkeypatch.delitem(sys.modules, "langmem.integrations.langchain")
    with pytest.raises(ImportError, match=r'pip install "langmem\[langchain\]"'):
        importlib.import_module("langmem.integrations.langchain")
