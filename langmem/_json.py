"""Python values as JSON values, and JSON values as bytes.

A value may hold UUIDs, dates, enumerations, dataclasses, pydantic models (v2 and v1) and attrs
models with a `to_dict`, at any depth. What cannot be sent is a TypeError that names its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from langmem._codec import encode_plainly

if TYPE_CHECKING:
    from collections.abc import Callable

JSONValue: TypeAlias = "bool | int | float | str | list[JSONValue] | dict[str, JSONValue] | None"

# Far beyond any message or state, and well before Python's own limit on recursion.
_MAX_DEPTH = 100

# Python refuses to write whole numbers of some thousand digits.
_LARGE = 2**64

_SCALARS = (bool, int, float, str)
_BYTES = (bytes, bytearray, memoryview)


def to_json(value: object, argument: str) -> JSONValue:
    """Turn a value into plain JSON values that share nothing with it.

    Args:
        value: The value.
        argument: What to call it in an error, such as `metadata`.

    Raises:
        TypeError: Something in it cannot be sent as JSON; the message names where it sits.

    Example:
        >>> from datetime import date
        >>> from langmem._json import to_json
        >>> to_json({"since": date(2024, 4, 6), "tags": ("a", "b")}, "metadata")
        {'since': '2024-04-06', 'tags': ['a', 'b']}
    """
    try:
        return _copy(value, _MAX_DEPTH)
    except _NotPlainError:
        return _Walk(argument).convert(value)


class _NotPlainError(Exception):
    """A value is not all text, whole numbers, lists and dicts, or it cannot be sent."""


def _copy(value: Any, depth: int) -> JSONValue:
    """Copy what most values are made of, in a third of the time of a walk that can explain."""
    kind = type(value)
    if kind is str:
        return _utf8(value)
    if value is None or kind is bool or (kind is int and -_LARGE < value < _LARGE):
        scalar: JSONValue = value
        return scalar
    if not depth:
        raise _NotPlainError
    if kind is dict:
        return {_key(k): _copy(v, depth - 1) for k, v in value.items()}
    if kind is list:
        return [_copy(item, depth - 1) for item in value]
    raise _NotPlainError


def _key(key: Any) -> str:
    if type(key) is not str:
        raise _NotPlainError
    return _utf8(key)


def _utf8(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _NotPlainError from None
    return text


class _Walk:
    """One way through a value. It keeps where it is, so that only an error has to spell it out."""

    def __init__(self, argument: str) -> None:
        self.argument = argument
        self.steps: list[str | int] = []
        self.around: set[int] = set()  # the ids of the containers it is inside of

    def convert(self, value: object) -> JSONValue:
        if value is None or (type(value) is str and value.isascii()):
            return value  # as most values do
        if isinstance(value, Enum):
            return self.convert(value.value)
        if isinstance(value, _SCALARS):
            return self._scalar(value)
        if isinstance(value, date):  # of which datetime is a kind
            return value.isoformat()
        return str(value) if isinstance(value, UUID) else self._container(value)

    def _scalar(self, value: float | str) -> JSONValue:
        """Refuse what JSON or UTF-8 cannot hold: NaN, infinity, half a surrogate pair."""
        try:
            encode_plainly(value)
        except ValueError as error:
            raise self._error(f"cannot be sent as JSON: {error}") from error
        return value

    def _container(self, value: object) -> JSONValue:
        if id(value) in self.around:
            raise self._error("holds itself, and JSON has no end for that")
        if len(self.around) == _MAX_DEPTH:
            raise self._error(f"is nested deeper than {_MAX_DEPTH} levels")
        self.around.add(id(value))
        result: JSONValue
        if isinstance(value, Mapping):
            result = self._mapping(value)
        elif isinstance(value, Sequence) and not isinstance(value, _BYTES):
            result = [self._step(i, item) for i, item in enumerate(value)]
        else:
            result = self.convert(self._dump(value))
        self.around.remove(id(value))
        return result

    def _step(self, step: str | int, value: object) -> JSONValue:
        self.steps.append(step)
        result = self.convert(value)
        self.steps.pop()
        return result

    def _mapping(self, value: Mapping[Any, object]) -> dict[str, JSONValue]:
        result: dict[str, JSONValue] = {}
        for key, item in value.items():
            name = self._key(key)
            if name in result:
                raise self._error(f"two of its keys are both {name!r} in JSON")
            result[name] = self._step(name, item)
        return result

    def _key(self, key: object) -> str:
        """Name a key as `json.dumps` does, UUIDs, dates and enumerations besides."""
        name = self.convert(key)
        if isinstance(name, str):
            return name
        if isinstance(name, list | dict):
            raise self._error(f"{a_type(key)} cannot be a key in JSON; use text")
        return encode_plainly(name).decode()

    def _dump(self, value: object) -> object:
        """Open a model: one level of its own representation, still to be converted."""
        dump = dumper(value)
        if dump is None:
            raise self._error(
                f"{a_type(value)} cannot be sent as JSON; send text, a number, a bool, None, a "
                "list, a mapping, a UUID, a date, a dataclass or a pydantic model"
            )
        try:
            return dump()
        except Exception as error:
            raise self._error(f"{a_type(value)} cannot be sent as JSON: {error}") from error

    def _error(self, fault: str) -> TypeError:
        place = "".join(f"[{json.dumps(step, ensure_ascii=False)}]" for step in self.steps)
        return TypeError(f"{self.argument}{place}: {fault}")


def dumper(value: object) -> Callable[[], object] | None:
    """Return what opens a model: a dataclass, pydantic's or attrs' model; None for no model."""
    if isinstance(value, type):
        return None
    if is_dataclass(value):
        return lambda: {field.name: getattr(value, field.name) for field in fields(value)}
    if callable(dump := getattr(value, "model_dump", None)):
        return partial(dump, mode="json")
    name = "to_dict" if hasattr(value, "__attrs_attrs__") else "dict"
    dump = getattr(value, name, None)
    return dump if callable(dump) else None


def a_type(value: object) -> str:
    """Name what a value is, with its article, for an error."""
    if value is None or isinstance(value, type):
        return "None" if value is None else f"the class {value.__name__}"
    name = type(value).__name__
    return f"an {name}" if name[:1] in "aeiouAEIOU" else f"a {name}"
