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
    ├── PaginationError           the pages of a list do not end
    ├── LocalServiceError         a service in this process cannot be started
    ├── WaitTimeoutError          memories are not made in time        TimeoutError, not httpx's
    ├── StoredValueError          a memory does not fit its class
    └── OutcomeUnknownError       a write may have been done, or not   httpx.HTTPError
        ├── UnknownAfterServerError, UnknownAfterDecodingError
        ├── UnknownAfterConnectionError, UnknownAfterTimeout
        ├── UnknownAfterReadTimeout, UnknownAfterWriteTimeout
        ├── UnknownAfterNetworkError, UnknownAfterCloseError
        ├── UnknownAfterReadError, UnknownAfterWriteError
        └── UnknownAfterProtocolError, UnknownAfterRemoteProtocolError

The right column names the httpx class an error is as well: programs that catch httpx's errors go
on working. A leaf that bears the name of an httpx class is also that class. What comes after
`UnknownAfter` names the class of this module that such an error is as well.

`docs/errors.md` says which of them have been tried again before they are raised, and what to do.
"""

# ruff: noqa: N818  # a class that is an httpx class as well bears that class's name

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import httpx

from langmem._evidence import Attempt, SentRequest, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langmem._call import Call
    from langmem_api.types import Run


class LangMemError(Exception):
    """Anything the clients raise about a request; all errors below are of this class.

    Errors can be pickled and copied. They hold no API key, nor any header a program has set.

    Attributes:
        detail: What went wrong, in words: the service's own where it gave any.
        method: The request's HTTP method, or None where no request is known.
        path: The request's path, without host and query, or None where no request is known.
        status_code: The response's status, or None where there was no response.
        body: The response's body: a JSON value, or text where it was not JSON.
        request_id: The service's name for the request, which its log has too; None where it gave
            none.
        attempts: Each try of the request in turn, this error's included: an `Attempt` with
            `status_code`, `error`, `delay` and `elapsed`. Empty where nothing was sent.

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
        request_id: str | None = None,
        attempts: tuple[Attempt, ...] = (),
        sent: SentRequest | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.method = method
        self.path = path
        self.status_code = status_code
        self.body = body
        self.request_id = request_id
        self.attempts = attempts
        self._sent = sent

    def __str__(self) -> str:
        text = ": ".join(filter(None, [self._headline(), self.detail]))
        return " ".join(filter(None, [text, describe(self.request_id, self.attempts)]))

    def curl(self) -> str | None:
        """Return a command for the shell that sends the same request.

        The API key appears as `$LANGMEM_API_KEY`, and headers a program has set as variables of
        their own. The body is there as it was sent: mind where you paste it.

        Returns:
            The command, or None where the request is not known, or not one over the network.

        Example:
            >>> from langmem import Client
            >>> from langmem.errors import LangMemError
            >>> try:
            ...     Client("http://127.0.0.1:8100/nowhere", "a-key").get_health()
            ... except LangMemError as error:
            ...     print(error.curl())
            curl -X GET http://127.0.0.1:8100/nowhere/health -H "x-api-key: $LANGMEM_API_KEY"
        """
        return None if self._sent is None else self._sent.curl()

    def _headline(self) -> str:
        request = f"{self.method} {self.path}" if self.method else ""
        if self.status_code is None:
            return request
        phrase = httpx.codes.get_reason_phrase(self.status_code)
        status = " ".join(filter(None, [str(self.status_code), phrase]))
        return f"{status} from {request}" if request else status


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
    """No answer came."""


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


class LocalServiceError(LangMemError):
    """A service in this process cannot be started: another one has its file, or it is unusable.

    Example:
        >>> from langmem import Client
        >>> from langmem.errors import LocalServiceError
        >>> try:
        ...     Client("file:///no/such/directory/langmem.db")
        ... except LocalServiceError as error:
        ...     print(str(error)[:46])
        The directory /no/such/directory does not exis
    """


class WaitTimeoutError(LangMemError, TimeoutError):
    """Memories were waited for, and were not made in time. Nothing went wrong; wait again.

    Attributes:
        runs: The runs waited for, newest first, as they were at the last look.

    Example:
        >>> from langmem.errors import WaitTimeoutError
        >>> try:
        ...     outcomes = await client.wait_for_memories(thread_id=thread_id, timeout=5)
        ... except WaitTimeoutError as error:
        ...     print([run["status"] for run in error.runs])
    """

    def __init__(self, detail: str, *, runs: tuple[Run, ...] = (), **evidence: Any) -> None:
        super().__init__(detail, **evidence)
        self.runs = runs


