"""What programs describe a memory with, as JSON Schema.

pydantic models are recognised by what they can do, so neither version of pydantic is imported for
them; it is imported only to read a dataclass, a TypedDict or an annotated class.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    NotRequired,
    Required,
    get_args,
    get_origin,
    get_type_hints,
)

from langmem._json import JSONValue, a_type, to_json

if TYPE_CHECKING:
    from types import ModuleType

_FORMS = (
    "expected a pydantic model, a JSON Schema as a dict, a dataclass, a TypedDict or a class with "
    "annotated fields"
)


def function_schema(
    source: object, name: str | None, description: str | None
) -> dict[str, JSONValue]:
    """Describe a memory function: its schema's name and description, and the schema itself.

    Title and description of the source serve where none is given, and then leave the schema, as
    the client of 2024 had it. The source is never changed.

    Raises:
        TypeError: The source is of no known form, or holds something that is not JSON.
        ImportError: The form needs pydantic, which is not installed.
    """
    parameters = json_schema(source, "parameters")
    return {
        "name": name or parameters.pop("title", ""),
        "description": description or parameters.pop("description", ""),
        "parameters": parameters,
    }


def json_schema(source: object, argument: str) -> dict[str, JSONValue]:
    """Return the JSON Schema of a source, as a value of its own.

    Args:
        source: The model, schema or class.
        argument: The name of the argument it came by, for errors.

    Raises:
        TypeError: The source is of no known form, or holds something that is not JSON.
        ImportError: The form needs pydantic, which is not installed.
    """
    schema = to_json(_read(source, argument), argument)
    if not isinstance(schema, dict):
        raise TypeError(f"{argument}: {_FORMS}, not {a_type(source)}")
    return schema


def _read(source: object, argument: str) -> object:
    if isinstance(source, Mapping):
        return source
    if callable(model_json_schema := getattr(source, "model_json_schema", None)):
        return _generate(model_json_schema, source, argument)
    if hasattr(source, "__fields__") and callable(schema := getattr(source, "schema", None)):
        return _generate(schema, source, argument)  # pydantic v1
    cls = source if isinstance(source, type) else type(source)
    if not dataclasses.is_dataclass(cls):
        cls = _as_dataclass(source, argument)
    adapter = _pydantic(source, argument).TypeAdapter
    return _generate(lambda: adapter(cls).json_schema(), source, argument)


def _generate(generate: Callable[[], object], source: object, argument: str) -> object:
    try:
        return generate()
    except Exception as error:
        raise TypeError(
            f"{argument}: {a_type(source)} cannot be turned into a JSON Schema: {error}"
        ) from error


def _pydantic(source: object, argument: str) -> ModuleType:
    try:
        return import_module("pydantic")
    except ImportError as error:
        raise ImportError(
            f"{argument}: reading {a_type(source)} needs pydantic: pip install pydantic"
        ) from error


def _as_dataclass(source: object, argument: str) -> type:
    """Give a TypedDict or an annotated class the form pydantic reads.

    A dataclass, since pydantic reads `typing.TypedDict` on Python 3.12 and later only, and warns of
    model fields that bear the name of a method, such as `schema`.
    """
    hints = _hints(source, argument) if isinstance(source, type) else {}
    if not isinstance(source, type) or not hints:
        raise TypeError(f"{argument}: {_FORMS}, not {a_type(source)}")
    make_field = _pydantic(source, argument).Field
    return dataclasses.make_dataclass(
        source.__name__,
        [_field(source, name, hint, make_field) for name, hint in hints.items()],
        namespace={"__doc__": source.__doc__},
        kw_only=True,
    )


def _hints(cls: type, argument: str) -> dict[str, Any]:
    """Return the class's fields and their types; class variables and private names are none."""
    try:
        hints = get_type_hints(cls, include_extras=True)
    except Exception as error:
        raise TypeError(
            f"{argument}: the annotations of {cls.__name__} cannot be read: {error}"
        ) from error
    return {
        name: hint
        for name, hint in hints.items()
        if not name.startswith("_") and ClassVar not in (hint, get_origin(hint))
    }


def _field(cls: type, name: str, hint: Any, make_field: Callable[..., Any]) -> tuple[str, Any, Any]:
    """Describe a field to `make_dataclass`, its default as pydantic's `Field` holds it."""
    if hasattr(cls, "__optional_keys__"):
        return _key(cls, name, hint, make_field)
    default = getattr(cls, name, ...)
    if inspect.isdatadescriptor(default):  # a slot or a property holds a place, not a default
        default = ...
    if not isinstance(default, type(make_field())):
        default = make_field(default=default)  # where `...` means required
    return name, hint, default


def _key(cls: Any, name: str, hint: Any, make_field: Callable[..., Any]) -> tuple[str, Any, Any]:
    """Describe a key of a TypedDict. Written as text, only its hint says whether it is required."""
    mark = get_origin(hint)
    optional = mark is NotRequired or (mark is not Required and name in cls.__optional_keys__)
    default = make_field(default_factory=dict) if optional else make_field(default=...)
    return name, get_args(hint)[0] if mark in (Required, NotRequired) else hint, default
