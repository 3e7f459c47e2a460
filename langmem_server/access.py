"""Every request has an id: its answer carries it, and so does what the log says of it."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders

from langmem_server import responses
from langmem_server.worker import log_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

HEADER: Final = "x-request-id"
# Nothing that could break a line of the log, or be taken for another part of it.
_SAFE: Final = re.compile(r"[A-Za-z0-9._:=-]{1,64}")


class Access:
    """An ASGI application around another: names each request, and logs one line of each.

    The line has the id, the operation, the status and the milliseconds; never a path or a query,
    for these hold what people look for. Whatever escapes the application inside becomes a 500.

    Args:
        app: The application. It finds the id as `request.state.request_id`, and may set
            `request.state.operation_id` and `key_id`.
        observe: Told of each answer: its operation, its status, and how many seconds it took.

    Example:
        >>> app.add_middleware(Access)  # doctest: +SKIP
    """

    def __init__(
        self, app: ASGIApp, observe: Callable[[str, str, float], None] | None = None
    ) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        request_id = _request_id(scope)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        status: int | None = None

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except Exception as error:
            log_error(f"request {request_id}: answering", error)
            if status is not None:
                raise  # half an answer is out: the server closes the connection
            await responses.internal_error()(scope, receive, send_named)
        finally:
            self._note(state, status, time.perf_counter() - begun)

    def _note(self, state: dict[str, Any], status: int | None, seconds: float) -> None:
        operation = state.get("operation_id", "-")
        outcome = "-" if status is None else str(status)  # the caller left before the answer
        if self._observe is not None:
            self._observe(operation, outcome, seconds)
        fields = {
            "request_id": state["request_id"],
            "key_id": state.get("key_id"),
            "operation": operation,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
        }
        text = "request %s: %s %s %.1f ms"
        said = (state["request_id"], operation, outcome, seconds * 1000)
        logger.info(text, *said, extra=fields)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _SAFE.fullmatch(given) else uuid4().hex
