"""The memories of one memory function, as values of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from langmem import _arguments
from langmem.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langmem._schema_diff import SchemaDiff
    from langmem._typed import Shape, TypedMemory
    from langmem.schemas import ID_T, Weights
    from langmem_api.types import MemoryFunction

    from .typed import AsyncTypedMemories

T = TypeVar("T")


class AsyncTypedFunction(Generic[T]):
    """A memory function and its class; `AsyncClient.memory_function` makes one.

    Attributes:
        function: The memory function as the service had it when it was last asked: when it was
            found or created, or by `diff` or `push`.
    """

    __slots__ = ("_client", "_shape", "function")

    function: MemoryFunction

    def __init__(
        self, client: AsyncTypedMemories, shape: Shape[T], function: MemoryFunction
    ) -> None:
        self._client = client
        self._shape = shape
        self.function = function

    @property
    def id(self) -> str:
        """The memory function's id."""
        return self.function["id"]

    @property
    def cls(self) -> type[T]:
        """The class of the memories."""
        return self._shape.cls

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.cls.__name__}, id={self.id!r})"

    async def diff(self) -> SchemaDiff:
        """Show how the class differs from the schema that the service has now.

        Returns:
            What `push` would change; false where there is nothing. It prints as a list of changes.

        Raises:
            NotFoundError: The memory function has been deleted.

        Example:
            >>> profile = await client.memory_function(UserProfile, name="User Profile")
            >>> diff = await profile.diff()
            >>> for change in diff.changes:
            ...     print(change.kind, ".".join(change.path))
            changed description
            removed parameters.properties.name.description
            added parameters.properties.interests.default
        """
        self.function = await self._client.get_memory_function(self.id)
        return self._shape.diff(self.function)

    async def push(self) -> SchemaDiff:
        """Give the service the schema of the class, where it has another.

        What was remembered under the old schema stays as it is; later runs follow the new one. A
        function that is disabled stays so.

        Returns:
            What was changed.

        Raises:
            NotFoundError: The memory function has been deleted.
            UnprocessableEntityError: The service cannot use the schema.

        Example:
            >>> profile = await client.memory_function(UserProfile)
            >>> if await profile.push():
            ...     print("the service has the new schema")
            the service has the new schema
        """
        diff = await self.diff()
        if diff:
            self.function = await self._client.update_memory_function(
                self.id,
                schema=self._shape.parameters,
                description=self._shape.description,
                custom_instructions=self._shape.custom_instructions,
            )
        return diff

    async def _is_there(self) -> bool:
        """Tell the reasons of a 404 apart: with the function there, nothing is remembered.

        Raises:
            NotFoundError: The memory function has been deleted.
        """
        function = await self._client.get_memory_function(self.id)
        return function["type"] == self._shape.target_type


class AsyncUserState(AsyncTypedFunction[T]):
    """One value for each user, kept current: a memory function of type `user_state`."""

    __slots__ = ()

    async def get(self, user_id: ID_T) -> T | None:
        """Get what is remembered of a user.

        Args:
            user_id: The user's id.

        Returns:
            The value, or None while nothing is remembered, and for a user not known yet. A
            property that is not known yet is missing, or null, and has the class's default.

        Raises:
            StoredValueError: What is stored does not fit the class, perhaps because it is older.
                The error holds it, and what is wrong with it.
            NotFoundError: The memory function has been deleted.
            ValueError: The id is text and not a UUID.

        Example:
            >>> profile = await client.memory_function(UserProfile)
            >>> await profile.get(user_id)
            UserProfile(name='Will', interests=['pikas'])
        """
        target = f"/users/{_arguments.one_id(user_id, 'user_id')}"
        try:
            raw = await self._client.get_user_memory(user_id, memory_function_id=self.id)
        except NotFoundError:
            if not await self._is_there():
                raise
            return None
        return None if raw is None else self._shape.load(raw, target)

    async def put(self, user_id: ID_T, value: T) -> None:
        """Replace what is remembered of a user.

        Args:
            user_id: The user's id.
            value: The new value.

        Raises:
            NotFoundError: There is no such user, or the memory function has been deleted.
            UnprocessableEntityError: The value does not fit the schema that the service has; `diff`
                shows whether that is the class's.
            TypeError: The value is not of the class, or cannot be sent as JSON.
            ValueError: The value breaks the rules of its class, as one changed since it was made
                may; or the id is text and not a UUID.

        Example:
            >>> profile = await client.memory_function(UserProfile)
            >>> await profile.put(user_id, UserProfile(name="Will", interests=["rabbits"]))
        """
        state = self._shape.dump(value)
        await self._client.update_user_memory(user_id, memory_function_id=self.id, state=state)

    async def delete(self, user_id: ID_T) -> None:
        """Delete what is remembered of a user. Deleting nothing is no error.

        Args:
            user_id: The user's id.

        Raises:
            NotFoundError: There is no such user, or the memory function has been deleted.
            ValueError: The id is text and not a UUID.

        Example:
            >>> profile = await client.memory_function(UserProfile)
            >>> await profile.delete(user_id)
        """
        await self._client.delete_user_memory(user_id=user_id, memory_function_id=self.id)


