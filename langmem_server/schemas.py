"""The JSON Schemas of memory functions: checked, adapted to a question, and applied. Pure.

Nothing is ever fetched: a `$ref` that leaves the schema cannot be resolved. Formats are not
checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from referencing import Resource
    from referencing._core import Resolver

_MAX_PROBLEMS = 5
_MAX_PROBLEM = 200
_SHARED = ("$defs", "definitions")


class SchemaError(Exception):
    """A schema cannot be used; the text says what is wrong with it."""


class Checker:
    """A schema, ready to judge values.

    Args:
        schema: A JSON Schema of any draft; without `$schema`, draft 2020-12.

    Raises:
        SchemaError: It is no JSON Schema.

    Example:
        >>> Checker({"type": "object", "required": ["name"]}).problems({})
        ["$: 'name' is a required property"]
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        if not isinstance(schema.get("$schema", ""), str):
            raise SchemaError("$.$schema: this is no string")
        kind = validator_for(schema, default=jsonschema.Draft202012Validator)
        try:
            kind.check_schema(schema)
        except jsonschema.SchemaError as error:
            raise SchemaError(_describe(error)) from None
        # A registry of our own: the default one downloads what a $ref names.
        self._validator = kind(schema, registry=Registry())

    def problems(self, value: Any) -> list[str]:
        """Say what is wrong with a value, `$.place: what`, at most five; `[]` when nothing is.

        Raises:
            SchemaError: The schema turned out to be unusable: a `$ref` that leads nowhere, out of
                the schema, or round in circles.
        """
        try:
            errors = sorted(self._validator.iter_errors(value), key=lambda error: error.json_path)
        except Unresolvable as error:
            raise SchemaError(_leads_nowhere(error.ref)) from None
        except RecursionError:
            raise SchemaError("the schema or the value is nested too deeply") from None
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
    dialect = specification_with(schema.get("$schema", ""), default=DRAFT202012)
    root = dialect.create_resource(schema)
    resolver = Registry().with_resource("", root).crawl().resolver_with_root(root)
    _look_up(root, resolver)


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
    if "properties" in whole:
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


def _referred(schema: dict[str, Any]) -> dict[str, Any]:
    """Put what a schema refers to by its own `$ref` in place of this, where there is such."""
    place, _, name = schema.get("$ref", "").removeprefix("#/").partition("/")
    target = schema.get(place, {}).get(name) if place in _SHARED else None
    if not isinstance(target, dict):
        return schema
    return target | {key: value for key, value in schema.items() if key != "$ref"}


def _look_up(resource: Resource[Any], resolver: Resolver[Any]) -> None:
    contents = resource.contents if isinstance(resource.contents, dict) else {}
    for key in ("$ref", "$dynamicRef"):
        if key in contents:
            try:
                resolver.lookup(contents[key])
            except Unresolvable:
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


def _describe(error: jsonschema.ValidationError | jsonschema.SchemaError) -> str:
    text = f"{error.json_path}: {error.message}"
    if len(text) <= _MAX_PROBLEM:
        return text
    # A message begins with the value, which may be long; what is wrong comes last.
    return f"{text[: _MAX_PROBLEM // 2]} ... {text[-_MAX_PROBLEM // 2 :]}"
