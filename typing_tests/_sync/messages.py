# Derived by scripts/unasync.py from typing_tests/_async/messages.py: edit that instead.
# pyright: reportUnnecessaryTypeIgnoreComment=true
"""What a type checker accepts as messages: those of other libraries, one as well as many.

A line with `type: ignore` must be an error to mypy, for the reason given, and to pyright.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import pydantic
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

    import anthropic.types
    from openai.types import responses
    from openai.types.chat import (
        ChatCompletion,
        ChatCompletionMessage,
        ChatCompletionMessageParam,
        ParsedChatCompletionMessage,
    )

    from langmem import Client
    from langmem.schemas import MESSAGE_LIKE

THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"


class Said(pydantic.BaseModel):
    role: str
    content: str


@dataclasses.dataclass(frozen=True)
class Frozen:
    role: str
    content: str


class Pair(NamedTuple):
    role: str
    content: str


def openais(
    client: Client,
    completion: ChatCompletion,
    parsed: ParsedChatCompletionMessage[Said],
    history: list[ChatCompletionMessageParam],
    mixed: list[ChatCompletionMessageParam | ChatCompletionMessage],
) -> None:
    client.add_messages(THREAD, completion.choices[0].message)
    client.add_messages(THREAD, [choice.message for choice in completion.choices])
    client.add_messages(THREAD, parsed)
    client.add_messages(THREAD, history)
    client.add_messages(THREAD, history[0])
    client.add_messages(THREAD, mixed)
    client.create_thread(messages=history)
    client.create_thread(messages=completion.choices[0].message)


def items(
    client: Client,
    said: responses.ResponseOutputMessage,
    call: responses.ResponseFunctionToolCall,
    history: list[responses.ResponseOutputMessage | responses.ResponseFunctionToolCall],
) -> None:
    client.add_messages(THREAD, said)
    client.add_messages(THREAD, [said, call])
    client.add_messages(THREAD, history)


def anthropics(
    client: Client,
    answer: anthropic.types.Message,
    history: list[anthropic.types.MessageParam],
) -> None:
    client.add_messages(THREAD, answer)
    client.add_messages(THREAD, history)
    client.add_messages(THREAD, [*history, answer])


def langchains(client: Client, history: list[BaseMessage], state: list[AnyMessage]) -> None:
    client.add_messages(THREAD, HumanMessage("Hi!"))
    client.add_messages(THREAD, [HumanMessage("Hi!"), AIMessage("Hello!")])
    client.add_messages(THREAD, history)
    client.add_messages(THREAD, state)


def own(client: Client, stream: Iterator[Said]) -> None:
    client.add_messages(THREAD, Said(role="user", content="Hi!"))
    client.add_messages(THREAD, stream)
    client.add_messages(THREAD, (Frozen("user", "Hi!"), Pair("ai", "Hello!")))
    client.add_messages(THREAD, {"role": "user", "content": "Hi!"})
    messages: list[MESSAGE_LIKE] = [Said(role="user", content="Hi!"), HumanMessage("Hi!")]
    client.add_messages(thread_id=THREAD, messages=messages)


def wrong(client: Client, completion: ChatCompletion) -> None:
    client.add_messages(THREAD, "Hi!")  # type: ignore[arg-type]
    client.add_messages(THREAD, ["Hi!"])  # type: ignore[list-item]
    client.add_messages(THREAD, 3)  # type: ignore[arg-type]
    client.add_messages(THREAD, None)  # type: ignore[arg-type]
    client.add_messages(THREAD, [completion])  # type: ignore[list-item]
    client.create_thread(messages="Hi!")  # type: ignore[arg-type]