class AsyncUserAppendState(AsyncTypedFunction[T]):
    """A growing list for each user: a memory function of type `user_append_state`."""

    __slots__ = ()

    async def query(
        self,
        user_id: ID_T,
        text: str,
        k: int = 200,
        *,
        weights: Weights | Mapping[str, float] | None = None,
    ) -> list[TypedMemory[T]]:
        """Search the memories of a user, by relevance, recency and importance.

        Args:
            user_id: The user's id. A user not known yet has no memories, which is no error.
            text: What to look for. Empty text leaves the order to recency and importance.
            k: How many memories to return at most; 1 or more.
            weights: How much `relevance`, `recency` and `importance` count. None weights them
                equally.

        Returns:
            The memories, greatest weighted score first. One that does not fit the class is among
            them: its `ok` is false, its `raw` is what is stored, and its `value` raises.

        Raises:
            NotFoundError: The memory function has been deleted.
            ValueError: The id is text and not a UUID, a weight has an unknown name, or `k` is below
                1.

        Example:
            >>> facts = await client.memory_function(Fact, target_type="user_append_state")
            >>> found = await facts.query(user_id, "pikas", k=10)
            >>> [memory.value.object for memory in found if memory.ok]
            ['pikas']
        """
        target = f"/users/{_arguments.one_id(user_id, 'user_id')}"
        found = await self._client.query_user_memory(
            user_id, text, k, memory_function_ids=self.id, weights=weights
        )
        return [self._shape.load_memory(memory, target) for memory in found["memories"]]

    async def delete(self, user_id: ID_T) -> None:
        """Delete every memory of a user. Deleting nothing is no error.

        `AsyncClient.delete_individual_memories` deletes single ones, by their ids.

        Args:
            user_id: The user's id.

        Raises:
            NotFoundError: There is no such user, or the memory function has been deleted.
            ValueError: The id is text and not a UUID.

        Example:
            >>> facts = await client.memory_function(Fact, target_type="user_append_state")
            >>> await facts.delete(user_id)
        """
        await self._client.delete_user_memory(user_id=user_id, memory_function_id=self.id)


class AsyncThreadSummary(AsyncTypedFunction[T]):
    """One value for each thread: a memory function of type `thread_summary`."""

    __slots__ = ()

    async def get(self, thread_id: ID_T) -> T | None:
        """Get what is remembered of a thread.

        Args:
            thread_id: The thread's id.

        Returns:
            The value, or None while nothing is remembered, and for a thread not known yet.

        Raises:
            StoredValueError: What is stored does not fit the class, perhaps because it is older.
                The error holds it, and what is wrong with it.
            NotFoundError: The memory function has been deleted.
            ValueError: The id is text and not a UUID.

        Example:
            >>> summary = await client.memory_function(Summary, target_type="thread_summary")
            >>> await summary.get(thread_id)
            Summary(title='Pikas', summary='Pikas make haypiles.', topic=['animals'])
        """
        target = f"/threads/{_arguments.one_id(thread_id, 'thread_id')}"
        try:
            raw = await self._client.get_thread_memory(thread_id, memory_function_id=self.id)
        except NotFoundError:
            if not await self._is_there():
                raise
            return None
        return self._shape.load(raw, target)
