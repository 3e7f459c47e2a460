"""What the service asks a model, read back out of a request, and the answers it would take. Pure.

The service asks in one of three ways: for a whole document, for a list of memories or triples, or,
where a document exists already, for a patch of it. A test speaks of documents and memories alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for

_NAME = re.compile(r'^It is called ("(?:[^"\\]|\\.)*")\.', re.MULTILINE)
_ANSWER = "Answer with JSON and nothing else, by this JSON Schema:"
_DOCUMENT = "The document has this JSON Schema:"
_LISTS = ("memories", "triples")
_EXCERPT = 200


class MisfitError(Exception):
    """An answer does not fit a question; the text says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the service to the model.

    Attributes:
        function: The name of the memory function.
        messages: The new messages, each with `time`, `role`, `text`, and, where they are known,
            `name`, `user_id` and whether its speaker is the `target` of the memory.
        context: Earlier messages that are shown besides, likewise.
        schema: The JSON Schema of what is asked for: of the whole document, or of an object whose
            one property is the list of memories or triples.
        document: The document there is already, or None.
        prompt: All that the model is sent, as `role` and `content`.
    """

    function: str
    messages: tuple[dict[str, Any], ...]
    context: tuple[dict[str, Any], ...] = ()
    schema: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] | None = None
    prompt: tuple[dict[str, str], ...] = field(default=(), repr=False)


def fit(value: Any, question: Question) -> Any:
    """Put what a test says into the form that was asked for.

    Args:
        value: A document, a memory or triple, or a list of these.
        question: What was asked.

    Raises:
        MisfitError: It does not fit the question.
    """
    key = list_key(question)
    if key is not None:
        return _list(value, key, question.schema)
    document = _object(question.schema, value, question.schema)
    _check(question.schema, value)
    return document if question.document is None else {"patch": _patch(question.document, document)}


def list_key(question: Question) -> str | None:
    """Return the key of the list that is asked for, or None where it is a document."""
    parts = question.schema.get("properties", {})
    for key in _LISTS:
        if parts.keys() == {key} and "items" in parts[key]:
            return key if question.schema.get("required") == [key] else None
    return None


def rejected(question: Question) -> str | None:
    """Say why the service could not use the answer before; None where this is the first."""
    *_, last = question.prompt
    return last["content"] if len(question.prompt) > len(("system", "user")) else None


def read(body: dict[str, Any]) -> Question:
    """Read the question out of the body of a request for a chat completion.

    Raises:
        ValueError: It is none of the service's.
    """
    system, user = (message["content"] for message in body["messages"][:2])
    named = _NAME.search(system)
    if named is None:
        raise ValueError("this is no question of the service's")
    document = _block(user, "document")
    return Question(
        function=json.loads(named[1]),
        messages=tuple(_block(user, "new")),
        context=tuple(_block(user, "context")),
        schema=_schema(system, _DOCUMENT if document else _ANSWER),
        document=document[0] if document else None,
        prompt=tuple(body["messages"]),
    )


def _block(text: str, name: str) -> list[dict[str, Any]]:
    """Read one block of the prompt: a line of JSON for each item, in which no `<` is bare."""
    found = re.search(rf"^<{name}>\n([^<]*)\n</{name}>$", text, re.MULTILINE)
    return [json.loads(line) for line in found[1].split("\n")] if found else []


def _schema(system: str, heading: str) -> dict[str, Any]:
    lines = system.split("\n")
    # The application's own instructions come before, and may say anything.
    last = max(number for number, line in enumerate(lines) if line == heading)
    schema: dict[str, Any] = json.loads(lines[last + 1])
    return schema


def _list(value: Any, key: str, schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value, dict) and value.keys() == {key}:
        value = value[key]
    items = value if isinstance(value, list) else [value]
    for item in items:
        _object(schema["properties"][key]["items"], item, schema)
    _check(schema, {key: items})
    return {key: items}


def _check(schema: dict[str, Any], value: Any) -> None:
    kind = validator_for(schema, default=Draft202012Validator)
    error = best_match(kind(schema).iter_errors(value))
    if error is not None:
        raise MisfitError(f"{error.json_path}: {error.message[:_EXCERPT]}")


def _object(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> dict[str, Any]:
    """Return an object; refuse anything else, and keys that the schema does not name.

    Most schemas let any key be; then a memory of one kind would pass for one of another.
    """
    if not isinstance(value, dict):
        raise MisfitError("$: this is no object")
    known = _referred(schema, root)
    unknown = value.keys() - known.get("properties", value).keys()
    if unknown and not known.get("additionalProperties"):
        raise MisfitError(f"$: the schema does not name {', '.join(sorted(map(repr, unknown)))}")
    return value


def _referred(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    place, _, name = schema.get("$ref", "").removeprefix("#/").partition("/")
    target = root.get(place, {}).get(name) if name else None
    return target if isinstance(target, dict) else schema


def _patch(old: dict[str, Any], new: dict[str, Any]) -> list[Any]:
    """Write the JSON Patch that makes one document of another."""
    changed = [key for key in new if key not in old or _text(old[key]) != _text(new[key])]
    gone = [key for key in old if key not in new]
    return [
        *({"op": "add", "path": _pointer(key), "value": new[key]} for key in changed),
        *({"op": "remove", "path": _pointer(key)} for key in gone),
    ]


def _text(value: Any) -> str:
    # To Python, but not to JSON, 1 is equal to True.
    return json.dumps(value, sort_keys=True)


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
