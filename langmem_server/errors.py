"""What the layers above the store raise when a request cannot be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestError(Exception):
    """A request is refused.

    Args:
        status: The HTTP status of the answer.
        detail: What is wrong and how to mend it; shown to the caller.
        headers: More header fields of the answer.

    Example:
        >>> RequestError(404, "User not found").status
        404
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
