"""Copies of JSON values that show little of themselves, whatever their size. Pure.

An error text of jsonschema shows the whole value it is about, once for each branch of a choice: of
a long value, and a thousand branches, that is more memory than there is.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_SHOWN: Final = 500
_EXCERPT: Final = 120


class Object(dict[Any, Any]):
    """An object that knows about how many characters it is long."""

    __slots__ = ("size",)
    size: int

    def __repr__(self) -> str:
        if self.size <= MAX_SHOWN:
            return dict.__repr__(self)
        return "{" + _first(f"{key!r}: {value!r}" for key, value in self.items()) + ", ...}"


class Array(list[Any]):
    """A list that knows about how many characters it is long."""

    __slots__ = ("size",)
    size: int

    def __repr__(self) -> str:
        if self.size <= MAX_SHOWN:
            return list.__repr__(self)
        return "[" + _first(map(repr, self)) + ", ...]"


class Text(str):
    """A long text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{str(self[:_EXCERPT])!r}"[:-1] + " ... " + f"{str(self[-_EXCERPT:])!r}"[1:]


def shortened(value: Any, charge: Callable[[int], None]) -> Any:
    """Copy a JSON value.

    Args:
        value: The value.
        charge: Called with 1 for each list, object and item; it may raise.

    Example:
        >>> shortened({"text": "pikas"}, lambda steps: None)
        {'text': 'pikas'}
        >>> len(repr(shortened(["x" * 1000] * 1000, lambda steps: None))) < 500
        True
    """
    if isinstance(value, dict):
        charge(1 + len(value))
        whole = Object((_text(key), shortened(item, charge)) for key, item in value.items())
        whole.size = 2 + sum(_size(key) + _size(item) + 4 for key, item in whole.items())
        return whole
    if isinstance(value, list):
        charge(1 + len(value))
        row = Array(shortened(item, charge) for item in value)
        row.size = 2 + sum(_size(item) + 2 for item in row)
        return row
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else Text(text)


def _size(value: Any) -> int:
    if isinstance(value, Object | Array):
        return value.size
    if isinstance(value, str):
        return len(value) + 2
    return value.bit_length() // 3 + 1 if type(value) is int else 8


def _first(parts: Iterable[str]) -> str:
    grown = accumulate(parts, "{}, {}".format)
    return next(whole for whole in grown if len(whole) > _EXCERPT)
