"""Which outcomes are tried again, when, and what they leave unknown: rules without I/O.

An outcome is an answer, or httpx's error where none came. `docs/errors.md` tells users the same.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias

import httpx

from langmem import _clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langmem._settle import Answer

Outcome: TypeAlias = "Answer | httpx.RequestError"

MAX_BACKOFF = 8.0
FIRST_BACKOFF = 0.5
MAX_WAIT = 60.0
"""Seconds a service may ask to be left alone where no deadline says how long is too long."""

_TIMEOUT, _CONFLICT, _TOO_MANY, _SERVER_ERRORS = 408, 409, 429, 500

# Nothing is changed by sending these again.
_FINAL_ERRORS = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)

# These happen before the request reaches the service.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.TooManyRedirects,
    *_FINAL_ERRORS,
)


def may_repeat(outcome: Outcome) -> bool:
    """Say whether the same request may fare better when it is sent again."""
    if isinstance(outcome, httpx.RequestError):
        return isinstance(outcome, httpx.TransportError) and not isinstance(outcome, _FINAL_ERRORS)
    if outcome.status_code == _CONFLICT:
        return outcome.headers.get("x-should-retry", "").lower() == "true"
    passing = (_TIMEOUT, _TOO_MANY)
    return outcome.status_code in passing or outcome.status_code >= _SERVER_ERRORS


def may_have_been_done(outcome: Outcome) -> bool:
    """Say whether the service may have acted on a request of which this is all that is known.

    The service's own errors say that it has not ("Errors" in openapi.yaml). A server error in
    another form comes from something on the way, which may have passed the request on before.
    """
    if isinstance(outcome, httpx.RequestError):
        return not isinstance(outcome, _NEVER_SENT)
    return outcome.status_code >= _SERVER_ERRORS and not _is_the_services(outcome)


def settles(outcome: Outcome) -> bool:
    """Say whether an outcome tells what became of the tries before it.

    An answer that invites another try speaks of its own request alone.
    """
    return not isinstance(outcome, httpx.RequestError) and not may_repeat(outcome)


def backoff(retries: int) -> float:
    """Draw the seconds to wait before the next retry: full jitter below a doubling bound.

    Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

    Args:
        retries: How many retries there have been.
    """
    doublings = min(retries, 10)  # by then the bound is MAX_BACKOFF, and stays a number
    return _clock.uniform(0, min(MAX_BACKOFF, FIRST_BACKOFF * 2**doublings))


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Read the seconds an answer asks to wait: `retry-after-ms`, or `Retry-After` in either form.

    Returns:
        The seconds, 0 for a date gone by, or None where nothing legible is asked.
    """
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    asked = headers.get("retry-after")
    return _until(asked) if (seconds := _number(asked)) is None else seconds


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*([0-9]+(\.[0-9]+)?)\s*", text or "")
    return float(found[1]) if found else None


def _until(text: str | None) -> float | None:
    try:
        date = parsedate_to_datetime(text or "")
        at = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, at.timestamp() - _clock.time())
    except (ValueError, OverflowError):
        return None


def _is_the_services(answer: Answer) -> bool:
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and isinstance(body.get("detail"), str)
