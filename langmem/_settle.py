"""Answers to values or errors: no I/O, so both clients share every decision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import httpx

from langmem import errors
from langmem._codec import decode
from langmem._evidence import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from langmem._call import Call, Listing

T = TypeVar("T")
E = TypeVar("E", bound=errors.LangMemError)

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

_TIMEOUT_ADVICE = "the client's timeout argument sets how long to wait"
_UNKNOWN_ADVICE = "it may have been done or not; resume() sends it again without doing it twice"

_BY_CAUSE: dict[type[httpx.RequestError], type[errors.LangMemError]] = {
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

_UNKNOWN_AFTER: dict[type, type[errors.OutcomeUnknownError]] = {
    leaf.__bases__[1]: leaf for leaf in errors.OutcomeUnknownError.__subclasses__()
} | {errors.LangMemError: errors.OutcomeUnknownError}


class Answer(NamedTuple):
    """What is kept of a response: nothing that leads to the request, whose headers hold the key.

    Attributes:
        status_code: The status.
        headers: The response's headers, names in any case.
        content: The body, decompressed.
        trace: Gives the request and its tries, without secrets. Only an error asks for them.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    trace: Callable[[], Trace] = Trace

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    @property
    def is_success(self) -> bool:
        return httpx.codes.is_success(self.status_code)


def settle(call: Call[T], answer: Answer) -> T:
    """Return what an answer means for a call.

    Returns:
        The JSON value, or the part of it the call asks for; None for an empty body.

    Raises:
        APIStatusError: The status is not one of success.
        ResponseDecodeError: The body is not JSON, or lacks the part asked for.
    """
    if not answer.is_success:
        raise status_error(answer, call.method, call.path)
    if not answer.content.strip():
        return cast("T", None)
    try:
        body = decode(answer.content)
    except (ValueError, RecursionError) as error:
        raise _unusable(call, answer, f"the body is not JSON: {error}") from error
    if call.unwrap is None:
        return cast("T", body)
    if not isinstance(body, dict) or call.unwrap not in body:
        raise _unusable(call, answer, f"the body is not an object with {call.unwrap!r}")
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
    if response.is_success:
        return
    answer = Answer(response.status_code, response.headers, response.content)
    try:
        method, path = response.request.method, response.request.url.path
    except RuntimeError:  # httpx's answer for a response that belongs to no request
        raise status_error(answer) from None
    raise status_error(answer, method, path)


def status_error(
    answer: Answer, method: str | None = None, path: str | None = None
) -> errors.APIStatusError:
    """Return the error that an answer without success stands for."""
    status = answer.status_code
    fallback = errors.InternalServerError if status >= _SERVER_ERRORS else errors.APIStatusError
    detail = _detail(_body(answer.content))
    return _error(_BY_STATUS.get(status, fallback), detail, answer, method, path)


def connection_error(
    call: Call[Any], error: httpx.RequestError, trace: Trace, advice: str = ""
) -> errors.LangMemError:
    """Return our error for one of httpx's, which is httpx's as well.

    Args:
        call: What was asked.
        error: What httpx raised.
        trace: The request and its tries.
        advice: What to add about a timeout; by default which argument sets it.
    """
    ours = next(_BY_CAUSE[cls] for cls in type(error).__mro__ if cls in _BY_CAUSE)
    detail = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        detail += f"; {advice or _TIMEOUT_ADVICE}"
    attempts, sent = trace.attempts, trace.sent
    return ours(detail, method=call.method, path=call.path, attempts=attempts, sent=sent)


def outcome_unknown(
    cause: errors.LangMemError, call: Call[Any], key: str, client: errors.Resumes
) -> errors.OutcomeUnknownError:
    """Return the error for a write of which no more is known than `cause`."""
    leaf = next(_UNKNOWN_AFTER[cls] for cls in type(cause).__mro__ if cls in _UNKNOWN_AFTER)
    return leaf(
        f"{cause.detail}; {_UNKNOWN_ADVICE}",
        idempotency_key=key,
        call=call,
        client=client,
        method=cause.method,
        path=cause.path,
        status_code=cause.status_code,
        body=cause.body,
        request_id=cause.request_id,
        attempts=cause.attempts,
        sent=cause._sent,  # noqa: SLF001 - what one error knows, the next takes over
    )


class Pages(Generic[T]):
    """Which page of a list to fetch next, and which of its items to give.

    Ask for `next`, fetch what it returns, `take` the items, until `next` returns None.
    """

    def __init__(self, listing: Listing[T]) -> None:
        self._listing = listing
        self._left = listing.limit
        self._cursor: str | None = None
        # Not all cursors, for a list may have any number of pages: the last one and one before it,
        # the 1st, 2nd, 4th, 8th ... in turn. In whatever circle the pages go, one of these is met
        # again (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980).
        self._last: str | None = None
        self._remembered: str | None = None
        self._pages = 0
        self._more = True

    def next(self) -> Call[Any] | None:
        """Return the call for the next page, or None at the end.

        Raises:
            PaginationError: The page has been read before.
        """
        if not self._more or self._left == 0:
            return None
        call = self._listing.page(self._cursor)
        if self._pages and self._cursor in (self._last, self._remembered):
            raise errors.PaginationError(
                f"the service repeated the cursor {self._cursor!r}; the list would never end",
                method=call.method,
                path=call.path,
            )
        self._last = self._cursor
        self._pages += 1
        if self._pages & (self._pages - 1) == 0:
            self._remembered = self._cursor
        return call

    def take(self, call: Call[Any], answer: Answer) -> list[T]:
        """Return the items of a page, no more than the limit leaves.

        Raises:
            APIStatusError: The status is not one of success.
            ResponseDecodeError: The body is not in the form of a page.
        """
        page = settle(call, answer)
        page = {} if page is None else page
        items = page.get(self._listing.key, []) if isinstance(page, dict) else None
        if not isinstance(items, list):
            wanted = f"the body is not an object with a list of {self._listing.key!r}"
            raise _unusable(call, answer, wanted)
        self._cursor = page.get("next_cursor")
        if not isinstance(self._cursor, str | None):
            raise _unusable(call, answer, "the next_cursor is not text")
        self._more = self._cursor is not None
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
        return items


def _body(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        # Not by the charset that the response names, whatever that may be.
        return content.decode(errors="replace")


def _detail(body: Any) -> str:
    detail = body.get("detail", body) if isinstance(body, dict) else body
    if detail is None:
        return ""
    text = detail.strip() if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)
    return text if len(text) <= _MAX_DETAIL else f"{text[:_MAX_DETAIL]}..."


def _unusable(call: Call[Any], answer: Answer, detail: str) -> errors.ResponseDecodeError:
    return _error(errors.ResponseDecodeError, detail, answer, call.method, call.path)


def _error(cls: type[E], detail: str, answer: Answer, method: str | None, path: str | None) -> E:
    trace = answer.trace()
    return cls(
        detail,
        method=method,
        path=path,
        status_code=answer.status_code,
        body=_body(answer.content),
        request_id=answer.request_id,
        attempts=trace.attempts,
        sent=trace.sent,
    )
