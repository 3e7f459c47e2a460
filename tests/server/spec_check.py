"""Every answer of the service held against the API document, strictly: by client and by service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx

from langmem.testing._spec import find, strict

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SpecCheck", "SpecWatch", "strict"]


OUTSIDE = {400, 403, 405, 408, 431}
"""What the document describes for requests that reach no operation, whatever their path."""


class SpecCheck:
    """A hook of httpx that fails a test whose answer has what is not documented.

    That is a status, a shape or a key. Where a method and path are no operation, errors have the
    one shape of all errors.
    """

    def __call__(self, response: httpx.Response) -> None:
        """Check one response."""
        response.read()
        assert problems_of(response) == []

    async def asynchronously(self, response: httpx.Response) -> None:
        """Check one response of an asynchronous client."""
        await response.aread()
        self(response)


class SpecWatch:
    """An ASGI application around the service that looks at every answer, whoever asked.

    Attributes:
        problems: What is wrong with those so far.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.problems: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and look on."""
        sent: list[Message] = []

        async def watched(message: Message) -> None:
            sent.append(message)
            await send(message)

        await self._app(scope, receive, watched if scope["type"] == "http" else send)
        if sent:
            self.problems += problems_of(_response(scope, sent))


def problems_of(response: httpx.Response) -> list[str]:
    """Say where an answer does not follow the document, with the request it is of."""
    request = response.request
    operation = find(request.method, request.url.path)
    problems = _general_problems(response)
    if operation is not None and response.status_code not in OUTSIDE:
        problems += operation.problems_of_response(response)
    elif response.is_error and request.method != "HEAD":
        problems += _error_problems(response)
    return [f"{request.method} {request.url.path}: {problem}" for problem in problems]


def _general_problems(response: httpx.Response) -> list[str]:
    named = re.fullmatch(r"\S{1,64}", response.headers.get("x-request-id", ""))
    return [] if named else ["header.x-request-id: is missing, or is no request id"]


def _error_problems(response: httpx.Response) -> list[str]:
    if response.headers.get("content-type") != "application/json":
        return ["header.content-type: must be application/json"]
    body: Any = response.json()
    if isinstance(body, dict) and list(body) == ["detail"] and isinstance(body["detail"], str):
        return []
    return ["body: must have a text as `detail`, and nothing else"]


def _response(scope: Scope, sent: list[Message]) -> httpx.Response:
    start, *parts = sent
    path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    url = httpx.URL("http://localhost").copy_with(raw_path=path)
    return httpx.Response(
        start["status"],
        headers=start["headers"],
        content=b"".join(part.get("body", b"") for part in parts),
        request=httpx.Request(scope["method"], url),
    )
