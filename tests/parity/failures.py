"""The table of calls that fail, or succeed without a usable body."""

from __future__ import annotations

from typing import Any

from tests.parity.table import (
    ANIMALS,
    BARE_SCHEMA,
    FUNCTION,
    MEMORY,
    THREAD,
    USER,
    Case,
)

FAILURES: dict[str, tuple[int, bytes, str | None]] = {
    "302 to nowhere": (302, b"", None),
    "404": (404, b'{"detail": "User not found"}', "application/json"),
    "422": (422, b'{"detail": "body.name: field required"}', "application/json"),
    "422 with a list": (422, b'{"detail": [{"loc": ["body"], "msg": "x"}]}', "application/json"),
    "500": (500, b"Internal Server Error", "text/plain"),
    "500 without a body": (500, b"", None),
    "502 with HTML": (502, b"<html><h1>Bad Gateway</h1></html>", "text/html"),
    "error body cut off": (503, b'{"detail": "over', "application/json"),
    "status nobody knows": (599, b"[]", "application/json"),
}
LEAST: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "create_user": ((), {"user_id": USER, "name": "Ada"}),
    "get_user": ((USER,), {}),
    "update_user": ((USER,), {"name": "Ada"}),
    "list_users": ((), {}),
    "list_user_memory": ((USER,), {}),
    "trigger_all_for_user": ((USER,), {}),
    "delete_user_memory": ((), {"user_id": USER, "memory_function_id": FUNCTION}),
    "delete_individual_memories": ((USER,), {"memories": [MEMORY]}),
    "update_user_memory": ((USER,), {"memory_function_id": FUNCTION, "state": {}}),
    "get_user_memory": ((USER,), {"memory_function_id": FUNCTION}),
    "query_user_memory": ((USER, "marmots"), {}),
    "create_memory_function": ((BARE_SCHEMA,), {}),
    "get_memory_function": ((FUNCTION,), {}),
    "list_memory_functions": ((), {}),
    "update_memory_function": ((FUNCTION,), {"name": "Person"}),
    "delete_memory_function": ((FUNCTION,), {}),
    "create_thread": ((), {}),
    "add_messages": ((THREAD,), {"messages": ANIMALS}),
    "get_thread": ((THREAD,), {}),
    "list_threads": ((), {}),
    "list_thread_memory": ((THREAD,), {}),
    "trigger_all_for_thread": ((THREAD,), {}),
    "get_thread_memory": ((THREAD,), {"memory_function_id": FUNCTION}),
    "add_thread_state": ((THREAD, {}), {}),
    "get_thread_state": ((THREAD,), {}),
    "list_messages": ((THREAD,), {}),
}
"""Every method of the last published SDK with the fewest arguments it takes."""

ERRORS = [
    Case(f"{method}! {name}", method, args, kwargs, replies=(reply,))
    for method, (args, kwargs) in LEAST.items()
    for name, reply in FAILURES.items()
] + [
    Case(f"{method}! {network}", method, *LEAST[method], network=network)
    for method in ("get_user", "add_messages", "list_messages", "list_memory_functions")
    for network in ("refuses", "hangs")
]


SILENT = [
    Case(f"{method}: {name}", method, *LEAST[method], replies=(reply,))
    for method in ("delete_memory_function", "update_user_memory", "add_messages")
    for name, reply in {"204": (204, b"", None), "empty 200": (200, b"", None)}.items()
]
NOT_JSON = [
    Case(
        f"{method}: HTML with 200", method, *LEAST[method], replies=((200, b"<html>", "text/html"),)
    )
    for method in ("get_user", "list_messages", "delete_memory_function")
]


CASES = [*ERRORS, *SILENT, *NOT_JSON]
