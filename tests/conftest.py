from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine it runs on."""
    for name in os.environ:
        if name.startswith(("LANGMEM_", "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as programs do."""
    return "asyncio"
