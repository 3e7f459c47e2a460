"""The service over HTTP: parse, call, render, and nothing else.

The routes are those of the API document. What an operation does runs in a worker thread, since the
store blocks. Every error has the shape `{"detail": ...}`, and every answer an id.
"""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import anyio
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from langmem_server import auth, responses
from langmem_server.access import Access
from langmem_server.contract import Contract
from langmem_server.errors import RequestError
from langmem_server.gate import Gate, KeyGate, OpenGate
from langmem_server.idempotency import HEADER
from langmem_server.limits import Limits
from langmem_server.metrics import CONTENT_TYPE, Metrics
from langmem_server.running import Running
from langmem_server.service import operation_ids
from langmem_server.store.errors import ConflictError, StoreError, UnstorableTextError
from langmem_server.worker import log_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from starlette.types import Lifespan, Receive, Scope, Send

    from langmem_server.auth import Caller
    from langmem_server.contract import OperationContract
    from langmem_server.settings import Settings

logger = logging.getLogger(__name__)


def create_app(settings: Settings, *, process: bool = True) -> Starlette:
    """Make the service.

    Args:
        settings: The settings; the host and port are the caller's to listen on. The database is
            opened when the application starts up, and closed when it shuts down.
        process: Whether messages are processed in the background. Without it they stay stored and
            due.

    Returns:
        An ASGI application, which must be run with its lifespan.

    Raises:
        RuntimeError: The document has an operation the service has not, or the other way round.

    Example:
        >>> app = create_app(Settings(database=Path("langmem.db")))  # doctest: +SKIP
        >>> uvicorn.run(app, host="127.0.0.1", port=8100)  # doctest: +SKIP
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        running = await run_sync(Running, settings)
        app.state.running = running
        try:
            async with anyio.create_task_group() as group:
                if process:
                    # In a thread: DBOS takes its time to import, and requests need not wait.
                    group.start_soon(run_sync, running.processing.start_when_possible)
                try:
                    yield
                finally:
                    await run_sync(running.processing.stop)
        finally:
            await run_sync(running.close)

    limits = Limits(settings)
    gate = KeyGate(limits, run_sync)
    metrics = Metrics(lambda: app.state.running, lambda: limits.at_work)
    app = create_application(
        settings,
        run_sync,
        gate,
        observe=metrics.observe,
        lifespan=lifespan,
    )
    app.router.routes.append(Route("/metrics", _metrics_page(metrics, gate)))
    return app


def create_application(
    settings: Settings,
    call: Callable[..., Awaitable[Any]],
    gate: Gate | None = None,
    *,
    observe: Callable[[str, str, float], None] | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Make the application without what it stands on: its state's `running`, a `Running`.

    Args:
        settings: The settings.
        call: Calls a function that blocks, with its arguments, and returns what it returns.
        gate: Who is let in; by default everybody.
        observe: Told of each answer: its operation, its status, and how many seconds it took.
        lifespan: Sets the state.

    Raises:
        RuntimeError: The document has an operation the service has not, or the other way round.
    """
    contract = _contract()
    _compare(contract.operations.keys(), operation_ids())
    app = Starlette(
        routes=_routes(
            contract.operations.values(), settings.max_body_bytes, call, gate or OpenGate()
        ),
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )
    app.add_middleware(Access, observe=observe)
    app.router.redirect_slashes = False
    return app


@cache
def _contract() -> Contract:
    """Read the document once; a test may run a hundred services."""
    return Contract.load()


def _compare(documented: Iterable[str], handled: Iterable[str]) -> None:
    differing = set(documented) ^ set(handled)
    if differing:
        raise RuntimeError(
            f"The API document and the service differ in the operations {sorted(differing)}."
        )


