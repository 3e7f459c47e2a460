"""The judgement of values by JSON Schemas that nobody vouches for, within `bounds`.

A schema can be written so that judging by it takes for ever, or more memory than there is. The
judging itself is jsonschema's: here its classes learn to count what they do, to use the `keywords`
that have a bound, and to show little of long values.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import jsonschema
from jsonschema.validators import extend, validator_for
from referencing import Registry
from referencing.jsonschema import DRAFT202012, specification_with

from langmem_server.bounds import charge
from langmem_server.keywords import KEYWORDS
from langmem_server.short import Array, Object, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema import ValidationError
    from referencing import Resource
    from referencing._core import Resolver

MAX_ERRORS: Final = 1000

# The steps of applying a schema to a value, of an error, and of finding a place by its name.
_APPLY: Final = 5
_ERROR: Final = 30
_REFERENCE: Final = {"$ref": 10, "$dynamicRef": 40, "$recursiveRef": 40}
_CHOICES: Final = {"allOf", "anyOf", "oneOf"}
# Keywords that look at every item of a value, and those whose own value is looked at as a whole.
_LOOPS: Final = {"items", "additionalItems", "contains", "propertyNames"}
_LITERALS: Final = {"enum", "const", "dependentRequired", "dependencies", "type", "disallow"}
# Keywords that hand on the errors of other schemas, which have been counted.
_APPLICATORS: Final = _CHOICES | {
    "$dynamicRef",
    "$recursiveRef",
    "$ref",
    "additionalItems",
    "additionalProperties",
    "dependentSchemas",
    "if",
    "items",
    "patternProperties",
    "prefixItems",
    "properties",
}


def places_of(schema: dict[str, Any]) -> tuple[Resource[Any], Resolver[Any]]:
    """Return a schema as a place of definitions, and what finds them by their names.

    It knows this one schema, and never looks for another anywhere.
    """
    dialect = specification_with(schema.get("$schema", ""), default=DRAFT202012)
    root = dialect.create_resource(schema)
    # Searched through once, here: otherwise every look at an unknown name does it again.
    registry: Registry[Any] = Registry().with_resource(root.id() or "", root).crawl()
    return root, registry.resolver(root.id() or "")


class Judge:
    """A schema, made ready once; all of it in a `bounded` block.

    Args:
        schema: The schema.

    Attributes:
        fault: The first thing by which it is no schema of its dialect, but for its patterns.
        root: The schema as a place of definitions; only where it is not at fault.

    Raises:
        SchemaError: It takes too many steps.
        Exception: Whatever jsonschema raises when it meets something that is no schema.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        kind: Any = validator_for(schema, default=jsonschema.Draft202012Validator)
        short = shortened(schema, lambda items: charge(_APPLY * items))
        self.fault = None if _quick_look(kind)(schema) else _fault(kind, short)
        if self.fault is None:
            self.root, resolver = places_of(short)
            validator = _counting(kind)(short, registry=Registry())
            self._validator = validator.evolve(_resolver=resolver)

    def errors(self, value: Any) -> list[ValidationError]:
        """Judge a value, as JSON has it.

        Returns:
            The first `MAX_ERRORS` errors, whose texts show little of long values.

        Raises:
            SchemaError: It takes too many steps, or a pattern cannot be used.
            Exception: Whatever jsonschema raises when it meets something that is no schema.
        """
        return list(islice(self._validator.iter_errors(shortened(value, charge)), MAX_ERRORS))


def _fault(kind: Any, schema: Object) -> ValidationError | None:
    validator = _counting(kind)(shortened(kind.META_SCHEMA, charge), registry=Registry())
    fault: ValidationError | None = next(validator.iter_errors(schema), None)
    return fault


@cache
def _quick_look(kind: Any) -> Callable[[Any], bool]:
    """Return what passes nearly all schemas of a dialect, in a thousandth of the time."""
    # Here, for a service is up sooner than it needs this.
    import jsonschema_rs  # noqa: PLC0415

    same: Any = getattr(jsonschema_rs, kind.__name__, None)
    if same is None:  # draft 3
        return lambda _: False
    passes: Callable[[Any], bool] = same(kind.META_SCHEMA, validate_formats=False).is_valid
    return passes


@cache
def _counting(kind: Any) -> Any:
    """Make jsonschema's class for a dialect one that counts, and that its bounded keywords have."""
    counted: Any = {
        name: partial(_keyword, name, KEYWORDS.get(name, function))
        for name, function in kind.VALIDATORS.items()
    }
    counting: Any = extend(kind, counted)  # type: ignore[no-untyped-call] # the stubs leave it bare
    evolve, descend = counting.evolve, counting.descend

    def counted_evolve(self: Any, **changes: Any) -> Any:
        schema = changes.get("schema", self.schema)
        if isinstance(schema, dict):
            charge(_APPLY + len(schema))
            if "$schema" in schema:
                # It would choose one of jsonschema's own classes, which do not count.
                changes["schema"] = {key: schema[key] for key in schema if key != "$schema"}
        return evolve(self, **changes)

    def counted_descend(self: Any, instance: Any, schema: Any, *args: Any, **options: Any) -> Any:
        if schema is False:
            charge(_ERROR)
        return descend(self, instance, schema, *args, **options)

    counting.evolve, counting.descend = counted_evolve, counted_descend
    return counting


def _keyword(
    name: str, function: Any, validator: Any, value: Any, instance: Any, schema: Any
) -> Iterable[ValidationError]:
    charge(_cost(name, value, instance))
    errors = function(validator, value, instance, schema) or ()
    # No generator around the others: each would take a frame from the depth Python can go to.
    return errors if name in _APPLICATORS else _counted(errors)


def _counted(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        charge(_ERROR)
        yield error


def _cost(name: str, value: Any, instance: Any) -> int:
    """Say how many steps a keyword takes beside those of the schemas it applies."""
    cost = _REFERENCE.get(name, 1)
    if isinstance(value, Object | Array):
        if name in _LITERALS:
            cost += value.size // 16
        else:
            cost += len(value) * 5 if name in _CHOICES else len(value) // 4
    elif isinstance(value, str):
        cost += len(value) // 16
    if name in _LOOPS and isinstance(instance, Object | Array):
        cost += len(instance)
    return cost
