from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from langmem_server.store import memories, runs
from langmem_server.store.records import NewMemory, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from tests.server.live import Api

PROFILE = {
    "type": "object",
    "required": ["name", "likes"],
    "properties": {
        "name": {"type": "string"},
        "likes": {"type": "array", "items": {"type": "string"}},
    },
}


class Person(BaseModel):
    """A model that holds itself, which pydantic writes as a reference."""

    name: str
    friends: list[Person]


def new_user(api: Api) -> str:
    """Create a user; return the id."""
    user_id = str(uuid4())
    api.post("/users", json={"id": user_id, "name": "Will"})
    return user_id


def new_function(api: Api, type_: str = "user_state", parameters: Any = PROFILE) -> str:
    """Create a memory function; return the id."""
    schema = {"name": str(uuid4()), "description": "", "parameters": parameters}
    answer = api.post("/memory-functions", json={"type": type_, "schema": schema})
    function_id: str = answer.json()["id"]
    return function_id


def remember(api: Api, user_id: str, function_id: str, *texts: str) -> list[str]:
    """Store memories as if a function had made them; return their ids, in order."""
    thread_id = str(uuid4())
    message = {"role": "user", "content": "Hi", "metadata": {"user_id": user_id}}
    api.post(f"/threads/{thread_id}/add_messages", json={"messages": [message]})
    found = [NewMemory(text, {"text": text}, 5) for text in texts]
    source = (user_id, function_id, thread_id)
    api.db.write(lambda c: memories.remember(c, "default", source, found, utc_now()))
    stored = api.db.read(lambda c: memories.search(c, "default", user_id, [function_id], [], 1000))
    ids = {candidate.memory.text: candidate.memory.id for candidate in stored}
    return [ids[text] for text in texts]


def state_url(user_id: str, function_id: str) -> str:
    """Where a user's state is."""
    return f"/users/{user_id}/memory/{function_id}/state"


def test_a_state_is_null_until_there_is_one(api: Api) -> None:
    """Before anything is computed the answer is null, not an error."""
    answer = api.get(state_url(new_user(api), new_function(api)))
    assert (answer.status_code, answer.json()) == (200, None)


@pytest.mark.parametrize(
    "state",
    [
        {"name": "Will", "likes": ["pikas"]},
        {"name": "Will"},
        {},
        {"name": None, "likes": None},
        {"name": "Will", "colour": {"more": ["than", 1]}},
    ],
)
def test_a_state_is_kept_bare(api: Api, state: dict[str, Any]) -> None:
    """What was put comes back as it was; properties may be missing or null."""
    url = state_url(new_user(api), new_function(api))
    answer = api.put(url, json={"state": state})
    assert (answer.status_code, answer.json()) == (200, None)
    assert api.get(url).json() == state


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({"name": 5}, "body.state.name: "),
        ({"likes": ["pikas", 5]}, "body.state.likes"),
        ({"name": {"first": "x" * 5000}}, "body.state.name: "),
    ],
)
def test_a_state_must_fit_the_schema(api: Api, state: dict[str, Any], place: str) -> None:
    """A property of the wrong kind is a 422 naming it, and nothing changes."""
    url = state_url(new_user(api), new_function(api))
    answer = api.put(url, json={"state": state})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(place)
    assert len(answer.json()["detail"]) < 300
    assert api.get(url).json() is None


def test_a_recursive_schema_is_relaxed_too(api: Api) -> None:
    """Of a pydantic model that holds itself, properties may be missing, and are checked."""
    function = new_function(api, parameters=Person.model_json_schema())
    url = state_url(new_user(api), function)
    assert api.put(url, json={"state": {"name": None}}).status_code == 200
    friend = {"name": "Jo", "friends": []}
    assert api.put(url, json={"state": {"friends": [friend]}}).status_code == 200
    assert api.put(url, json={"state": {"friends": [{"name": "Jo"}]}}).status_code == 422
    assert api.put(url, json={"state": {"name": 5}}).status_code == 422


def test_a_schema_that_fails_at_work_is_named(api: Api) -> None:
    """A schema whose fault shows only with some values refuses these values."""
    loop = {"properties": {"a": {"$ref": "#/properties/a"}}}
    url = state_url(new_user(api), new_function(api, parameters=loop))
    answer = api.put(url, json={"state": {"a": 1}})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body.state: cannot be judged by the function's")


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("type_", ["user_append_state", "user_semantic_memory", "thread_summary"])
def test_only_a_state_function_keeps_a_state(api: Api, method: str, type_: str) -> None:
    """Other functions keep nothing at this path, and the 404 says so."""
    url = state_url(new_user(api), new_function(api, type_))
    answer = api.request(method, url, json={"state": {}})
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith(f"The memory function is of type {type_}: ")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_function_is_404(api: Api, method: str) -> None:
    """A state wants a function there is."""
    answer = api.request(method, state_url(new_user(api), str(uuid4())), json={"state": {}})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Memory function not found"})


