"""What the clients raise.

    LangMemError
    ├── APIStatusError            the service answered with an error   httpx.HTTPError
    │   ├── BadRequestError           400
    │   ├── AuthenticationError       401
    │   ├── PermissionDeniedError     403
    │   ├── NotFoundError             404
    │   ├── ConflictError             409
    │   ├── PayloadTooLargeError      413
    │   ├── UnprocessableEntityError  422
    │   ├── RateLimitError            429
    │   └── InternalServerError       500 and above
    ├── APIConnectionError        no answer came                       httpx.TransportError
    │   ├── APITimeoutError           in time                          httpx.TimeoutException
    │   │   └── ConnectTimeout, PoolTimeout, ReadTimeout, WriteTimeout
    │   ├── APINetworkError           over the network                 httpx.NetworkError
    │   │   └── CloseError, ConnectError, ReadError, WriteError
    │   ├── APIProtocolError          that is HTTP                     httpx.ProtocolError
    │   │   └── LocalProtocolError, RemoteProtocolError
    │   └── ProxyError, UnsupportedProtocol
    ├── ResponseDecodeError       a success that cannot be read        httpx.HTTPError
    │   └── DecodingError                                              httpx.DecodingError
    ├── TooManyRedirects                                               httpx.TooManyRedirects
    └── PaginationError           the pages of a list do not end

The right column names the httpx class an error is as well: programs that catch httpx's errors go
on working. A leaf that bears the name of an httpx class is also that class.
"""

# ruff: noqa: N818  # a class that is an httpx class as well bears that class's name

from __future__ import annotations

from typing import Any

import httpx


class LangMemError(Exception):
    """Anything the clients raise about a request; all errors below are of this class.

    Errors can be pickled and copied. They hold no headers, and so no API key.

    Attributes:
        detail: What went wrong, in words: the service's own where it gave any.
        method: The request's HTTP method, or None where no request is known.
        path: The request's path, without host and query, or None where no request is known.
        status_code: The response's status, or None where there was no response.
        body: The response's body: a JSON value, or text where it was not JSON.

    Example:
        >>> from langmem.errors import NotFoundError
        >>> error = NotFoundError("User not found", method="GET", path="/users/1", status_code=404)
        >>> print(error)
        404 Not Found from GET /users/1: User not found
    """

    def __init__(
        self,
        detail: str,
        *,
        method: str | None = None,
        path: str | None = None,
        status_code: int | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.method = method
        self.path = path
        self.status_code = status_code
        self.body = body

    def __str__(self) -> str:
        request = f"{self.method} {self.path}" if self.method else ""
        if self.status_code is None:
            return ": ".join(filter(None, [request, self.detail]))
        phrase = httpx.codes.get_reason_phrase(self.status_code)
        status = " ".join(filter(None, [str(self.status_code), phrase]))
        answer = f"{status} from {request}" if request else status
        return ": ".join(filter(None, [answer, self.detail]))


class APIStatusError(LangMemError, httpx.HTTPError):
    """The service answered, and not with success."""


class BadRequestError(APIStatusError):
    """400: the service could not read the request."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing or not valid."""


class PermissionDeniedError(APIStatusError):
    """403: the API key may not do this."""


class NotFoundError(APIStatusError):
    """404: something named in the request does not exist."""


class ConflictError(APIStatusError):
    """409: the request contradicts what is stored."""


class PayloadTooLargeError(APIStatusError):
    """413: the body is larger than the service accepts."""


class UnprocessableEntityError(APIStatusError):
    """422: the request does not fit the API; `detail` names the place."""


class RateLimitError(APIStatusError):
    """429: too many requests at this time."""


class InternalServerError(APIStatusError):
    """500 and above: the service, or something on the way to it, failed."""


class APIConnectionError(LangMemError, httpx.TransportError):
    """No answer came. Whether the service acted on the request is not known."""


class APITimeoutError(APIConnectionError, httpx.TimeoutException):
    """No answer came in time; the clients' `timeout` argument sets how long to wait."""


class ConnectTimeout(APITimeoutError, httpx.ConnectTimeout):
    """Connecting took too long. The service has not seen the request."""


class ReadTimeout(APITimeoutError, httpx.ReadTimeout):
    """The answer took too long. The service may have acted on the request."""


class WriteTimeout(APITimeoutError, httpx.WriteTimeout):
    """Sending the request took too long."""


class PoolTimeout(APITimeoutError, httpx.PoolTimeout):
    """No connection came free in time. The service has not seen the request."""


class APINetworkError(APIConnectionError, httpx.NetworkError):
    """The network failed."""


class ConnectError(APINetworkError, httpx.ConnectError):
    """No connection could be made. The service has not seen the request."""


class ReadError(APINetworkError, httpx.ReadError):
    """The connection broke while the answer was awaited."""


class WriteError(APINetworkError, httpx.WriteError):
    """The connection broke while the request was sent."""


class CloseError(APINetworkError, httpx.CloseError):
    """The connection could not be closed."""


class APIProtocolError(APIConnectionError, httpx.ProtocolError):
    """The two sides did not keep to HTTP."""


class LocalProtocolError(APIProtocolError, httpx.LocalProtocolError):
    """The request could not be written as HTTP."""


class RemoteProtocolError(APIProtocolError, httpx.RemoteProtocolError):
    """The answer was not HTTP, or was cut off."""


class ProxyError(APIConnectionError, httpx.ProxyError):
    """The proxy refused."""


class UnsupportedProtocol(APIConnectionError, httpx.UnsupportedProtocol):
    """The URL's scheme is not one that can be spoken."""


class ResponseDecodeError(LangMemError, httpx.HTTPError):
    """The service answered with success, and with a body that cannot be used."""


class DecodingError(ResponseDecodeError, httpx.DecodingError):
    """The body's compression is broken."""


class TooManyRedirects(LangMemError, httpx.TooManyRedirects):
    """The service, or something on the way to it, redirects in a circle."""


class PaginationError(LangMemError):
    """The service named a page that had been read before; following it would never end."""
