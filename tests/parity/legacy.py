"""Running the programs of this folder: with the last published SDK, and with the project's own."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PYTHON = ROOT / ".cache" / "legacy" / "bin" / "python"
SECONDS = 120


@functools.cache
def missing() -> str:
    """Why the environment of the last published SDK is not there; empty when it is."""
    made = subprocess.run(
        [ROOT / "scripts" / "legacy"],
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if made.returncode == 0:
        return ""
    return (
        f"scripts/legacy could not make the last published SDK's environment: {made.stderr[-300:]}"
    )


def require() -> None:
    """Skip the calling test without that environment; where CI is set, fail it."""
    if not missing():
        return
    if os.environ.get("CI"):
        pytest.fail(missing())
    pytest.skip(missing())


def lines(
    program: str, *arguments: str, ours: bool, environ: dict[str, str] | None = None
) -> list[Any]:
    """Run a program of this folder in a clean environment and read the JSON lines it prints.

    Args:
        program: File name in this folder.
        *arguments: Its command line.
        ours: With this project's client, warnings being errors; else with the last published SDK.
        environ: Environment variables to set; none of this process reach it but PATH.

    Raises:
        AssertionError: It failed; carries what it wrote to standard error.
    """
    clean = {"PATH": os.environ["PATH"], **(environ or {})}
    if ours:
        clean["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    python = [sys.executable, "-W", "error"] if ours else [str(PYTHON)]
    command = [*python, str(HERE / program), *arguments]
    done = subprocess.run(
        command, env=clean, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]
