from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import httpx
import pytest

from langmem import AsyncClient
from tests.loopback import Loopback, serving

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = pytest.mark.anyio


@pytest.fixture
def service() -> Generator[Loopback]:
    """A service that knows its connections."""
    with serving() as service:
        yield service


async def test_a_pickled_client_is_its_configuration(
    service: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It arrives with every option, the key of where it arrives, and connections of its own."""
    async with AsyncClient(
        service.url, "a-key", timeout=5, max_retries=7, deadline=9, headers={"X-Extra": "more"}
    ) as client:
        await client.get_health()
        pickled = pickle.dumps(client)
        monkeypatch.setenv("LANGMEM_API_KEY", "of-the-environment")
        async with pickle.loads(pickled) as other:
            answer = await other.get_health()
            assert answer == {
                "connection": 1,
                "key": "of-the-environment",
                "authorization": None,
                "extra": "more",
            }
            assert other._settings == client._settings.changed(
                headers={"x-api-key": "of-the-environment"}
            )
        assert (await client.get_health())["key"] == "a-key"  # type: ignore[typeddict-item]


async def test_a_client_that_had_a_key_wants_one_again() -> None:
    """A worker without the key says so at once, and not by a refused request later."""
    pickled = pickle.dumps(AsyncClient("http://127.0.0.1:8100", "a-key"))
    with pytest.raises(ValueError, match="a pickle does not hold: set LANGMEM_API_KEY"):
        pickle.loads(pickled)


async def test_a_client_that_had_no_key_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the environment it arrives in is not sent where none was."""
    pickled = pickle.dumps(AsyncClient("http://127.0.0.1:8100"))
    monkeypatch.setenv("LANGMEM_API_KEY", "of-the-environment")
    assert pickle.loads(pickled).api_key is None


async def test_what_cannot_travel_is_named() -> None:
    """A transport is an object of this process, and a pickle holds no secret."""
    url = "http://127.0.0.1:8100"
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with pytest.raises(TypeError, match="a transport of its own cannot be pickled"):
        pickle.dumps(AsyncClient(url, transport=transport))
    for headers in ({"Authorization": "Bearer x"}, {"Cookie": "x"}, {"X-Auth-Token": "x"}):
        with pytest.raises(TypeError, match=f"the header '{next(iter(headers)).lower()}'"):
            pickle.dumps(AsyncClient(url, headers=headers))
    with pytest.raises(TypeError, match="a password in its URL, cannot be pickled"):
        pickle.dumps(AsyncClient("http://will:s3cret@127.0.0.1:8100"))


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy])
async def test_a_copy_has_connections_of_its_own(service: Loopback, make: object) -> None:
    """It keeps the key, since it stays in the process, and closing one leaves the other."""
    async with AsyncClient(service.url, "a-key", deadline=9) as client:
        async with make(client) as other:  # type: ignore[operator]
            assert other._settings == client._settings
            assert await client.get_health() == {
                "connection": 0,
                "key": "a-key",
                "authorization": None,
                "extra": None,
            }
            assert (await other.get_health())["connection"] == 1
        assert other.client.is_closed
        assert (await client.get_health())["connection"] == 0  # type: ignore[typeddict-item]


async def test_a_copy_keeps_the_transport() -> None:
    """A transport that was given sends for the copy too."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"status": "mocked"}))
    async with AsyncClient("http://127.0.0.1:8100", transport=transport) as client:
        answer = await copy.deepcopy(client).get_health()
        assert answer["status"] == "mocked"


async def test_a_view_shares_the_connections(service: Loopback) -> None:
    """A client of other options sends its own headers over the same connections, and closes both.

    A copy of it has its options too.
    """
    async with AsyncClient(service.url, "a-key") as client:
        view = client.with_options(headers={"Authorization": "Bearer b", "X-API-KEY": "other"})
        assert view.client is client.client
        for each in (view, copy.copy(view)):
            answer = await each.get_health()
            assert (answer["key"], answer["authorization"]) == ("other", "Bearer b")  # type: ignore[typeddict-item]
            await each.aclose()
    assert client.client.is_closed
    assert service.opened == [0, 1]


async def test_a_closed_client_says_that_it_is() -> None:
    """After closing, a request raises the error it always raised, and connects to nothing."""
    client = AsyncClient("http://127.0.0.1:8100")
    await client.aclose()
    with pytest.raises(RuntimeError, match="the client has been closed"):
        await client.get_health()


async def test_a_client_shows_its_class_and_url() -> None:
    """The repr is short and names no secret."""
    client = AsyncClient("http://will:s3cret@127.0.0.1:8100/api", "a-key")
    assert repr(client) == "AsyncClient(api_url='http://127.0.0.1:8100/api')"
    assert repr(AsyncClient.__new__(AsyncClient)) == "AsyncClient()"