class StoredValueError(LangMemError):
    """What is stored is no value of the class it was asked for as, perhaps because it is older.

    The message names what is wrong and where, and not the values, which are a user's.

    Attributes:
        raw: What is stored, as the service sent it.
        errors: What is wrong with it, as pydantic says it: dicts with `type`, `loc`, `msg` and
            `input`.
        class_name: The name of the class.
        target: What it is remembered of, `/users/<id>` or `/threads/<id>`.
        memory_id: The memory's id, where it is one of many; None where it is a state or summary.

    Example:
        >>> from pydantic import BaseModel
        >>> from langmem.errors import StoredValueError
        >>> class Keeper(BaseModel):
        ...     hives: int
        >>> keeper = await client.memory_function(Keeper)
        >>> try:
        ...     await keeper.get(user_id)
        ... except StoredValueError as error:
        ...     print(error.errors[0]["loc"], error.errors[0]["msg"], error.raw)
        ('hives',) Field required {'name': 'Will', 'interests': ['pikas']}
    """

    def __init__(
        self,
        detail: str,
        *,
        raw: Any = None,
        errors: Sequence[dict[str, Any]] = (),
        class_name: str = "",
        target: str = "",
        memory_id: str | None = None,
        **evidence: Any,
    ) -> None:
        super().__init__(detail, **evidence)
        self.raw = raw
        self.errors = list(errors)
        self.class_name = class_name
        self.target = target
        self.memory_id = memory_id


class Resumes(Protocol):
    """A client, as far as an error knows one."""

    def resume(self, error: OutcomeUnknownError) -> Any:
        """Send an error's request again."""
        ...


class OutcomeUnknownError(LangMemError, httpx.HTTPError):
    """A write was sent, no answer told what became of it, and no retry is left.

    It may have been done or not, or be under way. Do not repeat it by calling the method again,
    which would be a new write: `resume` sends this one again, under its key, and the service does
    what is not done yet, once.

    The other attributes are those of the last try that may have been done.

    Attributes:
        idempotency_key: The key the write was sent under, each time.

    Example:
        >>> from langmem.errors import OutcomeUnknownError
        >>> thread_id = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
        >>> try:
        ...     await client.add_messages(thread_id, [{"role": "user", "content": "Hi!"}])
        ... except OutcomeUnknownError as error:
        ...     await error.resume()
    """

    def __init__(
        self,
        detail: str,
        *,
        idempotency_key: str | None = None,
        call: Call[Any] | None = None,
        client: Resumes | None = None,
        **evidence: Any,
    ) -> None:
        super().__init__(detail, **evidence)
        self.idempotency_key = idempotency_key
        self._call = call
        self._client = client

    def __reduce__(self) -> tuple[Any, ...]:
        # Connections cannot travel, so neither does the client.
        return type(self), self.args, vars(self) | {"_client": None}

    def resumption(self) -> tuple[Call[Any], str]:
        """Return what to send again, and under which key; clients ask for it.

        Raises:
            ValueError: No client has raised this error.
        """
        if self._call is None or self.idempotency_key is None:
            raise ValueError("Only an OutcomeUnknownError that a client has raised can be resumed.")
        return self._call, self.idempotency_key

    def resume(self) -> Any:
        """Send the write again, with the same body under the same key.

        Returns:
            What the method would have returned; from an `AsyncClient`, an awaitable of it.

        Raises:
            OutcomeUnknownError: It failed in the same way; it can be resumed once more.
            LangMemError: It failed in another way, and is not done.
            RuntimeError: The error is a copy, or was unpickled. Use `client.resume(error)` instead.
        """
        if self._client is None:
            raise RuntimeError(
                "A copied or unpickled error knows no client; use client.resume(error)."
            )
        return self._client.resume(self)


class UnknownAfterServerError(OutcomeUnknownError, InternalServerError):
    """Something between the client and the service failed."""


class UnknownAfterDecodingError(OutcomeUnknownError, DecodingError):
    """The body's compression is broken."""


class UnknownAfterConnectionError(OutcomeUnknownError, APIConnectionError):
    """No answer came."""


class UnknownAfterTimeout(OutcomeUnknownError, APITimeoutError):
    """No answer came in time."""


class UnknownAfterReadTimeout(OutcomeUnknownError, ReadTimeout):
    """The answer took too long."""


class UnknownAfterWriteTimeout(OutcomeUnknownError, WriteTimeout):
    """Sending the request took too long."""


class UnknownAfterNetworkError(OutcomeUnknownError, APINetworkError):
    """The network failed."""


class UnknownAfterCloseError(OutcomeUnknownError, CloseError):
    """The connection could not be closed."""


class UnknownAfterReadError(OutcomeUnknownError, ReadError):
    """The connection broke while the answer was awaited."""


class UnknownAfterWriteError(OutcomeUnknownError, WriteError):
    """The connection broke while the request was sent."""


class UnknownAfterProtocolError(OutcomeUnknownError, APIProtocolError):
    """The two sides did not keep to HTTP."""


class UnknownAfterRemoteProtocolError(OutcomeUnknownError, RemoteProtocolError):
    """The answer was not HTTP, or was cut off."""
