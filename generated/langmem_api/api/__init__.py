# Made by scripts/generate from openapi.yaml; edit that instead.
"""The operations of the API as data: method, path, query parameters and body of each."""

from typing import Final, NamedTuple


class Operation(NamedTuple):
    """How one operation travels.

    Attributes:
        method: HTTP method in upper case.
        path: Path with a `{name}` placeholder for each path parameter, in order.
        query: Names of the query parameters.
        headers: Names of the header parameters.
        body: Media type of the request body, or None if the operation takes none.

    Example:
        >>> OPERATIONS["get_user"].path
        '/users/{user_id}'
    """

    method: str
    path: str
    query: tuple[str, ...]
    headers: tuple[str, ...]
    body: str | None


OPERATIONS: Final[dict[str, Operation]] = {
    "create_user": Operation("POST", "/users", (), ("Idempotency-Key",), "application/json"),
    "list_users": Operation("POST", "/users/query", (), (), "application/json"),
    "get_user": Operation("GET", "/users/{user_id}", (), (), None),
    "delete_user": Operation("DELETE", "/users/{user_id}", (), ("Idempotency-Key",), None),
    "update_user": Operation(
        "PATCH", "/users/{user_id}", (), ("Idempotency-Key",), "application/json"
    ),
    "list_user_memory": Operation("GET", "/users/{user_id}/memory", (), (), None),
    "delete_individual_memories": Operation(
        "DELETE", "/users/{user_id}/memory/individual", ("ids",), ("Idempotency-Key",), None
    ),
    "query_user_memory": Operation(
        "POST", "/users/{user_id}/memory/query", (), (), "application/json"
    ),
    "get_user_memory": Operation(
        "GET", "/users/{user_id}/memory/{memory_function_id}/state", (), (), None
    ),
    "update_user_memory": Operation(
        "PUT",
        "/users/{user_id}/memory/{memory_function_id}/state",
        (),
        ("Idempotency-Key",),
        "application/json",
    ),
    "delete_user_memory": Operation(
        "DELETE",
        "/users/{user_id}/memory/{memory_function_id}/state",
        (),
        ("Idempotency-Key",),
        None,
    ),
    "trigger_all_for_user": Operation(
        "POST", "/users/{user_id}/trigger-all", (), ("Idempotency-Key",), None
    ),
    "list_user_runs": Operation(
        "GET", "/users/{user_id}/runs", ("status", "page_size", "cursor"), (), None
    ),
    "list_thread_memory": Operation("GET", "/threads/{thread_id}/memory", (), (), None),
    "get_thread_memory": Operation(
        "GET", "/threads/{thread_id}/memory/{memory_function_id}/state", (), (), None
    ),
    "trigger_all_for_thread": Operation(
        "POST", "/threads/{thread_id}/trigger-all", (), ("Idempotency-Key",), None
    ),
    "list_thread_runs": Operation(
        "GET", "/threads/{thread_id}/runs", ("status", "page_size", "cursor"), (), None
    ),
    "retry_run": Operation("POST", "/runs/{run_id}/retry", (), ("Idempotency-Key",), None),
    "create_memory_function": Operation(
        "POST", "/memory-functions", (), ("Idempotency-Key",), "application/json"
    ),
    "list_memory_functions": Operation(
        "POST", "/memory-functions/query", (), (), "application/json"
    ),
    "get_memory_function": Operation("GET", "/memory-functions/{memory_function_id}", (), (), None),
    "delete_memory_function": Operation(
        "DELETE", "/memory-functions/{memory_function_id}", (), ("Idempotency-Key",), None
    ),
    "update_memory_function": Operation(
        "PATCH",
        "/memory-functions/{memory_function_id}",
        (),
        ("Idempotency-Key",),
        "application/json",
    ),
    "list_threads": Operation("GET", "/threads", (), (), None),
    "create_thread": Operation("POST", "/threads", (), ("Idempotency-Key",), "application/json"),
    "get_thread": Operation("GET", "/threads/{thread_id}", (), (), None),
    "delete_thread": Operation("DELETE", "/threads/{thread_id}", (), ("Idempotency-Key",), None),
    "add_messages": Operation(
        "POST", "/threads/{thread_id}/add_messages", (), ("Idempotency-Key",), "application/json"
    ),
    "list_messages": Operation(
        "GET",
        "/threads/{thread_id}/messages",
        ("response_format", "page_size", "ascending_order", "cursor"),
        (),
        None,
    ),
    "add_thread_state": Operation(
        "POST", "/threads/{thread_id}/thread_state", (), ("Idempotency-Key",), "application/json"
    ),
    "get_thread_state": Operation(
        "POST", "/threads/{thread_id}/thread_state/query", (), (), "application/json"
    ),
    "export_records": Operation("GET", "/export", ("user_id", "page_size", "cursor"), (), None),
    "import_records": Operation("POST", "/import", (), ("Idempotency-Key",), "application/json"),
    "list_usage": Operation("GET", "/usage", ("start", "end"), (), None),
    "get_readiness": Operation("GET", "/ready", (), (), None),
    "get_health": Operation("GET", "/health", (), (), None),
}
