"""A request body as JSON values that can be stored and sent back unchanged. Pure."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from langmem_server.errors import RequestError

MAX_DEPTH: Final = 100
MAX_VALUES: Final = 200_000
"""The most values of a body: as Python objects, small ones take thirty times their text."""

MAX_EXCERPT: Final = 100

# A database's text ends at a NUL, and half a surrogate pair has no UTF-8.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
# A string that does not end goes to the end: so no place is looked at twice.
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def read(body: bytes) -> Any:
    """Decode a body.

    Where an object has a key twice, the last one counts.

    Returns:
        A JSON value, at most `MAX_DEPTH` deep, of about `MAX_VALUES` values at most, with finite
        numbers and valid text.

    Raises:
        RequestError: 422: the body is something else; the text names the place.

    Example:
        >>> read(b'{"text": "pikas"}')
        {'text': 'pikas'}
    """
    if not body.strip():
        raise RequestError(422, "body: is required: send JSON")
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        _check_size(text)
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestError(
            422, f"body: is not JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except UnicodeDecodeError as error:
        raise RequestError(422, f"body: is not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise _too_deep("body") from None
    except ValueError:  # the one left: Python reads no number of more than 4,300 digits
        raise RequestError(422, "body: holds a number of too many digits") from None
    check(value, "body")
    return value


def _check_size(text: str) -> None:
    """Count values by the commas between them, without making them."""
    # First all commas, which takes no time; most bodies have too few in the strings as well.
    if text.count(",") >= MAX_VALUES and _STRINGS.sub("", text).count(",") >= MAX_VALUES:
        raise RequestError(
            422, f"body: holds more than {MAX_VALUES:,} values: send them in smaller parts"
        )


def check(value: Any, place: str) -> None:
    """Refuse a JSON value that cannot be stored and sent back unchanged.

    Args:
        value: The value.
        place: Where it stands, for the error.

    Raises:
        RequestError: 422: it is too deep, or holds text or numbers that are none.

    Example:
        >>> check({"text": "pikas"}, "body")
    """
    if not _fits(value, MAX_DEPTH):
        _check(value, place, 0)


def member(place: str, key: str | int) -> str:
    """Name a member of what is at a place: `body` and `user_id` make `body.user_id`.

    Example:
        >>> member("body", 0), member("body", "a b")
        ('body[0]', 'body["a b"]')
    """
    if isinstance(key, int):
        return f"{place}[{key}]"
    if len(key) <= MAX_EXCERPT and key.isidentifier():
        return f"{place}.{key}"
    return f"{place}[{excerpt(key)}]"


def excerpt(value: Any) -> str:
    """Show a value in an error text, in few characters that any output can hold.

    Example:
        >>> excerpt("x" * 1000) == '"' + "x" * 100 + '"...'
        True
        >>> excerpt([1, 2])
        'a list'
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return json.dumps(value[:MAX_EXCERPT]) + ("..." if len(value) > MAX_EXCERPT else "")
    text = json.dumps(value)
    return text[:MAX_EXCERPT] + ("..." if len(text) > MAX_EXCERPT else "")


def _fits(value: Any, depth: int) -> bool:
    """Look at a value without keeping where in it: most fit, and only an error has a place."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is None
    if isinstance(value, dict):
        return depth > 0 and all(
            _UNSTORABLE.search(key) is None and _fits(item, depth - 1)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return depth > 0 and all(_fits(item, depth - 1) for item in value)
    return not isinstance(value, int | float) or _is_finite(value)


def _is_finite(value: float) -> bool:
    """Tell whether a number is finite, and as good as finite for others: 1e400 in full is not."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _check(value: Any, place: str, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, int | float) and not _is_finite(value):
        raise RequestError(422, f"{place}: must be a finite number, less than 1.8e308")
    elif isinstance(value, list | dict):
        if depth == MAX_DEPTH:
            raise _too_deep(place)
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in members:
            inner = member(place, key)
            if isinstance(key, str):
                _check_text(key, inner)
            _check(item, inner, depth + 1)


def _check_text(text: str, place: str) -> None:
    found = _UNSTORABLE.search(text)
    if found is not None:
        what = "a NUL character" if found[0] == "\0" else "half a surrogate pair"
        raise RequestError(422, f"{place}: holds {what}, which no text may")


def _too_deep(place: str) -> RequestError:
    return RequestError(422, f"{place}: is nested more than {MAX_DEPTH} deep")
