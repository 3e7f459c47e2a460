from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server import bounds
from langmem_server.service.base import PAGE_SIZE
from langmem_server.service.memory_functions import MAX_SCHEMA_BYTES
from langmem_server.store import runs, threads
from langmem_server.store.records import NewMessage, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.server.live import Api

PARAMETERS = {
    "title": "UserProfile",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "title": "Name"}},
}
NOT_FOUND = {"detail": "Memory function not found"}


def create(api: Api, name: str | None = None, **given: Any) -> dict[str, Any]:
    """Create a memory function; without a name, under a name of its own."""
    schema = {
        "name": str(uuid4()) if name is None else name,
        "description": "",
        "parameters": given.pop("parameters", PARAMETERS),
    }
    answer = api.post("/memory-functions", json={"schema": schema} | given)
    assert answer.status_code == 200, answer.text
    function: dict[str, Any] = answer.json()
    return function


def refused(api: Api, parameters: Any) -> str:
    """Return why a schema is refused; it must be with 422."""
    schema = {"name": str(uuid4()), "description": "", "parameters": parameters}
    answer = api.post("/memory-functions", json={"schema": schema})
    assert answer.status_code == 422
    detail: str = answer.json()["detail"]
    return detail


def test_a_new_service_has_the_unstructured_memory(fresh_api: Api) -> None:
    """`SemanticUserMemory` exists and is active from the start, as the old service printed it."""
    [function] = fresh_api.post("/memory-functions/query", json={}).json()["memory_functions"]
    assert list(function) == [
        "id",
        "type",
        "custom_instructions",
        "schema",
        "status",
        "target_type",
    ]
    assert function["id"] == SEMANTIC_FUNCTION_ID
    assert function["type"] == "user_semantic_memory"
    assert function["schema"]["name"] == "SemanticUserMemory"
    assert (function["custom_instructions"], function["status"]) == (None, "active")
    assert function["target_type"] == "user"
    assert function["schema"]["parameters"]["required"] == ["triples"]


@pytest.mark.parametrize(
    ("type_", "target"),
    [
        ("user_state", "user"),
        ("user_append_state", "user"),
        ("user_semantic_memory", "user"),
        ("thread_summary", "thread"),
    ],
)
def test_a_created_function_is_what_was_sent(api: Api, type_: str, target: str) -> None:
    """All that was sent comes back, the schema unchanged; the target follows from the type."""
    chosen = uuid4()
    function = create(api, type=type_, id=chosen.hex, custom_instructions="Be brief.")
    assert function["id"] == str(chosen)
    assert function["schema"]["parameters"] == PARAMETERS
    assert list(function["schema"]["parameters"]) == list(PARAMETERS)
    assert function["custom_instructions"] == "Be brief."
    assert (function["type"], function["target_type"]) == (type_, target)
    assert function["status"] == "active"
    assert api.get(f"/memory-functions/{chosen}").json() == function


def test_type_and_id_may_be_left_out(api: Api) -> None:
    """Without them a function is of type user_state under a new id."""
    function = create(api)
    assert function["type"] == "user_state"
    assert create(api, id=None)["id"] != function["id"]


def test_creating_again_finds_the_function(api: Api) -> None:
    """The same type and name is the same function, under its first id and with its status."""
    first = create(api, "Profile")
    api.patch(f"/memory-functions/{first['id']}", json={"status": "disabled"})
    again = create(api, "Profile", id=str(uuid4()), custom_instructions="New.")
    assert again == first | {"custom_instructions": "New.", "status": "disabled"}
    assert create(api, "Profile", type="thread_summary")["id"] != first["id"]


def test_without_a_name_the_schema_decides(api: Api) -> None:
    """Nameless functions are the same if type and parameters are."""
    first = create(api, "")
    assert create(api, "")["id"] == first["id"]
    assert create(api, "", parameters={"type": "object"})["id"] != first["id"]


