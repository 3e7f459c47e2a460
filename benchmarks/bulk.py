"""Posting many messages to a real service: by import, and by one call after another."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.answers import spoken
from benchmarks.processes import ENVIRONMENT, ROOT, FailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem import Client

PER_THREAD = 1000
PER_CALL = 10  # messages of one add_messages call
PER_IMPORT = 1000  # records of one import, the most it takes

_SERVICE = "import sys; from langmem_server import cli; sys.exit(cli.main())"
_DAY = "86400"  # no processing while messages are posted


def measure(messages: int, rounds: int) -> dict[str, list[float]]:
    """Post messages in both ways, each into a new service over a new file.

    Args:
        messages: How many.
        rounds: How often.

    Returns:
        Seconds on the clock for all of them, for `import` and for `calls`.
    """
    ways = {"import": by_import, "calls": by_calls}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            with service() as client:
                began = time.perf_counter()
                way(client, messages)
                seconds[name].append(time.perf_counter() - began)
                _check(client, messages)
    return seconds


def by_import(client: Client, messages: int) -> None:
    """Import the messages, thread after thread, as many in a request as it may hold."""
    for start in range(0, messages, PER_IMPORT):
        numbers = range(start, min(start + PER_IMPORT, messages))
        client.import_records(
            [{"type": "message", "thread_id": _thread(n), **_message(n)} for n in numbers]
        )


def by_calls(client: Client, messages: int) -> None:
    """Post the messages a few at a time, one call after another."""
    for start in range(0, messages, PER_CALL):
        numbers = range(start, min(start + PER_CALL, messages))
        client.add_messages(_thread(start), [_message(number) for number in numbers])


@contextmanager
def service() -> Iterator[Client]:
    """Run the service over a new file until the block ends; give a client of it."""
    from langmem import Client  # noqa: PLC0415 - only here is it needed

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with (
            log.open("wb") as errors,
            subprocess.Popen(  # noqa: S603 - it is this checkout's
                [
                    sys.executable,
                    "-c",
                    _SERVICE,
                    "--port",
                    "0",
                    "--database",
                    f"{folder}/langmem.db",
                ],
                cwd=ROOT,
                env=ENVIRONMENT | {"LANGMEM_PROCESSING_DELAY": _DAY},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            try:
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                address = re.search(r"http://\S+:\d+", process.stdout.readline())
                if address is None:
                    raise FailedError(log.read_text()[-1000:])
                with Client(address[0], deadline=30) as client:
                    yield client
            finally:
                process.terminate()


def _check(client: Client, messages: int) -> None:
    stored = sum(1 for _ in client.list_messages(_thread(messages - 1), page_size=1000))
    expected = (messages - 1) % PER_THREAD + 1
    if stored != expected:
        raise FailedError(f"the last thread holds {stored} messages instead of {expected}")


def _thread(number: int) -> str:
    return str(uuid.UUID(int=1 + number // PER_THREAD))


def _message(number: int) -> dict[str, Any]:
    speaker = str(uuid.UUID(int=1 + number // PER_THREAD % 20))
    metadata = {"user_id": speaker} if number % 2 == 0 else {}
    return spoken(number) | {"metadata": metadata}
