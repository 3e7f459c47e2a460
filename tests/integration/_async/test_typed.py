from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import BaseModel, Field

from langmem import AsyncClient
from langmem.errors import NotFoundError, StoredValueError, UnprocessableEntityError
from langmem_server.settings import Settings
from tests.server.live import running
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem_api.types import MemoryFunction

pytestmark = pytest.mark.anyio

PATIENCE = 30.0


class Profile(BaseModel):
    """What is known of a user."""

    name: str = Field(description="The user's name")
    interests: list[str] = []
    born: date | None = None


@dataclass
class Trip:
    """A journey of a user."""

    where: str
    days: int
    company: list[str] = field(default_factory=list)


@dataclass
class Event:
    """Something that happened."""

    what: str


@dataclass
class CountedEvent:
    """Something that happened some times."""

    what: str
    times: int


class Summary(BaseModel):
    """What a conversation was about."""

    title: str


class Unrelated(BaseModel):
    """What is known of a user, as an older program had it."""

    alias: str


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with a model that fills every text with what was said last."""
    with ScriptedModel() as model:
        settings = Settings(
            database=tmp_path_factory.mktemp("service") / "langmem.db",
            llm_base_url=model.base_url,
            llm_model="scripted",
        )
        with running(settings, process=True) as api:
            yield api.url


@pytest.fixture
def user_id() -> uuid.UUID:
    """A user nobody has spoken of."""
    return uuid.uuid4()


@pytest.fixture
def name() -> str:
    """The name of a function that no other test has."""
    return f"Function {uuid.uuid4()}"


async def say(client: AsyncClient, user_id: uuid.UUID, text: str) -> uuid.UUID:
    """Say something in a new thread, and wait until it is remembered."""
    thread_id = uuid.uuid4()
    message = {"role": "user", "content": text, "metadata": {"user_id": user_id}}
    await client.add_messages(thread_id, [message])
    assert (await client.trigger_all_for_thread(thread_id, wait=PATIENCE)).ok
    return thread_id


async def of_name(client: AsyncClient, name: str) -> list[MemoryFunction]:
    """The functions of a name."""
    functions = [function async for function in client.list_memory_functions()]
    return [function for function in functions if function["schema"]["name"] == name]


async def test_a_users_state_is_a_value_of_the_class(service: str, user_id: uuid.UUID) -> None:
    """It is put, got and deleted as an object; before and after there is none."""
    async with AsyncClient(service) as client:
        profile = await client.memory_function(Profile)
        assert await profile.get(user_id) is None
        await client.create_user(user_id=user_id, name="Will")
        assert await profile.get(user_id) is None
        will = Profile(name="Will", interests=["pikas"], born=date(1990, 5, 1))
        await profile.put(user_id, will)
        assert await profile.get(str(user_id).upper()) == will
        state = await client.get_user_memory(user_id, memory_function_id=profile.id)
        assert state == {"name": "Will", "interests": ["pikas"], "born": "1990-05-01"}
        await profile.delete(user_id)
        await profile.delete(user_id)
        assert await profile.get(user_id) is None


async def test_dataclasses_work_as_models_do(service: str, user_id: uuid.UUID) -> None:
    """A dataclass of the standard library is validated and written by its types."""
    async with AsyncClient(service) as client:
        trips = await client.memory_function(Trip)
        await client.create_user(user_id=user_id, name="Will")
        await trips.put(user_id, Trip("Oslo", 3, ["Jo"]))
        assert await trips.get(user_id) == Trip("Oslo", 3, ["Jo"])
        state: dict[str, Any] = {"where": "Rome", "days": 2, "company": None}
        await client.update_user_memory(user_id, memory_function_id=trips.id, state=state)
        assert await trips.get(user_id) == Trip("Rome", 2)


async def test_what_is_extracted_is_a_value_of_the_class(service: str, user_id: uuid.UUID) -> None:
    """A conversation becomes an event with its scores, and a summary of the thread."""
    async with AsyncClient(service) as client:
        events = await client.memory_function(Event, target_type="user_append_state")
        summary = await client.memory_function(Summary, target_type="thread_summary")
        assert await events.query(user_id, "pikas") == []
        assert await summary.get(uuid.uuid4()) is None
        thread_id = await say(client, user_id, "I met pikas.")
        await say(client, user_id, "I saw Rome.")
        [event] = await events.query(user_id, "pikas", k=1, weights={"recency": 0.0})
        assert event.value == Event("I met pikas.")
        assert event.text == "what: I met pikas."
        assert event.scores["relevance"] == 1.0
        assert await summary.get(thread_id) == Summary(title="I met pikas.")

        await client.delete_individual_memories(user_id, memories=event.id)
        [rome] = await events.query(user_id, "pikas")
        assert rome.value == Event("I saw Rome.")
        await events.delete(user_id)
        assert await events.query(user_id, "pikas") == []


async def test_a_thread_that_is_not_summarized_has_no_summary(service: str) -> None:
    """A thread without an output is no error, as one that is not known is none."""
    async with AsyncClient(service) as client:
        summary = await client.memory_function(Summary, target_type="thread_summary")
        thread = await client.create_thread()
        assert await summary.get(thread["id"]) is None


async def test_the_function_is_found_and_left_as_it_is(service: str, name: str) -> None:
    """Another start of a program finds its function, and a changed class does not change it."""
    async with AsyncClient(service) as client:
        first = await client.memory_function(Unrelated, name=name, custom_instructions="Be brief.")
        again = await client.memory_function(Profile, name=name, custom_instructions="Be exact.")
        assert again.id == first.id
        assert again.function == first.function
        assert await of_name(client, name) == [first.function]
        other = await client.memory_function(Profile, name=name, target_type="thread_summary")
        assert other.id != first.id


async def test_a_renamed_function_is_not_written_over(service: str, name: str) -> None:
    """Where the name has become free, there is a new function, and the old one is untouched."""
    async with AsyncClient(service) as client:
        first = await client.memory_function(Unrelated, name=name)
        renamed = await client.update_memory_function(first.id, name=f"Old {name}")
        second = await client.memory_function(Profile, name=name)
        assert second.id != first.id
        assert await client.get_memory_function(first.id) == renamed


async def test_a_disabled_function_is_found_and_stays_disabled(service: str, name: str) -> None:
    """Its memories can be read, and what an operator has switched off is not switched on."""
    async with AsyncClient(service) as client:
        first = await client.memory_function(Unrelated, name=name)
        await client.update_memory_function(first.id, status="disabled")
        again = await client.memory_function(Profile, name=name)
        assert (again.id, again.function["status"]) == (first.id, "disabled")
        await again.push()
        assert again.function["status"] == "disabled"


async def test_the_service_follows_the_class_when_told(
    service: str, user_id: uuid.UUID, name: str
) -> None:
    """`diff` shows what `push` then changes, and nothing else; afterwards nothing differs."""
    async with AsyncClient(service) as client:
        await client.create_user(user_id=user_id, name="Will")
        await client.memory_function(Unrelated, name=name, custom_instructions="Be brief.")
        profile = await client.memory_function(Profile, name=name)
        with pytest.raises(UnprocessableEntityError):
            await client.update_user_memory(
                user_id, memory_function_id=profile.id, state={"alias": 3}
            )
        diff = await profile.diff()
        changed = {(change.kind, change.path[-1]) for change in diff.changes}
        assert changed == {
            ("changed", "description"),
            ("removed", "alias"),
            *(("added", key) for key in ("name", "interests", "born")),
        }
        assert await profile.diff() == diff
        assert await profile.push() == diff
        assert profile.function["schema"]["description"] == "What is known of a user."
        assert profile.function["custom_instructions"] == "Be brief."
        assert [profile.function] == await of_name(client, name)
        assert not await profile.diff()
        assert not await profile.push()
        await client.update_memory_function(profile.id, description="By another.")
        [elsewhere] = (await profile.diff()).changes
        assert (elsewhere.service, elsewhere.local) == ("By another.", "What is known of a user.")


async def test_what_is_older_than_the_class_is_at_hand(
    service: str, user_id: uuid.UUID, name: str
) -> None:
    """The stored value and what is wrong with it come with the error, without another request."""
    async with AsyncClient(service) as client:
        await client.create_user(user_id=user_id, name="Will")
        old = await client.memory_function(Unrelated, name=name)
        await old.put(user_id, Unrelated(alias="W"))
        profile = await client.memory_function(Profile, name=name)
        with pytest.raises(StoredValueError, match="does not fit Profile: name: ") as caught:
            await profile.get(user_id)
        error = caught.value
        assert error.raw == {"alias": "W"}
        assert [each["loc"] for each in error.errors] == [("name",)]
        assert error.target == f"/users/{user_id}"
        await profile.put(user_id, Profile(name=error.raw["alias"]))
        assert await profile.get(user_id) == Profile(name="W")


async def test_one_old_memory_does_not_hide_the_others(
    service: str, user_id: uuid.UUID, name: str
) -> None:
    """A search over memories of two versions gives both, and tells which is which."""
    async with AsyncClient(service) as client:
        await client.memory_function(Event, target_type="user_append_state", name=name)
        await say(client, user_id, "I met pikas.")
        events = await client.memory_function(
            CountedEvent, target_type="user_append_state", name=name
        )
        await events.push()
        await say(client, user_id, "I met a marmot.")
        found = await events.query(user_id, "", k=5)
        assert [memory.value for memory in found if memory.ok] == [
            CountedEvent("I met a marmot.", 1)
        ]
        [old] = [memory for memory in found if not memory.ok]
        assert old.raw == {"what": "I met pikas."}
        with pytest.raises(StoredValueError, match=f"memory {old.id} of /users/{user_id} does not"):
            _ = old.value
        await client.delete_memory_function(events.id)


async def test_a_function_that_is_gone_is_no_empty_memory(
    service: str, user_id: uuid.UUID, name: str
) -> None:
    """Nothing to remember is None; nobody to remember it is an error, from every method."""
    async with AsyncClient(service) as client:
        await client.create_user(user_id=user_id, name="Will")
        thread_id = (await client.create_thread())["id"]
        profile = await client.memory_function(Profile, name=name)
        summary = await client.memory_function(Summary, target_type="thread_summary", name=name)
        events = await client.memory_function(Event, target_type="user_append_state", name=name)
        for handle in (profile, summary, events):
            await client.delete_memory_function(handle.id)
        with pytest.raises(NotFoundError):
            await profile.get(user_id)
        with pytest.raises(NotFoundError):
            await profile.put(user_id, Profile(name="Will"))
        with pytest.raises(NotFoundError):
            await profile.delete(user_id)
        with pytest.raises(NotFoundError):
            await profile.diff()
        with pytest.raises(NotFoundError):
            await summary.get(thread_id)
        with pytest.raises(NotFoundError):
            await events.query(user_id, "pikas")
        with pytest.raises(NotFoundError):
            await events.delete(user_id)


async def test_a_function_of_another_type_by_now_is_no_empty_memory(
    service: str, user_id: uuid.UUID, name: str
) -> None:
    """Who made a list of a state is told so, instead of finding nothing for ever."""
    async with AsyncClient(service) as client:
        await client.create_user(user_id=user_id, name="Will")
        thread_id = (await client.create_thread())["id"]
        profile = await client.memory_function(Profile, name=name)
        summary = await client.memory_function(Summary, target_type="thread_summary", name=name)
        await client.update_memory_function(profile.id, function_type="user_append_state")
        await client.update_memory_function(summary.id, function_type="user_state")
        with pytest.raises(NotFoundError, match="only one of type user_state keeps a state"):
            await profile.get(user_id)
        with pytest.raises(NotFoundError, match="about users, not about threads"):
            await summary.get(thread_id)


async def test_wrong_arguments_send_nothing() -> None:
    """Errors of the caller name the argument; nobody listens at that address."""
    async with AsyncClient("http://127.0.0.1:1") as client:
        wrong = cast("Any", client.memory_function)
        with pytest.raises(TypeError, match=r"^parameters: expected a pydantic model or a datac"):
            await wrong({"type": "object"})
        with pytest.raises(ValueError, match=r"^target_type: expected one of user_state, "):
            await wrong(Profile, target_type="user_semantic_memory")


async def test_wrong_values_send_nothing(service: str, user_id: uuid.UUID) -> None:
    """A value of another class and an id that is none are errors, and change nothing."""
    async with AsyncClient(service) as client:
        profile = await client.memory_function(Profile)
        summary = await client.memory_function(Summary, target_type="thread_summary")
        events = await client.memory_function(Event, target_type="user_append_state")
        with pytest.raises(TypeError, match=r"^value: expected an instance of Profile, not a dict"):
            await profile.put(user_id, cast("Any", {"name": "Will"}))
        with pytest.raises(ValueError, match=r"^user_id: "):
            await profile.get("Will")
        with pytest.raises(ValueError, match=r"^thread_id: "):
            await summary.get("thread")
        with pytest.raises(ValueError, match=r"^user_id: "):
            await events.query("Will", "pikas")
        with pytest.raises(ValueError, match=r"^k: "):
            await events.query(user_id, "pikas", k=0)


async def test_a_handle_tells_what_it_is_for(service: str) -> None:
    """It shows its class and id, and has them for programs."""
    async with AsyncClient(service) as client:
        profile = await client.memory_function(Profile)
        assert repr(profile) == f"AsyncUserState(Profile, id='{profile.id}')"
        assert profile.cls is Profile
        assert profile.function["schema"]["name"] == "Profile"
