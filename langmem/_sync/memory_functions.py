# Derived by scripts/unasync.py from langmem/_async/memory_functions.py: edit that instead.
"""Memory functions: what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from langmem import _prepare

from .base import Base

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from langmem.schemas import ID_T, SCHEMA_LIKE
    from langmem_api.types import MemoryFunction


class MemoryFunctions(Base):
    """The operations on memory functions."""

    __slots__ = ()

    def create_memory_function(
        self,
        parameters: SCHEMA_LIKE,
        *,
        target_type: str = "user_state",
        name: str | None = None,
        description: str | None = None,
        custom_instructions: str | None = None,
        function_id: ID_T | None = None,
    ) -> MemoryFunction:
        """Create a memory function, or update the one of the same type and name.

        So a program may create its functions at each start. Use the id in the answer: it is the
        existing function's, where there is one, and not the one sent.

        Args:
            parameters: What to remember: a pydantic model, a dataclass, a TypedDict, a class with
                annotated fields, or a JSON Schema. It is never changed. Other classes than
                pydantic's own are read with pydantic, which must be installed for them.
            target_type: The kind of memory: `user_state`, one object for each user, kept current;
                `user_append_state`, a growing list for each user; `user_semantic_memory`; or
                `thread_summary`, one object for each thread.
            name: The schema's name. None or empty takes the title of `parameters`.
            description: What the schema is about. None or empty takes that of `parameters`.
            custom_instructions: What the extraction is told besides the schema.
            function_id: The id you choose. None makes one.

        Returns:
            The function as stored.

        Raises:
            ConflictError: The id belongs to a function of another type.
            ValueError: The id is text and not a UUID.
            TypeError: `parameters` is of no known form.
            ImportError: `parameters` is a class that pydantic must read, and it is not installed.

        Example:
            >>> from pydantic import BaseModel, Field
            >>> class UserProfile(BaseModel):
            ...     name: str = Field(description="The user's name")
            ...     interests: list[str] = Field(description="What the user likes")
            >>> function = client.create_memory_function(
            ...     UserProfile, target_type="user_state", name="User Profile"
            ... )
            >>> function["target_type"]
            'user'
        """
        return self._send(
            _prepare.create_memory_function(
                parameters,
                target_type=target_type,
                name=name,
                description=description,
                custom_instructions=custom_instructions,
                function_id=function_id,
            )
        )

    def get_memory_function(self, memory_function_id: ID_T) -> MemoryFunction:
        """Get a memory function.

        Args:
            memory_function_id: The memory function's id.

        Returns:
            The memory function.

        Raises:
            NotFoundError: There is no such memory function.
            ValueError: The id is text and not a UUID.

        Example:
            >>> function = client.get_memory_function(memory_function_id)
            >>> function["schema"]["name"]
            'User Profile'
        """
        return self._send(_prepare.get_memory_function(memory_function_id))

    def list_memory_functions(
        self, *, target_type: Iterable[str] | None = None
    ) -> Generator[MemoryFunction, None, None]:
        """List the memory functions, disabled ones too.

        Args:
            target_type: Only functions that remember things about these: `user`, `thread`. A single
                text is a list of one.

        Returns:
            An iterator over the functions, which fetches page after page.

        Raises:
            PaginationError: The service repeated a page.
            TypeError: The filter is not a list; at the call.

        Example:
            >>> for function in client.list_memory_functions(target_type="user"):
            ...     print(function["type"], function["schema"]["name"])
            user_state User Profile
        """
        return self._iterate(_prepare.list_memory_functions(target_type=target_type))

    def update_memory_function(
        self,
        memory_function_id: ID_T,
        *,
        name: str | None = None,
        schema: SCHEMA_LIKE | None = None,
        custom_instructions: str | None = None,
        description: str | None = None,
        function_type: str | None = None,
        status: Literal["active", "disabled"] | None = None,
    ) -> MemoryFunction:
        """Update a memory function. What is None stays as it is.

        What was remembered under the old schema stays as it is too; later runs follow the new one.

        Args:
            memory_function_id: The memory function's id.
            name: The schema's new name.
            schema: What to remember from now on, in any form `create_memory_function` takes.
            custom_instructions: What the extraction is told besides the schema.
            description: What the schema is about.
            function_type: The new kind of memory, see `target_type` of `create_memory_function`.
            status: `disabled` stops the function from running over new messages.

        Returns:
            The function as stored now.

        Raises:
            NotFoundError: There is no such memory function.
            ConflictError: The name is taken, or the type cannot change any more.
            ValueError: The id is text and not a UUID.
            TypeError: `schema` is of no known form.
            ImportError: `schema` is a class that pydantic must read, and it is not installed.

        Example:
            >>> function = client.update_memory_function(
            ...     memory_function_id, status="disabled"
            ... )
        """
        return self._send(
            _prepare.update_memory_function(
                memory_function_id,
                name=name,
                schema=schema,
                custom_instructions=custom_instructions,
                description=description,
                function_type=function_type,
                status=status,
            )
        )

    def delete_memory_function(self, memory_function_id: ID_T) -> None:
        """Delete a memory function together with everything it remembered.

        Args:
            memory_function_id: The memory function's id.

        Raises:
            NotFoundError: There is no such memory function.
            ValueError: The id is text and not a UUID.

        Example:
            >>> client.delete_memory_function(memory_function_id)
        """
        return self._send(_prepare.delete_memory_function(memory_function_id))
