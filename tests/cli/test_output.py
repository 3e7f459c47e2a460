from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import unicodedata
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem._cli import output
from tests.cli.command import PROGRAM, ROOT
from tests.scripted_server import reply, serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

USER: dict[str, Any] = {
    "id": str(uuid.uuid4()),
    "name": "Will\x1b[2J\u202ellabs",
    "tags": ["[red]beta"],
}


def in_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the command in a terminal of 120 columns; return its status and what was shown."""
    terminal, inside = pty.openpty()
    variables = {"TERM": "xterm-256color", "COLUMNS": "120", **environment}
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=ROOT,
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **variables},
        stdin=inside,
        stdout=inside,
        stderr=inside,
    ) as process:
        os.close(inside)
        shown = b""
        while chunk := read(terminal):
            shown += chunk
    os.close(terminal)
    return process.returncode, shown.decode()


def read(terminal: int) -> bytes:
    """Read what is shown; nothing at the end, which some systems call an error."""
    with contextlib.suppress(OSError):
        return os.read(terminal, 65536)
    return b""


def users_in_a_terminal(**environment: str) -> str:
    """What `langmem users` shows of one user."""
    with serving() as server:
        server.script = [reply(200, {"users": [USER]})]
        status, shown = in_a_terminal("users", "--url", server.url, **environment)
    assert status == 0
    return shown


def test_a_terminal_gets_a_table() -> None:
    """Where a person looks there are headings, and what users wrote cannot steer the terminal."""
    shown = users_in_a_terminal()
    assert re.search(r"id\S* .*name\S* .*tags", shown)
    assert USER["id"] in shown
    assert r"Will\x1b[2J\u202ellabs" in shown
    assert "[red]beta" in shown
    assert "\x1b[1m" in shown


def test_no_color_is_honoured() -> None:
    """NO_COLOR takes the colours away, and leaves the table."""
    with serving() as server:
        _, shown = in_a_terminal("doctor", "--url", server.url)
        _, plain = in_a_terminal("doctor", "--url", server.url, NO_COLOR="1")
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9]")
    assert colour.search(shown)
    assert not colour.search(plain)
    assert "environment" in plain


def test_one_thing_in_a_terminal_has_no_headings() -> None:
    """A single thing is a table of its keys."""
    with serving() as server:
        server.script = [reply(200, USER)]
        _, shown = in_a_terminal("users", str(USER["id"]), "--url", server.url)
    assert re.search(rf"id .*{USER['id']}", shown)
    assert "─" not in shown


def test_help_in_a_terminal_is_in_groups() -> None:
    """The commands are grouped by what one wants."""
    status, shown = in_a_terminal("--help")
    assert status == 0
    assert [shown.index(word) for word in ("The service", "Look at", "memories")]


def test_a_bar_shows_what_goes_on_and_leaves(tmp_path: Path) -> None:
    """Where a person looks, an import shows how far it is; standard output is not touched."""
    file = tmp_path / "in.jsonl"
    file.write_text('{"type": "user", "id": "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"}\n')
    url = (tmp_path / "langmem.db").as_uri()
    status, shown = in_a_terminal("import", str(file), "--url", url)
    assert status == 0
    assert "Importing" in shown
    assert re.search(r"created\S* *\S*1", shown)


@given(st.text(), st.text())
def test_a_field_can_be_read_back(first: str, second: str) -> None:
    """Whatever a text holds, its field is free of what separates, and nothing of it is lost."""
    row = output._row({"a": first, "b": second}, {"A": "a", "B": "b"}, output._FOR_PIPES)
    for field in row:
        assert not set("\t\n\r\x1b\u202e\u2028") & set(field)
        assert not {char for char in field if unicodedata.category(char) == "Cc"}
    assert [unescaped(field) for field in row] == [first, second]


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_one_harmless_line(item: dict[str, str]) -> None:
    """Whatever a text holds, its JSON is one line that cannot steer a terminal, and says it all."""
    line = output._json_line(item)
    assert json.loads(line) == item
    assert not {char for char in line if unicodedata.category(char) == "Cc"}
    assert not set("\u202e\u2028") & set(line)


def unescaped(field: str) -> str:
    """Undo the escapes as any reader of Python's, or C's, would."""
    pattern = r"\\(?:\\|t|n|r|x[0-9a-f]{2}|u[0-9a-f]{4})"
    return re.sub(pattern, lambda found: found[0].encode().decode("unicode_escape"), field)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({}, ""),
        ({"a": None}, ""),
        ({"a": "x"}, ""),
        ({"a": {"b": 3}}, "3"),
        ({"a": {"b": True}}, "true"),
        ({"a": {"b": ["é", {"c": 1.5}]}}, '["é", {"c": 1.5}]'),
    ],
)
def test_fields_that_are_no_text(item: Mapping[str, Any], field: str) -> None:
    """What is missing is empty, and what is no text is JSON."""
    assert output._row(item, {"B": "a.b"}, output._FOR_PIPES) == [field]
