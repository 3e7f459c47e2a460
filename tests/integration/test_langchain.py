from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from langmem import AsyncClient, Client
from langmem.integrations.langchain import LangMemChatMessageHistory
from langmem_server.settings import Settings
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
CONVERSATION: list[BaseMessage] = [
    SystemMessage("Be brief."),
    HumanMessage("How warm is it?", name="Will", additional_kwargs={"user_id": USER}),
    AIMessage(
        "",
        tool_calls=[
            {"name": "measure", "args": {"at": place}, "id": place} for place in ("in", "out")
        ],
    ),
    ToolMessage("Broken.", tool_call_id="in", status="error"),
    ToolMessage("Broken.", tool_call_id="out", status="error"),
    AIMessage("I cannot say."),
    HumanMessage(
        [{"type": "text", "text": "Look!"}, {"type": "image", "url": "https://pika.example/1.png"}],
        id="mine",
    ),
]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A service that stores what it is sent."""
    with running(Settings(database=tmp_path / "langmem.db"), process=False) as api:
        yield api.url


def as_added(message: BaseMessage) -> BaseMessage:
    """A message without the time, and the id, that it was stored with."""
    kwargs = {k: v for k, v in message.additional_kwargs.items() if k != "timestamp"}
    own = message.id if message.id == "mine" else None
    return message.model_copy(update={"additional_kwargs": kwargs, "id": own})


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_a_conversation_comes_back_from_the_service(url: str, colour: str) -> None:
    """As it was added, in either colour; and what was read can be added again."""
    with Client(url) as client:
        history = LangMemChatMessageHistory(
            uuid.uuid4(), sync_client=client, async_client=AsyncClient(url)
        )

        def add(messages: list[BaseMessage]) -> None:
            if colour == "async":
                asyncio.run(history.aadd_messages(messages))
            else:
                history.add_messages(messages)

        add(CONVERSATION)
        read = history.messages
        assert [as_added(message) for message in read] == CONVERSATION
        add(read)
        assert history.messages == read
        assert asyncio.run(history.aget_messages()) == read
