from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import httpx
import pytest

from langmem import AsyncClient
from langmem.errors import APITimeoutError

if TYPE_CHECKING:
    from tests._async.conftest import Waits

pytestmark = pytest.mark.anyio


async def test_a_service_that_does_not_answer_is_not_waited_for_longer(silent_server: str) -> None:
    """A request of the wait ends with the wait, however long the client's own timeout is."""
    client = AsyncClient(silent_server, timeout=None)
    with pytest.raises(APITimeoutError):
        await client.wait_for_memories(thread_id=uuid.uuid4(), timeout=0.1)
    await client.aclose()


async def test_a_wait_looks_with_pauses(waits: Waits) -> None:
    """While a run is under way the service is asked more and more seldom."""
    statuses = iter(["queued"] * 3 + ["running"] * 6 + ["succeeded"])
    run = {"id": "1", "message_ids": []}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=None)
        return httpx.Response(200, json={"runs": [run | {"status": next(statuses)}]})

    transport = httpx.MockTransport(answer)
    async with AsyncClient("http://127.0.0.1:8100", transport=transport) as client:
        outcomes = await client.trigger_all_for_thread(uuid.uuid4(), wait=30)
    assert outcomes.ok
    bounds = [0.05, 0.1, 0.2, 0.4, 0.8, 1, 1, 1, 1]
    assert len(waits) == len(bounds)
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(waits, bounds, strict=True))
