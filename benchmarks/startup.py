"""What importing the client costs, and the way to a first answer: CPU of fresh processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.answers import USER
from benchmarks.processes import PYTHON, cpu_seconds

if TYPE_CHECKING:
    from pathlib import Path

OURS = "import langmem"
HTTPX = "import httpx"
OUR_FIRST_CALL = f"""
import sys
from langmem import Client
client = Client(sys.argv[1], "key")
client.get_user("{USER}")
"""
RAW_FIRST_CALL = f"""
import sys
import httpx
client = httpx.Client(base_url=sys.argv[1], headers={{"x-api-key": "key"}}, timeout=30.0)
client.get("/users/{USER}").json()
"""


def measure(url: str, rounds: int) -> dict[str, list[float]]:
    """Run each program in turn, round after round.

    Args:
        url: The stub's.
        rounds: How often.

    Returns:
        CPU seconds of each program, the bare interpreter's as `bare`.
    """
    programs = {
        "bare": "",
        "import": OURS,
        "import httpx": HTTPX,
        "first call": OUR_FIRST_CALL,
        "raw first call": RAW_FIRST_CALL,
    }
    return in_turn(programs, url, rounds)


def in_turn(
    programs: dict[str, str], url: str, rounds: int, python: str | Path = PYTHON
) -> dict[str, list[float]]:
    """Run programs in fresh interpreters, one after the other, round after round."""
    for program in programs.values():
        cpu_seconds(program, url, python=python)  # compiles what is not compiled yet
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            seconds[name].append(cpu_seconds(program, url, python=python))
    return seconds


def without(bare: list[float], seconds: list[float]) -> list[float]:
    """Subtract the bare interpreter, round by round."""
    return [whole - empty for whole, empty in zip(seconds, bare, strict=True)]
