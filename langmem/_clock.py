"""Time and chance in one place, where a test can put its own: use them as `_clock.monotonic()`."""

from random import uniform
from time import monotonic, sleep, time

__all__ = ["asleep", "monotonic", "sleep", "time", "uniform"]


async def asleep(seconds: float) -> None:
    """Wait in an event loop, which half of the programs have none of."""
    from asyncio import sleep as wait  # noqa: PLC0415

    await wait(seconds)
