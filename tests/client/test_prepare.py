# ruff: noqa: E501  # a table reads best with one case in a line
from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from langmem import _prepare as prepare
from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from langmem._call import Call, Listing

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
FUNCTION = "cb217ff7-963e-44fc-b222-01f01058d64b"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
RUN = "7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02"
SCHEMA = {"title": "Profile", "type": "object", "properties": {}}
MESSAGE = {"role": "user", "content": "Hi!"}

RECORD = {"type": "user", "id": USER, "name": "Will"}
USERS = f"/users/{USER}"
THREADS = f"/threads/{THREAD}"
FUNCTIONS = f"/memory-functions/{FUNCTION}"


def user(**changes: Any) -> Call[Any]:
    """The call of create_user, with what is given changed."""
    given: dict[str, Any] = {"user_id": USER, "name": "Will", "tags": None}
    given["metadata"] = MappingProxyType({})
    return prepare.create_user(**(given | changes))


def update_user(**changes: Any) -> Call[Any]:
    """The call of update_user, with what is given changed."""
    return prepare.update_user(USER, **({"name": None, "tags": None, "metadata": None} | changes))


def query(text: str = "pikas", **changes: Any) -> Call[Any]:
    """The call of query_user_memory, with what is given changed."""
    given: dict[str, Any] = {
        "k": 200,
        "memory_function_ids": None,
        "weights": None,
        "states_to_return": None,
        "thread_summaries": None,
        "thread_summaries_k": None,
    }
    return prepare.query_user_memory(USER, text, **(given | changes))


def query_body(**changes: Any) -> dict[str, Any]:
    """The body of a search, with what is given changed."""
    nothing = dict.fromkeys(["memory_function_ids", "weights", "state", "thread_query"])
    return {"text": "pikas", "k": 200, **nothing, **changes}


def function(parameters: Any = SCHEMA, **changes: Any) -> Call[Any]:
    """The call of create_memory_function, with what is given changed."""
    given: dict[str, Any] = {
        "target_type": "user_state",
        "name": None,
        "description": None,
        "custom_instructions": None,
        "function_id": FUNCTION,
    }
    return prepare.create_memory_function(parameters, **(given | changes))


def function_body(**changes: Any) -> dict[str, Any]:
    """The body of a new function, with what is given changed."""
    schema = {
        "name": "Profile",
        "description": "",
        "parameters": {"type": "object", "properties": {}},
    }
    body = {"type": "user_state", "custom_instructions": None, "id": FUNCTION, "schema": schema}
    return body | changes


def update_function(**changes: Any) -> Call[Any]:
    """The call of update_memory_function, with what is given changed."""
    names = ["name", "schema", "custom_instructions", "description", "function_type", "status"]
    return prepare.update_memory_function(FUNCTION, **(dict.fromkeys(names) | changes))


def thread(**changes: Any) -> Call[Any]:
    """The call of create_thread, with what is given changed."""
    return prepare.create_thread(
        **({"thread_id": None, "messages": None, "metadata": None} | changes)
    )


def messages(**changes: Any) -> Call[Any]:
    """The call of the first page of list_messages, with what is given changed."""
    names = ["response_format", "ascending_order", "page_size", "limit"]
    return prepare.list_messages(THREAD, **(dict.fromkeys(names) | changes)).page(None)


def runs(
    of: Callable[..., Listing[Any]], target: str, cursor: str | None = None, **changes: Any
) -> Call[Any]:
    """The call of a page of runs."""
    given = dict.fromkeys(["status", "page_size", "limit"])
    return of(target, **(given | changes)).page(cursor)


