"""The service inside another program: the same application, called instead of connected to.

There is no port, no event loop and no thread to a request: what answers runs where it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from langmem_server.app import create_application
from langmem_server.lanes import Lanes
from langmem_server.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.types import Message

    from langmem_server.settings import Settings
    from langmem_server.store.database import Database


class LocalService:
    """A service for the programs of one process.

    Args:
        settings: The settings; host and port are not used.
        in_memory: Whether to keep everything in memory instead of in the settings' file.
        model_transport: What carries the questions to the model; by default, the network.

    Raises:
        StoreError: The database cannot be used, or another service has it.

    Example:
        >>> service = LocalService(Settings(), in_memory=True)
        >>> service.handle(httpx.Request("GET", "http://localhost/health")).status_code
        200
        >>> service.close()
    """

    def __init__(
        self,
        settings: Settings,
        *,
        in_memory: bool = False,
        model_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._running = Running(
            settings, in_memory=in_memory, queue=_lanes, model_transport=model_transport
        )
        self._application = create_application(settings, _at_once)
        self._application.state.running = self._running
        try:
            self._running.processing.start()
        except BaseException:
            self._running.close()
            raise

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, in the calling thread; any number of threads may call.

        Args:
            request: The request; its body must have been read.

        Returns:
            The response, read.
        """
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": request.content, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        _run(self._application(_scope(request), receive, send))
        start, *parts = sent
        # Of a HEAD's answer a server sends the headers alone.
        body = b"" if request.method == "HEAD" else b"".join(part["body"] for part in parts)
        return httpx.Response(
            start["status"], headers=start["headers"], content=body, request=request
        )

    def close(self) -> None:
        """Stop. What was acknowledged is kept in a file; what is in memory is gone."""
        self._running.close()


def _lanes(_: Database, work: Callable[[str], None], concurrency: int) -> Lanes:
    return Lanes(work, concurrency=concurrency)


async def _at_once(answer: Callable[..., Any], *arguments: Any) -> Any:
    return answer(*arguments)


def _run(application: Coroutine[Any, Any, None]) -> None:
    """Run what never waits for anything, without an event loop."""
    try:
        application.send(None)
    except StopIteration:
        return
    application.close()
    raise RuntimeError("The application waits, and there is no event loop to wait in.")


def _scope(request: httpx.Request) -> dict[str, Any]:
    path, _, _ = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": path,
        "root_path": "",
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": None,
        "server": None,
    }