def test_an_id_of_another_type_is_a_conflict(api: Api) -> None:
    """An id that belongs to a function of another type is 409."""
    function = create(api)
    body = {"type": "thread_summary", "id": function["id"], "schema": function["schema"]}
    answer = api.post("/memory-functions", json=body)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("id: it belongs to a memory function of another type")


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ({"type": "objekt"}, "is not a usable JSON Schema: $.type: 'objekt' is not valid"),
        ({"properties": 5}, "is not a usable JSON Schema: $.properties: 5 is not of type 'object'"),
        ({"$schema": 5}, "is not a usable JSON Schema: $.$schema: this is no string"),
        (
            {"properties": {"a": {"$ref": "http://127.0.0.1:9/a.json"}}},
            "is not a usable JSON Schema: $ref 'http://127.0.0.1:9/a.json' leads nowhere",
        ),
        (
            {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
            "is not a usable JSON Schema: $ref 'file:///etc/passwd' leads nowhere",
        ),
        (
            {"properties": {"a": {"items": {"$ref": "#/$defs/b"}}}},
            "is not a usable JSON Schema: $ref '#/$defs/b' leads nowhere",
        ),
        ({"$ref": "#"}, "is not a usable JSON Schema: the schema or the value is nested"),
        ({"properties": {"a": {"pattern": "("}}}, "is not a usable JSON Schema: $.properties.a"),
        ({"type": "array"}, ".type: must be object: a memory is an object"),
        ({"type": ["string", "null"]}, ".type: must be object: a memory is an object"),
    ],
    ids=range(10),
)
def test_a_schema_that_cannot_be_used(api: Api, parameters: Any, detail: str) -> None:
    """What no memory can be made by is refused when it arrives, and nothing is ever fetched."""
    text = refused(api, parameters)
    assert text.startswith("body.schema.parameters")
    assert detail in text
    assert len(text) < 300


