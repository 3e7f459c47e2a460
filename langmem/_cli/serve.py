"""`langmem serve`: the service itself, in this process."""

from __future__ import annotations

from typing import Annotated

import typer

from langmem import _local
from langmem._cli.failures import FAILED, CommandError


def serve(
    host: Annotated[
        str | None, typer.Option(help="The loopback address to listen on. By default 127.0.0.1.")
    ] = None,
    port: Annotated[
        str | None, typer.Option(help="The port; 0 takes a free one. By default 8100.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="The SQLite file. By default ./langmem.db.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it listens as JSON, once it does.")
    ] = False,
) -> None:
    """Run the service until Ctrl-C, as `langmem-server` does."""
    options = {"--host": host, "--port": port, "--database": database}
    given = [f"{name}={value}" for name, value in options.items() if value is not None]
    given += ["--json"] * as_json
    try:
        status = _local.serve(given)
    except ImportError as error:
        raise CommandError(FAILED, str(error)) from None
    raise typer.Exit(status)
