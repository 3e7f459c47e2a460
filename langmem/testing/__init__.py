"""A LangMem service for tests: in memory, with a scripted model and faults on demand.

pytest finds the fixtures `langmem_service`, `langmem_client` and `langmem_async_client` without an
import. Everywhere else a `Service` is entered by hand. Both need `langmem[server]`.

Example:
    >>> from langmem import Client
    >>> from langmem.testing import Service
    >>> with Service() as service, Client(service.url) as client:
    ...     service.fail(429, retry_after=0)
    ...     status = client.get_health()["status"]
    >>> [request.status for request in service.requests], status
    ([429, 200], 'ok')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["Question", "RecordedRequest", "ScriptedModel", "Service"]

_HOMES = {
    "Question": "_question",
    "RecordedRequest": "_service",
    "ScriptedModel": "_model",
    "Service": "_service",
}

if TYPE_CHECKING:
    from langmem.testing._model import ScriptedModel
    from langmem.testing._question import Question
    from langmem.testing._service import RecordedRequest, Service
else:  # a type checker that saw this would take every name for one of ours

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
