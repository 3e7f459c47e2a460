# ruff: noqa: D101  # the classes are examples of messages
from __future__ import annotations

import dataclasses
import enum
import subprocess
import sys
import types
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anthropic.types
import attrs
import pydantic
import pytest
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    HumanMessageChunk,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from openai.types import responses
from openai.types.chat import ChatCompletion, ChatCompletionMessage, ParsedChatCompletionMessage

from langmem._messages import messages

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")
HI = {"role": "user", "content": "Hi!"}


def sent(values: object) -> list[dict[str, Any]]:
    """What is sent for one message or for many."""
    result: Any = messages(values, "messages")
    return list(result)


def one(value: object) -> dict[str, Any]:
    """What is sent for a message, which is the same alone and in a list."""
    [message] = sent([value])
    assert sent(value) == [message]
    return message


# Messages of programs' own kinds


class Role(enum.StrEnum):
    USER = "user"


class Model(pydantic.BaseModel):
    role: Role
    content: str
    metadata: dict[str, uuid.UUID] = {}


@dataclasses.dataclass
class Data:
    role: str
    content: str


@attrs.define
class Attrs:
    role: str
    content: str


class Pair(NamedTuple):
    role: str
    content: str


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (HI, HI),
        (types.MappingProxyType(HI), HI),
        (Model(role=Role.USER, content="Hi!"), HI | {"metadata": {}}),
        (
            Model(role=Role.USER, content="Hi!", metadata={"user_id": USER}),
            HI | {"metadata": {"user_id": str(USER)}},
        ),
        (Data("user", "Hi!"), HI),
        (Attrs("user", "Hi!"), HI),
        (Pair("user", "Hi!"), HI),
        (types.SimpleNamespace(role="user", content="Hi!", mood="calm"), HI),
        (types.SimpleNamespace(**HI, name="Will", timestamp=datetime(2024, 4, 6, tzinfo=UTC)),
         HI | {"name": "Will", "timestamp": "2024-04-06T00:00:00+00:00"}),
        ({"content": "Hi!", "user": {"role": "ai"}}, {"content": "Hi!", "user": {"role": "ai"}}),
        ({"role": "user", "content": ["Look!", {"type": "image_url"}]},
         {"role": "user", "content": [{"type": "text", "text": "Look!"}, {"type": "image_url"}]}),
    ],
    ids=str,
)  # fmt: skip
def test_a_message_of_a_programs_own_kind(message: object, expected: dict[str, Any]) -> None:
    """Whatever has a role and a content is a message, alone and in a list."""
    assert one(message) == expected


# OpenAI's

CALL = {"id": "call-1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


class Answer(pydantic.BaseModel):
    number: int


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (ChatCompletionMessage(role="assistant", content="Hello!"), {"content": "Hello!"}),
        (
            ChatCompletionMessage.model_validate(
                {"role": "assistant", "content": None, "tool_calls": [CALL]}
            ),
            {"content": None, "tool_calls": [CALL]},
        ),
        (
            ChatCompletionMessage(role="assistant", content=None, refusal="No."),
            {"content": None, "refusal": "No."},
        ),
        (
            ParsedChatCompletionMessage[Answer](
                role="assistant", content='{"number": 3}', parsed=Answer(number=3)
            ),
            {"content": '{"number": 3}'},
        ),
    ],
    ids=["text", "calls", "refusal", "parsed"],
)
def test_openais_message_is_sent_as_it_dumps_itself(
    message: ChatCompletionMessage, expected: dict[str, Any]
) -> None:
    """The program of 2024 that posts what a model answered sends the same today."""
    posted = one(message)
    assert posted == message.model_dump(mode="json")
    said = {key: value for key, value in posted.items() if value is not None or key == "content"}
    assert {key: said[key] for key in said if key != "parsed"} == {"role": "assistant"} | expected
    metadata = {"user_id": USER}
    dumped: dict[str, Any] = {**message.model_dump(), "metadata": metadata}
    assert one(dumped) == posted | {"metadata": {"user_id": str(USER)}}
    assert one(message.model_dump(exclude_none=True)) == {"role": "assistant"} | (
        expected | ({"parsed": {"number": 3}} if "parsed" in posted else {})
    )


def test_openais_messages_to_send_are_kept_as_they_are() -> None:
    """A conversation as it is given to OpenAI is given to LangMem unchanged."""
    conversation: list[ChatCompletionMessageParam] = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is a pika?"}], "name": "Will"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "c", "content": "A small mammal."},
    ]
    assert sent(conversation) == conversation
    assert sent(message for message in conversation) == conversation


OUTPUT = responses.ResponseOutputMessage.model_validate(
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "A mammal.", "annotations": []}],
    }
)
FUNCTION_CALL = responses.ResponseFunctionToolCall(
    type="function_call", call_id="call-1", name="f", arguments='{"a": 1}'
)


