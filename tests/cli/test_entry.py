from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from langmem._cli.entry import main
from tests.cli.command import ROOT, Command, in_a_process


def start(before: str) -> subprocess.CompletedProcess[str]:
    """Run `langmem users` in a process of its own, after some Python."""
    program = (
        f"import sys\n{before}\nfrom langmem._cli.entry import main\nsys.exit(main(['users']))"
    )
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("library", ["typer", "rich"])
def test_the_base_install_says_what_is_missing(library: str) -> None:
    """Without the command's libraries it names one and the way to get them, and no traceback."""
    done = start(f"sys.modules[{library!r}] = None")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f'langmem: {library} is not installed: pip install "langmem[cli]"\n',
    )


def test_another_missing_module_is_not_explained_away() -> None:
    """A fault of our own is not taken for a missing extra."""
    done = start("sys.modules['langmem._cli.app'] = None")
    assert done.returncode == 1
    assert "ModuleNotFoundError: import of langmem._cli.app halted" in done.stderr


def test_ctrl_c_while_starting_is_status_130() -> None:
    """A command that is interrupted before it has begun ends as quietly as one that has."""
    done = start(
        "class Interrupts:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'langmem._cli.app': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupts())"
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_version_is_that_of_the_distribution(command: Command) -> None:
    """`--version` is a line for people and scripts."""
    assert command("--version").out == f"langmem {version('langmem')}\n"


def test_the_module_is_the_command() -> None:
    """`python -m langmem` does what `langmem` does, and passes its status on."""
    done = in_a_process("nonsense")
    assert (done.status, done.out) == (2, "")
    assert "Usage: langmem " in done.err


def test_no_command_shows_the_help(command: Command) -> None:
    """Alone, `langmem` says what there is; in a pipe without boxes."""
    done = command()
    assert "Commands:" in done.out + done.err
    assert "╭" not in done.out + done.err


def test_serve_is_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    """`langmem serve` passes its options and its status on."""
    assert main(["serve", "--port", "http", "--host", "127.0.0.1"]) == 2
    assert capsys.readouterr().err == (
        "langmem-server: --port: give a whole number from 0 to 65535, not 'http'.\n"
    )


def test_serve_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the service's libraries there is a sentence, and no traceback."""
    monkeypatch.delitem(sys.modules, "langmem_server.cli", raising=False)
    monkeypatch.delitem(sys.modules, "langmem_server.connections", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve"]) == 1
    assert 'pip install "langmem[server]"' in capsys.readouterr().err


def test_shells_complete_commands() -> None:
    """What `--show-completion` installs asks the command itself, which answers with its words."""
    done = in_a_process(_LANGMEM_COMPLETE="complete_bash", COMP_WORDS="langmem me", COMP_CWORD="1")
    assert done.lines == ["messages", "memories"]