CASES: list[tuple[Call[Any], str, str, list[tuple[str, str]], Any]] = [
    # Users
    (user(), "POST", "/users", [], {"id": USER, "name": "Will", "tags": None, "metadata": {}}),
    (
        user(
            user_id=uuid.UUID(USER),
            tags=("a", "b"),
            metadata={"since": datetime(2024, 4, 6, tzinfo=UTC), "peer": uuid.UUID(THREAD)},
        ),
        "POST",
        "/users",
        [],
        {
            "id": USER,
            "name": "Will",
            "tags": ["a", "b"],
            "metadata": {"since": "2024-04-06T00:00:00+00:00", "peer": THREAD},
        },
    ),
    (user(tags="beta", metadata=None), "POST", "/users", [], {"id": USER, "name": "Will", "tags": ["beta"], "metadata": None}),
    (prepare.get_user(USER), "GET", USERS, [], None),
    (prepare.get_user(uuid.UUID(USER)), "GET", USERS, [], None),
    (prepare.get_user(f"{{{USER.upper()}}}"), "GET", USERS, [], None),
    (prepare.get_user(USER.replace("-", "")), "GET", USERS, [], None),
    (prepare.get_user(f"urn:uuid:{USER}"), "GET", USERS, [], None),
    (update_user(), "PATCH", USERS, [], {}),
    (update_user(name="Bill"), "PATCH", USERS, [], {"name": "Bill"}),
    (update_user(tags=[], metadata={}), "PATCH", USERS, [], {"tags": [], "metadata": {}}),
    (prepare.list_users(name=None, id=None), "POST", "/users/query", [], {"name": None, "id": None}),
    (prepare.list_users(name=["Will"], id=[uuid.UUID(USER)]), "POST", "/users/query", [], {"name": ["Will"], "id": [USER]}),
    (prepare.list_users(name="Will", id=USER), "POST", "/users/query", [], {"name": ["Will"], "id": [USER]}),
    (prepare.list_users(name=None, id=uuid.UUID(USER)), "POST", "/users/query", [], {"name": None, "id": [USER]}),
    (prepare.list_users(name=iter(["Will"]), id={USER}), "POST", "/users/query", [], {"name": ["Will"], "id": [USER]}),
    (prepare.delete_user(USER), "DELETE", USERS, [], None),
    # Memories of a user
    (prepare.list_user_memory(USER), "GET", f"{USERS}/memory", [], None),
    (prepare.trigger_all_for_user(USER), "POST", f"{USERS}/trigger-all", [], None),
    (prepare.get_user_memory(USER, memory_function_id=FUNCTION), "GET", f"{USERS}/memory/{FUNCTION}/state", [], None),
    (
        prepare.update_user_memory(USER, memory_function_id=FUNCTION, state={"peer": uuid.UUID(THREAD)}),
        "PUT",
        f"{USERS}/memory/{FUNCTION}/state",
        [],
        {"state": {"peer": THREAD}},
    ),
    (prepare.delete_user_memory(user_id=USER, memory_function_id=FUNCTION), "DELETE", f"{USERS}/memory/{FUNCTION}/state", [], None),
    (query(), "POST", f"{USERS}/memory/query", [], query_body()),
    (query("", k=1), "POST", f"{USERS}/memory/query", [], query_body(text="", k=1)),
    (
        query(memory_function_ids=[uuid.UUID(FUNCTION)], states_to_return=FUNCTION, weights={"recency": 0.0}),
        "POST",
        f"{USERS}/memory/query",
        [],
        query_body(memory_function_ids=[FUNCTION], state=[FUNCTION], weights={"recency": 0.0}),
    ),
    (
        query(thread_summaries=[uuid.UUID(FUNCTION)], thread_summaries_k=5),
        "POST",
        f"{USERS}/memory/query",
        [],
        query_body(thread_query={"memory_function_ids": [FUNCTION], "k": 5}),
    ),
    (
        query(thread_summaries=FUNCTION),
        "POST",
        f"{USERS}/memory/query",
        [],
        query_body(thread_query={"memory_function_ids": [FUNCTION]}),
    ),
    (query(thread_summaries_k=5), "POST", f"{USERS}/memory/query", [], query_body()),
    (
        prepare.delete_individual_memories(USER, memories=["m-1", uuid.UUID(THREAD)]),
        "DELETE",
        f"{USERS}/memory/individual",
        [("ids", "m-1"), ("ids", THREAD)],
        None,
    ),
    (prepare.delete_individual_memories(USER, memories="m-1"), "DELETE", f"{USERS}/memory/individual", [("ids", "m-1")], None),
    (runs(prepare.list_user_runs, USER), "GET", f"{USERS}/runs", [], None),
    (
        runs(prepare.list_user_runs, USER, "next", status="failed", page_size=5, limit=7),
        "GET",
        f"{USERS}/runs",
        [("status", "failed"), ("page_size", "5"), ("cursor", "next")],
        None,
    ),
    # Memories of a thread
    (prepare.list_thread_memory(THREAD), "GET", f"{THREADS}/memory", [], None),
    (prepare.get_thread_memory(THREAD, memory_function_id=FUNCTION), "GET", f"{THREADS}/memory/{FUNCTION}/state", [], None),
    (prepare.trigger_all_for_thread(THREAD), "POST", f"{THREADS}/trigger-all", [], None),
    (runs(prepare.list_thread_runs, THREAD, status="queued"), "GET", f"{THREADS}/runs", [("status", "queued")], None),
    (prepare.retry_run(RUN), "POST", f"/runs/{RUN}/retry", [], None),
    # Everything
    (prepare.export_records(user_id=None, cursor=None, page_size=None), "GET", "/export", [], None),
    (
        prepare.export_records(user_id=USER.upper(), cursor="next", page_size=7),
        "GET",
        "/export",
        [("user_id", USER), ("page_size", "7"), ("cursor", "next")],
        None,
    ),
    (prepare.import_records(iter([RECORD])), "POST", "/import", [], {"records": [RECORD]}),
    # Memory functions
    (function(), "POST", "/memory-functions", [], function_body()),
    (
        function(target_type="thread_summary", name="P", description="D", custom_instructions="C", function_id=uuid.UUID(FUNCTION)),
        "POST",
        "/memory-functions",
        [],
        function_body(
            type="thread_summary",
            custom_instructions="C",
            schema={"name": "P", "description": "D", "parameters": SCHEMA},
        ),
    ),
    (prepare.get_memory_function(FUNCTION), "GET", FUNCTIONS, [], None),
    (prepare.list_memory_functions(target_type=None).page(None), "POST", "/memory-functions/query", [], {}),
    (prepare.list_memory_functions(target_type="user").page(None), "POST", "/memory-functions/query", [], {"target_type": ["user"]}),
    (
        prepare.list_memory_functions(target_type=iter(["user", "thread"])).page("next"),
        "POST",
        "/memory-functions/query",
        [],
        {"target_type": ["user", "thread"], "cursor": "next"},
    ),
    (update_function(), "PATCH", FUNCTIONS, [], {}),
    (update_function(schema=SCHEMA), "PATCH", FUNCTIONS, [], {"schema": SCHEMA}),
    (
        update_function(name="N", description="D", custom_instructions="C", function_type="user_state", status="disabled"),
        "PATCH",
        FUNCTIONS,
        [],
        {"name": "N", "description": "D", "custom_instructions": "C", "type": "user_state", "status": "disabled"},
    ),
    (prepare.delete_memory_function(FUNCTION), "DELETE", FUNCTIONS, [], None),
    # Threads
    (thread(), "POST", "/threads", [], {"id": None, "messages": None, "metadata": None}),
    (
        thread(thread_id=uuid.UUID(THREAD), messages=(MESSAGE,), metadata={"topic": "animals"}),
        "POST",
        "/threads",
        [],
        {"id": THREAD, "messages": [MESSAGE], "metadata": {"topic": "animals"}},
    ),
    (prepare.get_thread(THREAD), "GET", THREADS, [], None),
    (prepare.list_threads(), "GET", "/threads", [], None),
    (prepare.delete_thread(THREAD), "DELETE", THREADS, [], None),
    (prepare.add_messages(THREAD, [MESSAGE]), "POST", f"{THREADS}/add_messages", [], {"messages": [MESSAGE]}),
    (prepare.add_messages(THREAD, MESSAGE), "POST", f"{THREADS}/add_messages", [], {"messages": [MESSAGE]}),
    (prepare.add_messages(THREAD, (message for message in [MESSAGE])), "POST", f"{THREADS}/add_messages", [], {"messages": [MESSAGE]}),
    (
        prepare.add_messages(THREAD, [{**MESSAGE, "metadata": {"user_id": uuid.UUID(USER)}}]),
        "POST",
        f"{THREADS}/add_messages",
        [],
        {"messages": [{**MESSAGE, "metadata": {"user_id": USER}}]},
    ),
    (messages(), "GET", f"{THREADS}/messages", [], None),
    (
        messages(response_format="langmem", ascending_order=False, page_size=2, limit=3),
        "GET",
        f"{THREADS}/messages",
        [("response_format", "langmem"), ("page_size", "2"), ("ascending_order", "false")],
        None,
    ),
    (messages(ascending_order=True), "GET", f"{THREADS}/messages", [("ascending_order", "true")], None),
    (prepare.add_thread_state(THREAD, {"step": 3}, key=None), "POST", f"{THREADS}/thread_state", [], {"state": {"step": 3}, "key": None}),
    (prepare.add_thread_state(THREAD, {"at": uuid.UUID(USER)}, key="k"), "POST", f"{THREADS}/thread_state", [], {"state": {"at": USER}, "key": "k"}),
    (prepare.get_thread_state(THREAD, key=None), "POST", f"{THREADS}/thread_state/query", [], {"key": None}),
    (prepare.get_thread_state(THREAD, key="k"), "POST", f"{THREADS}/thread_state/query", [], {"key": "k"}),
    (prepare.list_usage(start=None, end=None), "GET", "/usage", [], None),
    (
        prepare.list_usage(start=date(2026, 1, 2), end="20260103"),
        "GET",
        "/usage",
        [("start", "2026-01-02"), ("end", "2026-01-03")],
        None,
    ),
    (prepare.get_readiness(), "GET", "/ready", [], None),
    (prepare.get_health(), "GET", "/health", [], None),
]  # fmt: skip
IDS = [f"{number}-{case[0].operation}" for number, case in enumerate(CASES)]

