"""The command in this process, or in one of its own, as a test drives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langmem._cli.entry import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-W", "error", "-m", "langmem"]


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.out.splitlines()

    @property
    def rows(self) -> list[list[str]]:
        """The output's lines, cut at the tabs."""
        return [line.split("\t") for line in self.lines]

    @property
    def values(self) -> list[Any]:
        """The JSON value on each line of the output."""
        return [json.loads(line) for line in self.lines]


class Command:
    """Runs `langmem` in this process, its output no terminal.

    Args:
        capsys: What catches the output.
        url: The service to speak to unless a call says otherwise.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], url: str | None = None) -> None:
        self._capsys = capsys
        self._url = url

    def __call__(self, *arguments: object, url: str | None = None) -> Done:
        """Run it, and return what it came to."""
        self._capsys.readouterr()
        given = url or self._url
        service = [] if given is None else ["--url", given]
        status = main([*map(str, arguments), *service])
        caught = self._capsys.readouterr()
        return Done(status, caught.out, caught.err)


def in_a_process(*arguments: object, **environment: str) -> Done:
    """Run `python -m langmem`, warnings being errors, and return what it came to."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Done(done.returncode, done.stdout, done.stderr)
