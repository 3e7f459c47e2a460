"""Services in this process, and the one place where the client knows the service's package.

`memory://` is a service of one client alone, `memory://name` one that all clients of the process
share, `file:///path` one over a file that they share as well. A service ends with its last client.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.request import url2pathname
from weakref import finalize

import httpx

from langmem.errors import LocalServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MISSING = (
    'A service in this process needs {}, which is not installed: pip install "langmem[server]"'
)
_FORKED = (
    "This client's service runs in the process that made the client, and this is a forked child: "
    "make a client here, or run langmem-server and use its URL."
)
T = TypeVar("T")

# How the names of a service's threads begin.
_OWN_THREADS = "langmem-"

# A service inside a program listens nowhere.
_NOT_USED = ("LANGMEM_HOST", "LANGMEM_PORT", "LANGMEM_DATABASE")


class Handler(Protocol):
    """A service, as far as its clients know it."""

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request whose body has been read, in the calling thread."""
        ...

    def close(self) -> None:
        """Stop."""
        ...


@dataclass(slots=True)
class _Service:
    """A service and how many leases it has."""

    handler: Handler
    name: str | None
    leases: int = 0
    process: int = field(default_factory=os.getpid)


class _Registry:
    """The services that are shared, by name or path."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # a lease may be dropped while another is made
        self.services: dict[str, _Service] = {}


_registry = _Registry()


class Lease:
    """A client's hold on a service; the last one to be released ends it.

    It is released when nobody holds it any more, and when the program ends.
    """

    __slots__ = ("__weakref__", "_release", "_service")

    def __init__(self, service: _Service) -> None:
        self._service = service
        self._release = finalize(self, _release, service)

    def again(self) -> Lease:
        """Return a lease of the same service."""
        with _registry.lock:
            self._service.leases += 1
        return Lease(self._service)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            RuntimeError: This process was forked from the one the service runs in.
        """
        if os.getpid() != self._service.process:
            raise RuntimeError(_FORKED)
        return self._service.handler.handle(request)

    def release(self) -> None:
        """Let go of the service. Doing so twice is harmless."""
        self._release()


class LocalTransport(httpx.BaseTransport):
    """Carries requests to a service in this process."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease

    def __copy__(self) -> LocalTransport:
        return LocalTransport(self.lease.again())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have the service answer, in this thread."""
        request.read()
        return self.lease.handle(request)

    def close(self) -> None:
        """Let go of the service."""
        self.lease.release()


class AsyncLocalTransport(httpx.AsyncBaseTransport):
    """Carries requests to a service in this process, from any event loop."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease

    def __copy__(self) -> AsyncLocalTransport:
        return AsyncLocalTransport(self.lease.again())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have the service answer, in a thread, since it blocks."""
        from anyio.to_thread import run_sync  # noqa: PLC0415 - httpx needs it only for asyncio

        await request.aread()
        return await run_sync(self.lease.handle, request, abandon_on_cancel=True)

    async def aclose(self) -> None:
        """Let go of the service."""
        self.lease.release()


def lease(url: httpx.URL) -> Lease:
    """Start the service of a URL, or take a share in it if it runs.

    Args:
        url: `memory://`, `memory://name` or `file:///path`.

    Raises:
        ImportError: The service's package is not whole.
        ValueError: A variable of the environment cannot be used.
        LocalServiceError: The file cannot be used, or another service has it.
    """
    if url.scheme == "file":
        path = Path(url2pathname(url.raw_path.decode()))
        return _share(str(path.resolve()), partial(_start_from_environment, path))
    if url.host:
        return _share(url.host, partial(_start_from_environment, None))
    return Lease(_Service(_start_from_environment(None), None, 1))


def register(name: str, handler: Handler) -> str:
    """Have a service answer the clients of `memory://name` until it is unregistered.

    Returns:
        The URL.

    Raises:
        ValueError: There is a service of that name.
    """
    with _registry.lock:
        if name in _registry.services:
            raise ValueError(f"There is a service named {name!r}; choose another name.")
        _registry.services[name] = _Service(handler, name, 1)
    return f"memory://{name}"


def unregister(name: str) -> None:
    """Close a registered service, once the last of its clients is closed."""
    with _registry.lock:
        service = _registry.services.pop(name)
    _release(service)


def start_service(
    *, model_transport: httpx.AsyncBaseTransport | None = None, **settings: Any
) -> Handler:
    """Start a service in memory that the environment does not touch.

    Args:
        model_transport: What answers for the model; None is no model.
        **settings: Fields of `langmem_server.settings.Settings`.

    Raises:
        ImportError: The service's package is not whole.
    """
    if model_transport is not None:
        settings = {"llm_base_url": "http://localhost/v1", "llm_model": "scripted", **settings}

    def start() -> Handler:
        from langmem_server.local import LocalService  # noqa: PLC0415 - the seam
        from langmem_server.settings import Settings  # noqa: PLC0415

        return LocalService(Settings(**settings), in_memory=True, model_transport=model_transport)

    return _explained(start)


def serve(arguments: Sequence[str]) -> int:
    """Run `langmem-server` with a command line; return its exit status.

    Raises:
        ImportError: The service's package is not whole.
    """

    def main() -> Callable[[Sequence[str]], int]:
        from langmem_server.cli import main  # noqa: PLC0415 - the seam

        return main

    return _explained(main)(arguments)


def _share(name: str, start: Callable[[], Handler]) -> Lease:
    # Within the lock, so that of two clients made at once one starts the service.
    with _registry.lock:
        service = _registry.services.get(name) or _Service(start(), name)
        service.leases += 1
        _registry.services[name] = service
    return Lease(service)


def _release(service: _Service) -> None:
    if os.getpid() != service.process:
        return
    if threading.current_thread().name.startswith(_OWN_THREADS):
        # The garbage collector runs in any thread, and a service cannot end from inside itself.
        threading.Thread(target=_release, args=(service,), name="release").start()
        return
    with _registry.lock:
        service.leases -= 1
        if service.leases:
            return
        if service.name is not None and _registry.services.get(service.name) is service:
            del _registry.services[service.name]
        # Within the lock, so that a file is free again before anybody asks for it.
        service.handler.close()


def _start_from_environment(path: Path | None) -> Handler:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_USED}
    return _explained(partial(_start, path, environment))


def _start(path: Path | None, environment: Mapping[str, str]) -> Handler:
    from langmem_server.local import LocalService  # noqa: PLC0415 - the seam
    from langmem_server.settings import Settings, SettingsError  # noqa: PLC0415
    from langmem_server.store.errors import StoreError  # noqa: PLC0415

    try:
        settings = Settings.from_environment(environment, database=path)
        return LocalService(settings, in_memory=path is None)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    except StoreError as error:
        raise LocalServiceError(str(error)) from None


def _explained(start: Callable[[], T]) -> T:
    try:
        return start()
    except ModuleNotFoundError as error:
        raise ImportError(_MISSING.format(str(error.name).partition(".")[0])) from error


def _after_fork_in_child() -> None:
    # The services stay in the parent; to drop what is left of them here would be to close them.
    global _registry  # noqa: PLW0603 - a lock that another thread held can never be opened
    _OF_THE_PARENT.append(_registry)
    _registry = _Registry()


_OF_THE_PARENT: list[_Registry] = []

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_after_fork_in_child)
