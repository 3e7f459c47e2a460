# Derived by scripts/unasync.py from langmem/_async/typed.py: edit that instead.
"""Memory functions by their class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from langmem import _typed

from .handles import ThreadSummary, UserAppendState, UserState
from .memory_functions import MemoryFunctions
from .thread_memories import ThreadMemories
from .user_memories import UserMemories

if TYPE_CHECKING:
    from langmem._typed import Shape
    from langmem_api.types import MemoryFunction

T = TypeVar("T")

_HANDLES: dict[str, Any] = {
    "user_state": UserState,
    "user_append_state": UserAppendState,
    "thread_summary": ThreadSummary,
}


class TypedMemories(UserMemories, ThreadMemories, MemoryFunctions):
    """Finds or makes the memory function of a class."""

    __slots__ = ()

    @overload
    def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_state"] = "user_state",
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> UserState[T]: ...

    @overload
    def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_append_state"],
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> UserAppendState[T]: ...

    @overload
    def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["thread_summary"],
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> ThreadSummary[T]: ...

    def memory_function(
        self,
        parameters: type[T],
        *,
        target_type: Literal["user_state", "user_append_state", "thread_summary"] = "user_state",
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
    ) -> UserState[T] | UserAppendState[T] | ThreadSummary[T]:
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
            The function's handle: `langmem.typed.UserState`, `UserAppendState` or
            `ThreadSummary`.

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
            >>> profile = client.memory_function(UserProfile, name="User Profile")
            >>> profile.get(user_id)
            UserProfile(name='Will', interests=['pikas'])
        """
        shape = _typed.shape(
            parameters,
            target_type=target_type,
            name=name,
            description=description,
            custom_instructions=custom_instructions,
        )
        handle: UserState[T] | UserAppendState[T] | ThreadSummary[T] = _HANDLES[target_type](
            self, shape, self._find(shape) or self._create(shape)
        )
        return handle

    def _find(self, shape: Shape[Any]) -> MemoryFunction | None:
        of = _typed.TARGETS[shape.target_type]
        functions = list(self.list_memory_functions(target_type=of))
        return next(filter(shape.is_kept_by, functions), None)

    def _create(self, shape: Shape[Any]) -> MemoryFunction:
        return self.create_memory_function(
            shape.parameters,
            target_type=shape.target_type,
            name=shape.name,
            description=shape.description,
            custom_instructions=shape.custom_instructions,
        )
