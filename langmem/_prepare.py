"""Arguments to calls: one function for each operation of the API, and no I/O in any of them.

The bodies are those of the client of 2024: where it sent null for what was not given, so does this;
where it left the key out, this does too. Every function raises TypeError or ValueError, naming the
argument, before anything is sent.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from langmem import _arguments as read
from langmem._call import Call, Listing, build
from langmem._codec import encode
from langmem._json import JSONValue, a_type, to_json
from langmem._messages import messages as read_messages
from langmem._schema import function_schema, json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from langmem.schemas import ID_T, MESSAGE_LIKE, SCHEMA_LIKE
    from langmem_api import types

# Users


def create_user(
    *, user_id: ID_T, name: str, tags: Iterable[str] | None, metadata: Mapping[str, Any] | None
) -> Call[types.User]:
    body = {
        "id": read.one_id(user_id, "user_id"),
        "name": to_json(name, "name"),
        "tags": read.texts(tags, "tags"),
        "metadata": to_json(metadata, "metadata"),
    }
    return build("create_user", body=body)


def get_user(user_id: ID_T) -> Call[types.User]:
    return build("get_user", _user(user_id))


def update_user(
    user_id: ID_T,
    *,
    name: str | None,
    tags: Iterable[str] | None,
    metadata: Mapping[str, Any] | None,
) -> Call[types.User]:
    changes = {
        "name": to_json(name, "name"),
        "tags": read.texts(tags, "tags"),
        "metadata": to_json(metadata, "metadata"),
    }
    return build("update_user", _user(user_id), body=_given(changes))


def list_users(
    *, name: Iterable[str] | None, id: Iterable[ID_T] | ID_T | None
) -> Call[list[types.User]]:
    body = {"name": read.texts(name, "name"), "id": read.ids(id, "id")}
    return build("list_users", body=body, unwrap="users")


def delete_user(user_id: ID_T) -> Call[None]:
    return build("delete_user", _user(user_id))


# Memories of a user


def list_user_memory(user_id: ID_T) -> Call[list[types.MemoryOutput]]:
    return build("list_user_memory", _user(user_id))


def trigger_all_for_user(user_id: ID_T) -> Call[None]:
    return build("trigger_all_for_user", _user(user_id))


def get_user_memory(user_id: ID_T, *, memory_function_id: ID_T) -> Call[dict[str, Any] | None]:
    return build("get_user_memory", _user(user_id) | _function(memory_function_id))


def update_user_memory(
    user_id: ID_T, *, memory_function_id: ID_T, state: Mapping[str, Any]
) -> Call[None]:
    ids = _user(user_id) | _function(memory_function_id)
    return build("update_user_memory", ids, body={"state": to_json(state, "state")})


def delete_user_memory(*, user_id: ID_T, memory_function_id: ID_T) -> Call[None]:
    return build("delete_user_memory", _user(user_id) | _function(memory_function_id))


def query_user_memory(
    user_id: ID_T,
    text: str,
    *,
    k: int,
    memory_function_ids: Iterable[ID_T] | ID_T | None,
    weights: Mapping[str, object] | None,
    states_to_return: Iterable[ID_T] | ID_T | None,
    thread_summaries: Iterable[ID_T] | ID_T | None,
    thread_summaries_k: int | None,
) -> Call[types.QueryUserMemoryResponse]:
    body = {
        "text": to_json(text, "text"),
        "k": read.whole(k, "k", at_least=1),
        "memory_function_ids": read.ids(memory_function_ids, "memory_function_ids"),
        "weights": read.weights(weights),
        "state": read.ids(states_to_return, "states_to_return"),
        "thread_query": _thread_query(thread_summaries, thread_summaries_k),
    }
    return build("query_user_memory", _user(user_id), body=body)


def _thread_query(functions: Iterable[ID_T] | ID_T | None, k: int | None) -> JSONValue:
    limit = read.optional_whole(k, "thread_summaries_k", at_least=1)
    if functions is None:
        return None
    ids = read.ids(functions, "thread_summaries")
    return _given({"memory_function_ids": ids, "k": limit})


def delete_individual_memories(user_id: ID_T, *, memories: Iterable[ID_T] | ID_T) -> Call[None]:
    found = read.many(memories, "memories")
    if not found:
        raise ValueError("memories: expected the id of at least one memory")
    params = [("ids", _memory_id(memory, f"memories[{i}]")) for i, memory in enumerate(found)]
    return build("delete_individual_memories", _user(user_id), params=params)


def _memory_id(value: object, place: str) -> str:
    """Write a memory's id as it stands: the service made it, and need not make UUIDs."""
    if not isinstance(value, str | uuid.UUID):
        raise TypeError(f"{place}: expected the id of a memory, not {a_type(value)}")
    return str(value)


