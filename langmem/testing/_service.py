"""A service of a test's own."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import httpx

from langmem import _local
from langmem.testing._faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from langmem.testing._model import ScriptedModel
    from langmem.testing._spec import Operation


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that came.

    Attributes:
        method: The HTTP method.
        path: The path.
        operation: The operation's name, which is that of the client's method, or None.
        json: The body's JSON, or None where there is none.
        status: The answer's status, or None where none was sent.
    """

    method: str
    path: str
    operation: str | None
    json: Any
    status: int | None


class Service:
    """The real service, in memory, for one test.

    Every client that is made with its `url`, in this process, reaches it. Every request and answer
    is held against the API document; one that does not follow it is an AssertionError where it was
    sent.

    Entered, it closes itself at the end of the block and looks that nothing scripted is left.

    Args:
        with_model: Whether there is a model. Without one users' statements become memories word for
            word, and functions that need one end `skipped`.
        processing_delay: Seconds from the arrival of messages to the making of memories, where no
            trigger asks for it before.

    Attributes:
        url: What to make clients with, or to set LANGMEM_API_URL to.
        model: The model, which says what it is told to.
        requests: What was asked of the service, in the order in which it answered.

    Raises:
        ImportError: `langmem[server]` is not installed.

    Example:
        >>> from langmem import Client
        >>> from langmem.testing import Service
        >>> with Service() as service, Client(service.url) as client:
        ...     client.list_threads()
        ...     service.requests[0].operation
        []
        'list_threads'
    """

    def __init__(self, *, with_model: bool = True, processing_delay: float = 60.0) -> None:
        self._service = _local.start_service(
            model_transport=httpx.MockTransport(self._ask) if with_model else None,
            processing_delay=processing_delay,
        )
        # After the service, which says what to install.
        from langmem.testing import _model, _spec  # noqa: PLC0415

        self.model: ScriptedModel = _model.ScriptedModel()
        self.requests: list[RecordedRequest] = []
        self._find = _spec.find
        self._faults = Faults()
        self._violations: list[str] = []
        self._checking = True
        self._closed = False
        self._name = f"test-{uuid4().hex}"
        self.url = _local.register(self._name, self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
        if exc is None:
            self.verify()

    def __repr__(self) -> str:
        return f"Service({self.url!r})"

    def fail(
        self,
        status: int,
        *,
        retry_after: float | None = None,
        times: int | None = 1,
        operation: str | None = None,
    ) -> None:
        """Answer a request with an error, and do nothing of what it asks.

        Args:
            status: The error's status, 400 to 599.
            retry_after: Seconds after which the client may come again; clients really wait.
            times: How many requests to answer so, or None for any number, even 0.
            operation: The name of the client's method to answer so. Without it, any.

        Raises:
            ValueError: An argument cannot be used; the message names it.

        Example:
            >>> from langmem.testing import Service
            >>> with Service() as service:
            ...     service.fail(503, times=None, operation="add_messages")
        """
        self._faults.fail(status, retry_after, times, operation)

    def drop_after_write(self, *, times: int | None = 1, operation: str | None = None) -> None:
        """Do what a write asks, and break the connection before the answer.

        Args:
            times: How many writes to treat so, or None for any number, even 0.
            operation: The name of the client's method to treat so. Without it, any that writes.

        Raises:
            ValueError: An argument cannot be used; the message names it.

        Example:
            >>> from langmem import Client
            >>> from langmem.testing import Service
            >>> with Service() as service, Client(service.url) as client:
            ...     service.drop_after_write()
            ...     created = client.create_user(user_id=user_id, name="Will")
            ...     len(client.list_users())  # tried again under the same key, it is done once
            1
        """
        self._faults.drop_after_write(times, operation)

    def refuse_connection(self, *, times: int | None = 1, operation: str | None = None) -> None:
        """Let a request not come through at all.

        Args:
            times: How many requests to treat so, or None for any number, even 0.
            operation: The name of the client's method to treat so. Without it, any.

        Raises:
            ValueError: An argument cannot be used; the message names it.

        Example:
            >>> from langmem.testing import Service
            >>> with Service() as service:
            ...     service.refuse_connection(times=None)
        """
        self._faults.refuse_connection(times, operation)

    def delay(self, seconds: float, *, times: int | None = 1, operation: str | None = None) -> None:
        """Do what a request asks at once, and answer late.

        A client whose timeout is shorter gives up, as it would over a network.

        Args:
            seconds: How late.
            times: How many requests to answer so, or None for any number, even 0.
            operation: The name of the client's method to answer so. Without it, any.

        Raises:
            ValueError: An argument cannot be used; the message names it.

        Example:
            >>> from langmem.testing import Service
            >>> with Service() as service:
            ...     service.delay(0.2, times=None, operation="query_user_memory")
        """
        self._faults.delay(seconds, times, operation)

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """Do not hold requests and answers against the API document within the block.

        For tests of what happens when the service refuses a request that should not be sent.

        Example:
            >>> from langmem import Client
            >>> from langmem.testing import Service
            >>> with Service() as service, Client(service.url) as client:
            ...     with service.unchecked():
            ...         client.client.get("/users/Will").json()
            {'detail': 'path.user_id: must be a UUID, not "Will"'}
        """
        before, self._checking = self._checking, False
        try:
            yield
        finally:
            self._checking = before

    def verify(self) -> None:
        """Look that nothing scripted is left and that everything followed the API document.

        Raises:
            AssertionError: Something is; the message lists it.

        Example:
            >>> from langmem.testing import Service
            >>> with Service() as service:
            ...     service.verify()
        """
        found = [*self._violations, *self.model.leftovers(), *self._faults.leftovers()]
        if found:
            raise AssertionError("\n".join(["The test's LangMem service:", *found]))

    def close(self) -> None:
        """End the service, and with it what its clients can do. Closing twice is harmless.

        Example:
            >>> from langmem.testing import Service
            >>> service = Service()
            >>> service.close()
        """
        if self._closed:
            return
        self._closed = True
        self._faults.end()
        self._service.close()  # at once: a client that was never closed would keep it alive
        _local.unregister(self._name)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; clients call this.

        Args:
            request: The request; its body must have been read.

        Raises:
            AssertionError: The request or the answer does not follow the API document.
            RuntimeError: The service is closed.
            httpx.TransportError: A fault wants it so.

        Example:
            >>> import httpx
            >>> from langmem.testing import Service
            >>> with Service() as service:
            ...     service.handle(httpx.Request("GET", "http://localhost/health")).status_code
            200
        """
        if self._closed:
            raise RuntimeError("This client's service ended with its test: make a client anew.")
        operation = self._find(request.method, request.url.path)
        name = None if operation is None else operation.id
        status = None
        try:
            self._check(request, None, operation)
            response = self._faults.wrap(name, partial(self._answer, operation))(request)
            status = response.status_code
        finally:
            method, path, body = request.method, request.url.path, _json(request.content)
            self.requests.append(RecordedRequest(method, path, name, body, status))
        return response

    def _ask(self, request: httpx.Request) -> httpx.Response:
        return self.model.respond(request)

    def _answer(self, operation: Operation | None, request: httpx.Request) -> httpx.Response:
        response = self._service.handle(request)
        self._check(request, response, operation)
        return response

    def _check(
        self,
        request: httpx.Request,
        response: httpx.Response | None,
        operation: Operation | None,
    ) -> None:
        if not self._checking:
            return
        if operation is None:
            problems = ["no operation has this method and path"]
        elif response is None:
            problems = operation.problems_of_request(request)
        else:
            problems = operation.problems_of_response(response)
        if problems:
            what = "The request" if response is None else f"The answer {response.status_code} to"
            place = f"{what} {request.method} {request.url.path}"
            self._violations.append(f"{place} does not follow openapi.yaml: {'; '.join(problems)}")
            raise AssertionError(self._violations[-1])


def _json(content: bytes) -> Any:
    with suppress(ValueError):
        return json.loads(content)
    return None
