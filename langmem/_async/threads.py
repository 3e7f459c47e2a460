"""Threads: what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from langmem import _prepare

from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from langmem.schemas import ID_T, MESSAGE_LIKE, ResponseFormat
    from langmem_api.types import (
        GetThreadStateResponse,
        LangMemMessage,
        OpenAIMessage,
        Thread,
        ThreadListItem,
    )


class AsyncThreads(AsyncBase):
    """The operations on threads, their messages and their state."""

    __slots__ = ()

    async def create_thread(
        self,
        *,
        thread_id: ID_T | None = None,
        messages: Iterable[MESSAGE_LIKE] | MESSAGE_LIKE | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Thread:
        """Create a thread, or add to one that exists.

        `add_messages` creates an unknown thread too; this is for metadata, or for an id made by the
        service.

        Args:
            thread_id: The id you choose. With None the service makes one.
            messages: Messages to begin with, oldest first, as `add_messages` takes them.
            metadata: Facts of your own about the thread.

        Returns:
            The thread as stored.

        Raises:
            ValueError: The id is text and not a UUID, or a message lacks its role or its content.
            TypeError: An argument cannot be sent as JSON; the message names the place.

        Example:
            >>> thread = await client.create_thread(metadata={"topic": "animals"})
            >>> await client.add_messages(thread["id"], [{"role": "user", "content": "Hi!"}])
        """
        return await self._send(
            _prepare.create_thread(thread_id=thread_id, messages=messages, metadata=metadata)
        )

    async def add_messages(
        self, thread_id: ID_T, messages: Iterable[MESSAGE_LIKE] | MESSAGE_LIKE
    ) -> None:
        """Add messages to a thread, which is created if it is unknown.

        When the call returns, the messages are stored. The memory functions run over them after the
        service's delay, or at once on `trigger_all_for_thread`.

        Args:
            thread_id: The thread's id.
            messages: The messages, oldest first, or a single one: dicts, dataclasses or pydantic
                models, with `role` and `content`, and perhaps `name` and `metadata`; message
                objects of OpenAI, Anthropic and LangChain. A message whose metadata has a `user_id`
                makes memories for that user; one without comes from a guest and makes none.
                LangChain's have their metadata in `additional_kwargs`. With an `id`, or a
                `timestamp`, in the metadata a message can be posted again without being stored
                twice.

        Raises:
            ValueError: The id is text and not a UUID, or a message lacks its role or its content.
            TypeError: Something is no message, or cannot be sent as JSON; the message names the
                place.

        Example:
            >>> messages = [
            ...     {
            ...         "role": "user",
            ...         "content": "Did you know pikas make their own haypiles?",
            ...         "name": "Will",
            ...         "metadata": {"user_id": user_id},
            ...     },
            ...     {"role": "assistant", "content": "Yes! They are related to rabbits, too."},
            ... ]
            >>> await client.add_messages(thread_id, messages)
            >>> await client.add_messages(thread_id, {"role": "user", "content": "Aha!"})
        """
        return await self._send(_prepare.add_messages(thread_id, messages))

    async def get_thread(self, thread_id: ID_T) -> Thread:
        """Get a thread with its newest messages.

        Args:
            thread_id: The thread's id.

        Returns:
            The thread; `list_messages` gives all of its messages.

        Raises:
            NotFoundError: There is no such thread.
            ValueError: The id is text and not a UUID.

        Example:
            >>> thread = await client.get_thread(thread_id)
            >>> len(thread["messages"])
            1
        """
        return await self._send(_prepare.get_thread(thread_id))

    async def list_threads(self) -> list[ThreadListItem]:
        """List all threads, the one last written to first.

        Returns:
            The threads, without their messages.

        Example:
            >>> for thread in await client.list_threads():
            ...     print(thread["id"])
            e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28
        """
        return await self._send(_prepare.list_threads())

    async def delete_thread(self, thread_id: ID_T) -> None:
        """Erase a thread: its messages and state, and the memories that were drawn from it.

        States of users that its messages helped to form stay. This cannot be undone. The service of
        2024 had no such operation.

        Args:
            thread_id: The thread's id.

        Raises:
            NotFoundError: There is no such thread.
            ValueError: The id is text and not a UUID.

        Example:
            >>> await client.delete_thread(thread_id)
        """
        return await self._send(_prepare.delete_thread(thread_id))

    async def add_thread_state(
        self, thread_id: ID_T, state: Mapping[str, Any], *, key: str | None = None
    ) -> None:
        """Store JSON of your own with a thread, in place of what was there.

        Args:
            thread_id: The thread's id. An unknown thread is created.
            state: A dict, a dataclass or a pydantic model.
            key: The slot to store it in. None is the thread's nameless slot.

        Raises:
            ValueError: The id is text and not a UUID.
            TypeError: The state cannot be sent as JSON; the message names the place.

        Example:
            >>> await client.add_thread_state(thread_id, {"step": 3}, key="checkpoint")
        """
        return await self._send(_prepare.add_thread_state(thread_id, state, key=key))

    async def get_thread_state(
        self, thread_id: ID_T, *, key: str | None = None
    ) -> GetThreadStateResponse:
        """Get what `add_thread_state` stored.

        Args:
            thread_id: The thread's id. An unknown thread has no state, which is no error.
            key: The slot. None is the thread's nameless slot.

        Returns:
            An object whose `state` is what was stored, or None where nothing is.

        Raises:
            ValueError: The id is text and not a UUID.

        Example:
            >>> stored = await client.get_thread_state(thread_id, key="checkpoint")
            >>> stored.get("state")
            {'step': 3}
        """
        return await self._send(_prepare.get_thread_state(thread_id, key=key))

    @overload
    def list_messages(
        self,
        thread_id: ID_T,
        *,
        response_format: Literal["langmem"],
        ascending_order: bool | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[LangMemMessage, None]: ...

    @overload
    def list_messages(
        self,
        thread_id: ID_T,
        *,
        response_format: Literal["openai"] | None = None,
        ascending_order: bool | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[OpenAIMessage, None]: ...

    def list_messages(
        self,
        thread_id: ID_T,
        *,
        response_format: ResponseFormat | None = None,
        ascending_order: bool | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[LangMemMessage, None] | AsyncGenerator[OpenAIMessage, None]:
        """List a thread's messages.

        Args:
            thread_id: The thread's id. An unknown thread has no messages, which is no error.
            response_format: `openai`: role, content and name at the top and the rest in `metadata`;
                what None means. `langmem`: id, timestamp and `user`.
            ascending_order: True lists messages as posted, which is what None means too; False
                lists the newest first.
            page_size: How many messages to fetch at a time; 1 or more.
            limit: How many messages to return at most. No page is fetched that is not needed.

        Returns:
            An iterator over the messages, which fetches page after page.

        Raises:
            PaginationError: The service repeated a page.
            ValueError: The id is text and not a UUID, or a number is too small; at the call.

        Example:
            >>> async for message in client.list_messages(thread_id, limit=1):
            ...     print(message["role"], message["content"])
            user Did you know pikas make their own haypiles?
        """
        return self._iterate(
            _prepare.list_messages(
                thread_id,
                response_format=response_format,
                ascending_order=ascending_order,
                page_size=page_size,
                limit=limit,
            )
        )
