from __future__ import annotations

import inspect
from collections.abc import Iterator as IteratorType
from typing import TYPE_CHECKING, Any, Protocol

import pytest

import langmem
from langmem_server.settings import Settings
from tests.server.live import running
from tests.server.spec_check import SpecCheck

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from langmem.testing import Service
    from tests.server.live import Api


class Call(Protocol):
    """Calls a method of a client of either colour."""

    async def __call__(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call, await what must be awaited, and make a list of what is iterated."""
        ...


@pytest.fixture(scope="module")
def plain_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service over HTTP without a model, shared by a module, which processes when triggered."""
    settings = Settings(database=tmp_path_factory.mktemp("service") / "langmem.db")
    with running(settings, process=True) as api:
        yield api


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    """Each test runs with `Client` and with `AsyncClient`."""
    colour: str = request.param
    return colour


@pytest.fixture
async def call(
    service: Service | Api, colour: str, anyio_backend: str
) -> AsyncGenerator[Call, None]:
    """A client of the test's service; every answer is held against the API document."""
    if colour == "sync":
        with langmem.Client(service.url) as client:
            client.client.event_hooks = {"response": [SpecCheck()]}
            yield _caller(client)
    else:
        async with langmem.AsyncClient(service.url) as client:
            client.client.event_hooks = {"response": [SpecCheck().asynchronously]}
            yield _caller(client)


def _caller(client: Any) -> Call:
    async def call(method: str, *args: Any, **kwargs: Any) -> Any:
        result = getattr(client, method)(*args, **kwargs)
        if inspect.isawaitable(result):
            return await result
        if inspect.isasyncgen(result):
            return [item async for item in result]
        return list(result) if isinstance(result, IteratorType) else result

    return call
