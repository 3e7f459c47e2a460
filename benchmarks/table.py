"""The table of what was measured, in Markdown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_HEAD = (
    ("what", "ours", "beside it", "ratio", "at most", ""),
    ("---", "---", "---", "---", "---", "---"),
)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured, beside what.
        unit: A key of `UNITS`.
        ours: A number for each round.
        peer: The number of the same round beside it. Without any, `ours` itself is judged.
        bound: What the median may be at most, or None where nothing was promised.
        absent: Why nothing was measured, if nothing was.
    """

    what: str
    unit: str = "us"
    ours: Sequence[float] = ()
    peer: Sequence[float] = ()
    bound: float | None = None
    absent: str = ""

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [ours / peer for ours, peer in zip(self.ours, self.peer, strict=True)]

    @property
    def verdict(self) -> str:
        """Whether the median keeps to the bound; empty where there is none."""
        if self.bound is None or not self.ours:
            return ""
        judged = median(self.ratios if self.peer else self.ours)
        return "ok" if judged <= self.bound else "**over**"


UNITS: dict[str, Callable[[float], str]] = {
    "us": lambda seconds: f"{seconds * 1e6:,.0f} us",
    "ms": lambda seconds: f"{seconds * 1e3:,.1f} ms",
    "s": lambda seconds: f"{seconds:,.1f} s",
    "MB": lambda size: f"{size / 1e6:,.2f} MB",
    "packages": lambda count: f"{count:.0f} packages",
}


def markdown(rows: Iterable[Row]) -> str:
    """Write rows as a table of Markdown.

    Example:
        >>> print(markdown([Row("a GET / raw", ours=[2e-6], peer=[1e-6], bound=0.9)]))
        | what | ours | beside it | ratio | at most |  |
        | --- | --- | --- | --- | --- | --- |
        | a GET / raw | 2 us | 1 us | 2.00 | 0.9 | **over** |
    """
    lines = [*_HEAD, *(_cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> tuple[str, ...]:
    bound = ""
    if row.bound is not None:
        bound = f"{row.bound:g}" if row.peer or row.absent else UNITS[row.unit](row.bound)
    if row.absent:
        return (row.what, row.absent, "", "", bound, "")
    show = UNITS[row.unit]
    ratio = _spread(row.ratios, "{:.2f}".format) if row.peer else ""
    peer = _spread(row.peer, show) if row.peer else ""
    return (row.what, _spread(row.ours, show), peer, ratio, bound, row.verdict)


def _spread(numbers: Sequence[float], show: Callable[[float], str]) -> str:
    middle, least, most = show(median(numbers)), show(min(numbers)), show(max(numbers))
    if least == most:
        return middle
    unit = least.partition(" ")[1] + least.partition(" ")[2]
    return f"{middle} ({least.removesuffix(unit)}..{most.removesuffix(unit)})"
