"""What a client is about to ask: one request, or the pages of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from langmem._codec import encode
from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from langmem._json import JSONValue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, and by its type what its answer means.

    Attributes:
        operation: The operation's name in the API.
        method: The HTTP method.
        path: The path below the service's URL, ids filled in.
        params: The query's names and values, in order.
        content: The body, JSON in UTF-8, or None.
        unwrap: The key of the answer that holds the result, or None for the whole answer.
        idempotent_by_key: Whether it is a write, which an Idempotency-Key makes safe to repeat.
            What is not can be repeated as it is.
    """

    operation: str
    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    content: bytes | None = field(default=None, repr=False)
    unwrap: str | None = None
    idempotent_by_key: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.content is None else {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list that comes in pages.

    Attributes:
        page: Gives the call for the page at a cursor, None being the first page.
        key: The key of a page that holds its items.
        limit: How many items to give at most, or None for all.
    """

    page: Callable[[str | None], Call[Any]]
    key: str
    limit: int | None = None


def build(
    operation: str,
    ids: Mapping[str, str] | None = None,
    *,
    params: Iterable[tuple[str, str]] = (),
    body: Mapping[str, JSONValue] | None = None,
    unwrap: str | None = None,
) -> Call[Any]:
    """Complete a call with its operation's method and path."""
    route = OPERATIONS[operation]
    return Call(
        operation=operation,
        method=route.method,
        path=route.path.format_map(ids or {}),
        params=tuple(params),
        content=None if body is None else encode(dict(body)),
        unwrap=unwrap,
        idempotent_by_key="Idempotency-Key" in route.headers,
    )
