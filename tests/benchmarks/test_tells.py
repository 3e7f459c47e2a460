from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.tells import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]


def test_every_question_is_measured_beside_its_like() -> None:
    """The benchmark runs, and prints a ratio for each question."""
    command = [sys.executable, str(ROOT / "benchmarks/tells.py"), "--quick"]
    done = subprocess.run(command, cwd=Path("/"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [row.split("|") for row in done.stdout.splitlines()[2:]]
    assert [row[1].split(",")[0].strip() for row in rows] == list(QUESTIONS)
    assert all(float(row[4].split()[0]) > 0 for row in rows)
