"""The faults of the last published SDK that this client mends, as differences on the wire.

A row holds for the cases it names (patterns over the tables of calls). Every other difference
between the two clients fails the tests, and so does a row whose difference is gone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.parity import table

ABSENT = "(absent)"
BOTH = ("sync", "async")


class Mended(NamedTuple):
    """One fault: why it is one, where it shows, and what each client does there."""

    why: str
    cases: tuple[str, ...]
    differs: dict[str, tuple[Any, Any]]
    """Dotted place in the record -> (what the old client does, what ours does)."""
    colours: tuple[str, ...] = BOTH


def bases(*names: str) -> str:
    """Return the classes, not counting our own, by which an error can be caught."""
    return " < ".join([*names, "builtins.Exception", "builtins.BaseException"])


def request(method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Return one request as the driver records it."""
    return {
        "method": method,
        "path": path,
        "query": [],
        "body": body,
        "content_type": None if body is None else "application/json",
        "key": "a-key",
    }


def works(
    why: str, case: str, sent: dict[str, Any], *, before: str, colours: tuple[str, ...] = BOTH
) -> Mended:
    """A call that raised `before` any request, and now sends `sent` and returns the reply."""
    reply = table.USUAL_REPLIES.get(case.partition(":")[0])
    if isinstance(reply, dict) and "users" in reply:
        reply = reply["users"]
    differs: dict[str, tuple[Any, Any]] = {"requests": ([], [sent]), "raised": (before, None)}
    return Mended(why, (case,), differs | ({"returned": (None, reply)} if reply else {}), colours)


TYPE_ERROR = bases("builtins.TypeError")
VALUE_ERROR = bases("builtins.ValueError")
NOT_JSON = bases("json.decoder.JSONDecodeError", "builtins.ValueError")
NO_METHOD = bases("builtins.AttributeError")
ANY_UUID = "A UUID is accepted wherever a value goes; plain JSON encoding refused it."
WITH_IDS = [
    table.WITH_IDS[0]
    | {
        "metadata": {
            "user_id": table.USER,
            "timestamp": "2024-04-06T12:30:15.250000+00:00",
            "channel": "web",
        }
    }
]

VALUES = [
    works(
        ANY_UUID,
        "create_user: UUID",
        request("POST", "/users", {"id": table.USER, "name": "Ada", "tags": None, "metadata": {}}),
        before=TYPE_ERROR,
    ),
    works(
        ANY_UUID,
        "create_user: UUID in metadata",
        request(
            "POST",
            "/users",
            {"id": table.USER, "name": "Ada", "tags": None, "metadata": {"team": table.USER}},
        ),
        before=TYPE_ERROR,
    ),
    works(
        ANY_UUID,
        "list_users: id as UUID",
        request("POST", "/users/query", {"name": None, "id": [table.USER]}),
        before=TYPE_ERROR,
        colours=("async",),
    ),
    works(
        ANY_UUID,
        "create_memory_function: function id as UUID",
        request(
            "POST",
            "/memory-functions",
            {
                "type": "user_state",
                "custom_instructions": None,
                "id": table.FUNCTION,
                "schema": {
                    "name": "Profile",
                    "description": "What is known of a person.",
                    "parameters": {
                        key: value
                        for key, value in table.Profile.model_json_schema().items()
                        if key not in ("title", "description")
                    },
                },
            },
        ),
        before=TYPE_ERROR,
        colours=("sync",),
    ),
    works(
        ANY_UUID,
        "create_thread: UUID",
        request("POST", "/threads", {"id": table.THREAD, "messages": None, "metadata": None}),
        before=TYPE_ERROR,
    ),
    works(
        ANY_UUID,
        "create_thread: UUID in messages",
        request("POST", "/threads", {"id": None, "messages": WITH_IDS, "metadata": None}),
        before=TYPE_ERROR,
    ),
    works(
        ANY_UUID,
        "add_thread_state: rich values",
        request(
            "POST",
            f"/threads/{table.THREAD}/thread_state",
            {
                "state": {"by": table.USER, "at": ["2024-04-06T12:30:15.250000+00:00"]},
                "key": None,
            },
        ),
        before=TYPE_ERROR,
    ),
    Mended(
        "A value that cannot be written as JSON is a TypeError, not an endless recursion.",
        ("update_user_memory: unknown value", "add_messages: unknown value"),
        {"raised": (bases("builtins.RecursionError", "builtins.RuntimeError"), TYPE_ERROR)},
    ),
]

ARGUMENTS = [
    works(
        "The printed examples give the messages by position; the method took them by name only.",
        "add_messages: by position",
        request("POST", f"/threads/{table.THREAD}/add_messages", {"messages": table.ANIMALS}),
        before=TYPE_ERROR,
    ),
    works(
        "A printed example reads the list with `async for` and without `await`.",
        "list_thread_memory: item by item",
        request("GET", f"/threads/{table.THREAD}/memory"),
        before=TYPE_ERROR,
        colours=("async",),
    ),
    Mended(
        "A body of JSON says that it is JSON.",
        ("query_user_memory: *", "update_user_memory: *", "add_messages: *"),
        {"requests.0.content_type": (None, "application/json")},
    ),
    Mended(
        "limit=0 asks for no message; one was given.",
        ("list_messages: limit zero",),
        {
            "requests": (
                [request("GET", f"/threads/{table.THREAD}/messages")],
                [],
            ),
            "returned": ([table.MESSAGE_OBJECT | {"content": "a"}], []),
        },
    ),
]

