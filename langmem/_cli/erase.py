"""`langmem erase`: a user and everything of theirs, after asking."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import typer

from langmem._cli import options  # noqa: TC001 - typer reads annotations when it runs
from langmem._cli.connection import connected
from langmem._cli.failures import FAILED, INTERRUPTED, MISUSED, CommandError
from langmem._cli.output import note, show_one

if TYPE_CHECKING:
    from uuid import UUID

    from langmem.client import Client


def erase(
    user: options.User,
    yes: options.Yes = False,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Erase a user, their messages and all that is remembered about them.

    Shows what will go and asks first. It cannot be undone.
    """
    with connected(url) as client:
        going = {"user": str(user), "name": client.get_user(user)["name"], **_count(client, user)}
        if not yes:
            _ask(going)
        client.delete_user(user)
        show_one(going, as_json=as_json)


def _ask(going: dict[str, Any]) -> None:
    if not sys.stdin.isatty():
        raise CommandError(MISUSED, "Nobody is there to ask; give --yes to erase without asking.")
    counted = ", ".join(f"{n} {what}" for what, n in going.items() if isinstance(n, int))
    note(f"{going['name'] or 'A user without a name'} ({going['user']}): {counted}.")
    try:
        sure = typer.confirm("Erase them for good?", err=True)
    except typer.Abort:  # Ctrl-C, or the end of the input
        note("")
        raise typer.Exit(INTERRUPTED) from None
    if not sure:
        raise CommandError(FAILED, "Nothing was erased.")


def _count(client: Client, user: UUID) -> dict[str, int]:
    """Count what erasing a user takes, by the records of their share."""
    counts = Counter(messages=0, states=0, memories=0)
    threads: set[str] = set()
    cursor = None
    while True:
        page = client.export_records(user_id=user, cursor=cursor)
        for record in page["records"]:
            _add(counts, threads, record, str(user))
        cursor = page.get("next_cursor")
        if cursor is None:
            return {**counts, "threads spoken in": len(threads)}


def _add(counts: Counter[str], threads: set[str], record: Any, user: str) -> None:
    if record["type"] == "user_state":
        counts["states"] += 1
    elif record["type"] == "user_memory":
        counts["memories"] += 1
    elif record["type"] == "message" and record["metadata"]["user_id"] == user:
        counts["messages"] += 1
        threads.add(record["thread_id"])
