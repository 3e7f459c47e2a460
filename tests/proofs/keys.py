"""Who asks for what in the key matrix: requests of every operation, and a tenant's belongings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from langmem_server.contract import Contract
from tests.server.live import wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from langmem_server.contract import OperationContract

SECRET = "marmot"
"""A word in everything the tenant has."""

IDS = {
    "user_id": "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6",
    "thread_id": "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28",
    "state_id": "cb217ff7-963e-44fc-b222-01f01058d64b",
    "append_id": "3c9b0a57-6b59-4e0e-a9b5-3e4f1d2c5a77",
    "summary_id": "7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02",
    "memory_id": "9a1c6b1e-6a2e-4b52-8a3c-0d9f4a3a8f11",
}
"""What the tenant's things are called; its run's id is the service's choice."""

DOCUMENT = Contract.load().document
OPERATIONS = Contract.load().operations
_SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}
_GENERATED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")

# The requests whose path is of one kind of memory function and not of the other.
_OF_THREADS = {"get_thread_memory"}


def request(operation: OperationContract, ids: Mapping[str, str]) -> dict[str, Any]:
    """Make a request of an operation about things with these ids, as httpx takes one."""
    function = ids["summary_id"] if operation.id in _OF_THREADS else ids["state_id"]
    path = operation.path.format(**ids, memory_function_id=function)
    made: dict[str, Any] = {"method": operation.method, "url": path}
    if operation.id == "delete_individual_memories":
        made["params"] = {"ids": ids["memory_id"]}
    if operation.id == "query_user_memory":
        made["json"] = {"text": SECRET, "memory_function_ids": None, "state": None, "k": 5}
    elif operation.has_body:
        made["json"] = _example(operation, ids)
    return made


def searches(ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Make searches that name memory functions in their body."""
    url = f"/users/{ids['user_id']}/memory/query"
    bodies: list[dict[str, Any]] = [
        {"memory_function_ids": [ids["append_id"]]},
        {"state": [ids["state_id"]]},
        {"thread_query": {"memory_function_ids": [ids["summary_id"]]}},
    ]
    return [{"method": "POST", "url": url, "json": {"text": SECRET} | body} for body in bodies]


def shape(response: httpx.Response, ids: Mapping[str, str]) -> tuple[int, set[str], str]:
    """Return what an answer tells, whatever its own ids and times are."""
    text = response.text
    for name, value in ids.items():
        text = text.replace(value, f"<{name}>")
    text = _TIME.sub("<time>", _GENERATED.sub("<id>", text))
    return response.status_code, set(response.headers), text


def furnish(client: httpx.Client) -> dict[str, str]:
    """Give the client's tenant one of everything; return the ids, its run's among them."""
    for kind, name in (("state", "user_state"), ("append", "user_append_state")):
        _function(client, IDS[f"{kind}_id"], name)
    _function(client, IDS["summary_id"], "thread_summary")
    user = {"id": IDS["user_id"], "name": SECRET, "tags": [SECRET], "metadata": {SECRET: 1}}
    _post(client, "/users", user)
    said = {"role": "user", "content": f"I saw a {SECRET}.", "name": SECRET}
    messages = [said | {"metadata": {"user_id": IDS["user_id"]}}]
    thread = f"/threads/{IDS['thread_id']}"
    _post(client, f"{thread}/add_messages", {"messages": messages})
    _post(client, f"{thread}/thread_state", {"state": {SECRET: 1}, "key": "checkpoint"})
    _post(client, "/import", {"records": _records()})
    state = f"/users/{IDS['user_id']}/memory/{IDS['state_id']}/state"
    assert client.put(state, json={"state": {"name": SECRET}}).status_code == 200
    assert client.post(f"{thread}/trigger-all").status_code == 200
    return IDS | {"run_id": _skipped_run(client, f"{thread}/runs")}


def _skipped_run(client: httpx.Client, url: str) -> str:
    def skipped() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(url, params={"status": "skipped"}).json()["runs"]
        return found

    wait_for(lambda: len(skipped()) == 3, "the runs that need a model to be skipped")
    run_id: str = skipped()[0]["id"]
    return run_id


def _function(client: httpx.Client, id: str, kind: str) -> None:
    schema = {"name": f"{SECRET} {kind}", "description": SECRET, "parameters": _SCHEMA}
    _post(client, "/memory-functions", {"id": id, "type": kind, "schema": schema})


def _records() -> list[dict[str, Any]]:
    return [
        {
            "type": "user_memory",
            "id": IDS["memory_id"],
            "user_id": IDS["user_id"],
            "memory_function_id": IDS["append_id"],
            "text": f"a {SECRET}",
            "content": {"name": SECRET},
        },
        {
            "type": "thread_memory",
            "thread_id": IDS["thread_id"],
            "memory_function_id": IDS["summary_id"],
            "output": {"name": SECRET},
        },
    ]


def _post(client: httpx.Client, url: str, body: dict[str, Any]) -> None:
    response = client.post(url, json=body)
    assert response.status_code == 200, response.text


def _example(operation: OperationContract, ids: Mapping[str, str]) -> Any:
    """Return the document's example of a body, about things with these ids."""
    node = DOCUMENT["paths"][operation.path][operation.method.lower()]
    text = json.dumps(node["requestBody"]["content"]["application/json"]["example"])
    for name, value in IDS.items():
        text = text.replace(value, ids[name])
    return json.loads(text)