SPEC = json.loads(files("langmem_api").joinpath("openapi.json").read_text())


@pytest.mark.parametrize(("call", "method", "path", "params", "body"), CASES, ids=IDS)
def test_call(
    call: Call[Any], method: str, path: str, params: list[tuple[str, str]], body: Any
) -> None:
    """Each operation puts its arguments where the API wants them, and in the form it wants."""
    assert (call.method, call.path, list(call.params)) == (method, path, params)
    assert (None if call.content is None else json.loads(call.content)) == body


@pytest.mark.parametrize("call", [case[0] for case in CASES], ids=IDS)
def test_call_fits_the_api(call: Call[Any]) -> None:
    """What is sent is what the API's own description allows: query, content type and body."""
    route = OPERATIONS[call.operation]
    assert {name for name, _ in call.params} <= set(route.query)
    assert call.headers.get("Content-Type") == route.body
    if call.content is not None:
        operations = (item.get(call.method.lower(), {}) for item in SPEC["paths"].values())
        found = next(op for op in operations if op.get("operationId") == call.operation)
        schema = found["requestBody"]["content"][route.body]["schema"]
        Draft202012Validator({**schema, "components": SPEC["components"]}).validate(
            json.loads(call.content)
        )


def test_every_operation_of_the_api_is_prepared() -> None:
    """An operation of the API without a function here, or the reverse, is a mistake."""
    assert {case[0].operation for case in CASES} == set(OPERATIONS)
    assert set(OPERATIONS) <= set(vars(prepare))


