"""Two JSON Schemas held against each other, the service's and a class's. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One place where a class and the service's schema differ.

    Attributes:
        kind: `added` where only the class has it, `removed` where only the service has it,
            `changed` where they differ.
        path: Where: the keys from the top, such as `("parameters", "properties", "age")`. What a
            schema requires is looked at by name: `("parameters", "required", "age")`.
        service: What the service has, JSON; None where it has nothing.
        local: What the class says, JSON; None where it says nothing.

    Example:
        >>> from langmem.typed import SchemaChange
        >>> print(SchemaChange("changed", ("description",), "A pet.", "A user's pet."))
        ~ description: "A pet." -> "A user's pet."
    """

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    service: Any
    local: Any

    def __str__(self) -> str:
        sides = {"removed": [self.service], "added": [self.local]}
        shown = sides.get(self.kind, [self.service, self.local])
        values = " -> ".join(json.dumps(value, ensure_ascii=False) for value in shown)
        return f"{_SIGNS[self.kind]} {'.'.join(self.path)}: {values}"


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """How a class differs from the schema that the service has. False where it does not.

    Attributes:
        name: The schema's name.
        changes: What `push` would change: description, properties, what is required, and anything
            else of the schema, and the custom instructions if you gave any. The order of
            properties does not count.

    Example:
        >>> from langmem.typed import SchemaChange, SchemaDiff
        >>> path = ("parameters", "properties", "age")
        >>> age = SchemaChange("added", path, None, {"type": "integer"})
        >>> print(SchemaDiff("UserProfile", (age,)))
        UserProfile: 1 change from the service's schema to the class
        + parameters.properties.age: {"type": "integer"}
        >>> print(SchemaDiff("UserProfile", ()))
        UserProfile: the service's schema is that of the class
    """

    name: str
    changes: tuple[SchemaChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __str__(self) -> str:
        if not self:
            return f"{self.name}: the service's schema is that of the class"
        count = "1 change" if len(self.changes) == 1 else f"{len(self.changes)} changes"
        headline = f"{self.name}: {count} from the service's schema to the class"
        return "\n".join([headline, *map(str, self.changes)])


def compare(
    service: dict[str, Any], local: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[SchemaChange]:
    """Find every difference between two JSON objects, in the order the local one has.

    Args:
        service: One of them.
        local: The other.
        path: Where in the whole they are.

    Yields:
        The differences, as deep in the objects as they go.
    """
    for key in local | service:
        place = (*path, key)
        if key not in service:
            yield SchemaChange("added", place, None, local[key])
        elif key not in local:
            yield SchemaChange("removed", place, service[key], None)
        else:
            yield from _compare_values(service[key], local[key], place)


def _compare_values(service: Any, local: Any, path: tuple[str, ...]) -> Iterator[SchemaChange]:
    if path[-1] == "required" and _are_names(service) and _are_names(local):
        service, local = dict.fromkeys(service, True), dict.fromkeys(local, True)
    if isinstance(service, dict) and isinstance(local, dict):
        yield from compare(service, local, path)
    elif json.dumps(service, sort_keys=True) != json.dumps(local, sort_keys=True):
        # Python holds True and 1 for equal; JSON does not.
        yield SchemaChange("changed", path, service, local)


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
