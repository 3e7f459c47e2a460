"""Answers on standard output: a table for people, tab-separated text for pipes, or JSON."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from langmem._cli.failures import PIPE_CLOSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Item = Any
Columns = dict[str, str]

# What users wrote could move a terminal's cursor or turn its text around; it is shown instead.
_UNSEEN: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_FOR_TERMINALS: Final = re.compile(f"[{_UNSEEN}]")
_FOR_PIPES: Final = re.compile(rf"[{_UNSEEN}\t\n\\]")


def show_list(
    items: Iterable[Mapping[str, Any]],
    columns: Columns,
    *,
    as_json: bool,
    style: Callable[[Mapping[str, Any]], str] = lambda _: "",
) -> None:
    """Write a list.

    Args:
        items: What to write; in a pipe, each is written as it comes.
        columns: The headings, and where in an item the value is: keys with dots between.
        as_json: Whether to write each item whole, as a line of JSON.
        style: How to colour a row of a table.
    """
    if as_json:
        _write(map(_json_line, items))
    elif sys.stdout.isatty():
        _table(items, columns, style)
    else:
        _write("\t".join(_row(item, columns, _FOR_PIPES)) for item in items)


def show_one(item: Mapping[str, Any], *, as_json: bool) -> None:
    """Write one thing: a line for each of its keys, or a line of JSON."""
    if as_json:
        _write([_json_line(item)])
    else:
        rows = [{"key": key, "value": value} for key, value in item.items()]
        show_list(rows, {"": "key", " ": "value"}, as_json=False)


def note(sentence: str) -> None:
    """Tell the person at the terminal something that is no part of the answer."""
    typer.echo(sentence, err=True)


@contextmanager
def quiet_when_closed() -> Iterator[None]:
    """End the command without a word when the reader of its output has gone."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would stumble over it again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None


def _write(lines: Iterable[str]) -> None:
    with quiet_when_closed():
        for line in lines:
            sys.stdout.write(f"{line}\n")


def _table(
    items: Iterable[Mapping[str, Any]], columns: Columns, style: Callable[[Item], str]
) -> None:
    table = Table(box=SIMPLE_HEAD, show_header=any(map(str.strip, columns)))
    for heading in columns:
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    for item in items:
        cells = map(Text, _row(item, columns, _FOR_TERMINALS))
        table.add_row(*cells, style=style(item))
    Console().print(table)


def _row(item: Item, columns: Columns, unseen: re.Pattern[str]) -> Sequence[str]:
    return [unseen.sub(_escaped, _cell(_dig(item, path))) for path in columns.values()]


def _dig(item: Item, path: str) -> Any:
    for key in path.split("."):
        item = item.get(key) if isinstance(item, dict) else None
    return item


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _json_line(item: Item) -> str:
    return _FOR_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", _json(item))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
