from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "typing_tests"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a checker as the checkout's settings say."""
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_mypy_sees_what_is_written() -> None:
    """Every type asserted, and every line marked as wrong, is so to mypy in its strict mode."""
    check = run("mypy", "--strict", "--warn-unused-ignores", str(FOLDER))
    assert check.returncode == 0, check.stdout + check.stderr


def test_pyright_sees_what_is_written() -> None:
    """Every type asserted, and every line marked as wrong, is so to pyright."""
    check = run("pyright", "--outputjson", str(FOLDER))
    report = json.loads(check.stdout)
    assert report["generalDiagnostics"] == []
    assert report["summary"]["filesAnalyzed"] == len(list(FOLDER.rglob("*.py")))