def test_the_responses_api_has_tool_calls_as_items() -> None:
    """A call, and its output, become the messages that the other API has for them."""
    output = {"type": "function_call_output", "call_id": "call-1", "output": "A mammal."}
    assert sent([HI, FUNCTION_CALL, output, OUTPUT]) == [
        HI,
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "content": "A mammal.", "tool_call_id": "call-1"},
        OUTPUT.model_dump(mode="json"),
    ]
    assert one(FUNCTION_CALL) == one(FUNCTION_CALL.model_dump())
    metadata = {"metadata": {"user_id": str(USER)}}
    assert one(output | metadata) == one(output) | metadata


# Anthropic's


ANTHROPIC = anthropic.types.Message.model_validate(
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "s"},
            {"type": "text", "text": "I look it up."},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
        ],
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
)


def test_anthropics_message_keeps_its_blocks() -> None:
    """Text, thoughts and calls of tools stay the parts they are, in every form of the message."""
    posted = one(ANTHROPIC)
    assert posted == ANTHROPIC.model_dump(mode="json")
    assert [part["type"] for part in posted["content"]] == ["thinking", "text", "tool_use"]
    assert posted["content"][2]["input"] == {"a": 1}
    # As it is given back to Anthropic: a dict whose content holds objects.
    returned = one({"role": "assistant", "content": ANTHROPIC.content})
    assert returned == {"role": "assistant", "content": posted["content"]}
    dumped = {**ANTHROPIC.model_dump(), "metadata": {"user_id": USER}}
    assert one(dumped) == posted | {"metadata": {"user_id": str(USER)}}


def test_anthropics_tool_results_are_messages_of_the_user() -> None:
    """That is how its API has them; nothing is moved."""
    result: anthropic.types.MessageParam = {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "t", "content": "A small mammal."}],
    }
    assert one(result) == result


# LangChain's

USAGE = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (SystemMessage("Be brief."), {"role": "system", "content": "Be brief.", "metadata": {}}),
        (
            SystemMessage("Be brief.", additional_kwargs={"__openai_role__": "developer"}),
            {"role": "developer", "content": "Be brief.", "metadata": {}},
        ),
        (
            HumanMessage("Hi!", name="Will", id="m-1", additional_kwargs={"user_id": USER}),
            HI | {"name": "Will", "metadata": {"id": "m-1", "user_id": str(USER)}},
        ),
        (
            HumanMessage("Hi!", id="m-1", additional_kwargs={"id": "mine"}),
            HI | {"metadata": {"id": "mine"}},
        ),
        (
            AIMessage(
                "",
                tool_calls=[{"name": "f", "args": {"a": 1}, "id": "call-1"}],
                additional_kwargs={"tool_calls": [CALL]},
            ),
            {"role": "assistant", "content": "", "metadata": {"tool_calls": [CALL]}},
        ),
        (
            AIMessage(
                "",
                invalid_tool_calls=[
                    {"type": "invalid_tool_call", "name": "f", "args": "{", "id": "c", "error": "!"}
                ],
            ),
            {
                "role": "assistant",
                "content": "",
                "metadata": {
                    "tool_calls": [
                        {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{"}}
                    ]
                },
            },
        ),
        (
            AIMessage.model_validate(
                {
                    "content": "Hm.",
                    "usage_metadata": USAGE,
                    "response_metadata": {"model_provider": "anthropic"},
                }
            ),
            {
                "role": "assistant",
                "content": "Hm.",
                "metadata": {
                    "response_metadata": {"model_provider": "anthropic"},
                    "usage_metadata": USAGE,
                },
            },
        ),
        (
            ToolMessage("18", tool_call_id="call-1", artifact=object()),
            {"role": "tool", "content": "18", "metadata": {"tool_call_id": "call-1"}},
        ),
        (
            ToolMessage("Down.", tool_call_id="call-1", status="error"),
            {
                "role": "tool",
                "content": "Down.",
                "metadata": {"tool_call_id": "call-1", "status": "error"},
            },
        ),
        (
            FunctionMessage(content="18", name="f"),
            {"role": "function", "content": "18", "name": "f", "metadata": {}},
        ),
        (
            ChatMessage(content="Well said.", role="critic"),
            {"role": "critic", "content": "Well said.", "metadata": {}},
        ),
        (
            HumanMessage(["Look!", {"type": "image", "url": "https://pika.example/1.png"}]),
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look!"},
                    {"type": "image", "url": "https://pika.example/1.png"},
                ],
                "metadata": {},
            },
        ),
        (HumanMessageChunk(content="Hi!"), HI | {"metadata": {}}),
        (
            AIMessageChunk(content="Hel") + AIMessageChunk(content="lo!"),
            {"role": "assistant", "content": "Hello!", "metadata": {}},
        ),
    ],
)
def test_langchains_message_gets_the_role_its_type_means(
    message: BaseMessage, expected: dict[str, Any]
) -> None:
    """Additional kwargs are the metadata; calls have the form that they have everywhere."""
    assert one(message) == expected


