from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

import pytest

from langmem import Client
from langmem_server.settings import Settings
from tests.cli.command import Command
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Api


class Shared(NamedTuple):
    """A service in this process, which a client and the command both reach."""

    client: Client
    url: str


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """A service in memory that processes messages when it is told to."""
    monkeypatch.setenv("LANGMEM_PROCESSING_DELAY", "3600")
    url = f"memory://{uuid.uuid4()}"
    with Client(url) as client:
        yield Shared(client, url)


@pytest.fixture
def langmem(shared: Shared, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, which speaks to that service."""
    return Command(capsys, shared.url)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, which is told of no service."""
    return Command(capsys)


@pytest.fixture
def fresh_api(tmp_path: Path) -> Iterator[Api]:
    """A service behind a port, which processes nothing, on a file of its own."""
    with running(Settings(database=tmp_path / "langmem.db"), process=False) as api:
        yield api
