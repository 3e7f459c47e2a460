"""LangChain's chat history, kept in a LangMem thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from langmem._messages import messages as read_messages
from langmem.client import AsyncClient, Client

try:
    from langchain_core.chat_history import BaseChatMessageHistory
    from langchain_core.messages import (
        AIMessage,
        BaseMessage,
        ChatMessage,
        FunctionMessage,
        HumanMessage,
        SystemMessage,
        ToolMessage,
    )
except ImportError as error:
    raise ImportError(
        'langmem.integrations.langchain needs langchain-core: pip install "langmem[langchain]"'
    ) from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langmem.schemas import ID_T
    from langmem_api.types import OpenAIMessage

__all__ = ["LangMemChatMessageHistory"]

# Any other role is a ChatMessage's, but for `assistant` and `tool`, which have more to them.
_KINDS: dict[str, type[BaseMessage]] = {
    "developer": SystemMessage,
    "function": FunctionMessage,
    "system": SystemMessage,
    "user": HumanMessage,
}


class LangMemChatMessageHistory(BaseChatMessageHistory):
    """A chat history that LangMem remembers.

    A message's `additional_kwargs` become its metadata and back: put `user_id` there to make
    memories for a user. A message with an id can be added again without being stored twice.
    What is read is what was added, but for a tool's `artifact`, which is not kept, and the time,
    which is added to the `additional_kwargs`. A chunk is read as a whole message.

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
        self.sync_client.add_messages(self.thread_id, _write(messages))

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Add messages to the thread.

        Args:
            messages: The messages, oldest first.
        """
        await self.async_client.add_messages(self.thread_id, _write(messages))

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


def _write(messages: Sequence[BaseMessage]) -> list[Any]:
    """Turn LangChain's messages into messages to post, each with a time of its own.

    By sender, content and time the service knows a message that is posted again; two answers of
    tools may well be alike.
    """
    posted: Any = read_messages(messages, "messages")
    now = datetime.now(UTC)
    for i, message in enumerate(posted):
        if not message["metadata"].get("timestamp"):
            message["timestamp"] = now + timedelta(microseconds=i)
    return list(posted)


def _read(message: OpenAIMessage) -> BaseMessage:
    """Turn a message of a thread into LangChain's."""
    metadata: dict[str, Any] = {
        name: value for name, value in message["metadata"].items() if value is not None
    }
    # LangChain's type for content does not know that each part is a dict here.
    content: Any = message["content"] or ""
    fields: dict[str, Any] = {
        "content": content,
        "name": message["name"],
        "id": metadata.pop("id", None),
        "response_metadata": metadata.pop("response_metadata", {}),
        "additional_kwargs": metadata,
    }
    role = message["role"]
    if role == "assistant":
        return _read_answer(fields, metadata)
    if role == "tool":
        status = metadata.pop("status") if metadata.get("status") == "error" else "success"
        return ToolMessage(**fields, tool_call_id=metadata.pop("tool_call_id", ""), status=status)
    if role == "developer":
        metadata["__openai_role__"] = role
    if role == "function":
        fields["name"] = message["name"] or ""
    kind = _KINDS.get(role)
    return ChatMessage(**fields, role=role) if kind is None else kind(**fields)


def _read_answer(fields: dict[str, Any], metadata: dict[str, Any]) -> AIMessage:
    usage = metadata.pop("usage_metadata", None)
    # From the additional kwargs it reads calls of tools, valid and invalid, in the form of model
    # APIs.
    answer = AIMessage(**fields, usage_metadata=usage)
    if answer.tool_calls or answer.invalid_tool_calls:
        del answer.additional_kwargs["tool_calls"]
    return answer
