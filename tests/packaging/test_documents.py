"""What the documents show can be run, and what can be set is documented."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from langmem_server.settings import Settings
from tests.packaging.service_process import running_service
from tests.server.scripted_model import ScriptedModel

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run_python(*arguments: str | Path, **environment: str) -> str:
    """The output of a Python program that must succeed."""
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_first_example_of_the_readme_runs() -> None:
    """README's first program is six lines, needs no service and no key, and finds what was said."""
    program, _ = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(program.strip().splitlines()) == 6
    assert run_python("-c", program) == "user said I keep bees.\n"


def test_second_example_of_the_readme_runs(tmp_path: Path) -> None:
    """README's second program runs as printed, but for the port, and finds what was said."""
    _, program = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(program.strip().splitlines()) <= 20
    with running_service(tmp_path / "langmem.db") as url:
        assert "http://127.0.0.1:8100" in program
        run_python("-c", program.replace("http://127.0.0.1:8100", url))


def test_quick_start_shows_both_clients_without_a_model() -> None:
    """Without a model the quick start runs, and says what one would add and how to plug it in."""
    output = run_python("examples/quickstart.py")
    assert output.index("\nClient\n") < output.index("\nAsyncClient\n")
    assert output.count("Will said Did you know pikas make their own haypiles?") == 2
    assert output.count("skipped: no model is configured") == 2
    assert "LANGMEM_LLM_MODEL=" in output


def test_quick_start_fills_the_profile_with_a_model() -> None:
    """With a model the quick start shows the profile that the model drew from the conversation."""
    with ScriptedModel() as model:
        environment = {"LANGMEM_LLM_BASE_URL": model.base_url, "LANGMEM_LLM_MODEL": "scripted"}
        output = run_python("examples/quickstart.py", **environment)
    assert output.count("User Profile        succeeded") == 2
    assert "nothing yet" not in output


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Settings)])
def test_every_setting_of_the_service_is_in_the_readme(field: str) -> None:
    """README names the environment variable of every setting."""
    assert f"`LANGMEM_{field.upper()}`" in README


def test_every_script_of_the_readme_exists() -> None:
    """Each script and document that README names is in the repository."""
    for name in re.findall(r"(?:\./|`)(scripts/\w+)|\]\((?!https?:)([\w./]+)\)", README):
        assert (ROOT / "".join(name)).exists(), name
