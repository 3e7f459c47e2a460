from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from langmem_server.store.database import Database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database on a new file."""
    database = Database(tmp_path / "langmem.db")
    yield database
    database.close()


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A writing connection to a file the module shares; each test takes a tenant of its own."""
    database = Database(tmp_path_factory.mktemp("store") / "langmem.db")
    connection = database._connect()
    yield connection
    connection.close()
    database.close()


@pytest.fixture
def tenant() -> str:
    """A tenant nobody else uses."""
    return str(uuid4())
