"""LangMem: long-term memory for chat applications.

`Client` and `AsyncClient` speak to a LangMem service; `langmem.errors` holds what they raise and
`langmem.schemas` the types of what they take and return. Each is imported when it is first used.

Example:
    >>> import uuid
    >>> from langmem import Client
    >>> user_id, thread_id = uuid.uuid4(), uuid.uuid4()
    >>> messages = [{"role": "user", "content": "I keep bees.", "metadata": {"user_id": user_id}}]
    >>> with Client("http://127.0.0.1:8100") as client:
    ...     client.add_messages(thread_id, messages)
    ...     client.trigger_all_for_thread(thread_id)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["AsyncClient", "Client", "LangMemError", "errors", "schemas"]

# Not `client`, which has both: a program of one colour need not import the other.
_HOMES = {"AsyncClient": "_async.client", "Client": "_sync.client", "LangMemError": "errors"}

if TYPE_CHECKING:
    from langmem import errors, schemas
    from langmem.client import AsyncClient, Client
    from langmem.errors import LangMemError
else:  # a type checker that saw this would take every name for one of ours

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = import_module(f"{__name__}.{_HOMES.get(name, name)}")
        return getattr(home, name) if name in _HOMES else home


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