def test_the_users_of_an_answer_are_what_is_asked_for() -> None:
    """Only the lists of users and of days come wrapped."""
    assert {case[0].operation: case[0].unwrap for case in CASES if case[0].unwrap} == {
        "list_users": "users",
        "list_usage": "days",
    }


def test_a_listing_knows_its_items_and_its_limit() -> None:
    """A list in pages says where the items are and how many are wanted."""
    listings: list[Listing[Any]] = [
        prepare.list_user_runs(USER, status=None, page_size=None, limit=0),
        prepare.list_thread_runs(THREAD, status=None, page_size=None, limit=7),
        prepare.list_memory_functions(target_type=None),
        prepare.list_messages(
            THREAD, response_format=None, ascending_order=None, page_size=None, limit=None
        ),
    ]
    assert [(listing.key, listing.limit) for listing in listings] == [
        ("runs", 0),
        ("runs", 7),
        ("memory_functions", None),
        ("messages", None),
    ]


def test_a_function_without_an_id_gets_a_new_one_each_time() -> None:
    """The client makes the id, as it always has."""
    first, second = (json.loads(function(function_id=None).content or "")["id"] for _ in range(2))
    assert uuid.UUID(first).version == uuid.UUID(second).version == 4
    assert first != second


BAD_UUID = "is not a UUID; expected one such as"
NOT_A_UUID = "expected a UUID or its text, not"

