"""The schemas of the API document applied to values, with error texts for people. Pure.

A union is read as its author means it: the value's type chooses the branch, and between two kinds
of object the required keys that only one of them has. The error is then about the branch that was
meant, where JSON Schema alone would say that no branch fits.
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from langmem_server.errors import RequestError
from langmem_server.json_body import excerpt, member
from langmem_server.screening import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Change: TypeAlias = Callable[[Any], Any]

_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HEXADECIMAL: Final = re.compile("[0-9a-fA-F]{32}")
# As nearly all are: a tenth of the time of making a UUID of it.
_CANONICAL: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_TYPE_NAMES: Final = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


class Shape:
    """One schema of the document, ready to accept values.

    Args:
        schema: A schema without references, see `inlined`.

    Example:
        >>> Shape({"type": "string", "format": "uuid"}).accept(
        ...     "2D1A8DAF23194E3E9FD06D7981CEB8A6", "path.user_id"
        ... )
        '2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6'
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self._validator = _Validator(schema, format_checker=_FORMATS)
        self._canonicalise = _canonicaliser(schema)
        self._screen = Screen(schema, {"uuid": _is_uuid, "date": _is_date}, _own_keys)

    def accept(self, value: Any, place: str) -> Any:
        """Check a value.

        Returns:
            The value with its UUIDs in canonical form and `1.0` as `1` where an integer belongs.

        Raises:
            RequestError: 422: the value does not fit; the text begins with the place.
        """
        error = None
        if not self._screen.passes(value):
            error = next(self._validator.iter_errors(value), None)
        if error is None:
            return value if self._canonicalise is None else self._canonicalise(value)
        for key in error.absolute_path:
            place = member(place, key)
        raise RequestError(422, _TEXTS[str(error.validator)](error, place))


