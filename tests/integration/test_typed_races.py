from __future__ import annotations

import asyncio
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel

from langmem import AsyncClient, Client

AT_ONCE = 8


class Profile(BaseModel):
    """What is known of a user."""

    name: str


@pytest.fixture
def url() -> str:
    """A service in this process that no other test has."""
    return f"memory://{uuid.uuid4()}"


def test_programs_that_start_at_once_get_one_function(url: str) -> None:
    """Each finds none and creates it; the service makes one, and all have its id."""
    start = threading.Barrier(AT_ONCE)

    def begin(_: int) -> str:
        with Client(url) as client:
            start.wait(30)
            return client.memory_function(Profile).id

    with Client(url) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        ids = set(pool.map(begin, range(AT_ONCE)))
        found = [one["id"] for one in client.list_memory_functions() if one["type"] == "user_state"]
    assert ids == set(found)
    assert len(found) == 1


def test_tasks_that_start_at_once_get_one_function(url: str) -> None:
    """So do the tasks of one event loop."""

    async def begin() -> set[str]:
        async with AsyncClient(url) as client:
            made = await asyncio.gather(*(client.memory_function(Profile) for _ in range(AT_ONCE)))
            return {profile.id for profile in made}

    assert len(asyncio.run(begin())) == 1
