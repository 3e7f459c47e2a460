"""A bar on standard error while something long goes on, where a person is looking."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from types import TracebackType


class Bar:
    """Shows how many records are done, and how much of the whole where that is known.

    Args:
        doing: What goes on, in a word.
        total: How many bytes there are, or None where nobody knows.
    """

    def __init__(self, doing: str, total: int | None) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[records]:,} records"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task(doing, total=total, records=0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, records: int, size: int) -> None:
        """Say how many records and bytes are done."""
        self._progress.update(self._task, completed=size, records=records)
