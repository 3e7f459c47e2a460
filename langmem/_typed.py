"""Memories as values of a class: validated, written, and the class held against its function.

pydantic does the validating, of its own models and of dataclasses. It is imported only when a class
is given, and a model has brought it along by then.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from langmem._json import a_type, to_json
from langmem._schema import function_schema
from langmem._schema_diff import SchemaDiff, compare
from langmem.errors import StoredValueError

if TYPE_CHECKING:
    from langmem_api.types import Memory, MemoryFunction, MemoryScores

T = TypeVar("T")

TARGETS = {"user_state": "user", "user_append_state": "user", "thread_summary": "thread"}
"""What each type of memory function that has a class remembers things about."""

# By alias, as the schema has the names; round_trip leaves out computed fields, which it has not.
_FORM = {"mode": "json", "by_alias": True, "round_trip": True, "warnings": False}
_MOST_ERRORS = 3


@dataclass(frozen=True, slots=True, repr=False)
class TypedMemory(Generic[T]):
    """One memory that a search found, with its content as a value of the class.

    Attributes:
        id: The memory's id, as `delete_individual_memories` takes it.
        created_at: When it was stored: ISO 8601, UTC.
        last_accessed: When an extraction last made or met it: ISO 8601, UTC.
        text: The memory in words.
        scores: `recency`, `importance` and `relevance`, each scaled to 0..1 before weighting.
        raw: The content as it is stored.
        error: Why the content is no value of the class, or None where it is one.

    Example:
        >>> facts = await client.memory_function(Fact, target_type="user_append_state")
        >>> for memory in await facts.query(user_id, "pikas", k=1):
        ...     print(memory.ok, memory.scores["relevance"], memory.value)
        True 1.0 Fact(subject='Will', predicate='knows', object='pikas')
    """

    id: str
    created_at: str
    last_accessed: str
    text: str
    scores: MemoryScores
    raw: dict[str, Any]
    error: StoredValueError | None
    _value: T | None

    @property
    def ok(self) -> bool:
        """Whether the content is a value of the class."""
        return self.error is None

    @property
    def value(self) -> T:
        """The content as a value of the class.

        Raises:
            StoredValueError: It is none, perhaps because it is older than the class.
        """
        if self.error is not None:
            raise self.error.with_traceback(None)
        return cast("T", self._value)

    def __repr__(self) -> str:
        return f"TypedMemory(id={self.id!r}, ok={self.ok}, scores={self.scores})"


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """A class, and how the service is to know it.

    Attributes:
        cls: The class.
        target_type: The type of the memory function.
        name: The schema's name, by which the function is found.
        description: What the schema is about.
        parameters: The JSON Schema.
        custom_instructions: What the extraction is told besides, or None for no opinion on that.
    """

    cls: type[T]
    target_type: str
    name: str
    description: str
    parameters: dict[str, Any]
    custom_instructions: str | None
    _adapter: Any = field(repr=False)

    def is_kept_by(self, function: MemoryFunction) -> bool:
        """Tell whether a memory function is the one of this class."""
        known = function["type"], function["schema"]["name"]
        return known == (self.target_type, self.name)

    def diff(self, function: MemoryFunction) -> SchemaDiff:
        """Hold the class against the function as the service has it."""
        schema = function["schema"]
        service: dict[str, Any] = {
            "description": schema["description"],
            "parameters": _untitled(schema["parameters"]),
        }
        local: dict[str, Any] = {
            "description": self.description,
            "parameters": _untitled(self.parameters),
        }
        if self.custom_instructions is not None:
            service["custom_instructions"] = function["custom_instructions"]
            local["custom_instructions"] = self.custom_instructions
        return SchemaDiff(self.name, tuple(compare(service, local)))

    def dump(self, value: T) -> dict[str, Any]:
        """Write a value as it is stored.

        Raises:
            TypeError: It is no value of the class, or cannot be sent as JSON.
            ValueError: What is written would not be read as a value of the class again.
        """
        if not isinstance(value, self.cls):
            raise TypeError(
                f"value: expected an instance of {self.cls.__name__}, not {a_type(value)}"
            )
        try:
            dumped = self._adapter.dump_python(value, **_FORM)
        except Exception as error:
            raise TypeError(f"value: cannot be sent as JSON: {error}") from error
        raw = cast("dict[str, Any]", to_json(dumped, "value"))
        _, errors = self._validate(raw)
        if errors:
            raise ValueError(f"value: does not fit {self.cls.__name__}: {_summary(errors)}")
        return raw

    def load(self, raw: dict[str, Any], target: str) -> T:
        """Read what is stored of a user or thread.

        Raises:
            StoredValueError: It is no value of the class.
        """
        value, errors = self._read(raw)
        if errors:
            raise self._error(raw, errors, target, None)
        return cast("T", value)

    def load_memory(self, memory: Memory, target: str) -> TypedMemory[T]:
        """Read a memory that was found. One that cannot be read holds the error."""
        raw, memory_id = memory["content"], memory["id"]
        value, errors = self._read(raw)
        return TypedMemory(
            id=memory_id,
            created_at=memory["created_at"],
            last_accessed=memory["last_accessed"],
            text=memory["text"],
            scores=memory["scores"],
            raw=raw,
            error=self._error(raw, errors, target, memory_id) if errors else None,
            _value=value,
        )

    def _read(self, raw: dict[str, Any]) -> tuple[T | None, list[dict[str, Any]]]:
        """Validate. A property that is null though the class takes no null is one not known yet."""
        value, errors = self._validate(raw)
        wrong = {error["loc"][0] for error in errors if error["loc"]}
        unknown = {name for name in wrong if name in raw and raw[name] is None}
        if not unknown:
            return value, errors
        known = {name: each for name, each in raw.items() if name not in unknown}
        value, still = self._validate(known)
        return value, errors if still else []

    def _validate(self, raw: dict[str, Any]) -> tuple[T | None, list[dict[str, Any]]]:
        try:
            # As JSON, which a strict class reads dates, tuples and enumerations from.
            return self._adapter.validate_json(json.dumps(raw)), []
        except import_module("pydantic").ValidationError as error:
            return None, error.errors(include_url=False, include_context=False)

    def _error(
        self, raw: dict[str, Any], errors: list[dict[str, Any]], target: str, memory_id: str | None
    ) -> StoredValueError:
        place = target if memory_id is None else f"memory {memory_id} of {target}"
        return StoredValueError(
            f"what is stored for {place} does not fit {self.cls.__name__}: {_summary(errors)}",
            raw=raw,
            errors=errors,
            class_name=self.cls.__name__,
            target=target,
            memory_id=memory_id,
        )


def shape(
    parameters: type[T],
    *,
    target_type: str,
    name: str | None,
    description: str | None,
    custom_instructions: str | None,
) -> Shape[T]:
    """Read what a class asks of its memory function.

    Raises:
        ValueError: The type of function has no class.
        TypeError: `parameters` is no pydantic model and no dataclass, or a text is none.
        ImportError: A dataclass needs pydantic, which is not installed.
    """
    _check(parameters, target_type)
    texts = {"name": name, "description": description, "custom_instructions": custom_instructions}
    for argument, text in texts.items():
        if not isinstance(text, str | None):
            raise TypeError(f"{argument}: expected text, not {a_type(text)}")
    schema: dict[str, Any] = function_schema(parameters, name, description)
    return Shape(
        cls=parameters,
        target_type=target_type,
        name=schema["name"] or parameters.__name__,
        description=schema["description"],
        parameters=schema["parameters"],
        custom_instructions=custom_instructions,
        _adapter=import_module("pydantic").TypeAdapter(parameters),
    )


def _check(parameters: object, target_type: str) -> None:
    if target_type not in TARGETS:
        raise ValueError(f"target_type: expected one of {', '.join(TARGETS)}, not {target_type!r}")
    is_model = hasattr(parameters, "model_validate_json")
    if not isinstance(parameters, type) or not (is_model or is_dataclass(parameters)):
        raise TypeError(
            f"parameters: expected a pydantic model or a dataclass, not {a_type(parameters)}; "
            "create_memory_function takes other forms"
        )


def _untitled(parameters: dict[str, Any]) -> dict[str, Any]:
    """Leave out the title of the whole: the function's name stands for it."""
    return {key: value for key, value in parameters.items() if key != "title"}


def _summary(errors: list[dict[str, Any]]) -> str:
    """Say what is wrong and where, without the values, which are a user's."""
    shown = [
        ": ".join(filter(None, [".".join(map(str, error["loc"])), error["msg"]]))
        for error in errors[:_MOST_ERRORS]
    ]
    more = len(errors) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")
