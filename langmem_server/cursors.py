"""Cursors: where the next page of a list begins, written so that nobody takes it apart. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final, TypeVar

from langmem_server.errors import RequestError

T = TypeVar("T", int, str)

# The largest integer a SQLite column holds.
_MAX_INTEGER: Final = 2**63 - 1


def encode(after: int | str) -> str:
    """Write a cursor.

    Args:
        after: What the last item of the page is known by.

    Example:
        >>> encode(100)
        'eyJhZnRlciI6IDEwMH0'
    """
    text = json.dumps({"after": after})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, kind: type[T], place: str) -> T | None:
    """Read a cursor.

    Args:
        cursor: What `encode` wrote, or None for the first page.
        kind: What the items of this list are known by.
        place: Where the cursor stands in the request, for the error.

    Raises:
        RequestError: 422: it is no cursor of such a list.

    Example:
        >>> decode("eyJhZnRlciI6IDEwMH0", int, "query.cursor")
        100
    """
    if cursor is None:
        return None
    after = _after(cursor)
    if type(after) is not kind or not (isinstance(after, str) or is_number(after)):
        raise RequestError(422, f"{place}: must be the next_cursor of a page of this list")
    return after


def is_number(value: object) -> bool:
    """Tell whether a value is a whole number by which items can be known."""
    return type(value) is int and 0 <= value <= _MAX_INTEGER


def _after(cursor: str) -> Any:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        value = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        return None
    return value.get("after") if isinstance(value, dict) else None
