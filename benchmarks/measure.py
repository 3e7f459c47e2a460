"""How long calls take, each side beside the others. It needs the standard library alone.

A machine that others use is now slow and now fast. So the sides take turns in small blocks, and
what counts is the ratio within a round, over many rounds.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import Runner
    from collections.abc import Awaitable, Callable, Mapping

    # Makes so many calls and returns the seconds they took.
    Block = Callable[[int], float]


def interleaved(
    blocks: Mapping[str, Block], *, rounds: int, turns: int, calls: int
) -> dict[str, list[float]]:
    """Measure sides that take turns.

    Args:
        blocks: What each side does.
        rounds: How many numbers to give for each side.
        turns: How many blocks of a side make a round. The side that begins changes every turn.
        calls: How many calls make a block.

    Returns:
        Seconds per call, for each side and round.
    """
    names = list(blocks)
    for name in names:
        blocks[name](calls)  # opens connections and fills caches
    measured: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        gc.collect()
        spent = dict.fromkeys(names, 0.0)
        for turn in range(turns):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                spent[name] += blocks[name](calls)
        for name in names:
            measured[name].append(spent[name] / (turns * calls))
    return measured


def cpu(call: Callable[[], object]) -> Block:
    """Make a block of a call, in seconds of this process's CPU."""

    def block(calls: int) -> float:
        began = time.process_time()
        for _ in range(calls):
            call()
        return time.process_time() - began

    return block


def async_cpu(runner: Runner, call: Callable[[], Awaitable[object]]) -> Block:
    """Make a block of calls one after the other in an event loop, in seconds of CPU."""
    return _awaited(runner, call, time.process_time)


def async_wall(runner: Runner, call: Callable[[], Awaitable[object]]) -> Block:
    """Make a block of calls one after the other in an event loop, in seconds on the clock."""
    return _awaited(runner, call, time.perf_counter)


def _awaited(
    runner: Runner, call: Callable[[], Awaitable[object]], clock: Callable[[], float]
) -> Block:
    async def calling(calls: int) -> float:
        began = clock()
        for _ in range(calls):
            await call()
        return clock() - began

    return lambda calls: runner.run(calling(calls))
