from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.store import memories
from langmem_server.store.records import NewMemory, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from tests.server.live import Api

UNKNOWN = str(uuid4())
NOT_FOUND = {"detail": "User not found"}


def new_user(api: Api, **given: Any) -> dict[str, Any]:
    """Create a user."""
    user: dict[str, Any] = api.post("/users", json={"id": str(uuid4()), "name": "W"} | given).json()
    return user


def speak(api: Api, user_id: str, name: str | None, thread_id: str | None = None) -> str:
    """Post a message of a user; return the thread's id."""
    thread_id = thread_id or str(uuid4())
    message = {
        "role": "user",
        "content": "I keep pikas.",
        "name": name,
        "metadata": {"user_id": user_id},
    }
    answer = api.post(f"/threads/{thread_id}/add_messages", json={"messages": [message]})
    assert answer.status_code == 200
    return thread_id


def test_a_created_user_is_what_was_sent(api: Api) -> None:
    """All that was sent is stored and returned; ids become canonical."""
    chosen = uuid4()
    sent = {"name": "Will", "tags": ["beta", "x"], "metadata": {"plan": {"free": True}}}
    answer = api.post("/users", json={"id": chosen.hex.upper(), **sent})
    assert answer.status_code == 200
    assert answer.json() == {"id": str(chosen), **sent}
    assert api.get(f"/users/{chosen}").json() == answer.json()


def test_what_was_never_set_is_missing(api: Api) -> None:
    """Tags and metadata appear once they are set; an empty object is set."""
    assert new_user(api).keys() == {"id", "name"}
    assert new_user(api, tags=None, metadata=None).keys() == {"id", "name"}
    assert new_user(api, tags=[], metadata={})["metadata"] == {}


def test_creating_again_replaces_what_is_given(api: Api) -> None:
    """A second creation is no error: it replaces what it gives and keeps the rest."""
    user = new_user(api, tags=["a"], metadata={"b": 1})
    again = new_user(api, id=user["id"], name="William", tags=None, metadata={"c": 2})
    assert again == {"id": user["id"], "name": "William", "tags": ["a"], "metadata": {"c": 2}}


def test_a_message_makes_its_user(api: Api) -> None:
    """A user known from messages alone has an id and a name and nothing else."""
    named = str(uuid4())
    speak(api, named, "Will")
    assert api.get(f"/users/{named}").json() == {"id": named, "name": "Will"}
    nameless = str(uuid4())
    speak(api, nameless, None)
    assert api.get(f"/users/{nameless}").json() == {"id": nameless, "name": None}


def test_a_name_that_was_chosen_stays(api: Api) -> None:
    """A message never renames a user who was created or updated with a name."""
    user = new_user(api, name="William")
    speak(api, user["id"], "Bill")
    assert api.get(f"/users/{user['id']}").json()["name"] == "William"


def test_an_update_leaves_the_rest(api: Api) -> None:
    """Only what is given changes; an empty update changes nothing."""
    user = new_user(api, tags=["a"], metadata={"b": 1})
    url = f"/users/{user['id']}"
    assert api.patch(url, json={"name": "William"}).json() == user | {"name": "William"}
    assert api.patch(url, json={"tags": [], "metadata": {}}).json() == {
        "id": user["id"],
        "name": "William",
        "tags": [],
        "metadata": {},
    }
    assert api.patch(url, json={}).json() == api.get(url).json()


def test_users_are_listed_by_filters(fresh_api: Api) -> None:
    """Both filters must match; null matches all; users come by name."""
    zoe, ann, other_ann = (new_user(fresh_api, name=name) for name in ("Zoe", "Ann", "Ann"))
    anns = sorted([ann, other_ann], key=lambda user: str(user["id"]))

    def listed(**filters: Any) -> list[dict[str, Any]]:
        users: list[dict[str, Any]] = fresh_api.post("/users/query", json=filters).json()["users"]
        return users

    assert listed() == listed(name=None, id=None) == [*anns, zoe]
    assert listed(name=["Ann"]) == anns
    assert listed(name=["Ann", "Zoe"], id=[zoe["id"].upper(), ann["id"]]) == [ann, zoe]
    assert listed(name=["Ann"], id=[zoe["id"]]) == []
    assert listed(id=[]) == []


def test_an_erased_user_is_gone(api: Api) -> None:
    """Nothing of a user is left: no name, no messages, no memories, no runs."""
    user, other = str(uuid4()), str(uuid4())
    thread = speak(api, user, "Will")
    speak(api, other, "Jo", thread)
    source = (user, SEMANTIC_FUNCTION_ID, thread)
    memory = NewMemory("Will keeps pikas", {"object": "pikas"}, 5)
    api.db.write(lambda c: memories.remember(c, "default", source, [memory], utc_now()))
    api.post(f"/threads/{thread}/trigger-all")
    assert len(api.get(f"/users/{user}/memory").json()) == 1
    assert len(api.get(f"/threads/{thread}/runs").json()["runs"]) == 2

    answer = api.delete(f"/users/{user}")
    assert (answer.status_code, answer.json()) == (200, None)
    assert api.get(f"/users/{user}").status_code == 404
    [left] = api.get(f"/threads/{thread}/messages").json()["messages"]
    assert left["name"] == "Jo"
    found = api.post(f"/users/{user}/memory/query", json={"text": "pikas"})
    assert found.json()["memories"] == []
    assert [run["user_id"] for run in api.get(f"/threads/{thread}/runs").json()["runs"]] == [other]
    assert api.delete(f"/users/{user}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "W"}),
        ("DELETE", "", None),
        ("GET", "/memory", None),
        ("POST", "/trigger-all", None),
        ("GET", "/runs", None),
        ("DELETE", "/memory/individual?ids=x", None),
        ("GET", f"/memory/{SEMANTIC_FUNCTION_ID}/state", None),
        ("PUT", f"/memory/{SEMANTIC_FUNCTION_ID}/state", {"state": {}}),
        ("DELETE", f"/memory/{SEMANTIC_FUNCTION_ID}/state", None),
    ],
)
def test_an_unknown_user_is_404(api: Api, method: str, path: str, body: Any) -> None:
    """Every operation on a user but the search wants a user there is."""
    answer = api.request(method, f"/users/{UNKNOWN}{path}", json=body)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
