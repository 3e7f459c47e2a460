"""The keywords of JSON Schema whose own work has no bound in jsonschema, done within bounds. Pure.

They match patterns by `bounds.search`, compare items in linear time, and name few of many extras.
Otherwise they do what jsonschema's do, with the same error texts.
"""

from __future__ import annotations

import heapq
import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jsonschema import ValidationError
from referencing.jsonschema import lookup_recursive_ref

from langmem_server.bounds import charge, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Evaluated: TypeAlias = Callable[[Any, Any, dict[str, Any]], Iterable[Any]]

_MAX_EXTRAS: Final = 10


def canonical(value: Any) -> str:
    """Write a value so that equal ones, and no others, are the same text.

    Example:
        >>> canonical([1.0, {"b": 1, "a": True}]) == canonical([1, {"a": True, "b": 1}])
        True
    """
    return json.dumps(_integral(value), sort_keys=True)


def _pattern(
    _validator: Any, pattern: str, instance: Any, _schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, parts: dict[str, Any], instance: Any, _schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, part in parts.items():
        for key, value in instance.items():
            if search(pattern, key):
                yield from validator.descend(value, part, path=key, schema_path=pattern)


def _additional_properties(
    validator: Any, part: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    charge(len(instance))
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    extras = [
        key
        for key in instance
        if key not in named and not any(search(pattern, key) for pattern in patterns)
    ]
    if isinstance(part, dict):
        for key in extras:
            yield from validator.descend(instance[key], part, path=key)
    elif not part and extras and patterns:
        verb = "does" if len(extras) == 1 else "do"
        yield ValidationError(
            f"{_listed(extras)} {verb} not match any of the regexes: {_listed(patterns)}"
        )
    elif not part and extras:
        yield ValidationError(f"Additional properties are not allowed ({_unexpected(extras)})")


def _unique_items(
    _validator: Any, wanted: Any, instance: Any, _schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list):
        charge(instance.size // 4)  # type: ignore[attr-defined]
        if len({canonical(item) for item in instance}) < len(instance):
            yield ValidationError(f"{instance!r} has non-unique elements")


def _unevaluated_items(
    validator: Any, _part: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, list):
        return
    known = _evaluated(validator, instance, schema, _own_items)
    extras = [item for index, item in enumerate(instance) if index not in known]
    if extras:
        listed = ", ".join(map(repr, extras[:_MAX_EXTRAS]))
        verb = "was" if len(extras) == 1 else "were"
        yield ValidationError(f"Unevaluated items are not allowed ({listed} {verb} unexpected)")


def _unevaluated_properties(
    validator: Any, part: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known = _evaluated(validator, instance, schema, _own_properties)
    extras = [key for key in instance if key not in known]
    if extras and part is False:
        yield ValidationError(f"Unevaluated properties are not allowed ({_unexpected(extras)})")
    elif extras:
        verb = "was" if len(extras) == 1 else "were"
        yield ValidationError(
            "Unevaluated properties are not valid under the given schema"
            f" ({_listed(extras)} {verb} unevaluated and invalid)"
        )


KEYWORDS: Final[dict[str, Any]] = {
    "additionalProperties": _additional_properties,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
    "uniqueItems": _unique_items,
}


def _evaluated(validator: Any, instance: Any, schema: Any, own: Evaluated) -> set[Any]:
    """Collect the keys or indexes of a value that a schema has said something about."""
    if not isinstance(schema, dict):
        return set()
    charge(len(instance))
    found = set(own(validator, instance, schema))
    for inner, part in _in_place(validator, instance, schema):
        found |= _evaluated(inner, instance, part, own)
    return found


def _in_place(validator: Any, instance: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Give the schemas that a schema applies to the same value, if this fits them."""
    for name in {"$ref", "$dynamicRef", "$recursiveRef"} & schema.keys():
        if name in validator.VALIDATORS:
            resolver = validator._resolver  # noqa: SLF001 - jsonschema's own keywords do the same
            recursive = name == "$recursiveRef"
            place = lookup_recursive_ref(resolver) if recursive else resolver.lookup(schema[name])
            inner = validator.evolve(schema=place.contents, _resolver=place.resolver)
            yield inner, place.contents
    for name in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(name, ()):
            if _fits(validator, instance, part):
                yield validator, part
    if "if" in schema:
        fits = _fits(validator, instance, schema["if"])
        chosen = [schema["if"], schema.get("then")] if fits else [schema.get("else")]
        yield from ((validator, part) for part in chosen)
    for key, part in schema.get("dependentSchemas", {}).items():
        if key in instance:
            yield validator, part


def _own_properties(validator: Any, instance: Any, schema: dict[str, Any]) -> Iterator[str]:
    yield from schema.get("properties", {}).keys() & instance.keys()
    for name in {"additionalProperties", "unevaluatedProperties"} & schema.keys():
        yield from (key for key, item in instance.items() if _fits(validator, item, schema[name]))
    for pattern in schema.get("patternProperties", ()):
        yield from (key for key in instance if search(pattern, key))


def _own_items(validator: Any, instance: Any, schema: dict[str, Any]) -> Iterator[int]:
    items = schema.get("items")
    if isinstance(items, list):  # before draft 2020-12, when prefixItems took its place
        rest = "additionalItems" in schema
        yield from range(len(instance) if rest else len(items))
    elif items is not None:
        yield from range(len(instance))
    yield from range(len(schema.get("prefixItems", ())))
    for name in {"contains", "unevaluatedItems"} & schema.keys():
        part = schema[name]
        yield from (index for index, item in enumerate(instance) if _fits(validator, item, part))


def _fits(validator: Any, instance: Any, schema: Any) -> bool:
    if isinstance(schema, bool):
        return schema
    return next(validator.descend(instance, schema), None) is None


def _unexpected(extras: list[str]) -> str:
    return f"{_listed(extras)} {'was' if len(extras) == 1 else 'were'} unexpected"


def _listed(names: Iterable[str]) -> str:
    """List names in order, few of many."""
    first = heapq.nsmallest(_MAX_EXTRAS + 1, names)
    return ", ".join(map(repr, first[:_MAX_EXTRAS])) + ("..." if first[_MAX_EXTRAS:] else "")


def _integral(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _integral(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_integral(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
