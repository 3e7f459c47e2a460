"""The LangMem service you can run yourself: `langmem-server`."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Read `__version__` from the installed distribution when somebody asks for it."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version  # noqa: PLC0415 - a slow import few callers need

    return version("langmem")