def test_langchains_message_may_come_as_a_dict() -> None:
    """So it does from a LangGraph server; metadata that is put beside it counts."""
    message = AIMessage("Hello!", id="run-1", tool_calls=[{"name": "f", "args": {}, "id": "c"}])
    dumped = message.model_dump()
    assert one(dumped) == one(message)
    spoken = {**HumanMessage("Hi!", id="m").model_dump(), "metadata": {"user_id": USER}}
    assert one(spoken) == HI | {"metadata": {"id": "m", "user_id": str(USER)}}
    assert one({"type": "human", "content": "Hi!"}) == HI | {"metadata": {}}
    called = one({"type": "ai", "content": "", "tool_calls": [CALL]})
    assert called["metadata"] == {"tool_calls": [CALL]}
    assert one(ChatMessage(content="No.", role="critic", id="m").model_dump()) == {
        "role": "critic",
        "content": "No.",
        "metadata": {"id": "m"},
    }


# What is wrong


@dataclasses.dataclass
class Many:
    messages: list[dict[str, str]]


COMPLETION = ChatCompletion.model_validate(
    {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": HI | {"role": "assistant"}}],
    }
)
MESSAGE = 'expected a message such as {"role": "user", "content": "..."}'

WRONG: list[tuple[object, type[Exception], str]] = [
    ("Hi!", TypeError, f"messages: {MESSAGE}, or a list of messages, not a str"),
    (b"Hi!", TypeError, f"messages: {MESSAGE}, or a list of messages, not a bytes"),
    (None, TypeError, f"messages: {MESSAGE}, or a list of messages, not None"),
    (HumanMessage, TypeError, f"messages: {MESSAGE}, or a list of messages, not the class"),
    ([HI, "Hi!"], TypeError, f"messages[1]: {MESSAGE}, not a str"),
    (("user", "Hi!"), TypeError, f"messages[0]: {MESSAGE}, not a str"),
    ([[HI]], TypeError, f"messages[0]: {MESSAGE}, not a list"),
    ([HI, {"role": "user"}], ValueError, "messages[1].content: missing; give the text"),
    ({"user": {}}, ValueError, "messages.content: missing"),
    ([{"content": "Hi!"}], ValueError, 'messages[0].role: missing; say who speaks, such as "user"'),
    ([{"type": "x", "content": "Hi!"}], ValueError, "messages[0].role: missing"),
    ([{"role": None, "content": ""}], TypeError, "messages[0].role: expected text such as"),
    ([{"role": 3, "content": ""}], TypeError, "messages[0].role: expected text such as"),
    ([{"role": "user", "content": 3}], TypeError, "messages[0].content: expected text or a list"),
    ([{"role": "user", "content": {}}], TypeError, "messages[0].content: expected text or a list"),
    ([{"role": "user", "content": [3]}], TypeError, "messages[0].content[0]: expected a part such"),
    ([HI | {"name": {1}}], TypeError, 'messages[0]["name"]: a set cannot be sent as JSON'),
    ([HI, HumanMessage("", additional_kwargs={"a": {1}})], TypeError,
     'messages[1]["additional_kwargs"]["a"]: a set cannot be sent'),
    ([RemoveMessage(id="m")], TypeError, "messages[0]: a message of type 'remove' is nothing"),
    ({"type": "human", "additional_kwargs": {}}, ValueError, "messages.content: missing"),
    ({"type": "human", "content": "", "additional_kwargs": [1]}, TypeError,
     "messages.additional_kwargs: expected a dict, not a list"),
    ({"type": "ai", "content": "", "tool_calls": {"a": 1}}, TypeError,
     "messages.tool_calls: expected a list, not a dict"),
    (COMPLETION, TypeError, f"messages: {MESSAGE}; what was given has it in choices[0].message"),
    ({"messages": [HI]}, TypeError, f"messages: {MESSAGE}; what was given has it in messages"),
    ([Many([HI])], TypeError, f"messages[0]: {MESSAGE}; what was given has it in messages"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "error", "text"), WRONG)
def test_what_is_no_message_is_named(values: object, error: type[Exception], text: str) -> None:
    """The error comes before anything is sent, and says where, and what to give instead."""
    with pytest.raises(error) as caught:
        messages(values, "messages")
    assert str(caught.value).startswith(text)


def test_the_service_judges_what_has_no_name_of_a_message() -> None:
    """Programs of the reference sent any model; what is wrong with it is the service's to say."""
    assert one(Answer(number=3)) == {"number": 3}
    item = {"type": "custom_tool_call", "call_id": "c"}
    assert one(item) == item


def test_no_messages_are_none() -> None:
    """An empty list is a list."""
    assert sent([]) == sent(()) == sent(iter(())) == []


def test_no_library_of_messages_is_imported() -> None:
    """Messages are known by the names they have; who has none of the libraries misses nothing."""
    program = (
        "import sys; from langmem._prepare import add_messages; "
        f"add_messages('{USER}', {{'type': 'human', 'content': 'Hi!'}}); "
        "print(*{'openai', 'anthropic', 'langchain_core', 'pydantic'} & set(sys.modules))"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root
    )
    assert run.stdout.split() == []
