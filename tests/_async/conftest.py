from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from langmem import AsyncClient, _clock
from tests.scripted_server import ScriptedServer, serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator


class Waits(list[float]):
    """The seconds the clients have waited between tries. No test waits: the clock moves on."""

    passed = 0.0

    async def wait(self, seconds: float) -> None:
        """Note a wait, and let that much time have passed."""
        self.append(seconds)
        self.passed += seconds


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """What the clients wait, in place of waiting."""
    waits, monotonic = Waits(), _clock.monotonic
    monkeypatch.setattr(_clock, "asleep", waits.wait)
    monkeypatch.setattr(_clock, "monotonic", lambda: monotonic() + waits.passed)
    return waits


@pytest.fixture
async def client(anyio_backend: str) -> AsyncGenerator[AsyncClient, None]:
    """A client of a service that respx plays."""
    async with AsyncClient("http://127.0.0.1:8100", "a-key") as client:
        yield client


@pytest.fixture
def silent_server() -> Generator[str]:
    """The URL of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def server() -> Generator[ScriptedServer]:
    """A server that does what its script says."""
    with serving() as server:
        yield server
