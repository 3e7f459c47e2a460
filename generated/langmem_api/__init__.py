# Made by scripts/generate from openapi.yaml; edit that instead.
"""The LangMem API as code: operations, types and an opt-in client with attrs models."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client
else:
    from importlib import import_module

    _MODULES = {
        "AuthenticatedClient": "client",
        "Client": "client",
    }

    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *_MODULES})


__all__ = (
    "AuthenticatedClient",
    "Client",
)
