# Derived by scripts/unasync.py from tests/_async/test_typed.py: edit that instead.
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import respx

    from langmem import Client


URL = "http://127.0.0.1:8100"
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
FIRST = "cb217ff7-963e-44fc-b222-01f01058d64b"
SECOND = "7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02"
FOUND = "/memory-functions/query"
MADE = "/memory-functions"


@dataclass
class Pet:
    """An animal."""

    name: str


def function(function_id: str, type_: str = "user_state", name: str = "Pet") -> dict[str, Any]:
    """A memory function as a service sends it."""
    schema = {"name": name, "description": "", "parameters": {"type": "object"}}
    return {
        "id": function_id,
        "type": type_,
        "custom_instructions": None,
        "schema": schema,
        "status": "active",
        "target_type": "thread" if type_ == "thread_summary" else "user",
    }


def page(functions: list[dict[str, Any]], next_cursor: str | None = None) -> httpx.Response:
    """A page of memory functions."""
    return httpx.Response(200, json={"memory_functions": functions, "next_cursor": next_cursor})


def test_the_oldest_of_several_is_taken(client: Client, respx_mock: respx.MockRouter) -> None:
    """A service of another make may have more than one; every page is looked at, none is made."""
    others = [function(USER, "user_append_state"), function(USER, name="Other")]
    pages = [page(others, "more"), page([function(FIRST), function(SECOND)])]
    listing = respx_mock.post(f"{URL}{FOUND}").mock(side_effect=pages)
    assert (client.memory_function(Pet)).id == FIRST
    bodies = [json.loads(call.request.content) for call in listing.calls]
    assert bodies == [{"target_type": ["user"]}, {"target_type": ["user"], "cursor": "more"}]


def test_what_is_created_is_what_the_class_says(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """The schema travels with its name and description beside it, and the id is a new one."""
    listing = respx_mock.post(f"{URL}{FOUND}").mock(return_value=page([]))
    made = respx_mock.post(f"{URL}{MADE}").respond(json=function(FIRST, "thread_summary", "Zoo"))
    pet = client.memory_function(
        Pet, target_type="thread_summary", name="Zoo", custom_instructions="Be brief."
    )
    assert pet.id == FIRST
    assert json.loads(listing.calls.last.request.content) == {"target_type": ["thread"]}
    body = json.loads(made.calls.last.request.content)
    assert body.pop("id") != FIRST
    assert body == {
        "type": "thread_summary",
        "custom_instructions": "Be brief.",
        "schema": {
            "name": "Zoo",
            "description": "An animal.",
            "parameters": {
                "title": "Pet",
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"title": "Name", "type": "string"}},
            },
        },
    }


def test_a_value_is_read_and_written_in_one_request(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """A typed memory costs no more than the raw one."""
    respx_mock.post(f"{URL}{FOUND}").mock(return_value=page([function(FIRST)]))
    state = f"{URL}/users/{USER}/memory/{FIRST}/state"
    got = respx_mock.get(state).respond(json={"name": "Rex"})
    put = respx_mock.put(state).respond(json=None)
    pets = client.memory_function(Pet)
    assert pets.get(USER) == Pet("Rex")
    pets.put(USER, Pet("Tom"))
    assert json.loads(put.calls.last.request.content) == {"state": {"name": "Tom"}}
    assert (got.call_count, put.call_count) == (1, 1)
