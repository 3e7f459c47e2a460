from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from langmem import AsyncClient
from langmem.errors import ConflictError, NotFoundError, UnprocessableEntityError
from langmem_server.settings import Settings
from tests.server.live import running
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.server.live import Api

pytestmark = pytest.mark.anyio

SCHEMA = {"title": "Profile", "type": "object", "properties": {"said": {"type": "string"}}}
WILL, JO = uuid.UUID(int=1), uuid.UUID(int=2)
THREADS = [uuid.UUID(int=number) for number in (10, 11, 12)]
PATIENCE = 30.0


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """A model for the services."""
    with ScriptedModel() as model:
        yield model


def service(path: Path, model: ScriptedModel) -> AbstractContextManager[Api]:
    """Run a service over a file, with the model; only one may run at a time."""
    settings = Settings(
        database=path, processing_delay=0.1, llm_base_url=model.base_url, llm_model="scripted"
    )
    return running(settings, process=True)


@pytest.fixture
def idle_url(tmp_path: Path) -> Iterator[str]:
    """Where a service is that stores what it is sent, and never begins to process it."""
    with running(Settings(database=tmp_path / "idle.db"), process=False) as api:
        yield api.url


def said(user_id: uuid.UUID, *texts: str) -> list[dict[str, Any]]:
    """Messages of a user, each with an answer."""
    return [
        message
        for text in texts
        for message in (
            {"role": "user", "content": text, "name": "Will", "metadata": {"user_id": user_id}},
            {"role": "assistant", "content": "I see."},
        )
    ]


async def fill(client: AsyncClient) -> None:
    """Make memories of every type, of two users in three threads."""
    await client.create_user(user_id=JO, name="Jo", tags=["beta"], metadata={"plan": "free"})
    for target_type in ("user_state", "user_append_state", "thread_summary"):
        await client.create_memory_function(SCHEMA, target_type=target_type)
    await client.add_messages(THREADS[0], said(WILL, "I keep pikas.", "They like hay."))
    await client.add_messages(THREADS[1], said(JO, "I keep bees.", "Pikas are rabbits."))
    await client.add_messages(THREADS[2], said(WILL, "Jo likes pikas.") + said(JO, "I do."))
    await client.add_thread_state(THREADS[0], {"step": 3}, key="checkpoint")
    for thread_id in THREADS:
        assert (await client.trigger_all_for_thread(thread_id, wait=PATIENCE)).ok


async def answers(client: AsyncClient) -> Any:
    """What the service answers to all there is to ask, scores to nine digits."""
    functions = [function async for function in client.list_memory_functions()]
    ids: dict[str, list[str]] = {}
    for function in functions:
        ids.setdefault(function["type"], []).append(function["id"])
    found: list[Any] = [functions, await client.list_users(), await client.list_threads()]
    for thread_id in THREADS:
        found.append(await client.get_thread(thread_id))
        found.append([m async for m in client.list_messages(thread_id, response_format="langmem")])
        found.append(await client.get_thread_state(thread_id, key="checkpoint"))
        found.append(await client.list_thread_memory(thread_id))
    for user_id in (WILL, JO):
        found.append(await client.list_user_memory(user_id))
        for text in ("pikas", "what do I keep", ""):
            for chosen in (None, ids["user_append_state"]):
                query = client.query_user_memory(
                    user_id,
                    text,
                    k=3,
                    memory_function_ids=chosen,
                    states_to_return=ids["user_state"],
                    thread_summaries=ids["thread_summary"],
                )
                found.append(await query)
    return json.loads(json.dumps(found), parse_float=lambda number: f"{float(number):.9f}")


async def pages(client: AsyncClient, **arguments: Any) -> list[Any]:
    """All pages of an export."""
    page = await client.export_records(**arguments)
    found = [page["records"]]
    while page["next_cursor"] is not None:
        page = await client.export_records(cursor=page["next_cursor"], **arguments)
        found.append(page["records"])
    return found


