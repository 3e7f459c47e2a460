from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# A shell ignores Ctrl-C on behalf of what it runs in the background, and programs that are started
# from here would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the proofs: they mostly wait, and others can use the processors meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/proofs/"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine it runs on, but for the transport to use."""
    for name in os.environ:
        if name.startswith(("LANGMEM_", "OPENAI_")) and name != "LANGMEM_FAST":
            monkeypatch.delenv(name)


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as programs do."""
    return "asyncio"