def test_an_import_is_one_piece_of_work(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemas that each are judged within the bounds are refused when together they are not."""
    monkeypatch.setattr(bounds, "MAX_STEPS", 20_000)

    def imported(count: int) -> Any:
        schema = {"description": "", "parameters": {"properties": {f"p{n}": {} for n in range(99)}}}
        record = {"type": "memory_function", "memory_function_type": "user_state"}
        records = [
            record | {"id": str(uuid4()), "schema": schema | {"name": str(uuid4())}}
            for _ in range(count)
        ]
        return api.post("/import", json={"records": records})

    assert imported(2).json() == {"created": 2, "updated": 0, "unchanged": 0}
    answer = imported(50)
    assert answer.status_code == 422
    assert "judging by the schema takes more than 20,000 steps" in answer.json()["detail"]


def test_a_schema_has_a_size(api: Api) -> None:
    """256 KiB of JSON are a schema, a byte more is refused; characters count as UTF-8."""
    empty = len('{"title":""}')
    create(api, parameters={"title": "é" * ((MAX_SCHEMA_BYTES - empty) // 2)})
    text = refused(api, {"title": "x" * (MAX_SCHEMA_BYTES - empty + 1)})
    assert text == "body.schema.parameters: is a JSON Schema of 262,145 bytes; one may have 262,144"


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"type": ["object", "null"]},
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}},
        {"$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"},
        {"properties": {"$ref": {"type": "string"}, "b": {"enum": [{"$ref": "nowhere"}]}}},
        {"allOf": [True, {"$ref": "#/$defs/a"}], "$defs": {"a": True}},
    ],
    ids=range(6),
)
def test_schemas_of_all_kinds_are_accepted(api: Api, parameters: Any) -> None:
    """Other drafts, recursion and properties with odd names are fine."""
    assert create(api, parameters=parameters)["schema"]["parameters"] == parameters


def test_an_update_leaves_the_rest(api: Api) -> None:
    """Only what is given changes."""
    function = create(api, custom_instructions="Be brief.")
    url = f"/memory-functions/{function['id']}"
    name = str(uuid4())
    changed = api.patch(
        url, json={"name": name, "description": "d", "status": "disabled", "schema": {"title": "T"}}
    ).json()
    schema = {"name": name, "description": "d", "parameters": {"title": "T"}}
    assert changed == function | {"schema": schema, "status": "disabled"}
    assert api.patch(url, json={"custom_instructions": "Be long."}).json() == changed | {
        "custom_instructions": "Be long."
    }
    assert api.patch(url, json={}).json() == api.get(url).json()


def test_the_old_asynchronous_client_calls_the_schema_function(api: Api) -> None:
    """`function` is another word for `schema`, which wins."""
    url = f"/memory-functions/{create(api)['id']}"
    answer = api.patch(url, json={"function": {"title": "A"}})
    assert answer.json()["schema"]["parameters"] == {"title": "A"}
    answer = api.patch(url, json={"function": {"title": "B"}, "schema": {"title": "C"}})
    assert answer.json()["schema"]["parameters"] == {"title": "C"}


@pytest.mark.parametrize("place", ["schema", "function"])
def test_an_update_checks_the_schema(api: Api, place: str) -> None:
    """A schema that cannot be used is refused under the name it came by."""
    answer = api.patch(f"/memory-functions/{create(api)['id']}", json={place: {"type": 5}})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"body.{place}: is not a usable JSON Schema")


def test_a_name_that_is_taken_is_a_conflict(api: Api) -> None:
    """Two functions of a type cannot have one name."""
    taken, function = create(api), create(api)
    answer = api.patch(
        f"/memory-functions/{function['id']}", json={"name": taken["schema"]["name"]}
    )
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("name: another memory function")


def test_the_type_changes_only_without_results(api: Api) -> None:
    """A change of type is refused once there are results of the old type."""
    function = create(api)
    url = f"/memory-functions/{function['id']}"
    assert api.patch(url, json={"type": "user_append_state"}).status_code == 200
    api.patch(url, json={"type": "user_state"})
    user = str(uuid4())
    api.post("/users", json={"id": user, "name": "W"})
    api.put(f"/users/{user}/memory/{function['id']}/state", json={"state": {"name": "W"}})
    answer = api.patch(url, json={"type": "thread_summary"})
    assert answer.status_code == 409
    assert api.get(url).json()["type"] == "user_state"


def test_functions_are_filtered_by_target(fresh_api: Api) -> None:
    """The filter takes one target or both; null takes all; disabled functions are listed too."""
    summary = create(fresh_api, type="thread_summary")
    profile = create(fresh_api)
    fresh_api.patch(f"/memory-functions/{profile['id']}", json={"status": "disabled"})

    def listed(target_type: list[str] | None) -> set[str]:
        body = {"target_type": target_type}
        answer = fresh_api.post("/memory-functions/query", json=body).json()
        assert answer["next_cursor"] is None
        return {function["id"] for function in answer["memory_functions"]}

    users = {SEMANTIC_FUNCTION_ID, profile["id"]}
    assert listed(["thread"]) == {summary["id"]}
    assert listed(["user"]) == users
    assert listed(["user", "thread"]) == listed(None) == users | {summary["id"]}
    assert listed([]) == set()


def test_functions_come_in_pages_oldest_first(fresh_api: Api) -> None:
    """Following the cursor shows every function once, whatever is deleted in between."""
    made = [SEMANTIC_FUNCTION_ID, *(create(fresh_api)["id"] for _ in range(PAGE_SIZE + 1))]
    first = fresh_api.post("/memory-functions/query", json={"cursor": None}).json()
    assert [function["id"] for function in first["memory_functions"]] == made[:PAGE_SIZE]
    fresh_api.delete(f"/memory-functions/{made[PAGE_SIZE - 1]}")
    second = fresh_api.post("/memory-functions/query", json={"cursor": first["next_cursor"]}).json()
    assert [function["id"] for function in second["memory_functions"]] == made[PAGE_SIZE:]
    assert second["next_cursor"] is None


def test_a_broken_cursor_is_refused(api: Api) -> None:
    """A cursor that no page gave is a 422 naming it."""
    answer = api.post("/memory-functions/query", json={"cursor": "x"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body.cursor: ")


def test_a_deleted_function_is_gone(api: Api) -> None:
    """A function goes with all it remembered, and its name is free for a new one."""
    function = create(api, "Passing")
    user = str(uuid4())
    api.post("/users", json={"id": user, "name": "W"})
    api.put(f"/users/{user}/memory/{function['id']}/state", json={"state": {"name": "W"}})
    answer = api.delete(f"/memory-functions/{function['id']}")
    assert (answer.status_code, answer.json()) == (200, None)
    assert api.get(f"/memory-functions/{function['id']}").status_code == 404
    assert api.get(f"/users/{user}/memory").json() == []
    assert create(api, "Passing")["id"] != function["id"]


def test_an_unknown_function_is_404(api: Api) -> None:
    """Get, update and delete want a function there is."""
    url = f"/memory-functions/{uuid4()}"
    for answer in (api.get(url), api.patch(url, json={}), api.delete(url)):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_a_new_function_catches_up_on_old_threads(fresh_api: Api) -> None:
    """A function that is new, enabled again or of a new type makes the threads there are due."""

    def schedule(act: Callable[[], Any]) -> float | None:
        """Return when the one thread is due after an act, which finds it not due."""
        fresh_api.db.write(lambda c: runs.plan(c, "default", thread, retry=False, now=utc_now()))
        assert fresh_api.db.read(runs.next_due) is None
        act()
        return fresh_api.db.read(runs.next_due)

    message = NewMessage(None, "user", "I keep pikas.", user_id=str(uuid4()))
    thread = str(uuid4())
    fresh_api.db.write(lambda c: threads.add_messages(c, "default", thread, [message], 0.0))
    before = time.time()
    first_due = schedule(lambda: create(fresh_api, "Profile"))
    assert first_due is not None
    assert before + 60 <= first_due <= time.time() + 60
    url = f"/memory-functions/{create(fresh_api, 'Profile')['id']}"
    assert schedule(lambda: fresh_api.patch(url, json={"status": "disabled"})) is None
    assert schedule(lambda: fresh_api.patch(url, json={"status": "active"})) is not None
    assert schedule(lambda: fresh_api.patch(url, json={"type": "user_append_state"})) is not None
    assert schedule(lambda: fresh_api.patch(url, json={"custom_instructions": "Brief."})) is None
    assert schedule(lambda: create(fresh_api, "Profile", type="user_append_state")) is None
