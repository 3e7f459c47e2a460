from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("langmem", "tests", "tests/integration", "typing_tests")


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a checkout's own program."""
    program = [sys.executable, str(root / "scripts" / "unasync.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is derived, what it is derived from, and by what."""
    for name in (f"{folder}/{colour}" for folder in FOLDERS for colour in ("_async", "_sync")):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "langmem" / "__init__.py").touch()
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/unasync.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_derived_files_are_up_to_date() -> None:
    """The synchronous client and its tests are what their sources make."""
    check = run(ROOT, "--check")
    assert (check.returncode, check.stdout) == (0, "The derived files are up to date.\n")


def test_a_derived_file_says_what_it_is() -> None:
    """The first line names the program, the source, and what to edit."""
    text = (ROOT / "langmem/_sync/users.py").read_text(encoding="utf-8")
    assert text.startswith(
        "# Derived by scripts/unasync.py from langmem/_async/users.py: edit that instead.\n"
    )
    assert "await" not in text


def test_every_difference_is_found_and_mended(checkout: Path) -> None:
    """An edited, a missing and an extra file each fail the check by name; deriving mends them."""
    edited = checkout / "langmem/_sync/users.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    (checkout / "tests/_sync/test_wire.py").unlink()
    (checkout / "langmem/_sync/extra.py").touch()
    check = run(checkout, "--check")
    assert check.returncode == 1
    assert check.stdout.splitlines() == [
        "extra: langmem/_sync/extra.py",
        "differs: langmem/_sync/users.py",
        "missing: tests/_sync/test_wire.py",
    ]
    assert run(checkout).returncode == 0
    assert run(checkout, "--check").returncode == 0


def test_a_change_of_the_source_is_found(checkout: Path) -> None:
    """Editing the asynchronous side alone fails the check."""
    source = checkout / "langmem/_async/users.py"
    source.write_text(
        source.read_text(encoding="utf-8").replace("Get a user.", "Get one user."), encoding="utf-8"
    )
    check = run(checkout, "--check")
    assert (check.returncode, check.stdout) == (1, "differs: langmem/_sync/users.py\n")


def test_a_rule_that_nothing_needs_is_an_error(checkout: Path) -> None:
    """A rule that finds nothing has outlived its use, and is named."""
    program = checkout / "scripts/unasync.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("RULES = [", 'RULES = [\n    ("@@", ""),'), encoding="utf-8")
    check = run(checkout, "--check")
    assert check.returncode == 1
    assert check.stderr == "Rules that found nothing:\n@@\n"
