"""Memories as values of your classes: the types of what `memory_function` of the clients returns.

Example:
    >>> from langmem import AsyncClient
    >>> from langmem.typed import AsyncUserState
    >>> async def greet(profile: AsyncUserState[UserProfile]) -> str:
    ...     known = await profile.get(user_id)
    ...     return "Hello!" if known is None else f"Hello {known.name}!"
    >>> await greet(await client.memory_function(UserProfile))
    'Hello Will!'
"""

from langmem._async.handles import (
    AsyncThreadSummary,
    AsyncTypedFunction,
    AsyncUserAppendState,
    AsyncUserState,
)
from langmem._schema_diff import SchemaChange, SchemaDiff
from langmem._sync.handles import ThreadSummary, TypedFunction, UserAppendState, UserState
from langmem._typed import TypedMemory
from langmem.errors import StoredValueError

__all__ = [
    "AsyncThreadSummary",
    "AsyncTypedFunction",
    "AsyncUserAppendState",
    "AsyncUserState",
    "SchemaChange",
    "SchemaDiff",
    "StoredValueError",
    "ThreadSummary",
    "TypedFunction",
    "TypedMemory",
    "UserAppendState",
    "UserState",
]
