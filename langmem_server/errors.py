"""What the layers above the store raise when a request cannot be done."""

from __future__ import annotations


class RequestError(Exception):
    """A request is refused.

    Args:
        status: The HTTP status of the answer.
        detail: What is wrong and how to mend it; shown to the caller.

    Example:
        >>> RequestError(404, "User not found").status
        404
    """

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
