"""Time and chance in one place, where a test can put its own: use them as `_clock.monotonic()`."""

from asyncio import sleep as asleep
from random import uniform
from time import monotonic, sleep, time

__all__ = ["asleep", "monotonic", "sleep", "time", "uniform"]
