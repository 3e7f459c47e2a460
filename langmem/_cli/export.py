"""`langmem export`: everything, or one user's share, as JSON Lines.

A file grows page by page under the name FILE.part. After each page FILE.part.json says how much of
it counts and where the next page begins, so that an export that was stopped, however that was, goes
on from there. Finished, it gets its name.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from langmem._cli import journal, options
from langmem._cli.connection import connected, service_name
from langmem._cli.failures import FAILED, MISUSED, CommandError
from langmem._cli.journal import Exported
from langmem._cli.output import note, quiet_when_closed, show_one
from langmem._cli.progress import Bar
from langmem._codec import encode
from langmem._json import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langmem.client import Client

PAGE_SIZE: Final = 500


def export(
    file: options.ToFile,
    user: options.UserOption = None,
    force: options.Force = False,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Write everything, or one user's share, to a file of JSON Lines.

    Stopped in the middle, the same command goes on where it was.
    """
    begin = Exported(service_name(url), None if user is None else str(user))
    with connected(url) as client:
        if str(file) == "-":
            _to_stdout(client, begin)
        else:
            show_one(_to_file(client, file, begin, force), as_json=as_json)


def _to_stdout(client: Client, begin: Exported) -> None:
    with quiet_when_closed(), Bar("Exporting", None) as bar:
        for lines, done in _pages(client, begin):
            sys.stdout.buffer.write(lines)
            bar.show(done.records, done.size)


def _to_file(client: Client, target: Path, begin: Exported, force: bool) -> dict[str, Any]:
    part, state = (target.with_name(target.name + end) for end in (".part", ".part.json"))
    try:
        begin = _beginning(target, part, state, begin, force)
        with _opened(part, begin.size) as output:
            done = _write(client, output, begin, state)
        part.replace(target)
        state.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(FAILED, f"Cannot write {target}: {journal.reason(error)}.") from None
    return {"file": str(target), "records": done.records, "bytes": done.size}


def _beginning(target: Path, part: Path, state: Path, begin: Exported, force: bool) -> Exported:
    """Return where to begin: where an export of the same stopped, or at the start."""
    if force:
        return begin
    if target.exists():
        raise CommandError(MISUSED, f"{target} exists; --force replaces it.")
    before = journal.load(state, Exported)
    if before is None or not part.exists() or part.stat().st_size < before.size:
        return begin
    if (before.service, before.user) != (begin.service, begin.user):
        whose = "everything" if before.user is None else f"the user {before.user}"
        raise CommandError(
            MISUSED,
            f"{part} is an unfinished export of {whose} from {before.service}; take another FILE,"
            " or --force to begin anew.",
        )
    note(f"Going on after {before.records:,} records.")
    return before


def _opened(part: Path, size: int) -> BinaryIO:
    file = journal.private(part, 0)
    os.truncate(file.fileno(), size)
    file.seek(size)
    return file


def _write(client: Client, output: BinaryIO, begin: Exported, state: Path) -> Exported:
    done = begin
    try:
        with Bar("Exporting", None) as bar:
            for lines, done in _pages(client, begin):
                output.write(lines)
                journal.flush(output)
                journal.save(state, done)
                bar.show(done.records, done.size)
    except KeyboardInterrupt:
        note("Stopped; the same command goes on where it was.")
        raise
    return done


def _pages(client: Client, done: Exported) -> Iterator[tuple[bytes, Exported]]:
    """Yield the lines of each page, and how far the export is with them."""
    while not done.finished:
        page = client.export_records(user_id=done.user, cursor=done.cursor, page_size=PAGE_SIZE)
        lines = b"".join(encode(to_json(record, "record")) + b"\n" for record in page["records"])
        cursor = page.get("next_cursor")
        size, records = done.size + len(lines), done.records + len(page["records"])
        done = replace(done, cursor=cursor, size=size, records=records, finished=cursor is None)
        yield lines, done
