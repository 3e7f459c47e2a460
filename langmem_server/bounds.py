"""How much work the judging by a schema may be: counted in steps, and ended when too many.

A step is one to two microseconds. The same schema and value always take the same steps, so what is
refused once is refused always, whatever else the machine has to do.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from langmem_server.patterns import Pattern, PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STEPS: Final = 1_000_000


class SchemaError(Exception):
    """A schema cannot be used; the text says what is wrong with it."""


class _Work:
    """What one piece of work may still cost, and the patterns compiled in it."""

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.patterns: dict[str, Pattern] = {}


_WORK: ContextVar[_Work | None] = ContextVar("work", default=None)


@contextmanager
def bounded() -> Iterator[None]:
    """Count all judging in the block as one piece of work of at most `MAX_STEPS`.

    Inside of another such block it adds nothing.

    Example:
        >>> with bounded():
        ...     charge(MAX_STEPS + 1)
        Traceback (most recent call last):
        ...
        langmem_server.bounds.SchemaError: judging by the schema takes more than 1,000,000 steps
    """
    if _WORK.get() is not None:
        yield
        return
    token = _WORK.set(_Work())
    try:
        yield
    finally:
        _WORK.reset(token)


def charge(steps: int) -> None:
    """Count steps; to be called in a `bounded` block, before doing what they are for.

    Raises:
        SchemaError: There have been too many.
    """
    work = _work()
    work.left -= steps
    if work.left < 0:
        raise SchemaError(f"judging by the schema takes more than {MAX_STEPS:,} steps")


def pattern(source: str) -> Pattern:
    """Return a pattern, compiled once in a `bounded` block.

    Raises:
        PatternError: It cannot be used.
        SchemaError: There have been too many steps.
    """
    known = _work().patterns
    if source not in known:
        # The engine takes no text of a class of its own, neither here nor below.
        known[source] = Pattern(str(source), charge)
    return known[source]


def search(source: str, text: str) -> bool:
    """Say whether a pattern matches anywhere in a text; in a `bounded` block.

    Raises:
        SchemaError: The pattern cannot be used for this text, or there have been too many steps.
    """
    try:
        return pattern(source).search(str(text))
    except PatternError as error:
        raise SchemaError(str(error)) from None


def _work() -> _Work:
    work = _WORK.get()
    if work is None:
        raise RuntimeError("judging needs a bounded block")
    return work