SUMMARIES = [table.FUNCTION, table.OTHER_FUNCTION]


def summaries(variant: str, old: Any, ours: Any, colour: str) -> Mended:
    """Return the row for a query that differs in its thread summaries."""
    why = {
        "sync": "The number of threads is sent as k; the list of functions was sent there.",
        "async": "The thread summaries asked for are sent; the async client left them out.",
    }
    place = "requests.0.body.thread_query" + (".k" if colour == "sync" else "")
    return Mended(why[colour], (f"query_user_memory: {variant}",), {place: (old, ours)}, (colour,))


QUERIES = [
    summaries("thread summaries with k", SUMMARIES, 5, "sync"),
    summaries(
        "thread summaries with k", ABSENT, {"memory_function_ids": SUMMARIES, "k": 5}, "async"
    ),
    summaries("thread summaries", ABSENT, {"memory_function_ids": [table.FUNCTION]}, "async"),
    summaries(
        "thread summaries as UUID", ABSENT, {"memory_function_ids": [table.FUNCTION]}, "async"
    ),
    summaries("no thread summaries", ABSENT, {"memory_function_ids": []}, "async"),
    *(
        summaries(variant, ABSENT, None, "async")
        for variant in (
            "defaults",
            "k",
            "*memory function ids*",
            "weights",
            "states*",
            "no states",
            "thread summaries k alone",
            "everything but thread summaries",
            "by position",
            "by keyword",
        )
    ),
]

PROFILE_SCHEMA = table.Profile.model_json_schema()
SCHEMAS = [
    Mended(
        "The caller's schema is left as it was; title and description were taken out of it.",
        ("create_memory_function: schema*",),
        {"changed_arguments": (True, False)},
    ),
    Mended(
        "A new schema is sent as `schema`; the async client sent it as `function`.",
        ("update_memory_function: schema",),
        {
            "requests.0.body.schema": (ABSENT, table.schema()),
            "requests.0.body.function": (table.schema(), ABSENT),
        },
        ("async",),
    ),
    works(
        "A model class is a schema in updates too; the async client took it for an instance.",
        "update_memory_function: model",
        request("PATCH", f"/memory-functions/{table.FUNCTION}", {"schema": PROFILE_SCHEMA}),
        before=TYPE_ERROR,
        colours=("async",),
    ),
    Mended(
        "A model object stands for its schema; the async client sent its field values.",
        ("update_memory_function: model object",),
        {
            "requests.0.body.schema": (ABSENT, PROFILE_SCHEMA),
            "requests.0.body.function": ({"name": "Ada", "age": None, "pets": []}, ABSENT),
        },
        ("async",),
    ),
]

USER_MEMORY = request("GET", f"/users/{table.USER}/memory")
LISTS = [
    *(
        works(
            "Both clients list a user's memory; the sync one had no such method.",
            f"list_user_memory: id as {form}",
            USER_MEMORY,
            before=NO_METHOD,
            colours=("sync",),
        )
        for form in ("text", "UUID", "upper case", "no hyphens", "braces")
    ),
    Mended(
        "As above: an empty list is the list.",
        ("list_user_memory: nothing yet",),
        {"requests": ([], [USER_MEMORY]), "raised": (NO_METHOD, None), "returned": (None, [])},
        ("sync",),
    ),
    Mended(
        "As above: bad text is a ValueError as everywhere.",
        ("list_user_memory: id as not an id", "list_user_memory: id as empty text"),
        {"raised": (NO_METHOD, VALUE_ERROR)},
        ("sync",),
    ),
]


def endless(method: str, first: dict[str, Any], again: dict[str, Any], items: list[Any]) -> Mended:
    """Return the row for a list whose service names the same next page twice."""
    return Mended(
        "A page named twice ends the list with an error; the old client would read on for ever.",
        (f"{method}: same cursor again",),
        {
            "requests": ([first, again, again], [first, again]),
            "returned": (items, None),
            "raised": (None, bases()),
        },
    )


MESSAGES = request("GET", f"/threads/{table.THREAD}/messages")
QUERY = request("POST", "/memory-functions/query", {})
REPLIES = [
    endless(
        "list_messages",
        MESSAGES,
        MESSAGES | {"query": [["cursor", "p2"]]},
        [table.MESSAGE_OBJECT | {"content": text} for text in "abc"],
    ),
    endless(
        "list_memory_functions",
        QUERY,
        QUERY | {"body": {"cursor": "p2"}},
        [table.FUNCTION_OBJECT] * 3,
    ),
    Mended(
        "A success without a body is None, not a failure to decode it.",
        ("*: 204", "*: empty 200"),
        {"raised": (NOT_JSON, None)},
    ),
    Mended(
        "A success that is not JSON is an error of the service like any other, with its evidence.",
        ("*: HTML with 200",),
        {"raised": (NOT_JSON, bases("httpx.HTTPError"))},
    ),
    Mended(
        "An empty key is no key; the async client sent it.",
        ("client: empty key in environment",),
        {"requests.0.key": ("", None)},
        ("async",),
    ),
]

MENDED = [*VALUES, *ARGUMENTS, *QUERIES, *SCHEMAS, *LISTS, *REPLIES]