def inlined(node: Any, document: Mapping[str, Any]) -> Any:
    """Put what a local reference names in its place; what stands beside a reference wins.

    The document's schemas are not recursive; one that were would end in a RecursionError here.

    Example:
        >>> inlined({"items": {"$ref": "#/a"}}, {"a": {"type": "string"}})
        {'items': {'type': 'string'}}
    """
    if isinstance(node, list):
        return [inlined(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    beside = {key: inlined(item, document) for key, item in node.items() if key != "$ref"}
    if "$ref" not in node:
        return beside
    target: Any = document
    for key in node["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**inlined(target, document), **beside}


def _canonicaliser(schema: Mapping[str, Any]) -> Change | None:
    """Return what brings a value of a schema into its canonical form, None where nothing would.

    Made once for a schema: most of what a body holds is text that stays as it is.
    """
    if schema.get("format") == "uuid":
        return _canonical_uuid
    steps = [
        step
        for step in (_of_members(schema), _of_items(schema), _of_branches(schema))
        if step is not None
    ]
    if "integer" in _types(schema):
        steps.append(lambda value: int(value) if isinstance(value, float) else value)
    return partial(_each_in_turn, steps) if steps else None


def _each_in_turn(steps: list[Change], value: Any) -> Any:
    for step in steps:
        value = step(value)
    return value


def _of_members(schema: Mapping[str, Any]) -> Change | None:
    found = {key: _canonicaliser(part) for key, part in schema.get("properties", {}).items()}
    parts = {key: change for key, change in found.items() if change is not None}

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return value | {key: part(value[key]) for key, part in parts.items() if key in value}

    return change if parts else None


def _of_items(schema: Mapping[str, Any]) -> Change | None:
    each = _canonicaliser(schema["items"]) if "items" in schema else None
    if each is None:
        return None
    return lambda value: [each(item) for item in value] if isinstance(value, list) else value


def _of_branches(schema: Mapping[str, Any]) -> Change | None:
    branches = [(branch, _canonicaliser(branch)) for branch in schema.get("anyOf", ())]
    parts = [part for _, part in branches if part is not None]
    if "discriminator" not in schema or not parts:
        return partial(_each_in_turn, parts) if parts else None
    name = schema["discriminator"]["propertyName"]
    by_kind = {kind: part for b, part in branches for kind in b["properties"][name]["enum"]}

    def change(value: Any) -> Any:
        part = by_kind[value[name]]
        return value if part is None else part(value)

    return change


def _canonical_uuid(value: Any) -> Any:
    if not isinstance(value, str) or _CANONICAL.fullmatch(value) or not _is_uuid(value):
        return value
    return str(uuid.UUID(value))


def _told_apart(schema: Mapping[str, Any], value: Any) -> list[dict[str, Any]]:
    """Return the one branch that the discriminator chooses, or none where there is no choice."""
    if "discriminator" not in schema or not isinstance(value, dict):
        return []
    name = schema["discriminator"]["propertyName"]
    return [b for b in schema["anyOf"] if value.get(name) in b["properties"][name]["enum"]]


def _types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else types


def _is_uuid(value: object) -> bool:
    """Tell whether a text is a UUID in any form; what is no text is for `type` to judge."""
    if not isinstance(value, str) or _CANONICAL.fullmatch(value):
        return True
    # What `uuid.UUID` takes away; of the rest it would also read other scripts' digits and "1_0".
    digits = value.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
    return _HEXADECIMAL.fullmatch(digits) is not None


def _is_date(value: object) -> bool:
    """Tell whether a text is a day as `YYYY-MM-DD`; what is no text is for `type` to judge."""
    if not isinstance(value, str):
        return True
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return _DATE.fullmatch(value) is not None


def _any_of(
    validator: Draft202012Validator,
    branches: list[dict[str, Any]],
    value: Any,
    schema: dict[str, Any],
) -> Iterator[ValidationError]:
    if "discriminator" in schema and isinstance(value, dict):
        yield from _one_of_kind(validator, branches, value, schema)
        return
    fitting = [
        branch
        for branch in branches
        if any(validator.is_type(value, type_) for type_ in _types(branch))
    ]
    meant = [b for b in fitting if len(fitting) == 1 or _own_keys(b, fitting) & value.keys()]
    if meant:
        yield from validator.descend(value, meant[0])
    elif fitting:
        keys = [key for branch in fitting for key in sorted(_own_keys(branch, fitting))]
        yield ValidationError("", validator="anyOf", validator_value=keys, instance=value)
    else:
        types = [type_ for branch in branches for type_ in _types(branch)]
        yield ValidationError("", validator="type", validator_value=types, instance=value)


def _one_of_kind(
    validator: Draft202012Validator,
    branches: list[dict[str, Any]],
    value: dict[str, Any],
    schema: dict[str, Any],
) -> Iterator[ValidationError]:
    chosen = _told_apart(schema, value)
    if chosen:
        yield from validator.descend(value, chosen[0])
        return
    name = schema["discriminator"]["propertyName"]
    kinds = {"enum": [kind for branch in branches for kind in branch["properties"][name]["enum"]]}
    among = {"type": "object", "required": [name], "properties": {name: kinds}}
    yield from validator.descend(value, among)


def _own_keys(branch: dict[str, Any], branches: list[dict[str, Any]]) -> set[str]:
    """Return the required keys that only this one of several kinds of object has."""
    others = {key for other in branches if other is not branch for key in other["required"]}
    return set(branch["required"]) - others


# In these an error is a ValidationError; its attributes are typed for all keywords at once.


def _missing(error: Any, place: str) -> str:
    key = next(key for key in error.validator_value if key not in error.instance)
    return f"{member(place, key)}: is required"


def _unknown(error: Any, place: str) -> str:
    known = error.schema["properties"]
    key = next(key for key in error.instance if key not in known)
    return f"{member(place, key)}: is unknown; known are {', '.join(known)}"


def _wrong_type(error: Any, place: str) -> str:
    wanted = error.validator_value
    types = dict.fromkeys([wanted] if isinstance(wanted, str) else wanted)
    names = " or ".join(_TYPE_NAMES[type_] for type_ in types)
    return f"{place}: must be {names}, not {excerpt(error.instance)}"


def _formless(error: Any, place: str) -> str:
    return f"{place}: must have {' or '.join(error.validator_value)}"


def _too_many(error: Any, place: str) -> str:
    return f"{place}: must have at most {error.validator_value} items, not {len(error.instance)}"


def _must(sentence: str) -> Callable[[Any, str], str]:
    def describe(error: Any, place: str) -> str:
        limit = error.validator_value
        shown = ", ".join(limit) if isinstance(limit, list) else limit
        return f"{place}: must {sentence.format(shown)}, not {excerpt(error.instance)}"

    return describe


def _ill_formed(error: Any, place: str) -> str:
    wanted = {"uuid": "a UUID", "date": "a date such as 2026-01-31"}[error.validator_value]
    return f"{place}: must be {wanted}, not {excerpt(error.instance)}"


# One text for each keyword the document's requests use; a test compares the two.
_TEXTS: Final[dict[str, Callable[[Any, str], str]]] = {
    "additionalProperties": _unknown,
    "anyOf": _formless,
    "enum": _must("be one of {}"),
    "format": _ill_formed,
    "maxItems": _too_many,
    "maxLength": _must("have at most {} characters"),
    "maximum": _must("be at most {}"),
    "minLength": _must("have at least {} character"),
    "minItems": _must("have at least {} item"),
    "minimum": _must("be at least {}"),
    "required": _missing,
    "type": _wrong_type,
}

_FORMATS = FormatChecker(formats=())
_FORMATS.checks("uuid")(_is_uuid)
_FORMATS.checks("date")(_is_date)
_Validator = extend(  # type: ignore[no-untyped-call] # the stubs leave it bare
    Draft202012Validator, {"anyOf": _any_of}
)
