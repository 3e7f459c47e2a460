"""`langmem doctor`: what works on the way to the service, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer

from langmem._cli import checks, failures, options
from langmem._cli.findings import FAILED, OK, WARNING
from langmem._cli.output import Columns, show_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS: Final[Columns] = {
    "check": "check",
    "status": "status",
    "ms": "ms",
    "found": "found",
    "fix": "fix",
}
_COLOURS: Final = {OK: "green", WARNING: "yellow", FAILED: "red"}


def doctor(url: options.Url = None, as_json: options.Json = False) -> None:
    """Check environment, network, TLS, service, key, versions and model, and say what to mend."""
    seen: list[str] = []

    def report() -> Iterator[dict[str, Any]]:
        for check in checks.examine(url):
            seen.append(check.status)
            yield check._asdict()

    show_list(report(), COLUMNS, as_json=as_json, style=_colour)
    if FAILED in seen:
        raise typer.Exit(failures.FAILED)


def _colour(row: Mapping[str, Any]) -> str:
    return _COLOURS.get(row["status"], "dim")