def _routes(
    operations: Iterable[OperationContract],
    limit: int,
    call: Callable[..., Awaitable[Any]],
    gate: Gate,
) -> list[Route]:
    """Make a route for each path."""
    # A path with a fixed word goes before one with a placeholder there: "~" comes after letters.
    ordered = sorted(operations, key=lambda operation: operation.path.replace("{", "~"))
    return [
        Route(path, _Path({operation.method: operation for operation in group}, limit, call, gate))
        for path, group in groupby(ordered, key=lambda operation: operation.path)
    ]


class _Path:
    """The operations at one path, by method, as an ASGI application."""

    def __init__(
        self,
        operations: Mapping[str, OperationContract],
        limit: int,
        call: Callable[..., Awaitable[Any]],
        gate: Gate,
    ) -> None:
        self._operations = operations
        self._limit = limit
        self._call = call
        self._gate = gate
        head = {"HEAD"} if "GET" in operations else set()
        self._allow = ", ".join(sorted({*operations, *head, "OPTIONS"}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return  # nobody is left to answer
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self._allow})
        # Of a HEAD's answer the server sends the headers alone.
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations.get(method)
        if operation is None:
            text = f"Method not allowed: this path has {self._allow}"
            return responses.error(405, text, {"Allow": self._allow})
        request.state.operation_id = operation.id
        try:
            return await self._answer(operation, request)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            return _failure(error, f"request {request.state.request_id}: {operation.id}")

    async def _answer(self, operation: OperationContract, request: Request) -> Response:
        policy = auth.application if operation.needs_key else auth.anybody
        # Before the body: nobody without a key has one read.
        caller = await self._gate.caller(request, policy)
        with self._gate.admitted(caller, _most_bytes(request, self._limit)):
            # Also where no body is wanted: nothing is done before the request is there as a whole.
            body = await _body(request, self._limit)
            answered: Response = await self._call(_perform, operation, request, caller, body)
        return answered


def _most_bytes(request: Request, limit: int) -> int:
    """Return how large a body may turn out, without reading it."""
    unknown = limit if "transfer-encoding" in request.headers else 0
    return min(limit, int(request.headers.get("content-length", unknown)))


async def _body(request: Request, limit: int) -> bytes:
    """Read a body, no more of it than the limit; `connections` bounds the time."""
    wrong = RequestError(413, f"The body is larger than {limit} bytes; send it in smaller parts.")
    if int(request.headers.get("content-length", "0")) > limit:
        raise wrong
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise wrong
    return bytes(body)


def _perform(
    operation: OperationContract, request: Request, caller: Caller, body: bytes
) -> Response:
    """Do an operation, in a worker thread."""
    running: Running = request.app.state.running
    arguments = operation.parse(request.path_params, request.query_params.multi_items(), body)
    key = operation.parse_headers(request.headers.items()).get(HEADER)
    value, replayed = running.do(operation.id, caller.tenant, key, arguments)
    return responses.answer(200, value, {"Idempotency-Replayed": "true"} if replayed else None)


def _failure(error: Exception, doing: str) -> Response:
    """Answer with what went wrong."""
    match error:
        case RequestError():
            return responses.error(error.status, error.detail, error.headers)
        case ConflictError():
            return responses.error(409, str(error))
        case UnstorableTextError():
            return responses.error(422, str(error))
        case StoreError():
            logger.warning("%s could not be done: %s", doing, error)
            return responses.error(503, str(error))
        case _:
            log_error(doing, error)
            return responses.internal_error()


def _metrics_page(metrics: Metrics, gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        request.state.operation_id = "metrics"
        try:
            caller = await gate.caller(request, auth.metrics)
            with gate.admitted(caller, 0):
                text = await run_sync(metrics.text)
                return Response(text, headers=responses.NOT_CACHED, media_type=CONTENT_TYPE)
        except Exception as error:  # noqa: BLE001 - as above
            return _failure(error, f"request {request.state.request_id}: metrics")

    return page


async def _not_found(_: Request, __: Exception) -> Response:
    return responses.error(404, "Not found: no operation of the API has this path")
