"""Programs in processes of their own, over this checkout. It needs the standard library alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
CACHE = ROOT / ".cache/bench"

# The checkout comes before whatever is installed, and nothing of the machine's settings matters:
# without more words it is the base install. One of the other clients would report to its makers.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("LANGMEM_", "OPENAI_"))
} | {
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
    "LANGMEM_FAST": "off",
    "MEM0_DIR": str(CACHE / "mem0"),
    "MEM0_TELEMETRY": "False",
}


class FailedError(RuntimeError):
    """A program did not succeed; the text is the end of what it said."""


def run(*command: str | Path, **environment: str) -> str:
    """Run a program to its end and return what it printed.

    Args:
        command: The program and its arguments.
        environment: Variables to set besides.

    Raises:
        FailedError: It did not succeed.
    """
    done = subprocess.run(  # noqa: S603 - the programs are this folder's
        [str(part) for part in command],
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise FailedError(said[-1000:] or f"ended with {done.returncode}")
    return done.stdout


def report(module: str, *arguments: str, python: str | Path = PYTHON, variant: str = "base") -> Any:
    """Run a module of this folder and return the JSON it printed.

    Args:
        module: Its name.
        arguments: Its arguments.
        python: The interpreter.
        variant: `base`, or `fast` to use what `langmem[fast]` brings.

    Raises:
        FailedError: It did not succeed.
    """
    return json.loads(
        run(
            python,
            *("-m", f"benchmarks.{module}"),
            *arguments,
            LANGMEM_FAST="on" if variant == "fast" else "off",
        )
    )


def cpu_seconds(program: str, *arguments: str, python: str | Path = PYTHON) -> float:
    """Run Python in a fresh interpreter and return the CPU it took, user and system.

    Raises:
        FailedError: It did not succeed.
    """
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(  # noqa: S603 - the programs are this folder's
            [str(python), "-c", program, *arguments], cwd=ROOT, env=ENVIRONMENT, stderr=said
        ) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise FailedError(said.read()[-1000:].strip() or f"{program!r} failed")
    return usage.ru_utime + usage.ru_stime


@contextmanager
def started(module: str) -> Iterator[str]:
    """Run a module that ends with its standard input; give the first line it prints."""
    with subprocess.Popen(  # noqa: S603 - the programs are this folder's
        [PYTHON, "-m", module],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        first = process.stdout.readline().strip()
        if not first:
            raise FailedError(f"{module} did not start")
        try:
            yield first
        finally:
            process.stdin.close()
