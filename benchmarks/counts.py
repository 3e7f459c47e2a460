"""What one call takes in function calls, which no busy machine changes.

    python -m benchmarks.counts URL

prints them as JSON: for each operation those of each side, of Python and of C together.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.calls import async_operations, sync_operations

if TYPE_CHECKING:
    from types import FrameType

    from benchmarks.measure import Block

_WARM = 2
_TRIES = 3  # the garbage collector may come in between


def function_calls(block: Block) -> int:
    """Count the function calls of one call, once what is made at first use is there."""
    block(_WARM)
    return min(_counted(block) for _ in range(_TRIES))


def _counted(block: Block) -> int:
    counted = 0

    def count(frame: FrameType, event: str, arg: Any) -> None:  # noqa: ARG001 - as sys wants it
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        block(1)
    finally:
        sys.setprofile(None)
    return counted


def main(url: str) -> None:
    """Count all operations but the concurrent one, whose order chance decides."""
    with asyncio.Runner() as runner:
        operations = sync_operations(url) | async_operations(url, runner)
        del operations["concurrent"]
        counted = {
            name: {side: function_calls(block) for side, block in blocks.items()}
            for name, blocks in operations.items()
        }
    print(json.dumps(counted))


if __name__ == "__main__":
    main(*sys.argv[1:])
