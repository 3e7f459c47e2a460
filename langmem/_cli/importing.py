"""`langmem import`: JSON Lines into a service, by several requests at a time.

After each request FILE.imported.json says up to where all of the file is imported, so that an
import that was stopped, however that was, goes on from there. What comes after and was imported all
the same is imported again, which changes nothing: records have ids, and a message without one gets
one that follows from the file's text.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from langmem._cli import journal, options
from langmem._cli.connection import async_client, service_name
from langmem._cli.failures import FAILED, CommandError
from langmem._cli.journal import Imported
from langmem._cli.lines import Batch, Lines, batches
from langmem._cli.output import note, show_one
from langmem._cli.progress import Bar
from langmem._cli.sending import Watermark, send_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langmem_api.types import ImportResult

CONCURRENCY: Final = 4


def import_file(
    file: options.FromFile,
    concurrency: options.Concurrency = CONCURRENCY,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Import a file of JSON Lines: an export, or messages of your own.

    Stopped in the middle, the same command goes on where it was, and doubles nothing.
    """
    with _opened(file) as (source, size):
        job = _Import(file, source, service_name(url))
        with Bar("Importing", size) as bar:
            job.run(url, concurrency, bar)
    show_one(dict(job.counts), as_json=as_json)


class _Import:
    """One import: what to read, and how far it is."""

    def __init__(self, file: Path, source: BinaryIO, service: str) -> None:
        self.counts = Counter(created=0, updated=0, unchanged=0)
        # A pipe cannot be read again, standard input may be anything, a service in memory forgets.
        lasting = str(file) != "-" and source.seekable() and not service.startswith("memory:")
        self._state = file.with_name(f"{file.name}.imported.json") if lasting else None
        self._name = "standard input" if str(file) == "-" else str(file)
        self._lines, begin = self._beginning(source, service)
        self._watermark = Watermark(begin)

    def run(self, url: str | None, concurrency: int, bar: Bar) -> None:
        """Import what is not imported yet."""
        self._bar = bar
        try:
            asyncio.run(self._send(url, concurrency))
        except CommandError as error:
            sentence = f"{str(error).rstrip('.')}. {self._so_far()}"
            raise CommandError(error.status, sentence) from None
        except KeyboardInterrupt:
            note(f"Stopped. {self._so_far()}")
            raise
        if self._state:
            self._state.unlink(missing_ok=True)

    async def _send(self, url: str | None, concurrency: int) -> None:
        async with async_client(url) as client:
            await send_all(
                client,
                batches(self._lines),
                concurrency,
                begin=self._watermark.begin,
                end=self._end,
            )

    def _end(self, batch: Batch, result: ImportResult) -> None:
        self.counts.update(result)
        self._watermark.end(batch)
        self._save()
        self._bar.show(self.counts.total(), self._watermark.done.size)

    def _save(self) -> None:
        if self._state is None:
            return
        try:
            journal.save(self._state, self._watermark.done)
        except OSError as error:  # the import itself can do without
            note(f"Cannot write {self._state}: {journal.reason(error)}; a stop begins anew.")
            self._state = None

    def _beginning(self, source: BinaryIO, service: str) -> tuple[Lines, Imported]:
        lines = Lines(source, self._name)
        before = journal.load(self._state, Imported) if self._state else None
        if before is None or before.service != service:
            return lines, Imported(service)
        if lines.skip(before):
            note(f"Going on after line {before.lines:,}.")
            return lines, before
        note(f"{self._name} has changed; beginning anew.")
        source.seek(0)
        return Lines(source, self._name), Imported(service)

    def _so_far(self) -> str:
        done = self._watermark.done.lines
        again = "goes on from there" if self._state else "doubles nothing"
        return f"All up to line {done:,} is imported; the same command {again}."


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file or standard input; give it and its size in bytes, None where nobody knows."""
    if str(file) == "-":
        yield sys.stdin.buffer, None
        return
    try:
        source = file.open("rb")
    except OSError as error:
        raise CommandError(FAILED, f"Cannot read {file}: {journal.reason(error)}.") from None
    with source:
        status = os.fstat(source.fileno())
        yield source, status.st_size if stat.S_ISREG(status.st_mode) else None
