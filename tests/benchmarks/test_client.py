from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import BEGIN, END, GROUPS, PAGE, main
from benchmarks.table import HEAD, Row, between, line

ROOT = Path(__file__).resolve().parents[2]

# What each group must measure, and how many numbers it has.
MEASURED = {
    "startup": {"`import langmem`": 2, "import, construct, first call": 2},
    "calls": {
        "one GET": 2,
        "one POST": 1,
        "a list": 2,
        "100 GETs": 1,
        "... with": 6,
        "... httpx": 6,
    },
    "memory": {"peak memory": 1},
    "posting": {"posting": 3},
}
NOT_HERE = {"install"}  # it needs the package index; tests/packaging installs the wheel


def measured(group: str) -> list[list[str]]:
    """The cells of each row that the command prints for a group."""
    program = str(ROOT / "benchmarks/client.py")
    done = subprocess.run(
        [sys.executable, program, "--quick", "--only", group],
        cwd=Path("/"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(HEAD)
    table = done.stdout.removeprefix(HEAD).split("\n\n")[0].strip()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]


def test_every_group_is_tried_here() -> None:
    """A benchmark that nobody runs does not run."""
    assert MEASURED.keys() | NOT_HERE == set(GROUPS)


@pytest.mark.parametrize("group", MEASURED)
def test_a_group_gives_its_rows(group: str) -> None:
    """Each benchmark runs, and prints a number, another beside it and their ratio."""
    rows = [row for row in measured(group) if not row[0].startswith("`[fast]`")]
    for what, count in MEASURED[group].items():
        assert len([row for row in rows if row[0].startswith(what)]) == count, what
    assert len(rows) == sum(MEASURED[group].values())
    for _, ours, beside, ratio, _, _ in rows:
        assert re.match(r"[\d,.]+ \w+", ours)
        assert re.match(r"[\d,.]+ \w+", beside)
        assert re.match(r"\d+\.\d\d", ratio)


def test_the_median_of_the_rounds_is_judged() -> None:
    """One bad round does not spoil a row, nor does one good round save it."""
    rounds = [1.0, 1.0, 1.0]
    assert Row("a", ours=[0.8, 0.9, 5.0], peer=rounds, bound=0.9).verdict == "ok"
    assert Row("a", ours=[0.1, 1.0, 1.0], peer=rounds, bound=0.9).verdict == "**over**"


def test_the_ratio_is_one_of_rounds() -> None:
    """A machine that is slow for a round is slow for both sides."""
    row = Row("a", ours=[1e-6, 20e-6, 3e-6], peer=[2e-6, 40e-6, 6e-6], bound=0.6)
    assert line(row) == "| a | 3 us (1..20) | 6 us (2..40) | 0.50 | 0.6 | ok |"


def test_what_was_not_measured_says_why() -> None:
    """No row passes for lack of a number."""
    row = Row("a", bound=0.9, absent="not installed: orjson")
    assert line(row) == "| a | not installed: orjson |  |  | 0.9 |  |"


@pytest.mark.parametrize("part", [["--quick"], ["--only", "memory"]])
def test_only_whole_tables_are_kept(
    part: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hasty or partial run does not replace the tables of the page."""
    monkeypatch.setattr(sys, "argv", ["client.py", "--write", *part])
    with pytest.raises(SystemExit):
        main()
    assert "leave out --quick and --only" in capsys.readouterr().err


def test_the_page_has_one_place_for_the_tables() -> None:
    """Writing the tables replaces those there are and nothing else."""
    page = PAGE.read_text(encoding="utf-8")
    once = between(page, BEGIN, END, "\n| new |\n")
    assert once.split(BEGIN)[0] == page.split(BEGIN)[0]
    assert once.split(END)[1] == page.split(END)[1]
    assert between(once, BEGIN, END, "\n| new |\n") == once
