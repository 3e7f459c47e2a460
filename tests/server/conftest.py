from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langmem_server.settings import Settings
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Api


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service that processes nothing, shared by a module: its tests use ids of their own."""
    settings = Settings(database=tmp_path_factory.mktemp("service") / "langmem.db")
    with running(settings, process=False) as client:
        yield client


@pytest.fixture
def fresh_api(tmp_path: Path) -> Iterator[Api]:
    """A service that processes nothing, on a file of its own."""
    with running(Settings(database=tmp_path / "langmem.db"), process=False) as client:
        yield client


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Api]:
    """A service that processes in the background, without a model, a moment after each message."""
    settings = Settings(database=tmp_path / "langmem.db", processing_delay=0.1)
    with running(settings, process=True) as client:
        yield client
