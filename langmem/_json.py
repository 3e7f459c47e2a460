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

if TYPE_CHECKING:
    from collections.abc import Callable

JSONValue: TypeAlias = "bool | int | float | str | list[JSONValue] | dict[str, JSONValue] | None"

# Far beyond any message or state, and well before Python's own limit on recursion.
_MAX_DEPTH = 100

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: JSONValue) -> bytes:
    """Write a JSON value as compact UTF-8.

    Args:
        value: What `to_json` returned.
    """
    return _ENCODER.encode(value).encode()


def to_json(value: object, place: str) -> JSONValue:
    """Turn a value into plain JSON values that share nothing with it.

    Args:
        value: The value.
        place: What to call it in an error, such as `metadata`.

    Raises:
        TypeError: Something in it cannot be sent as JSON; the message names where it sits.

    Example:
        >>> from datetime import date
        >>> from langmem._json import to_json
        >>> to_json({"since": date(2024, 4, 6), "tags": ("a", "b")}, "metadata")
        {'since': '2024-04-06', 'tags': ['a', 'b']}
    """
    return _convert(value, place, ())


def _convert(value: object, place: str, parents: tuple[object, ...]) -> JSONValue:
    if isinstance(value, Enum):
        return _convert(value.value, place, parents)
    if value is None or isinstance(value, bool | int | float | str):
        return _scalar(value, place)
    if isinstance(value, UUID | date):  # a datetime is a date as well
        return value.isoformat() if isinstance(value, date) else str(value)
    if any(value is parent for parent in parents):
        raise TypeError(f"{place}: holds itself, and JSON has no end for that")
    if len(parents) == _MAX_DEPTH:
        raise TypeError(f"{place}: is nested deeper than {_MAX_DEPTH} levels")
    parents = (*parents, value)
    if isinstance(value, Mapping):
        return _mapping(value, place, parents)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_convert(item, f"{place}[{i}]", parents) for i, item in enumerate(value)]
    return _convert(_dump(value, place), place, parents)


def _scalar(value: bool | float | str | None, place: str) -> JSONValue:
    """Refuse what JSON or UTF-8 cannot hold: NaN, infinity, half a surrogate pair."""
    try:
        if isinstance(value, str):
            value.encode()
        elif value is not None:
            _ENCODER.encode(value)
    except ValueError as error:
        raise TypeError(f"{place}: cannot be sent as JSON: {error}") from error
    return value


def _mapping(
    value: Mapping[Any, object], place: str, parents: tuple[object, ...]
) -> dict[str, JSONValue]:
    result: dict[str, JSONValue] = {}
    for key, item in value.items():
        name = _key(key, place)
        if name in result:
            raise TypeError(f"{place}: two of its keys are both {name!r} in JSON")
        result[name] = _convert(item, f"{place}[{json.dumps(name)}]", parents)
    return result


def _key(key: object, place: str) -> str:
    """Name a key as `json.dumps` does, UUIDs, dates and enumerations besides."""
    name = _convert(key, f"{place}, key {key!r}", ())
    if isinstance(name, list | dict):
        raise TypeError(f"{place}: {a_type(key)} cannot be a key in JSON; use text")
    return name if isinstance(name, str) else _ENCODER.encode(name)


def _dump(value: object, place: str) -> object:
    """Open a model: one level of its own representation, still to be converted."""
    dump = _dumper(value)
    if dump is None:
        raise TypeError(
            f"{place}: {a_type(value)} cannot be sent as JSON; send text, a number, a bool, None, "
            "a list, a mapping, a UUID, a date, a dataclass or a pydantic model"
        )
    try:
        return dump()
    except Exception as error:
        raise TypeError(f"{place}: {a_type(value)} cannot be sent as JSON: {error}") from error


def _dumper(value: object) -> Callable[[], object] | None:
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
