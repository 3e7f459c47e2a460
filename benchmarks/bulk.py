"""Posting many messages to a real service: by import, and by one call after another."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
import uuid
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.answers import spoken
from benchmarks.processes import ENVIRONMENT, PYTHON, ROOT, FailedError, run
from langmem import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PER_THREAD = 1000
PER_IMPORT = 1000  # records of one import, the most it takes

_SERVICE = "import sys; from langmem_server import cli; sys.exit(cli.main())"
_DAY = "86400"  # no processing while messages are posted


def measure(messages: int, parts: int) -> dict[str, list[float]]:
    """Post messages in each way, each into a new service over a new file, part by part in turn.

    Args:
        messages: How many in all.
        parts: How many parts to make of them.

    Returns:
        Seconds on the clock for each part, by the names of `WAYS`.
    """
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    with ExitStack() as stack:
        clients = {name: stack.enter_context(service()) for name in WAYS}
        for part in range(parts):
            numbers = range(messages * part // parts, messages * (part + 1) // parts)
            for name, way in WAYS.items():
                seconds[name].append(way(clients[name], numbers))
        for client in clients.values():
            _check(client, messages)
    return seconds


def by_import(client: Client, numbers: range) -> float:
    """Import messages, as many in a request as it may hold."""
    began = time.perf_counter()
    for batch in _batches(numbers, PER_IMPORT):
        client.import_records(list(map(_record, batch)))
    return time.perf_counter() - began


def by_command(client: Client, numbers: range) -> float:
    """Import a file of messages with `langmem import`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "messages.jsonl")
        path.write_text("".join(f"{json.dumps(_record(number))}\n" for number in numbers))
        began = time.perf_counter()
        run(PYTHON, "-m", "langmem", "import", path, "--url", str(client.client.base_url))
        return time.perf_counter() - began


def by_calls(client: Client, numbers: range, *, size: int) -> float:
    """Post messages a few at a time, one call after another."""
    began = time.perf_counter()
    for batch in _batches(numbers, size):
        client.add_messages(_thread(batch[0]), [_message(number) for number in batch])
    return time.perf_counter() - began


WAYS: dict[str, Callable[[Client, range], float]] = {
    "import_records": by_import,
    "langmem import": by_command,
    "by tens": partial(by_calls, size=10),
    "by twos": partial(by_calls, size=2),
}


def _batches(numbers: range, size: int) -> Iterator[range]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


@contextmanager
def service() -> Iterator[Client]:
    """Run the service over a new file until the block ends; give a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with (
            log.open("wb") as errors,
            subprocess.Popen(  # noqa: S603 - it is this checkout's
                [
                    PYTHON,
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
    threads = {_thread(number) for number in (0, messages - 1)}
    stored = sum(1 for one in threads for _ in client.list_messages(one, page_size=1000))
    expected = sum(1 for number in range(messages) if _thread(number) in threads)
    if stored != expected:
        raise FailedError(f"two threads hold {stored} messages instead of {expected}")


def _thread(number: int) -> str:
    return str(uuid.UUID(int=1 + number // PER_THREAD))


def _record(number: int) -> dict[str, Any]:
    return {"type": "message", "thread_id": _thread(number), **_message(number)}


def _message(number: int) -> dict[str, Any]:
    speaker = str(uuid.UUID(int=1 + number // PER_THREAD % 20))
    metadata = {"user_id": speaker} if number % 2 == 0 else {}
    return spoken(number) | {"metadata": metadata}
