"""Answers to values or errors: no I/O, so both clients share every decision."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import httpx

from langmem import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem._call import Call, Listing

T = TypeVar("T")

_BY_STATUS = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    413: errors.PayloadTooLargeError,
    422: errors.UnprocessableEntityError,
    429: errors.RateLimitError,
}

_SERVER_ERRORS = 500

# A page of HTML belongs in the error's body, not in its message.
_MAX_DETAIL = 500


_BY_CAUSE = {
    httpx.ConnectTimeout: errors.ConnectTimeout,
    httpx.PoolTimeout: errors.PoolTimeout,
    httpx.ReadTimeout: errors.ReadTimeout,
    httpx.WriteTimeout: errors.WriteTimeout,
    httpx.TimeoutException: errors.APITimeoutError,
    httpx.CloseError: errors.CloseError,
    httpx.ConnectError: errors.ConnectError,
    httpx.ReadError: errors.ReadError,
    httpx.WriteError: errors.WriteError,
    httpx.NetworkError: errors.APINetworkError,
    httpx.LocalProtocolError: errors.LocalProtocolError,
    httpx.RemoteProtocolError: errors.RemoteProtocolError,
    httpx.ProtocolError: errors.APIProtocolError,
    httpx.ProxyError: errors.ProxyError,
    httpx.UnsupportedProtocol: errors.UnsupportedProtocol,
    httpx.DecodingError: errors.DecodingError,
    httpx.TooManyRedirects: errors.TooManyRedirects,
    httpx.RequestError: errors.APIConnectionError,
}


def settle(call: Call[T], response: httpx.Response) -> T:
    """Return what a response means for a call.

    Returns:
        The JSON value, or the part of it the call asks for; None for an empty body.

    Raises:
        APIStatusError: The status is not one of success.
        ResponseDecodeError: The body is not JSON, or lacks the part asked for.
    """
    _raise_for_status(response, call.method, call.path)
    if not response.content.strip():
        return cast("T", None)
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise _unusable(call, response, f"the body is not JSON: {error}") from error
    if call.unwrap is None:
        return cast("T", body)
    if not isinstance(body, dict) or call.unwrap not in body:
        raise _unusable(call, response, f"the body is not an object with {call.unwrap!r}")
    return cast("T", body[call.unwrap])


def raise_for_status_with_text(response: httpx.Response) -> None:
    """Raise the error a response stands for, if it does not stand for success.

    Args:
        response: A response whose body has been read.

    Raises:
        APIStatusError: The status is not one of success; the class follows from the status.

    Example:
        >>> import httpx
        >>> from langmem.client import raise_for_status_with_text
        >>> raise_for_status_with_text(httpx.Response(404, json={"detail": "User not found"}))
        Traceback (most recent call last):
            ...
        langmem.errors.NotFoundError: 404 Not Found: User not found
    """
    try:
        request = response.request
    except RuntimeError:  # httpx's answer for a response that belongs to no request
        _raise_for_status(response, None, None)
    else:
        _raise_for_status(response, request.method, request.url.path)


@contextmanager
def connection_errors(call: Call[Any]) -> Iterator[None]:
    """Raise httpx's own errors as ours, which are httpx's as well.

    Raises:
        LangMemError: There was no response to settle; the class follows from httpx's error.
    """
    try:
        yield
    except httpx.RequestError as error:
        ours = next(_BY_CAUSE[cls] for cls in type(error).__mro__ if cls in _BY_CAUSE)
        detail = str(error) or type(error).__name__
        if isinstance(error, httpx.TimeoutException):
            detail += "; the client's timeout argument sets how long to wait"
        raise ours(detail, method=call.method, path=call.path) from error


class Pages(Generic[T]):
    """Which page of a list to fetch next, and which of its items to give.

    Ask for `next`, fetch what it returns, `take` the items, until `next` returns None.
    """

    def __init__(self, listing: Listing[T]) -> None:
        self._listing = listing
        self._left = listing.limit
        self._cursor: str | None = None
        self._seen: set[str | None] = set()
        self._more = True

    def next(self) -> Call[Any] | None:
        """Return the call for the next page, or None at the end.

        Raises:
            PaginationError: The page has been read before.
        """
        if not self._more or self._left == 0:
            return None
        call = self._listing.page(self._cursor)
        if self._cursor in self._seen:
            raise errors.PaginationError(
                f"the service repeated the cursor {self._cursor!r}; the list would never end",
                method=call.method,
                path=call.path,
            )
        self._seen.add(self._cursor)
        return call

    def take(self, call: Call[Any], response: httpx.Response) -> list[T]:
        """Return the items of a page, no more than the limit leaves.

        Raises:
            APIStatusError: The status is not one of success.
            ResponseDecodeError: The body is not in the form of a page.
        """
        page = settle(call, response)
        page = {} if page is None else page
        items = page.get(self._listing.key, []) if isinstance(page, dict) else None
        if not isinstance(items, list):
            wanted = f"the body is not an object with a list of {self._listing.key!r}"
            raise _unusable(call, response, wanted)
        self._cursor = page.get("next_cursor")
        if not isinstance(self._cursor, str | None):
            raise _unusable(call, response, "the next_cursor is not text")
        self._more = self._cursor is not None
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
        return items


def _raise_for_status(response: httpx.Response, method: str | None, path: str | None) -> None:
    if response.is_success:
        return
    status = response.status_code
    fallback = errors.InternalServerError if status >= _SERVER_ERRORS else errors.APIStatusError
    body = _body(response)
    raise _BY_STATUS.get(status, fallback)(
        _detail(body), method=method, path=path, status_code=status, body=body
    )


def _body(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        # Not `response.text`: it trusts the charset the response names, whatever that may be.
        return response.content.decode(errors="replace")


def _detail(body: Any) -> str:
    detail = body.get("detail", body) if isinstance(body, dict) else body
    if detail is None:
        return ""
    text = detail.strip() if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)
    return text if len(text) <= _MAX_DETAIL else f"{text[:_MAX_DETAIL]}..."


def _unusable(call: Call[Any], response: httpx.Response, detail: str) -> errors.ResponseDecodeError:
    return errors.ResponseDecodeError(
        detail,
        method=call.method,
        path=call.path,
        status_code=response.status_code,
        body=_body(response),
    )