def list_user_runs(
    user_id: ID_T, *, status: str | None, page_size: int | None, limit: int | None
) -> Listing[types.Run]:
    return _runs("list_user_runs", _user(user_id), status, page_size, limit)


# Memories of a thread


def list_thread_memory(thread_id: ID_T) -> Call[list[types.MemoryOutput]]:
    return build("list_thread_memory", _thread(thread_id))


def get_thread_memory(thread_id: ID_T, *, memory_function_id: ID_T) -> Call[dict[str, Any]]:
    return build("get_thread_memory", _thread(thread_id) | _function(memory_function_id))


def trigger_all_for_thread(thread_id: ID_T) -> Call[None]:
    return build("trigger_all_for_thread", _thread(thread_id))


def list_thread_runs(
    thread_id: ID_T, *, status: str | None, page_size: int | None, limit: int | None
) -> Listing[types.Run]:
    return _runs("list_thread_runs", _thread(thread_id), status, page_size, limit)


def retry_run(run_id: ID_T) -> Call[types.Run]:
    return build("retry_run", {"run_id": read.one_id(run_id, "run_id")})


# Memory functions


def create_memory_function(
    parameters: SCHEMA_LIKE,
    *,
    target_type: str,
    name: str | None,
    description: str | None,
    custom_instructions: str | None,
    function_id: ID_T | None,
) -> Call[types.MemoryFunction]:
    body = {
        "type": to_json(target_type, "target_type"),
        "custom_instructions": to_json(custom_instructions, "custom_instructions"),
        "id": read.one_id(uuid.uuid4() if function_id is None else function_id, "function_id"),
        "schema": function_schema(parameters, name, description),
    }
    return build("create_memory_function", body=body)


def get_memory_function(memory_function_id: ID_T) -> Call[types.MemoryFunction]:
    return build("get_memory_function", _function(memory_function_id))


def list_memory_functions(*, target_type: Iterable[str] | None) -> Listing[types.MemoryFunction]:
    filters = _given({"target_type": read.texts(target_type, "target_type")})

    def page(cursor: str | None) -> Call[Any]:
        return build("list_memory_functions", body=filters | _given({"cursor": cursor}))

    return Listing(page, "memory_functions")


def update_memory_function(
    memory_function_id: ID_T,
    *,
    name: str | None,
    schema: SCHEMA_LIKE | None,
    custom_instructions: str | None,
    description: str | None,
    function_type: str | None,
    status: str | None,
) -> Call[types.MemoryFunction]:
    changes = {
        "name": to_json(name, "name"),
        "description": to_json(description, "description"),
        "custom_instructions": to_json(custom_instructions, "custom_instructions"),
        "type": to_json(function_type, "function_type"),
        "status": to_json(status, "status"),
        "schema": None if schema is None else json_schema(schema, "schema"),
    }
    return build("update_memory_function", _function(memory_function_id), body=_given(changes))


def delete_memory_function(memory_function_id: ID_T) -> Call[None]:
    return build("delete_memory_function", _function(memory_function_id))


# Threads


def create_thread(
    *,
    thread_id: ID_T | None,
    messages: Iterable[MESSAGE_LIKE] | MESSAGE_LIKE | None,
    metadata: Mapping[str, Any] | None,
) -> Call[types.Thread]:
    body = {
        "id": None if thread_id is None else read.one_id(thread_id, "thread_id"),
        "messages": None if messages is None else read_messages(messages, "messages"),
        "metadata": to_json(metadata, "metadata"),
    }
    return build("create_thread", body=body)


