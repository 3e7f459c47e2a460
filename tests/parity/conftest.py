from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

import httpx
import pytest

from tests.parity import legacy
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.register_assert_rewrite("tests.parity.effects")

TABLES = ("tests.parity.calls_users", "tests.parity.calls_threads", "tests.parity.failures")
READY_SECONDS = 30
Records = dict[tuple[str, str], dict[str, Any]]
"""What `driver.py` saw, by case and colour."""


class StartService(Protocol):
    """Starts services of their own."""

    def __call__(self, **environ: str) -> str:
        """Start one with these environment variables and return its URL once it answers."""
        ...


def _records(*, ours: bool) -> Records:
    lines = legacy.lines("driver.py", *TABLES, ours=ours)
    return {(line.pop("case"), line.pop("colour")): line for line in lines}


@pytest.fixture(scope="session")
def old_records() -> Records:
    """The whole table of calls, made with the last published SDK."""
    legacy.require()
    return _records(ours=False)


@pytest.fixture(scope="session")
def our_records() -> Records:
    """The whole table of calls, made with this project's client."""
    return _records(ours=True)


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    """A model that answers every question with something that fits."""
    with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture(scope="session")
def start_service(
    model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartService]:
    """Services on temporary files, with the scripted model, each a process until the end."""
    with contextlib.ExitStack() as services:

        def start(**environ: str) -> str:
            folder = tmp_path_factory.mktemp("service")
            settings = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                "LANGMEM_DATABASE": str(folder / "langmem.db"),
                "LANGMEM_LLM_BASE_URL": model.base_url,
                "LANGMEM_LLM_MODEL": "scripted",
            }
            log = services.enter_context((folder / "log").open("w+"))
            return services.enter_context(_running(settings | environ, log))

        yield start


@contextlib.contextmanager
def _running(environ: dict[str, str], log: Any) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "langmem_server", "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Any) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/health")
            return
        time.sleep(0.02)
    log.seek(0)
    pytest.fail(f"the service did not start:\n{log.read()}")
