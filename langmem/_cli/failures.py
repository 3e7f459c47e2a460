"""What goes wrong, as an exit status and a sentence that ends with the fix."""

from __future__ import annotations

from typing import Final

from langmem.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    LangMemError,
    NotFoundError,
    OutcomeUnknownError,
    PayloadTooLargeError,
    PermissionDeniedError,
    UnprocessableEntityError,
)

FAILED: Final = 1
MISUSED: Final = 2
NOT_FOUND: Final = 3
REFUSED: Final = 4
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141

_STATUSES: Final[dict[type[LangMemError], int]] = {
    AuthenticationError: REFUSED,
    PermissionDeniedError: REFUSED,
    NotFoundError: NOT_FOUND,
    BadRequestError: MISUSED,
    ConflictError: MISUSED,
    PayloadTooLargeError: MISUSED,
    UnprocessableEntityError: MISUSED,
}


class CommandError(Exception):
    """A command cannot be done.

    Attributes:
        status: What to exit with.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def status_of(error: LangMemError) -> int:
    """Return what to exit with after an error of the client."""
    return next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), FAILED)


def sentence_of(error: LangMemError) -> str:
    """Return what to say of an error of the client, the fix with it."""
    if isinstance(error, OutcomeUnknownError):
        return (
            f"No answer came to {error.method} {error.path}, so it may have been done or not;"
            " run the same command again, which does nothing twice."
        )
    return f"{str(error).rstrip('.')}{_fix(error)}."


def _fix(error: LangMemError) -> str:
    if isinstance(error, AuthenticationError | PermissionDeniedError):
        return "; set LANGMEM_API_KEY to a key of this service"
    if isinstance(error, APIConnectionError):
        return "; `langmem doctor` shows what is wrong"
    if isinstance(error, APIStatusError) and status_of(error) == FAILED:
        return "; try again later"
    return ""
