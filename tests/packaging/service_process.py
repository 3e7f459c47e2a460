"""`langmem-server` as a process of its own, as an operator runs it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

READY_SECONDS = 30


@contextlib.contextmanager
def running_service(database: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the service on a free port until the block ends, and give its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "langmem_server", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--database", str(database)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            _wait_until_ready(process, url)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/health").raise_for_status()
            return
        assert time.monotonic() < deadline, "the service was not ready in time"
        time.sleep(0.02)
    assert process.stdout is not None
    raise AssertionError(process.stdout.read().decode())
