"""The command's tree of commands, and what it comes to when something goes wrong."""

from __future__ import annotations

import sys
from importlib.metadata import version
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Final

import typer

from langmem._cli import doctor, erase, export, importing, listing, memories, serve
from langmem._cli.failures import CommandError, sentence_of, status_of
from langmem._cli.output import note
from langmem.errors import LangMemError

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICE: Final = "The service"
LOOK: Final = "Look at what is there"
CHANGE: Final = "Move it, erase it"


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The command line without the program's name; None reads the real one.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    status = 0
    try:
        application()(arguments, prog_name="langmem")
    except SystemExit as end:  # typer's way to return
        status = int(end.code or 0)
    except CommandError as error:
        note(f"langmem: {error}")
        status = error.status
    except LangMemError as error:
        note(f"langmem: {sentence_of(error)}")
        status = status_of(error)
    return status


def application() -> typer.Typer:
    """Make the tree of commands."""
    app = typer.Typer(
        help="Speak to a LangMem service: see what it remembers, move it, erase it.",
        epilog="The service is --url or the variable LANGMEM_API_URL, the key LANGMEM_API_KEY.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich" if sys.stdout.isatty() else None,  # no boxes in a pipe
    )
    app.callback()(_top)
    app.command(rich_help_panel=SERVICE)(serve.serve)
    app.command(rich_help_panel=SERVICE)(doctor.doctor)
    app.command(rich_help_panel=LOOK)(listing.users)
    app.command(rich_help_panel=LOOK)(listing.threads)
    app.command(rich_help_panel=LOOK)(listing.messages)
    app.command(rich_help_panel=LOOK)(listing.functions)
    app.add_typer(_memories(), name="memories", rich_help_panel=LOOK)
    app.command(rich_help_panel=LOOK)(listing.runs)
    app.command("import", rich_help_panel=CHANGE)(importing.import_file)
    app.command(rich_help_panel=CHANGE)(export.export)
    app.command(rich_help_panel=CHANGE)(erase.erase)
    return app


def _memories() -> typer.Typer:
    group = typer.Typer(help="List or search what is remembered.", no_args_is_help=True)
    group.command("list")(memories.list_memories)
    group.command("query")(memories.query_memories)
    return group


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"langmem {version('langmem')}")
        raise typer.Exit


def _top(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    del show_version
