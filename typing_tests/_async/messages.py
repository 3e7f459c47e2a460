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

    from langmem import AsyncClient
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


async def openais(
    client: AsyncClient,
    completion: ChatCompletion,
    parsed: ParsedChatCompletionMessage[Said],
    history: list[ChatCompletionMessageParam],
    mixed: list[ChatCompletionMessageParam | ChatCompletionMessage],
) -> None:
    await client.add_messages(THREAD, completion.choices[0].message)
    await client.add_messages(THREAD, [choice.message for choice in completion.choices])
    await client.add_messages(THREAD, parsed)
    await client.add_messages(THREAD, history)
    await client.add_messages(THREAD, history[0])
    await client.add_messages(THREAD, mixed)
    await client.create_thread(messages=history)
    await client.create_thread(messages=completion.choices[0].message)


async def items(
    client: AsyncClient,
    said: responses.ResponseOutputMessage,
    call: responses.ResponseFunctionToolCall,
    history: list[responses.ResponseOutputMessage | responses.ResponseFunctionToolCall],
) -> None:
    await client.add_messages(THREAD, said)
    await client.add_messages(THREAD, [said, call])
    await client.add_messages(THREAD, history)


async def anthropics(
    client: AsyncClient,
    answer: anthropic.types.Message,
    history: list[anthropic.types.MessageParam],
) -> None:
    await client.add_messages(THREAD, answer)
    await client.add_messages(THREAD, history)
    await client.add_messages(THREAD, [*history, answer])


async def langchains(
    client: AsyncClient, history: list[BaseMessage], state: list[AnyMessage]
) -> None:
    await client.add_messages(THREAD, HumanMessage("Hi!"))
    await client.add_messages(THREAD, [HumanMessage("Hi!"), AIMessage("Hello!")])
    await client.add_messages(THREAD, history)
    await client.add_messages(THREAD, state)


async def own(client: AsyncClient, stream: Iterator[Said]) -> None:
    await client.add_messages(THREAD, Said(role="user", content="Hi!"))
    await client.add_messages(THREAD, stream)
    await client.add_messages(THREAD, (Frozen("user", "Hi!"), Pair("ai", "Hello!")))
    await client.add_messages(THREAD, {"role": "user", "content": "Hi!"})
    messages: list[MESSAGE_LIKE] = [Said(role="user", content="Hi!"), HumanMessage("Hi!")]
    await client.add_messages(thread_id=THREAD, messages=messages)


async def wrong(client: AsyncClient, completion: ChatCompletion) -> None:
    await client.add_messages(THREAD, "Hi!")  # type: ignore[arg-type]
    await client.add_messages(THREAD, ["Hi!"])  # type: ignore[list-item]
    await client.add_messages(THREAD, 3)  # type: ignore[arg-type]
    await client.add_messages(THREAD, None)  # type: ignore[arg-type]
    await client.add_messages(THREAD, [completion])  # type: ignore[list-item]
    await client.create_thread(messages="Hi!")  # type: ignore[arg-type]
