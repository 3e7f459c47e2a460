"""The packaged API document, held against requests and answers. Pure."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_METHODS = ("delete", "get", "patch", "post", "put")
_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?[0-9]+")
_EXCERPT = 300
_FORMATS = FormatChecker(formats=())


class _Parameter(NamedTuple):
    place: str
    name: str
    required: bool
    schema: dict[str, Any]


class Operation:
    """One operation of the document.

    Args:
        node: The operation, without references.
        path: Its path, with `{placeholders}`.
        method: Its HTTP method.
        shared: The parameters of its path.

    Attributes:
        id: Its operationId.
        method: Its HTTP method, in capitals.
        path: Its path.
    """

    def __init__(
        self, node: dict[str, Any], path: str, method: str, shared: list[dict[str, Any]]
    ) -> None:
        self.id: str = node["operationId"]
        self.method = method.upper()
        self.path = path
        self._node = node
        self._pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))
        self._parameters = [
            _Parameter(each["in"], each["name"], each.get("required", False), each["schema"])
            for each in (*shared, *node.get("parameters", ()))
        ]

    def is_at(self, path: str) -> bool:
        """Tell whether a request's path is one of this operation."""
        return bool(self._pattern.fullmatch(path))

    def problems_of_request(self, request: httpx.Request) -> list[str]:
        """Say where a request, whose content has been read, does not follow the document.

        Returns:
            `place: what`, one for each fault.
        """
        return [*self._parameter_problems(request), *self._body_problems(request)]

    def problems_of_response(self, response: httpx.Response) -> list[str]:
        """Say where an answer, whose content has been read, does not follow the document.

        A key that the document does not name is a fault, unless it says that any may come.

        Returns:
            `place: what`, one for each fault.
        """
        if not re.fullmatch(r"\S{1,64}", response.headers.get("x-request-id", "")):
            return ["header.x-request-id: is missing, or is no request id"]
        known = self._node["responses"].get(str(response.status_code))
        if known is None:
            return [f"status {response.status_code}: is not documented"]
        media = response.headers.get("content-type", "")
        if media not in known["content"]:
            return [f"header.content-type: must be {' or '.join(known['content'])}, not {media!r}"]
        schema = strict(known["content"][media]["schema"])
        return _json_problems(schema, response.content, "body")

    def _parameter_problems(self, request: httpx.Request) -> Iterator[str]:
        placed = self._pattern.fullmatch(request.url.path)
        given = {
            "path": [] if placed is None else list(placed.groupdict().items()),
            "query": request.url.params.multi_items(),
            "header": list(request.headers.multi_items()),
        }
        known = {each.name for each in self._parameters if each.place == "query"}
        for name in dict(given["query"]).keys() - known:
            yield f"query.{name}: is unknown"
        for place, name, required, schema in self._parameters:
            texts = [text for key, text in given[place] if key.lower() == name.lower()]
            if texts:
                yield from _problems(schema, _decoded(schema, texts), f"{place}.{name}")
            elif required:
                yield f"{place}.{name}: is required"

    def _body_problems(self, request: httpx.Request) -> list[str]:
        if "requestBody" not in self._node:
            return ["body: must not be sent"] if request.content else []
        [(media, content)] = self._node["requestBody"]["content"].items()
        sent = request.headers.get("content-type", "").partition(";")[0]
        if sent != media:
            return [f"header.content-type: must be {media}, not {sent!r}"]
        return _json_problems(content["schema"], request.content, "body")


@cache
def operations() -> tuple[Operation, ...]:
    """Return the operations of the document that this distribution was made from.

    A path without placeholders comes before those that its text would fit, too.
    """
    document = json.loads(files("langmem_api").joinpath("openapi.json").read_bytes())
    paths: dict[str, Any] = _inlined(document["paths"], document)
    return tuple(
        Operation(paths[path][method], path, method, paths[path].get("parameters", []))
        for path in sorted(paths, key=lambda path: path.count("{"))
        for method in _METHODS
        if method in paths[path]
    )


def find(method: str, path: str) -> Operation | None:
    """Return the operation of a request, or None where it is of none.

    Example:
        >>> from langmem.testing._spec import find
        >>> find("GET", "/users/2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6").id
        'get_user'
    """
    here = [each for each in operations() if each.is_at(path)]
    # What a fixed path does not allow is not meant for the placeholder in its place.
    return next((each for each in here if (each.method, each.path) == (method, here[0].path)), None)


def strict(schema: Any) -> Any:
    """Forbid the keys that a schema does not name, unless it says that any may come.

    Example:
        >>> from langmem.testing._spec import strict
        >>> strict({"properties": {"name": {}}})
        {'properties': {'name': {}}, 'additionalProperties': False}
    """
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    stricter = {key: strict(item) for key, item in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        stricter["additionalProperties"] = False
    return stricter


def _inlined(node: Any, document: dict[str, Any]) -> Any:
    """Put what a local reference names in its place; what stands beside a reference wins."""
    if isinstance(node, list):
        return [_inlined(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    beside = {key: _inlined(item, document) for key, item in node.items() if key != "$ref"}
    if "$ref" not in node:
        return beside
    target: Any = document
    for key in node["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**_inlined(target, document), **beside}


def _decoded(schema: dict[str, Any], texts: list[str]) -> Any:
    """Read the texts of one parameter as its type; what cannot be read stays for the check."""
    if schema["type"] == "array":
        return texts
    if schema["type"] == "boolean":
        return _BOOLEANS.get(texts[-1], texts[-1])
    if schema["type"] == "integer" and _INTEGER.fullmatch(texts[-1]):
        return int(texts[-1])
    return texts[-1]


def _json_problems(schema: dict[str, Any], content: bytes, place: str) -> list[str]:
    try:
        value = json.loads(content)
    except ValueError:
        return [f"{place}: is no JSON"]
    return _problems(schema, value, place)


def _problems(schema: dict[str, Any], value: Any, place: str) -> list[str]:
    errors = Draft202012Validator(schema, format_checker=_FORMATS).iter_errors(value)
    closest = [best_match([error]) or error for error in errors]
    return [f"{place}{each.json_path[1:]}: {_shortened(each.message)}" for each in closest]


def _shortened(text: str) -> str:
    # A message begins with the value, which may be long; what is wrong comes last.
    return text if len(text) <= _EXCERPT else f"{text[:100]} ... {text[-200:]}"


@_FORMATS.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    """Read a UUID in any form, or raise; what is no text is for `type` to judge."""
    if isinstance(value, str):
        UUID(value)
    return True


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    """Read a day, or raise."""
    if isinstance(value, str):
        date.fromisoformat(value)
    return True
