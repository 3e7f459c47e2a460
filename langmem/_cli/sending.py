"""Batches on their way into a service: several at a time where their order does not matter."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from langmem._cli.failures import MISUSED, CommandError, sentence_of, status_of
from langmem.errors import LangMemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from langmem._cli.journal import Imported
    from langmem._cli.lines import Batch
    from langmem.client import AsyncClient
    from langmem_api.types import ImportResult

    Running: TypeAlias = dict[asyncio.Task[ImportResult], Batch]

_PLACE = re.compile(r"^(?:body\.)?records\[(\d+)\][.:]?\s*")


class Watermark:
    """Up to where a file is imported without a gap, though its batches end in any order.

    Attributes:
        done: How far it is.
    """

    def __init__(self, begin: Imported) -> None:
        self.done = begin
        self._ended: dict[Batch, bool] = {}

    def begin(self, batch: Batch) -> None:
        """Note that a batch is on its way; batches begin in the order of the file."""
        self._ended[batch] = False

    def end(self, batch: Batch) -> None:
        """Note that a batch is imported."""
        self._ended[batch] = True
        while self._ended:
            first = next(iter(self._ended))
            if not self._ended[first]:
                return
            del self._ended[first]
            self.done = first.after(self.done.service)


async def send_all(
    client: AsyncClient,
    batches: Iterable[Batch],
    concurrency: int,
    *,
    begin: Callable[[Batch], None],
    end: Callable[[Batch, ImportResult], None],
) -> None:
    """Import batches.

    Args:
        client: The client of the service.
        batches: The batches, in order.
        concurrency: How many requests at a time.
        begin: Told of each batch before it is sent.
        end: Told of each batch when it is imported, and what came of it.

    Raises:
        CommandError: A batch was refused, or the service failed. Those sent before have ended.
    """
    running: Running = {}
    try:
        for batch in batches:
            while len(running) >= concurrency or any(map(batch.waits_for, running.values())):
                await _settle(running, end)
            begin(batch)
            running[asyncio.create_task(_send(client, batch))] = batch
        while running:
            await _settle(running, end)
    except CommandError:
        await _finish(running, end)
        raise
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _settle(running: Running, end: Callable[[Batch, ImportResult], None]) -> None:
    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        end(running.pop(task), task.result())


async def _finish(running: Running, end: Callable[[Batch, ImportResult], None]) -> None:
    """Let what has been sent come to its end; the first failure is the one that is told."""
    while running:
        with suppress(CommandError):
            await _settle(running, end)


async def _send(client: AsyncClient, batch: Batch) -> ImportResult:
    try:
        return await client.import_records([line.record for line in batch.lines])
    except TypeError as error:  # a record holds what JSON cannot
        raise CommandError(MISUSED, _located(str(error), batch)) from None
    except LangMemError as error:
        status = status_of(error)
        sentence = _located(error.detail, batch) if status == MISUSED else sentence_of(error)
        raise CommandError(status, sentence) from None


def _located(detail: str, batch: Batch) -> str:
    """Say a refusal in terms of the file: the service counts records in a request."""
    found = _PLACE.search(detail)
    if found and int(found[1]) < len(batch.lines):
        line = batch.lines[int(found[1])].number
        return f"line {line}: {detail[found.end() :]}"
    return f"lines {batch.lines[0].number} to {batch.lines[-1].number}: {detail}"
