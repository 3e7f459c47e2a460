"""The table of what was measured, in Markdown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.peers import Measured

HEAD = "| what | ours | beside it | ratio | at most | |\n| --- | --- | --- | --- | --- | --- |"
PEERS_HEAD = (
    "| client | `import`, ms of CPU / httpx | first call, ms of CPU / httpx "
    "| GET, us of CPU / httpx | POST of 10 messages, us of CPU / httpx |\n"
    "| --- | --- | --- | --- | --- |"
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


def line(row: Row) -> str:
    """Write a row as a line of the table.

    Example:
        >>> line(Row("a GET / raw", ours=[2e-6], peer=[1e-6], bound=0.9))
        '| a GET / raw | 2 us | 1 us | 2.00 | 0.9 | **over** |'
    """
    bound = ""
    if row.bound is not None:
        bound = f"{row.bound:g}" if row.peer or row.absent else UNITS[row.unit](row.bound)
    if row.absent:
        return _line(row.what, row.absent, "", "", bound, "")
    show = UNITS[row.unit]
    ratio = _spread(row.ratios, "{:.2f}".format) if row.peer else ""
    peer = _spread(row.peer, show) if row.peer else ""
    return _line(row.what, _spread(row.ours, show), peer, ratio, bound, row.verdict)


def peer_line(measured: Measured) -> str:
    """Write what was measured of a client as a line of the table of clients."""
    if measured.absent:
        return _line(measured.name, f"not measured: {measured.absent}", "", "", "")
    cells = []
    for (theirs, raw), unit in zip(measured.sides, ("ms", "ms", "us", "us"), strict=True):
        ratios = [one / other for one, other in zip(theirs, raw, strict=True)]
        seconds = UNITS[unit](median(theirs)).partition(" ")[0]
        cells.append(f"{seconds}; {_spread(ratios, '{:.2f}'.format)}")
    return _line(f"{measured.name} {measured.version}", *cells)


def between(text: str, begin: str, end: str, new: str) -> str:
    """Replace what stands between two lines.

    Example:
        >>> between("a b1 c b2 d", "b1", "b2", " x ")
        'a b1 x b2 d'
    """
    before, rest = text.split(begin)
    return before + begin + new + end + rest.split(end)[1]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _spread(numbers: Sequence[float], show: Callable[[float], str]) -> str:
    middle, least, most = show(median(numbers)), show(min(numbers)), show(max(numbers))
    if least == most:
        return middle
    unit = least.partition(" ")[1] + least.partition(" ")[2]
    return f"{middle} ({least.removesuffix(unit)}..{most.removesuffix(unit)})"
