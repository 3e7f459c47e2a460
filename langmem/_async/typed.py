"""Memory functions by their class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from langmem import _typed

from .handles import AsyncThreadSummary, AsyncUserAppendState, AsyncUserState
from .memory_functions import AsyncMemoryFunctions
from .thread_memories import AsyncThreadMemories
from .user_memories import AsyncUserMemories

if TYPE_CHECKING:
    from langmem._typed import Shape
    from langmem_api.types import MemoryFunction

T = TypeVar("T")

_HANDLES: dict[str, Any] = {
    "user_state": AsyncUserState,
    "user_append_state": AsyncUserAppendState,
    "thread_summary": AsyncThreadSummary,
}


class AsyncTypedMemories(AsyncUserMemories, AsyncThreadMemories, AsyncMemoryFunctions):
    """Finds or makes the memory function of a class."""

    __slots__ = ()

    @overload
    async def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_state"] = "user_state",
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> AsyncUserState[T]: ...

    @overload
    async def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_append_state"],
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> AsyncUserAppendState[T]: ...

    @overload
    async def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["thread_summary"],
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> AsyncThreadSummary[T]: ...

    async def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_state", "user_append_state", "thread_summary"] = "user_state",
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> AsyncUserState[T] | AsyncUserAppendState[T] | AsyncThreadSummary[T]:
        """Find the memory function of a class, or create it, to read its memories as that class.

        It is found by type and name, the oldest where a service has several, disabled or not. One
        that is found stays as it is, even if the class has changed since: `diff` of what this
        returns shows how, and `push` has the service follow. Programs that create it at the same
        time get the same one.

        Args:
            parameters: What to remember: a pydantic model (v2) or a dataclass. A dataclass is read
                with pydantic, which must be installed.
            target_type: The kind of memory: `user_state`, one value for each user, kept current;
                `user_append_state`, a growing list for each user; or `thread_summary`, one value
                for each thread.
            name: The schema's name. None or empty takes the class's title, which is its name
                unless it says otherwise.
            description: What the schema is about. None or empty takes the class's docstring.
            custom_instructions: What the extraction is told besides the schema. None leaves that
                to the service.

        Returns:
            The function's handle: `langmem.typed.AsyncUserState`, `AsyncUserAppendState` or
            `AsyncThreadSummary`.

        Raises:
            ValueError: `target_type` is none of these.
            TypeError: `parameters` is no pydantic model and no dataclass, or cannot be described
                in JSON Schema; or one of the texts is no text.
            ImportError: `parameters` is a dataclass, and pydantic is not installed.

        Example:
            >>> from pydantic import BaseModel
            >>> class UserProfile(BaseModel):
            ...     name: str
            ...     interests: list[str] = []
            >>> profile = await client.memory_function(UserProfile, name="User Profile")
            >>> await profile.get(user_id)
            UserProfile(name='Will', interests=['pikas'])
        """
        shape = _typed.shape(
            parameters,
            target_type=target_type,
            name=name,
            description=description,
            custom_instructions=custom_instructions,
        )
        handle: AsyncUserState[T] | AsyncUserAppendState[T] | AsyncThreadSummary[T] = _HANDLES[
            target_type
        ](self, shape, await self._find(shape) or await self._create(shape))
        return handle

    async def _find(self, shape: Shape[Any]) -> MemoryFunction | None:
        of = _typed.TARGETS[shape.target_type]
        functions = [function async for function in self.list_memory_functions(target_type=of)]
        return next(filter(shape.is_kept_by, functions), None)

    async def _create(self, shape: Shape[Any]) -> MemoryFunction:
        return await self.create_memory_function(
            shape.parameters,
            target_type=shape.target_type,
            name=shape.name,
            description=shape.description,
            custom_instructions=shape.custom_instructions,
        )
