"""The JSON Schemas of memory functions: checked, adapted to a question, and applied. Pure.

Nothing is ever fetched: a `$ref` that leaves the schema cannot be resolved. Formats are not
checked. The work is bounded: see `bounds`.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from jsonschema.exceptions import best_match
from referencing.exceptions import Unresolvable

from langmem_server import bounds, judging
from langmem_server.bounds import SchemaError
from langmem_server.json_body import member
from langmem_server.patterns import PatternError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import ValidationError
    from referencing import Resource
    from referencing._core import Resolver

__all__ = ["Checker", "SchemaError", "check_references", "list_of", "only_known"]

_MAX_PROBLEMS: Final = 5
_MAX_PROBLEM: Final = 200
_SHARED: Final = ("$defs", "definitions")


class Checker:
    """A schema, ready to judge values.

    Args:
        schema: A JSON Schema of any draft; without `$schema`, draft 2020-12.

    Raises:
        SchemaError: It is no JSON Schema, has a pattern that cannot be used, or is too much work.

    Example:
        >>> Checker({"type": "object", "required": ["name"]}).problems({})
        ["$: 'name' is a required property"]
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        if not isinstance(schema.get("$schema", ""), str):
            raise SchemaError("$.$schema: this is no string")
        with bounds.bounded(), _schema_at_fault():
            self._judge = judging.Judge(schema)
            if self._judge.fault is not None:
                raise SchemaError(_describe(self._judge.fault))
            _compile_patterns(self._judge.root)

    def problems(self, value: Any) -> list[str]:
        """Say what is wrong with a value, `$.place: what`, at most five; `[]` when nothing is.

        Raises:
            SchemaError: The schema turned out to be unusable: a `$ref` that leads nowhere, out of
                the schema, or round in circles; more work than `bounds.MAX_STEPS`; numbers that
                cannot be calculated with.
        """
        with bounds.bounded(), _schema_at_fault():
            errors = sorted(self._judge.errors(value), key=_place)
            return [_describe(best_match([error]) or error) for error in errors[:_MAX_PROBLEMS]]


def check_references(schema: dict[str, Any]) -> None:
    """Look up every reference of a schema, without a value to judge.

    Args:
        schema: A JSON Schema, see `Checker`.

    Raises:
        SchemaError: A `$ref` leads nowhere, or out of the schema.

    Example:
        >>> check_references({"$ref": "#/$defs/pet", "$defs": {"pet": {"type": "object"}}})
    """
    with _schema_at_fault():
        _look_up(*judging.places_of(schema))


def only_known(schema: dict[str, Any]) -> dict[str, Any]:
    """Let an object leave out, or give as null, whatever is not known yet.

    A schema that is a mere reference, as pydantic writes a recursive model, is first replaced by
    what it refers to.

    Example:
        >>> only_known({"properties": {"age": {"type": "integer"}}, "required": ["age"]})
        {'properties': {'age': {'anyOf': [{'type': 'integer'}, {'type': 'null'}]}}}
    """
    whole = _referred(schema)
    relaxed = {key: value for key, value in whole.items() if key != "required"}
    if isinstance(whole.get("properties"), dict):
        relaxed["properties"] = {
            name: {"anyOf": [part, {"type": "null"}]} for name, part in whole["properties"].items()
        }
    return relaxed


def list_of(schema: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the schema of an object whose one property `key` is a list of what `schema` says.

    Definitions move to the new root, and references follow them.

    Example:
        >>> list_of({"type": "object"}, "memories")["properties"]
        {'memories': {'type': 'array', 'items': {'type': 'object'}}}
    """
    place = f"#/properties/{key}/items"

    def moved(ref: str) -> str:
        stays = not ref.startswith("#") or ref.startswith(tuple(f"#/{name}/" for name in _SHARED))
        return ref if stays else place + ref[1:]

    item = _with_refs(schema, moved)
    shared = {name: item.pop(name) for name in _SHARED if name in item}
    meta = {"$schema": item.pop("$schema")} if "$schema" in item else {}
    return (
        meta
        | {
            "type": "object",
            "properties": {key: {"type": "array", "items": item}},
            "required": [key],
        }
        | shared
    )


@contextmanager
def _schema_at_fault() -> Iterator[None]:
    """Blame the schema for whatever goes wrong."""
    try:
        yield
    except SchemaError:
        raise
    except Unresolvable as error:
        raise SchemaError(_leads_nowhere(error.ref)) from None
    except RecursionError:
        raise SchemaError("the schema or the value is nested too deeply") from None
    except Exception as error:  # noqa: BLE001 - jsonschema trusts schemas, and these are anybody's
        raise SchemaError(f"it cannot be judged by ({type(error).__name__})") from None


def _referred(schema: dict[str, Any]) -> dict[str, Any]:
    """Put what a schema refers to by its own `$ref` in place of this, where there is such."""
    place, _, name = str(schema.get("$ref", "")).removeprefix("#/").partition("/")
    shared = schema.get(place) if place in _SHARED else None
    target = shared.get(name) if isinstance(shared, dict) else None
    if not isinstance(target, dict):
        return schema
    return target | {key: value for key, value in schema.items() if key != "$ref"}


def _compile_patterns(root: Resource[Any]) -> None:
    """Refuse a pattern that cannot be used, wherever a schema has it."""
    schemas = {id(part.contents) for part in _with_parts(root)}

    def look(value: Any, place: str) -> None:
        if id(value) in schemas and isinstance(value, dict):
            for source, name in _patterns(value):
                try:
                    bounds.pattern(source)
                except PatternError as error:
                    raise SchemaError(f"{member(place, name)}: {error}") from None
        if isinstance(value, dict | list):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                look(item, member(place, key))

    look(root.contents, "$")


def _with_parts(resource: Resource[Any]) -> Iterator[Resource[Any]]:
    yield resource
    for part in resource.subresources():
        yield from _with_parts(part)


def _patterns(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the patterns of a schema, each with the keyword that has it."""
    if isinstance(schema.get("pattern"), str):
        yield schema["pattern"], "pattern"
    if isinstance(schema.get("patternProperties"), dict):
        yield from ((source, "patternProperties") for source in schema["patternProperties"])


def _look_up(resource: Resource[Any], resolver: Resolver[Any]) -> None:
    contents = resource.contents if isinstance(resource.contents, dict) else {}
    for key in {"$ref", "$dynamicRef"} & contents.keys():
        try:
            resolver.lookup(contents[key])
        except (Unresolvable, ValueError):  # a ValueError where a pointer counts a list by a word
            raise SchemaError(_leads_nowhere(contents[key])) from None
    for part in resource.subresources():
        _look_up(part, resolver.in_subresource(part))


def _leads_nowhere(ref: str) -> str:
    return f"$ref {ref[:_MAX_PROBLEM]!r} leads nowhere inside the schema"


def _with_refs(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {
            key: change(item)
            if key == "$ref" and isinstance(item, str)
            else _with_refs(item, change)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_refs(item, change) for item in value]
    return value


def _place(error: ValidationError) -> str:
    return reduce(member, error.absolute_path, "$")


def _describe(error: ValidationError) -> str:
    text = f"{_place(error)}: {error.message}"
    if len(text) <= _MAX_PROBLEM:
        return text
    # A message begins with the value, which may be long; what is wrong comes last.
    return f"{text[: _MAX_PROBLEM // 2]} ... {text[-_MAX_PROBLEM // 2 :]}"
