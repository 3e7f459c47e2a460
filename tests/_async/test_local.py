from __future__ import annotations

import copy
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from langmem import AsyncClient
from langmem.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_what_is_said_is_remembered_without_a_service() -> None:
    """The service in this process stores, processes in the background, and finds."""
    user_id, thread_id = uuid4(), uuid4()
    message = {"role": "user", "content": "I keep bees.", "metadata": {"user_id": user_id}}
    async with AsyncClient("memory://") as client:
        await client.add_messages(thread_id, [message])
        outcomes = await client.trigger_all_for_thread(thread_id, wait=30)
        found = await client.query_user_memory(user_id, "bees", k=1)
    assert outcomes.ok
    assert "I keep bees." in found["memories"][0]["text"]


async def test_the_environment_may_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that name no URL take it from LANGMEM_API_URL, as for any service."""
    monkeypatch.setenv("LANGMEM_API_URL", "memory://")
    async with AsyncClient() as client:
        assert (await client.get_health())["status"] == "ok"
        assert repr(client) == "AsyncClient(api_url='memory://')"


async def test_a_memory_without_a_name_is_the_clients_own() -> None:
    """Another client of `memory://` begins with nothing; copies and options share it."""
    user_id = uuid4()
    async with AsyncClient("memory://") as client, AsyncClient("memory://") as other:
        await client.create_user(user_id=user_id, name="Will")
        async with copy.copy(client) as copied:
            assert (await copied.get_user(user_id))["name"] == "Will"
        assert (await client.with_options(deadline=9).get_user(user_id))["name"] == "Will"
        with pytest.raises(NotFoundError):
            await other.get_user(user_id)


async def test_a_named_memory_lasts_as_long_as_its_clients() -> None:
    """Clients of one name share it, and it ends with the last of them."""
    user_id = uuid4()
    async with AsyncClient("memory://herd") as client:
        async with AsyncClient("memory://herd") as other:
            await client.create_user(user_id=user_id, name="Will")
            assert (await other.get_user(user_id))["name"] == "Will"
        assert (await client.get_user(user_id))["name"] == "Will"
    async with AsyncClient("memory://herd") as client:
        assert await client.list_users() == []


async def test_closing_a_file_loses_nothing(tmp_path: Path) -> None:
    """What was acknowledged is there after reopening, and what waited to be done is done."""
    url = (tmp_path / "a memory.db").as_uri()
    user_id, thread_id = uuid4(), uuid4()
    message = {"role": "user", "content": "I keep bees.", "metadata": {"user_id": user_id}}
    async with AsyncClient(url) as client:
        await client.add_messages(thread_id, [message])
        await client.trigger_all_for_thread(thread_id)
    async with AsyncClient(url) as client:
        assert (await client.wait_for_memories(thread_id=thread_id, timeout=30)).ok
        assert len((await client.query_user_memory(user_id, "bees", k=5))["memories"]) == 1


async def test_clients_of_one_file_share_it(tmp_path: Path) -> None:
    """The same file by another path is the same service; closing one client leaves the other."""
    (tmp_path / "link").symlink_to(tmp_path)
    user_id = uuid4()
    async with AsyncClient((tmp_path / "langmem.db").as_uri()) as client:
        async with AsyncClient((tmp_path / "link" / "langmem.db").as_uri()) as other:
            await other.create_user(user_id=user_id, name="Will")
        assert (await client.get_user(user_id))["name"] == "Will"
