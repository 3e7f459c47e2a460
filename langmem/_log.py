"""The log of the clients: the logger `langmem`, one line for each try of a request.

A line names method, path, status and times. No header, query, body or text of a user is in it.
Tries are logged at DEBUG, and at INFO where they failed.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langmem._evidence import Attempt

LOGGER = logging.getLogger("langmem")

_ERRORS = 400
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


class _UntilConfigured(logging.StreamHandler):  # type: ignore[type-arg]  # generic for checkers only
    """Writes to stderr as long as the program has set up no logging of its own."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers:
            super().emit(record)


def configure() -> None:
    """Obey LANGMEM_LOG: show the log from `debug` or `info` on; leave it alone where it is not set.

    Raises:
        ValueError: LANGMEM_LOG is something else.
    """
    name = os.environ.get("LANGMEM_LOG", "").strip().lower()
    if not name:
        return
    if name not in _LEVELS:
        raise ValueError(f"LANGMEM_LOG is {name!r}; set it to 'debug' or 'info', or unset it.")
    LOGGER.setLevel(_LEVELS[name])
    if not any(isinstance(handler, _UntilConfigured) for handler in LOGGER.handlers):
        handler = _UntilConfigured()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOGGER.addHandler(handler)


def attempt(
    request: str, number: int, tried: Attempt, request_id: str | None, delay: float | None
) -> None:
    """Log one try.

    Args:
        request: Method and path.
        number: Which try it was, from 1.
        tried: How it went.
        request_id: The service's name for the request, if it told one.
        delay: Seconds until the next try, or None if there is none.
    """
    failed = tried.status_code is None or tried.status_code >= _ERRORS
    level = logging.INFO if failed else logging.DEBUG
    if LOGGER.isEnabledFor(level):
        came_to = tried.error or tried.status_code
        again = "" if delay is None else f"; again in {delay:.2f} s"
        LOGGER.log(
            level,
            "%s: attempt %d: %s in %.3f s, request id %s%s",
            request,
            number,
            came_to,
            tried.elapsed,
            request_id or "unknown",
            again,
        )