WRONG: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: prepare.get_user("Will"), ValueError, f"user_id: 'Will' {BAD_UUID}"),
    (lambda: prepare.get_user(""), ValueError, f"user_id: '' {BAD_UUID}"),
    (lambda: prepare.get_user(None), TypeError, f"user_id: {NOT_A_UUID} None"),  # type: ignore[arg-type]
    (lambda: prepare.get_user(3), TypeError, f"user_id: {NOT_A_UUID} an int"),  # type: ignore[arg-type]
    (lambda: user(user_id="x"), ValueError, f"user_id: 'x' {BAD_UUID}"),
    (lambda: user(user_id=None), TypeError, f"user_id: {NOT_A_UUID} None"),
    (lambda: thread(thread_id="x"), ValueError, f"thread_id: 'x' {BAD_UUID}"),
    (lambda: function(function_id=""), ValueError, f"function_id: '' {BAD_UUID}"),
    (lambda: function(function_id=3), TypeError, f"function_id: {NOT_A_UUID} an int"),
    (lambda: prepare.get_thread("x"), ValueError, "thread_id: 'x'"),
    (lambda: prepare.get_memory_function("x"), ValueError, "memory_function_id: 'x'"),
    (lambda: prepare.list_users(name=None, id=[USER, "x"]), ValueError, "id[1]: 'x'"),
    (lambda: prepare.list_users(name=None, id=[None]), TypeError, "id[0]: expected a UUID"),  # type: ignore[list-item]
    (lambda: prepare.list_users(name=3, id=None), TypeError, "name: expected a list, not an int"),  # type: ignore[arg-type]
    (lambda: prepare.list_users(name={"a": 1}, id=None), TypeError, "name: expected a list, not a dict"),
    (lambda: prepare.list_users(name=[{1}], id=None), TypeError, "name[0]: a set cannot be sent"),  # type: ignore[list-item]
    (lambda: user(tags=b"raw"), TypeError, "tags: expected a list, not a bytes"),
    (lambda: user(metadata={"a": {1}}), TypeError, 'metadata["a"]: a set cannot be sent'),
    (lambda: query(memory_function_ids=["x"]), ValueError, "memory_function_ids[0]: 'x'"),
    (lambda: query(states_to_return=["x"]), ValueError, "states_to_return[0]: 'x'"),
    (lambda: query(thread_summaries=["x"]), ValueError, "thread_summaries[0]: 'x'"),
    (lambda: query(k=0), ValueError, "k: must be at least 1, not 0"),
    (lambda: query(k="ten"), TypeError, "k: expected a whole number, not a str"),
    (lambda: query(k=None), TypeError, "k: expected a whole number, not None"),
    (lambda: query(thread_summaries_k=0), ValueError, "thread_summaries_k: must be at least 1"),
    (lambda: query(weights={"novelty": 1}), ValueError, "weights: 'novelty' is not one of relevance, recency, importance"),
    (lambda: query(weights=[1, 2]), TypeError, "weights: expected a dict, not a list"),
    (lambda: prepare.delete_individual_memories(USER, memories=[]), ValueError, "memories: expected the id of at least one memory"),
    (lambda: prepare.delete_individual_memories(USER, memories=[{"id": "m"}]), TypeError, "memories[0]: expected the id of a memory, not a dict"),  # type: ignore[list-item]
    (lambda: prepare.add_messages(THREAD, "Hi!"), TypeError, 'messages: expected a message such as {"role": "user", "content": "..."}, or a list of messages, not a str'),  # type: ignore[arg-type]
    (lambda: prepare.add_messages(THREAD, None), TypeError, "messages: expected a message such as"),  # type: ignore[arg-type]
    (lambda: prepare.add_messages(THREAD, ["Hi!"]), TypeError, "messages[0]: expected a message such as"),  # type: ignore[list-item]
    (
        lambda: prepare.add_messages(THREAD, [{"metadata": {"user_id": {1}}}]),
        TypeError,
        'messages[0]["metadata"]["user_id"]: a set cannot be sent as JSON; send',
    ),
    (lambda: thread(messages=[3]), TypeError, "messages[0]: expected a message such as"),
    (lambda: messages(page_size=0), ValueError, "page_size: must be at least 1, not 0"),
    (lambda: messages(limit=-1), ValueError, "limit: must be at least 0, not -1"),
    (lambda: runs(prepare.list_user_runs, USER, page_size=0), ValueError, "page_size: must be at least 1"),
    (lambda: runs(prepare.list_thread_runs, THREAD, limit=1.5), TypeError, "limit: expected a whole number, not a float"),
    (lambda: prepare.add_thread_state(THREAD, {"a": object()}, key=None), TypeError, 'state["a"]: an object'),
    (lambda: prepare.import_records([RECORD] * 1001), ValueError, "records: expected at most 1000 records in one call, not 1001"),
    (lambda: prepare.import_records(RECORD), TypeError, "records: expected a list, not a dict"),  # type: ignore[arg-type]
    (lambda: prepare.import_records([RECORD, 3]), TypeError, "records[1]: expected a record such as"),  # type: ignore[list-item]
    (lambda: prepare.import_records([{"id": USER}]), TypeError, "records[0]: expected a record such as"),
    (lambda: prepare.export_records(user_id="Will", cursor=None, page_size=None), ValueError, "user_id: 'Will' is not a UUID"),
    (lambda: function(3), TypeError, "parameters: expected a pydantic model"),
    (lambda: update_function(schema=3), TypeError, "schema: expected a pydantic model"),
]  # fmt: skip


@pytest.mark.parametrize(("prepare_it", "error", "message"), WRONG)
def test_a_wrong_argument_is_named(
    prepare_it: Callable[[], object], error: type[Exception], message: str
) -> None:
    """A wrong argument is an error before anything is sent, and says which one and why."""
    with pytest.raises(error) as caught:
        prepare_it()
    assert str(caught.value).startswith(message)


def test_the_callers_messages_are_never_changed() -> None:
    """What is sent is made anew; the caller's own list and dicts stay as they are."""
    mine = [{"role": "user", "content": "Hi!", "metadata": {"user_id": uuid.UUID(USER)}}]
    prepare.add_messages(THREAD, mine)
    assert mine == [{"role": "user", "content": "Hi!", "metadata": {"user_id": uuid.UUID(USER)}}]
