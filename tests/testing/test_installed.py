"""The plugin out of the built wheel, in an empty folder outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = """
import uuid
import langmem

def test_a_busy_service_is_asked_again(langmem_client, langmem_service):
    assert langmem.__file__.startswith({installed!r})
    langmem_service.fail(429, retry_after=0)
    langmem_client.create_user(user_id=uuid.uuid4(), name="Will")
    assert [request.status for request in langmem_service.requests] == [429, 200]
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The output of a program that must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_pytest_finds_the_plugin_of_the_wheel(tmp_path: Path) -> None:
    """Installed from the wheel, the fixtures are there without an import or a line of settings."""
    wheels, installed, project = (tmp_path / name for name in ("wheels", "installed", "project"))
    project.mkdir()
    run("build", "--wheel", "--no-isolation", "--outdir", wheels, ROOT, cwd=project)
    [wheel] = wheels.iterdir()
    run("pip", "install", "--quiet", "--no-deps", "--target", installed, wheel, cwd=project)
    (project / "test_it.py").write_text(TEST.format(installed=str(installed)), encoding="utf-8")
    said = run("pytest", "-W", "error", cwd=project, PYTHONPATH=str(installed))
    assert "1 passed" in said