def get_thread(thread_id: ID_T) -> Call[types.Thread]:
    return build("get_thread", _thread(thread_id))


def list_threads() -> Call[list[types.ThreadListItem]]:
    return build("list_threads")


def delete_thread(thread_id: ID_T) -> Call[None]:
    return build("delete_thread", _thread(thread_id))


def add_messages(thread_id: ID_T, messages: Iterable[MESSAGE_LIKE] | MESSAGE_LIKE) -> Call[None]:
    body = {"messages": read_messages(messages, "messages")}
    return build("add_messages", _thread(thread_id), body=body)


def list_messages(
    thread_id: ID_T,
    *,
    response_format: str | None,
    ascending_order: bool | None,
    page_size: int | None,
    limit: int | None,
) -> Listing[Any]:
    params = {
        "response_format": response_format,
        "page_size": read.optional_whole(page_size, "page_size", at_least=1),
        "ascending_order": ascending_order,
    }
    return _listing("list_messages", _thread(thread_id), params, "messages", limit)


def add_thread_state(thread_id: ID_T, state: Mapping[str, Any], *, key: str | None) -> Call[None]:
    body = {"state": to_json(state, "state"), "key": to_json(key, "key")}
    return build("add_thread_state", _thread(thread_id), body=body)


def get_thread_state(thread_id: ID_T, *, key: str | None) -> Call[types.GetThreadStateResponse]:
    return build("get_thread_state", _thread(thread_id), body={"key": to_json(key, "key")})


# Everything


def export_records(
    *, user_id: ID_T | None, cursor: str | None, page_size: int | None
) -> Call[types.ExportPage]:
    given = {
        "user_id": None if user_id is None else read.one_id(user_id, "user_id"),
        "page_size": read.optional_whole(page_size, "page_size", at_least=1),
        "cursor": cursor,
    }
    return build("export_records", params=_params(given))


def import_records(records: Iterable[Mapping[str, Any]]) -> Call[types.ImportResult]:
    return build("import_records", body={"records": read.records(records, "records")})


def list_usage(*, start: date | str | None, end: date | str | None) -> Call[list[types.DailyUsage]]:
    given = {
        "start": read.optional_date(start, "start"),
        "end": read.optional_date(end, "end"),
    }
    return build("list_usage", params=_params(given), unwrap="days")


def get_readiness() -> Call[types.Readiness]:
    return build("get_readiness")


def get_health() -> Call[types.Health]:
    return build("get_health")


# What they share


def _user(user_id: ID_T) -> dict[str, str]:
    return {"user_id": read.one_id(user_id, "user_id")}


def _thread(thread_id: ID_T) -> dict[str, str]:
    return {"thread_id": read.one_id(thread_id, "thread_id")}


def _function(memory_function_id: ID_T) -> dict[str, str]:
    return {"memory_function_id": read.one_id(memory_function_id, "memory_function_id")}


def _given(values: Mapping[str, JSONValue]) -> dict[str, JSONValue]:
    return {name: value for name, value in values.items() if value is not None}


def _runs(
    operation: str,
    ids: dict[str, str],
    status: str | None,
    page_size: int | None,
    limit: int | None,
) -> Listing[types.Run]:
    params = {
        "status": status,
        "page_size": read.optional_whole(page_size, "page_size", at_least=1),
    }
    return _listing(operation, ids, params, "runs", limit)


def _listing(
    operation: str,
    ids: dict[str, str],
    filters: Mapping[str, object],
    key: str,
    limit: int | None,
) -> Listing[Any]:
    """Read a list by GET, its cursor among the query's parameters."""
    params = _params(filters)

    def page(cursor: str | None) -> Call[Any]:
        place = [] if cursor is None else [("cursor", cursor)]
        return build(operation, ids, params=params + place)

    return Listing(page, key, read.optional_whole(limit, "limit", at_least=0))


def _params(values: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(name, _text(value, name)) for name, value in values.items() if value is not None]


def _text(value: object, argument: str) -> str:
    plain = to_json(value, argument)
    return plain if isinstance(plain, str) else encode(plain).decode()
