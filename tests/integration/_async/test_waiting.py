from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from langmem import AsyncClient
from langmem.errors import NotFoundError, WaitTimeoutError
from langmem_server.settings import Settings
from tests.server.live import running
from tests.server.scripted_model import ScriptedModel, sensible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem.testing import Service

pytestmark = pytest.mark.anyio

SCHEMA = {"title": "Profile", "type": "object", "properties": {"said": {"type": "string"}}}
PATIENCE = 30.0


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    """A model for the service."""
    with ScriptedModel() as model:
        yield model


@pytest.fixture(scope="module")
def service(model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with that model that processes messages soon after they came."""
    settings = Settings(
        database=tmp_path_factory.mktemp("service") / "langmem.db",
        processing_delay=0.3,
        llm_base_url=model.base_url,
        llm_model="scripted",
    )
    with running(settings, process=True) as api:
        yield api.url


@pytest.fixture
def idle_service(langmem_service: Service) -> str:
    """A service that does not begin to process what it is sent before the test is over."""
    return langmem_service.url


@pytest.fixture
def user_id() -> uuid.UUID:
    """A user nobody has spoken of."""
    return uuid.uuid4()


@pytest.fixture
def thread_id() -> uuid.UUID:
    """A thread that does not exist yet."""
    return uuid.uuid4()


def said_by(user_id: uuid.UUID | None, text: str = "I keep pikas.") -> list[dict[str, Any]]:
    """A message of a user, or of a guest."""
    metadata = {} if user_id is None else {"user_id": user_id}
    return [{"role": "user", "content": text, "name": "Will", "metadata": metadata}]


async def profile(client: AsyncClient) -> str:
    """The id of a memory function over users."""
    function = await client.create_memory_function(SCHEMA, target_type="user_state")
    return function["id"]


async def test_a_trigger_returns_when_the_memories_are_made(
    service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """What one has just written can be read: after a trigger of the thread, and of the user."""
    async with AsyncClient(service) as client:
        function_id = await profile(client)
        await client.add_messages(thread_id, said_by(user_id))
        outcomes = await client.trigger_all_for_thread(thread_id, wait=PATIENCE)
        assert outcomes.ok
        assert function_id in {run["memory_function_id"] for run in outcomes.succeeded}
        state = await client.get_user_memory(user_id, memory_function_id=function_id)
        assert state == {"said": "I keep pikas."}

        await client.add_messages(thread_id, said_by(user_id, "I keep two pikas."))
        assert (await client.trigger_all_for_user(user_id, wait=PATIENCE)).ok
        state = await client.get_user_memory(user_id, memory_function_id=function_id)
        assert state == {"said": "I keep two pikas."}


async def test_a_trigger_without_wait_returns_nothing(
    service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """Programs of the reference get what they got."""
    async with AsyncClient(service) as client:
        trigger_thread: Any = client.trigger_all_for_thread
        trigger_user: Any = client.trigger_all_for_user
        await client.add_messages(thread_id, said_by(user_id))
        assert await trigger_thread(thread_id) is None
        assert await trigger_user(user_id, wait=None) is None


@pytest.mark.parametrize("of", ["thread_id", "user_id"])
async def test_messages_are_waited_for_before_their_processing_begins(
    service: str, user_id: uuid.UUID, thread_id: uuid.UUID, of: str
) -> None:
    """Nobody has triggered anything and no run exists; the wait lasts until there is a memory."""
    one: Any = {of: {"thread_id": thread_id, "user_id": user_id}[of]}
    async with AsyncClient(service) as client:
        function_id = await profile(client)
        await client.add_messages(thread_id, said_by(user_id))
        outcomes = await client.wait_for_memories(**one, timeout=PATIENCE)
        assert outcomes.ok
        state = await client.get_user_memory(user_id, memory_function_id=function_id)
        assert state == {"said": "I keep pikas."}

        await client.add_messages(thread_id, said_by(user_id, "I keep two pikas."))
        later = await client.wait_for_memories(**one, timeout=PATIENCE)
        assert len(later.runs) == 2 * len(outcomes.runs)
        state = await client.get_user_memory(user_id, memory_function_id=function_id)
        assert state == {"said": "I keep two pikas."}


async def test_a_users_messages_are_found_in_threads_that_are_new(
    service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """A second conversation is waited for as the first is, another user's is not."""
    second, other = uuid.uuid4(), uuid.uuid4()
    async with AsyncClient(service) as client:
        await client.add_messages(thread_id, said_by(user_id))
        await client.wait_for_memories(user_id=user_id, timeout=PATIENCE)
        await client.add_messages(uuid.uuid4(), said_by(other))
        await client.add_messages(second, said_by(user_id))
        outcomes = await client.wait_for_memories(user_id=str(user_id).upper(), timeout=PATIENCE)
    assert {run["thread_id"] for run in outcomes.runs} == {str(thread_id), str(second)}
    assert {run["user_id"] for run in outcomes.runs} == {str(user_id)}


async def test_failed_runs_are_told_from_an_empty_memory(
    service: str, model: ScriptedModel, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """The memory is empty, and the outcomes say that it is so because runs failed, and why."""
    async with AsyncClient(service) as client:
        function_id = await profile(client)
        await client.add_messages(thread_id, said_by(user_id))
        model.default(lambda _: "no JSON at all")
        try:
            outcomes = await client.trigger_all_for_thread(thread_id, wait=PATIENCE)
        finally:
            model.default(sensible)
        assert not outcomes.ok
        failed = {run["memory_function_id"]: run["error"] for run in outcomes.failed}
        assert failed[function_id]
        assert await client.get_user_memory(user_id, memory_function_id=function_id) is None

        again = await client.trigger_all_for_thread(thread_id, wait=PATIENCE)
        assert again.ok
        assert {run["id"] for run in again.runs} == {run["id"] for run in outcomes.runs}


async def test_a_wait_that_takes_too_long_says_how_far_it_is(
    service: str, model: ScriptedModel, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """The error is a TimeoutError with the runs; the runs go on, and can be waited for again."""
    async with AsyncClient(service) as client:
        await profile(client)
        await client.add_messages(thread_id, said_by(user_id))
        held = model.hang()
        try:
            with pytest.raises(TimeoutError, match=r"after 0.5 s 1 of \d runs have not") as caught:
                await client.trigger_all_for_thread(thread_id, wait=0.5)
        finally:
            held.set()
        error = caught.value
        assert isinstance(error, WaitTimeoutError)
        assert "running" in {run["status"] for run in error.runs}
        outcomes = await client.wait_for_memories(thread_id=thread_id, timeout=PATIENCE)
        assert outcomes.ok
        assert len(outcomes.runs) == len(error.runs)


async def test_messages_that_are_not_processed_are_not_called_done(
    idle_service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """No run exists, so none is unfinished; and yet the memories are not made."""
    ids: list[Any] = [{"thread_id": thread_id}, {"user_id": user_id}]
    async with AsyncClient(idle_service) as client:
        await client.add_messages(thread_id, said_by(user_id))
        for one in ids:
            with pytest.raises(WaitTimeoutError, match="no run has been planned") as caught:
                await client.wait_for_memories(**one, timeout=0)
            assert caught.value.runs == ()


async def test_what_no_function_remembers_is_not_waited_for(
    idle_service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """Without messages, or with a guest's and no function over threads, there is nothing to do."""
    async with AsyncClient(idle_service) as client:
        await client.create_user(user_id=user_id, name="Will")
        await client.create_thread(thread_id=thread_id)
        assert (await client.wait_for_memories(user_id=user_id, timeout=0)).runs == ()
        assert (await client.wait_for_memories(thread_id=thread_id, timeout=0)).runs == ()
        await client.add_messages(thread_id, said_by(None))
        assert (await client.wait_for_memories(thread_id=thread_id, timeout=0)).ok
        await client.create_memory_function(SCHEMA, target_type="thread_summary")
        with pytest.raises(WaitTimeoutError):
            await client.wait_for_memories(thread_id=thread_id, timeout=0)


async def test_one_waits_for_a_thread_or_a_user_that_exists(
    idle_service: str, user_id: uuid.UUID, thread_id: uuid.UUID
) -> None:
    """Unknown ids are an error of the service; none, two and bad ones are errors before that."""
    async with AsyncClient(idle_service) as client:
        with pytest.raises(NotFoundError):
            await client.wait_for_memories(thread_id=thread_id)
        with pytest.raises(NotFoundError):
            await client.wait_for_memories(user_id=user_id)
    async with AsyncClient("http://127.0.0.1:1") as client:
        with pytest.raises(ValueError, match="give thread_id or user_id, and not both"):
            await client.wait_for_memories()
        with pytest.raises(ValueError, match="give thread_id or user_id, and not both"):
            await client.wait_for_memories(thread_id=thread_id, user_id=user_id)
        with pytest.raises(ValueError, match=r"^user_id: "):
            await client.wait_for_memories(user_id="Will")
        with pytest.raises(ValueError, match=r"^timeout: "):
            await client.wait_for_memories(thread_id=thread_id, timeout=-1)
        with pytest.raises(ValueError, match=r"^wait: "):
            await client.trigger_all_for_thread(thread_id, wait=-1)
        with pytest.raises(TypeError, match=r"^wait: "):
            await client.trigger_all_for_user(user_id, wait="30")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
