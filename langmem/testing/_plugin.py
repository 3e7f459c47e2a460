"""The fixtures that pytest finds by itself. Whatever they need is imported when one is used."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from langmem import AsyncClient, Client
    from langmem.testing import Service


@pytest.fixture
def langmem_service(request: pytest.FixtureRequest) -> Generator[Service]:
    """A LangMem service in memory, with a scripted model; see `langmem.testing.Service`.

    A test that passes fails after all if replies or faults are left over, or if a request or
    answer did not follow the API document.
    """
    from langmem.testing import Service  # noqa: PLC0415

    try:
        service = Service()
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    failed = request.session.testsfailed
    try:
        yield service
    finally:
        service.close()
    # What is left over in a test that broke off tells nothing.
    if request.session.testsfailed == failed:
        try:
            service.verify()
        except AssertionError as error:
            pytest.fail(str(error), pytrace=False)


@pytest.fixture
def langmem_client(langmem_service: Service) -> Generator[Client]:
    """A `langmem.Client` of the test's service."""
    from langmem import Client  # noqa: PLC0415

    with Client(langmem_service.url) as client:
        yield client


@pytest.fixture
def langmem_async_client(langmem_service: Service) -> Generator[AsyncClient]:
    """A `langmem.AsyncClient` of the test's service, for any event loop."""
    from langmem import AsyncClient  # noqa: PLC0415

    client = AsyncClient(langmem_service.url)
    yield client
    # To let go of a service in this process takes no event loop, and there may be none any more.
    with suppress(StopIteration):
        client.aclose().send(None)
