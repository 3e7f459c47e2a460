"""A hook for httpx that holds every answer of the service against the API document, strictly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from langmem_server.contract import Contract
from langmem_server.shapes import inlined

if TYPE_CHECKING:
    import httpx

    from langmem_server.contract import OperationContract


class SpecCheck:
    """Fails a test whose answer has a status, a shape or a key that is not documented.

    Methods and paths that are no operation are passed over.
    """

    def __init__(self) -> None:
        self._contract = Contract.load()
        # A fixed path goes before the one with a placeholder in the same place.
        self._paths = sorted(self._contract.document["paths"], key=lambda path: path.count("{"))
        self._operations = {(o.method, o.path): o for o in self._contract.operations.values()}

    def __call__(self, response: httpx.Response) -> None:
        """Check one response."""
        response.read()
        assert re.fullmatch(r"\S{1,64}", response.headers["x-request-id"])
        operation = self._operation(response.request)
        if operation is not None:
            self._check(operation, response)

    async def asynchronously(self, response: httpx.Response) -> None:
        """Check one response of an asynchronous client."""
        await response.aread()
        self(response)

    def _operation(self, request: httpx.Request) -> OperationContract | None:
        for path in self._paths:
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), request.url.path):
                return self._operations.get((request.method, path))
        return None

    def _check(self, operation: OperationContract, response: httpx.Response) -> None:
        document = self._contract.document
        responses = document["paths"][operation.path][operation.method.lower()]["responses"]
        status = str(response.status_code)
        assert status in responses, f"{operation.id}: status {status} is not documented"
        [(media, content)] = inlined(responses[status], document)["content"].items()
        assert response.headers["content-type"] == media
        schema = strict(content["schema"])
        Draft202012Validator(schema).validate(response.json())


def strict(schema: Any) -> Any:
    """Forbid the keys a schema does not name, unless it says that any may come."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    stricter = {key: strict(item) for key, item in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        stricter["additionalProperties"] = False
    return stricter
