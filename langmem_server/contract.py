"""The API document at run time: which operations there are, and what they accept. Pure.

Requests are read by the packaged `openapi.json` alone, so that the service cannot drift from it.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from langmem_server import json_body
from langmem_server.errors import RequestError
from langmem_server.shapes import Shape, inlined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_METHODS: Final = ("get", "put", "post", "patch", "delete")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


class Contract:
    """All operations of an API document.

    Args:
        document: The OpenAPI 3.1 document, as JSON values.

    Attributes:
        document: The same.
        operations: Each operation by its operationId.

    Example:
        >>> Contract.load().operations["get_user"].path
        '/users/{user_id}'
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations = {
            item[method]["operationId"]: OperationContract(document, path, method)
            for path, item in document["paths"].items()
            for method in _METHODS
            if method in item
        }

    @classmethod
    def load(cls) -> Contract:
        """Read the document that is packaged with the generated client."""
        return cls(json.loads(files("langmem_api").joinpath("openapi.json").read_bytes()))


class _Parameter(NamedTuple):
    place: str
    name: str
    required: bool
    shape: Shape


class OperationContract:
    """One operation: where it is, and how its requests are read.

    Attributes:
        id: The operationId.
        method: The HTTP method, in capitals.
        path: The path, with `{placeholders}`.
        has_body: Whether requests carry a body.
        needs_key: Whether a key is needed where there are any.
    """

    def __init__(self, document: Mapping[str, Any], path: str, method: str) -> None:
        self._document = document
        self._item = document["paths"][path]
        self._operation = self._item[method]
        self.id: str = self._operation["operationId"]
        self.method = method.upper()
        self.path = path
        self.has_body = "requestBody" in self._operation
        self.needs_key = bool(self._operation.get("security", document.get("security")))

    def parse_headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Read the header fields that the operation knows.

        Args:
            headers: The fields' names and values; a field that comes twice is its values joined
                by commas, as HTTP has it. An empty value is one.

        Returns:
            The values of the fields that were given, by the names in the document.

        Raises:
            RequestError: 422: a value does not fit the document; the text names the field.

        Example:
            >>> operation = Contract.load().operations["delete_user"]
            >>> operation.parse_headers([("idempotency-key", "0d1f"), ("accept", "*/*")])
            {'Idempotency-Key': '0d1f'}
        """
        given = list(headers)
        found = {}
        for place, name, _, shape in self._parameters:
            values = [value for key, value in given if key.lower() == name.lower()]
            if place == "header" and values:
                found[name] = shape.accept(", ".join(values), f"{place}.{name}")
        return found

    def parse(
        self, path: Mapping[str, str], query: Iterable[tuple[str, str]], body: bytes
    ) -> dict[str, Any]:
        """Read a request, all but its header.

        Args:
            path: The path's placeholders and what stands there, decoded.
            query: The query's names and values, decoded; a name may come more than once. Names
                the document does not know are passed over; an empty value counts as not given.
            body: The body; JSON whatever its media type says.

        Returns:
            The arguments of the operation: its path parameters, the query parameters that were
            given and, if it has one, `body`. UUIDs are in canonical form.

        Raises:
            RequestError: 422: the request does not fit the document; the text names the place.

        Example:
            >>> operation = Contract.load().operations["list_messages"]
            >>> operation.parse(
            ...     {"thread_id": "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"}, [("page_size", "5")], b""
            ... )
            {'thread_id': 'e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28', 'page_size': 5}
        """
        given = list(query)
        arguments = {}
        for place, name, required, shape in self._parameters:
            if place == "header":
                continue
            if place == "path":
                values = [path[name]]
            else:
                values = [value for key, value in given if key == name and value]
            if values:
                arguments[name] = shape.accept(_decoded(shape.schema, values), f"{place}.{name}")
            elif required:
                raise RequestError(422, f"{place}.{name}: is required")
        if self._body is not None:
            arguments["body"] = self._body.accept(json_body.read(body), "body")
        return arguments

    # Made when first needed: together they would slow the start of the service.

    @cached_property
    def _parameters(self) -> list[_Parameter]:
        nodes = [*self._item.get("parameters", ()), *self._operation.get("parameters", ())]
        return [
            _Parameter(node["in"], node["name"], node.get("required", False), Shape(node["schema"]))
            for node in inlined(nodes, self._document)
        ]

    @cached_property
    def _body(self) -> Shape | None:
        if not self.has_body:
            return None
        media = self._operation["requestBody"]["content"]["application/json"]
        return Shape(inlined(media["schema"], self._document))


def _decoded(schema: Mapping[str, Any], values: list[str]) -> Any:
    """Read the texts of one parameter as its type; what cannot be read stays for the shape."""
    text = values[-1]
    match schema["type"]:
        case "array":
            return values
        case "boolean":
            return _BOOLEANS.get(text, text)
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) else text
        case _:
            return text
