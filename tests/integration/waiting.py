"""Waiting for what the service does in the background."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio

if TYPE_CHECKING:
    from uuid import UUID

    from tests.integration.conftest import Call

DEADLINE = 30.0
UNFINISHED = {"queued", "running"}


async def wait_for_runs(call: Call, method: str, target: UUID) -> list[dict[str, Any]]:
    """Return the runs of a user or thread once there are some and all have ended."""
    end = time.monotonic() + DEADLINE
    while True:
        runs: list[dict[str, Any]] = await call(method, target)
        if runs and not UNFINISHED & {run["status"] for run in runs}:
            return runs
        assert time.monotonic() < end, f"unfinished after {DEADLINE} s: {runs}"
        await anyio.sleep(0.02)
