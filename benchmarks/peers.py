"""Other clients beside httpx, each in an environment of its own that is made on demand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peer_calls import CLIENTS
from benchmarks.processes import CACHE, PYTHON, FailedError, report, run
from benchmarks.startup import in_turn, without

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = "langmem"
MODULES = {name: name.replace("-", "_") for name in CLIENTS} | {
    "honcho-ai": "honcho",
    "mem0ai": "mem0",
}

_CALLING = "import sys; from benchmarks import peer_calls; "


@dataclass(frozen=True)
class Measured:
    """One client, and httpx beside it in the same environment: numbers by round.

    Attributes:
        name: The distribution.
        version: Its version.
        sides: For each thing done the seconds of the client and those of httpx.
        absent: Why nothing was measured, if nothing was.
    """

    name: str
    version: str = ""
    sides: tuple[tuple[list[float], list[float]], ...] = ()
    absent: str = ""


def measure(url: str, counts: tuple[int, int, int, int]) -> Iterator[Measured]:
    """Measure our client and the others.

    Args:
        url: The stub's.
        counts: How many starts, and how many rounds, turns and calls.
    """
    for name in CLIENTS:
        try:
            python = Path(PYTHON) if name == OURS else environment(name)
            yield _measure(name, python, url, counts)
        except FailedError as error:
            yield Measured(name, absent=str(error).splitlines()[-1])


def environment(name: str) -> Path:
    """Return the interpreter of a client's environment, which is made if it is not there.

    Raises:
        FailedError: It cannot be installed.
    """
    folder = CACHE / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    complete = folder / "complete"
    if not complete.exists():
        run(PYTHON, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "--disable-pip-version-check", "install", "-q", name, "httpx")
        complete.touch()
    return python


def _measure(name: str, python: Path, url: str, counts: tuple[int, int, int, int]) -> Measured:
    starts, *numbers = counts
    programs = {
        "bare": "",
        "import": f"import {MODULES[name]}",
        "import httpx": "import httpx",
        "first": f"{_CALLING}peer_calls.CLIENTS[{name!r}](sys.argv[1]).get()",
        "raw first": f"{_CALLING}peer_calls.httpx(sys.argv[1], {name!r}).get()",
    }
    whole = in_turn(programs, url, starts, python)
    cpu = {key: without(whole["bare"], seconds) for key, seconds in whole.items()}
    calls = report("peer_calls", name, url, *map(str, numbers), python=python)
    return Measured(
        name,
        calls["version"],
        (
            (cpu["import"], cpu["import httpx"]),
            (cpu["first"], cpu["raw first"]),
            (calls["get"]["theirs"], calls["get"]["raw"]),
            (calls["post"]["theirs"], calls["post"]["raw"]),
        ),
    )