@pytest.mark.parametrize("type_", ["user_append_state", "user_semantic_memory"])
def test_all_memories_of_a_function_are_deleted(api: Api, type_: str) -> None:
    """Deleting by function erases its memories of this user, and deleting nothing is no error."""
    user, other, function = new_user(api), new_user(api), new_function(api, type_)
    remember(api, user, function, "Will keeps pikas")
    remember(api, other, function, "Jo keeps pikas")
    for _ in range(2):
        answer = api.delete(state_url(user, function))
        assert (answer.status_code, answer.json()) == (200, None)
        assert api.get(f"/users/{user}/memory").json() == []
    assert len(api.get(f"/users/{other}/memory").json()) == 1


def test_a_state_is_deleted(api: Api) -> None:
    """A deleted state is null again."""
    url = state_url(new_user(api), new_function(api))
    api.put(url, json={"state": {"name": "Will"}})
    assert api.delete(url).json() is None
    assert api.get(url).json() is None


def test_nothing_of_a_user_is_kept_by_a_thread_function(api: Api) -> None:
    """Deleting what a thread_summary function remembers of a user is 404 with the reason."""
    answer = api.delete(state_url(new_user(api), new_function(api, "thread_summary")))
    assert answer.status_code == 404
    assert "is of type thread_summary" in answer.json()["detail"]


def test_single_memories_are_deleted(api: Api) -> None:
    """The ids named go, in any form of theirs; ids of nothing, or of others, are passed over."""
    user, other = new_user(api), new_user(api)
    one, two, three = remember(api, user, SEMANTIC_FUNCTION_ID, "one", "two", "three")
    [theirs] = remember(api, other, SEMANTIC_FUNCTION_ID, "theirs")
    ids = [one.upper(), two, theirs, str(uuid4()), "no-id", "\0"]
    answer = api.delete(f"/users/{user}/memory/individual", params={"ids": ids})
    assert (answer.status_code, answer.json()) == (200, None)
    found = api.post(f"/users/{user}/memory/query", json={"text": ""}).json()["memories"]
    assert [memory["id"] for memory in found] == [three]
    assert len(api.get(f"/users/{other}/memory").json()) == 1


def test_everything_of_a_user_is_listed(api: Api) -> None:
    """States and single memories are outputs of their functions, each with its target."""
    user, state, append = new_user(api), new_function(api), new_function(api, "user_append_state")
    assert api.get(f"/users/{user}/memory").json() == []
    api.put(state_url(user, state), json={"state": {"name": "Will"}})
    remember(api, user, append, "first", "second")
    remember(api, user, SEMANTIC_FUNCTION_ID, "Will keeps pikas")
    listed = api.get(f"/users/{user}/memory").json()
    assert {output["target"] for output in listed} == {f"/users/{user}"}
    by_function = {
        function: [o["output"] for o in listed if o["memory_function_id"] == function]
        for function in (state, append, SEMANTIC_FUNCTION_ID)
    }
    assert by_function == {
        state: [{"name": "Will"}],
        append: [{"text": "first"}, {"text": "second"}],
        SEMANTIC_FUNCTION_ID: [{"text": "Will keeps pikas"}],
    }
    functions = [output["memory_function_id"] for output in listed]
    assert len(set(functions)) == 3
    assert functions.index(append) + 1 == len(functions) - functions[::-1].index(append) - 1
    [profile] = [output for output in listed if output["memory_function_id"] == state]
    assert profile["memory_function_type"] == "user_state"
    assert profile["memory_function_name"]


def test_a_trigger_for_a_user_reaches_all_their_threads(api: Api) -> None:
    """Every thread the user spoke in is planned for this user, and for nobody else."""
    user, other = str(uuid4()), str(uuid4())
    for _ in range(2):
        messages = [
            {"role": "user", "content": "Hi", "metadata": {"user_id": speaker}}
            for speaker in (user, other)
        ]
        api.post(f"/threads/{uuid4()}/add_messages", json={"messages": messages})
    before = api.db.read(runs.next_due)
    answer = api.post(f"/users/{user}/trigger-all")
    assert (answer.status_code, answer.json()) == (200, None)
    mine = api.get(f"/users/{user}/runs").json()["runs"]
    semantic = [run for run in mine if run["memory_function_id"] == SEMANTIC_FUNCTION_ID]
    assert len({run["thread_id"] for run in semantic}) == 2
    assert {run["user_id"] for run in mine} == {user}
    assert api.get(f"/users/{other}/runs").json()["runs"] == []
    assert api.db.read(runs.next_due) == before


def test_runs_of_a_user_come_in_pages(api: Api) -> None:
    """Following the cursor shows each run once, newest first."""
    user = str(uuid4())
    for _ in range(3):
        message = {"role": "user", "content": "Hi", "metadata": {"user_id": user}}
        api.post(f"/threads/{uuid4()}/add_messages", json={"messages": [message]})
    api.post(f"/users/{user}/trigger-all")
    url = f"/users/{user}/runs"
    everything = api.get(url, params={"status": "queued"}).json()["runs"]
    first = api.get(url, params={"page_size": 2}).json()
    rest = api.get(url, params={"cursor": first["next_cursor"]}).json()
    assert first["runs"] + rest["runs"] == everything
    assert rest["next_cursor"] is None
    assert len(everything) >= 3
