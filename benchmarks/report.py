"""The rows of the table, what each is held to, and the command that measures them."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import bulk, extras, footprint, peers, startup
from benchmarks.processes import ROOT, FailedError, report
from benchmarks.stub import running
from benchmarks.table import HEAD, PEERS_HEAD, Row, between, line, peer_line

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = ROOT / "docs/performance.md"
BEGIN = "<!-- tables: written by benchmarks/client.py -->"
END = "<!-- end of tables -->"


class Counts(NamedTuple):
    """How much to measure."""

    starts: int
    rounds: int
    turns: int
    calls: int
    few_messages: int
    many_messages: int
    posted: int
    posting_parts: int


FULL = Counts(21, 11, 8, 20, 10_000, 1_000_000, 100_000, 5)
QUICK = Counts(3, 3, 2, 3, 2_000, 20_000, 2_000, 2)

GROUPS = ("startup", "calls", "install", "memory", "posting")

# Operation, what it is, its unit, at most, at most with langmem[fast].
_CALLS = (
    ("get", "one GET / httpx `get().json()`", "us", 0.90, 0.90),
    ("get_async", "one GET, asynchronous / the same", "us", 0.90, 0.90),
    ("post", "one POST of 10 messages / httpx `post(json=...)`", "us", 1.00, 1.00),
    ("list", "a list of 200 memories / httpx `get().json()`", "us", 0.95, 0.60),
    ("list_async", "a list of 200 memories, asynchronous / the same", "us", 0.95, 0.60),
    ("concurrent", "100 GETs at once, wall / httpx.AsyncClient", "ms", 1.05, 0.15),
)


def startup_rows(url: str, counts: Counts) -> Iterator[Row]:
    """What importing and a first call cost, with the interpreter and without it."""
    cpu = startup.measure(url, counts.starts)
    for what, ours, peer, bound in (
        ("`import langmem` / `import httpx`", "import", "import httpx", 0.25),
        ("import, construct, first call / httpx", "first call", "raw first call", 1.15),
    ):
        yield Row(f"{what}, whole process", "ms", cpu[ours], cpu[peer], bound)
        less = {side: startup.without(cpu["bare"], cpu[side]) for side in (ours, peer)}
        yield Row(f"{what}, less a bare interpreter", "ms", less[ours], less[peer], bound)


def call_rows(url: str, counts: Counts, variant: str) -> Iterator[Row]:
    """What calls cost beside httpx."""
    fast = variant == "fast"
    label = "`[fast]`: " if fast else ""
    absent = extras.missing_fast() if fast else ""
    numbers = map(str, (counts.rounds, counts.turns, counts.calls))
    measured = {} if absent else report("calls", url, *numbers, variant=variant)
    for operation, what, unit, base_bound, fast_bound in _CALLS:
        bound = fast_bound if fast else base_bound
        if absent:
            yield Row(label + what, bound=bound, absent=absent)
            continue
        sides = measured[operation]
        yield Row(label + what, unit, sides["ours"], sides["raw"], bound)
        yield Row(f"{label}... with `deadline=30`", unit, sides["deadline"], sides["raw"], bound)
        if not fast:
            yield Row("... httpx beside itself: the noise", unit, sides["control"], sides["raw"])


def install_rows() -> Iterator[Row]:
    """What the base install takes."""
    try:
        size, packages = footprint.base_install()
    except FailedError as error:
        yield Row("base install", absent=f"not installed: {str(error).splitlines()[-1]}")
        return
    yield Row("base install, size, compiled files included", "MB", [size], bound=8e6)
    needed = [name for name in packages if name != "langmem"]
    named = f"base install, packages besides langmem: {', '.join(needed)}"
    yield Row(named, "packages", [len(needed)], bound=8)


def memory_rows(url: str, counts: Counts) -> Iterator[Row]:
    """What iterating takes of memory."""
    few, many = counts.few_messages, counts.many_messages
    peak = {number: [float(report("footprint", url, str(number)))] for number in (many, few)}
    what = f"peak memory of iterating {many:,} messages / {few:,}"
    yield Row(what, "MB", peak[many], peak[few], 1.1)


def posting_rows(counts: Counts) -> Iterator[Row]:
    """What it takes to post many messages."""
    seconds = bulk.measure(counts.posted, counts.posting_parts)
    for ours, peer, size in (
        ("import_records", "by twos", 2),
        ("import_records", "by tens", 10),
        ("langmem import", "by twos", 2),
    ):
        what = f"posting {counts.posted:,} messages by `{ours}` / by `add_messages`, {size} a call"
        part = f"wall of a part of {counts.posted // counts.posting_parts:,}"
        yield Row(f"{what}, {part}", "s", seconds[ours], seconds[peer], 0.2)


def rows(url: str, counts: Counts, groups: list[str]) -> Iterator[Row]:
    """Measure the groups asked for."""
    if "startup" in groups:
        yield from startup_rows(url, counts)
    if "calls" in groups:
        yield from call_rows(url, counts, "base")
        yield from call_rows(url, counts, "fast")
    if "install" in groups:
        yield from install_rows()
    if "memory" in groups:
        yield from memory_rows(url, counts)
    if "posting" in groups:
        yield from posting_rows(counts)


def lines(url: str, asked: argparse.Namespace) -> Iterator[str]:
    """Measure, and give the text line by line."""
    counts = QUICK if asked.quick else FULL
    yield HEAD
    yield from map(line, rows(url, counts, asked.only))
    if asked.peers:
        yield f"\n{PEERS_HEAD}"
        yield from map(peer_line, peers.measure(url, counts[:4]))
    yield (
        f"\nPython {platform.python_version()}, httpx {version('httpx')}, {platform.system()} on "
        f"{platform.machine()}, {os.cpu_count()} processors."
    )


def main() -> None:
    """Measure; print the tables, and keep them if asked to."""
    parser = argparse.ArgumentParser(description="How fast the client is, beside httpx alone.")
    parser.add_argument("--quick", action="store_true", help="few rounds and small numbers")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--peers", action="store_true", help="measure other clients too")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {PAGE.name}")
    asked = parser.parse_args()
    if asked.write and (asked.quick or asked.only != list(GROUPS)):
        parser.error("--write keeps whole tables of full measure: leave out --quick and --only")
    said = []
    with running() as url:
        for text in lines(url, asked):
            print(text, flush=True)
            said.append(text)
    if asked.write:
        page = between(PAGE.read_text(encoding="utf-8"), BEGIN, END, "\n".join(["\n", *said, "\n"]))
        PAGE.write_text(page, encoding="utf-8")
