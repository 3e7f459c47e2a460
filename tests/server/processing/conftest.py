from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langmem_server import llm
from langmem_server.store.database import Database
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database on a new file."""
    database = Database(tmp_path / "langmem.db")
    yield database
    database.close()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """A model endpoint that answers sensibly unless told otherwise."""
    monkeypatch.setattr(llm, "_BACKOFF", 0.01)
    with ScriptedModel() as scripted:
        yield scripted
