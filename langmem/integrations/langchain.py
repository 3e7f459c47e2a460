"""LangChain's chat history, kept in a LangMem thread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from langmem.client import AsyncClient, Client

try:
    from langchain_core.chat_history import BaseChatMessageHistory
    from langchain_core.messages import BaseMessage, ChatMessage
    from langchain_core.messages.utils import convert_to_messages, convert_to_openai_messages
except ImportError as error:
    raise ImportError(
        'langmem.integrations.langchain needs langchain-core: pip install "langmem[langchain]"'
    ) from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langmem.schemas import ID_T
    from langmem_api.types import OpenAIMessage

__all__ = ["LangMemChatMessageHistory"]

# Roles LangChain has a class of message for; any other is a ChatMessage.
_ROLES = frozenset({"ai", "assistant", "developer", "human", "system", "tool", "user"})

# What the service keeps in a message's metadata alone.
_CALLS = ("tool_calls", "tool_call_id")


class LangMemChatMessageHistory(BaseChatMessageHistory):
    """A chat history that LangMem remembers.

    A message's `additional_kwargs` become its metadata and back: put `user_id` there to make
    memories for a user. A message with an id can be added again without being stored twice.

    Args:
        thread_id: The thread that holds the history. It need not exist yet.
        sync_client: The client for the plain methods. Without it one is made from the environment
            when it is first needed.
        async_client: The client for the methods to be awaited, likewise.

    Example:
        >>> from langchain_core.messages import HumanMessage
        >>> from langmem.integrations.langchain import LangMemChatMessageHistory
        >>> history = LangMemChatMessageHistory(thread_id, sync_client=client)
        >>> history.add_messages(
        ...     [HumanMessage("I keep bees.", additional_kwargs={"user_id": user_id})]
        ... )
        >>> history.end()
    """

    def __init__(
        self,
        thread_id: ID_T,
        sync_client: Client | None = None,
        async_client: AsyncClient | None = None,
    ) -> None:
        super().__init__()
        self.thread_id = str(thread_id)
        self._sync_client = sync_client
        self._async_client = async_client

    @property
    def sync_client(self) -> Client:
        """The client behind the plain methods."""
        if self._sync_client is None:
            self._sync_client = Client()
        return self._sync_client

    @property
    def async_client(self) -> AsyncClient:
        """The client behind the methods to be awaited."""
        if self._async_client is None:
            self._async_client = AsyncClient()
        return self._async_client

    @property
    def key(self) -> str:
        """A key for this history, unique among chat histories."""
        return f"chat_history:{self.thread_id}"

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]  # the base allows "a property or attribute"
        """The messages of the thread, as they were posted."""
        return [_read(message) for message in self.sync_client.list_messages(self.thread_id)]

    async def aget_messages(self) -> list[BaseMessage]:
        """Return the messages of the thread, as they were posted."""
        messages = self.async_client.list_messages(self.thread_id)
        return [_read(message) async for message in messages]

    async def alist_messages(self) -> list[BaseMessage]:
        """Return the messages of the thread, as `aget_messages` does."""
        return await self.aget_messages()

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Add messages to the thread.

        Args:
            messages: The messages, oldest first.
        """
        self.sync_client.add_messages(self.thread_id, [_write(message) for message in messages])

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Add messages to the thread.

        Args:
            messages: The messages, oldest first.
        """
        await self.async_client.add_messages(
            self.thread_id, [_write(message) for message in messages]
        )

    def clear(self) -> None:
        """Refuse.

        Raises:
            NotImplementedError: Always; the message says what to do instead.
        """
        _refuse_to_clear()

    async def aclear(self) -> None:
        """Refuse.

        Raises:
            NotImplementedError: Always; the message says what to do instead.
        """
        _refuse_to_clear()

    def end(self) -> None:
        """Say that the conversation is over: its messages are processed now."""
        self.sync_client.trigger_all_for_thread(self.thread_id)

    async def aend(self) -> None:
        """Say that the conversation is over: its messages are processed now."""
        await self.async_client.trigger_all_for_thread(self.thread_id)


def _refuse_to_clear() -> NoReturn:
    raise NotImplementedError(
        "A thread is not cleared, since memories stand on it; "
        "the client's delete_thread erases it together with what was drawn from it."
    )


def _write(message: BaseMessage) -> dict[str, Any]:
    """Turn LangChain's message into one to post."""
    posted = convert_to_openai_messages(message)
    metadata = {name: posted[name] for name in _CALLS if name in posted}
    metadata |= {"id": message.id} if message.id else {}
    metadata |= message.additional_kwargs
    if not metadata.get("timestamp"):
        posted["timestamp"] = datetime.now(UTC)
    return posted | {"metadata": metadata}


def _read(message: OpenAIMessage) -> BaseMessage:
    """Turn a message of a thread into LangChain's."""
    metadata = {name: value for name, value in message["metadata"].items() if value is not None}
    fields: dict[str, Any] = {
        "content": message["content"] or "",
        "role": message["role"],
        "name": message["name"],
        "id": metadata.pop("id", None),
        "additional_kwargs": metadata,
    }
    if message["role"] not in _ROLES:
        return ChatMessage(**fields)
    if message["role"] == "tool":
        fields["tool_call_id"] = metadata.pop("tool_call_id", "")
    return convert_to_messages([fields])[0]
