from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from langmem._cli import failures
from langmem._cli.app import application
from tests.cli.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (`langmem .*?`) \| .*? \| (.*)\|$", PAGE, re.MULTILINE))
# Shown once, since every command has them.
EVERYWHERE = {"--url", "--json", "-h", "--help"}


def tree(command: Any, name: str = "langmem") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by what one types."""
    if not (commands := getattr(command, "commands", None)):
        yield name, command
        return
    for word, inner in commands.items():
        yield from tree(inner, f"{name} {word}")


COMMANDS = dict(tree(typer.main.get_command(application())))


def options(command: Any) -> set[str]:
    """The options of a command."""
    return {word for param in command.params for word in param.opts if word.startswith("-")}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    """A command has one row, which names its own options and no others."""
    (documented,) = (row for row in ROWS if re.fullmatch(rf"`{name}( [\[\]A-Z ]+)?`", row))
    named = set(re.findall(r"`(-[\w-]+)`", ROWS[documented]))
    assert named == options(COMMANDS[name]) - EVERYWHERE


def test_nothing_is_documented_that_is_not_there() -> None:
    """Each row of the commands is a command, each row of the options an option."""
    assert len(ROWS) == len(COMMANDS)
    every = set().union(*map(options, COMMANDS.values()))
    rows = [line.partition(" | ")[0] for line in PAGE.splitlines() if line.startswith("| `-")]
    shown = {word for row in rows for word in re.findall(r"`(-[\w-]+)", row)}
    assert shown == every - {"-h", "--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_answer_can_be_had_in_json(name: str) -> None:
    """Every command takes --json, and all but the one that runs a service take --url."""
    assert "--json" in options(COMMANDS[name])
    assert ("--url" in options(COMMANDS[name])) == (name != "langmem serve")


def test_every_exit_status_is_documented() -> None:
    """The table of statuses is that of the code."""
    named = {value for name, value in vars(failures).items() if name.isupper() and name[0] != "_"}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == named | {0}


@pytest.mark.parametrize("variable", ["LANGMEM_API_URL", "LANGMEM_API_KEY", "NO_COLOR"])
def test_every_variable_is_documented(variable: str) -> None:
    """What the environment decides is on the page."""
    assert f"`{variable}`" in PAGE