async def test_another_service_answers_as_the_first_did(
    tmp_path: Path, model: ScriptedModel
) -> None:
    """All answers are equal, searches too, and the model is asked nothing again."""
    with service(tmp_path / "origin.db", model) as api:
        async with AsyncClient(api.url) as client:
            await fill(client)
            exported = await pages(client, page_size=7)
            before = await answers(client)
            assert exported == await pages(client, page_size=7)
    asked = len(model.requests)
    with service(tmp_path / "target.db", model) as api:
        async with AsyncClient(api.url) as client:
            for records in exported:
                await client.import_records(records)
            assert await answers(client) == before
            for thread_id in THREADS:
                assert (await client.trigger_all_for_thread(thread_id, wait=PATIENCE)).runs == ()
            assert len(model.requests) == asked
            assert await answers(client) == before

            # What is new is processed, and a function that is new catches up.
            await client.add_messages(THREADS[0], said(WILL, "I keep two pikas."))
            outcomes = await client.trigger_all_for_thread(THREADS[0], wait=PATIENCE)
            assert {len(run["message_ids"]) for run in outcomes.runs} == {2}
            later = await client.create_memory_function({**SCHEMA, "title": "Later"})
            outcomes = await client.trigger_all_for_thread(THREADS[1], wait=PATIENCE)
            assert [run["memory_function_id"] for run in outcomes.runs] == [later["id"]]
            assert outcomes.ok


async def test_messages_that_are_imported_are_processed(
    tmp_path: Path, model: ScriptedModel
) -> None:
    """Somebody's own messages become memories after the delay, without a trigger."""
    message = {"type": "message", "thread_id": THREADS[0], **said(WILL, "I keep pikas.")[0]}
    with service(tmp_path / "langmem.db", model) as api:
        async with AsyncClient(api.url) as client:
            first = await client.import_records([message])
            assert first == {"created": 1, "updated": 0, "unchanged": 0}
            outcomes = await client.wait_for_memories(thread_id=THREADS[0], timeout=PATIENCE)
            assert outcomes.ok
            found = await client.query_user_memory(WILL, "pikas", k=1)
            assert "pikas" in found["memories"][0]["text"]


async def test_one_users_share(tmp_path: Path, model: ScriptedModel, idle_url: str) -> None:
    """It takes along all that is remembered of them, and nothing that others said."""
    with service(tmp_path / "langmem.db", model) as api:
        async with AsyncClient(api.url) as client:
            await fill(client)
            [share] = await pages(client, user_id=WILL)
            functions = [f["id"] async for f in client.list_memory_functions(target_type=["user"])]
            state = await client.list_user_memory(WILL)
            found = await client.query_user_memory(WILL, "pikas", memory_function_ids=functions[2:])
            with pytest.raises(NotFoundError, match="User not found"):
                await client.export_records(user_id=uuid.uuid4())
    assert not [record for record in share if "bees" in json.dumps(record)]
    async with AsyncClient(idle_url) as client:
        await client.import_records(share)
        assert await client.list_user_memory(WILL) == state
        again = await client.query_user_memory(WILL, "pikas", memory_function_ids=functions[2:])
        assert {m["id"] for m in again["memories"]} == {m["id"] for m in found["memories"]}
        assert [user["id"] for user in await client.list_users()] == [str(WILL)]


async def test_what_is_refused_names_its_record(idle_url: str) -> None:
    """The error says which record it is and why, and nothing of the call is stored."""
    user = {"type": "user", "id": WILL, "name": "Will"}
    memory = {
        "type": "user_memory",
        "id": uuid.uuid4(),
        "user_id": WILL,
        "memory_function_id": uuid.uuid4(),
        "text": "Will keeps pikas",
        "content": {},
    }
    first = {"type": "message", "thread_id": THREADS[0], "role": "user", "content": "Hi", "seq": 1}
    async with AsyncClient(idle_url) as client:
        with pytest.raises(UnprocessableEntityError, match=r"records\[1\]\.memory_function_id"):
            await client.import_records([user, memory])
        assert await client.list_users() == []
        with pytest.raises(UnprocessableEntityError, match=r"query\.cursor"):
            await client.export_records(cursor="next")
        await client.import_records([{**first, "metadata": {"id": "a"}}])
        with pytest.raises(ConflictError, match=r"records\[0\]\.seq: .*another message"):
            await client.import_records([{**first, "metadata": {"id": "b"}}])
