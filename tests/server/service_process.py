"""The service as a process of its own, to be killed and read the log of."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from tests.server.live import DEADLINE, wait_for
from tests.server.spec_check import SpecCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = "import sys; from langmem_server import cli; sys.exit(cli.main())"


class ServiceProcess(NamedTuple):
    """A running service: its process, a client of it, and the file its log goes to."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: Path


@contextlib.contextmanager
def service_process(
    folder: Path,
    before: str = "",
    environment: dict[str, str] | None = None,
    database: Path | None = None,
) -> Iterator[ServiceProcess]:
    """Run the service until the block ends.

    Args:
        folder: Where the log is.
        before: Python to run in the process before the service starts.
        environment: Variables to set.
        database: The file; by default, `langmem.db` in the folder.
    """
    log = folder / "log"
    command = [sys.executable, "-W", "error", "-c", f"{before}\n{PROGRAM}"]
    options = ["--port", "0", "--database", str(database or folder / "langmem.db")]
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [*command, *options],
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            greeting = re.search(r"http://\S+:\d+", process.stdout.readline().decode())
            assert greeting is not None, log.read_text()
            hooks: dict[str, list[Any]] = {"response": [SpecCheck()]}
            with httpx.Client(base_url=greeting[0], event_hooks=hooks, timeout=DEADLINE) as client:
                wait_for(lambda: answers(client), "the service to answer")
                yield ServiceProcess(process, client, log)
        finally:
            process.terminate()
            process.wait(timeout=DEADLINE)


def answers(client: httpx.Client) -> bool:
    """Tell whether the service answers yet."""
    with contextlib.suppress(httpx.TransportError):
        return client.get("/health").is_success
    return False
