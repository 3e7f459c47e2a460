"""A hook for httpx that holds every answer of the service against the API document, strictly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langmem.testing._spec import find, strict

if TYPE_CHECKING:
    import httpx

__all__ = ["SpecCheck", "strict"]


class SpecCheck:
    """Fails a test whose answer has a status, a shape or a key that is not documented.

    Methods and paths that are no operation are passed over.
    """

    def __call__(self, response: httpx.Response) -> None:
        """Check one response."""
        response.read()
        assert re.fullmatch(r"\S{1,64}", response.headers["x-request-id"])
        operation = find(response.request.method, response.request.url.path)
        if operation is not None:
            assert operation.problems_of_response(response) == [], operation.id

    async def asynchronously(self, response: httpx.Response) -> None:
        """Check one response of an asynchronous client."""
        await response.aread()
        self(response)
