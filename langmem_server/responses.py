"""JSON answers, and the one shape of errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

# Caches on the way do not know that x-api-key tells callers apart.
NOT_CACHED: Final = {"Cache-Control": "no-store"}

_INTERNAL_ERROR: Final = "Internal server error: nothing has been stored."


def answer(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a JSON value.

    Example:
        >>> answer(200, {"name": "Zoë"}).body.decode()
        '{"name":"Zoë"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    every = NOT_CACHED | dict(headers or {})
    return Response(text.encode(), status, every, media_type="application/json")


def error(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with an error, whose text is shown to the caller."""
    return answer(status, {"detail": detail}, headers)


def internal_error() -> Response:
    """Answer that something went wrong, and nothing of what."""
    return error(500, _INTERNAL_ERROR)
