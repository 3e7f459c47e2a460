"""What must be there before the examples of a docstring run, and what must have come of them."""

from __future__ import annotations

import contextlib
import time
import types
import uuid
from typing import TYPE_CHECKING, Any

from langmem.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from langmem import Client
    from tests.parity.printed import Play

# Identifiers that the examples spell out.
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
FUNCTION = "cb217ff7-963e-44fc-b222-01f01058d64b"

SECONDS = 30
SAID = "Pikas are the best of all animals."
Names = dict[str, Any]


def wait_for_runs(client: Client, thread_id: Any) -> None:
    """Return once everything posted to the thread has been worked on, with success."""
    deadline = time.monotonic() + SECONDS
    while True:
        states = {run["status"] for run in client.list_thread_runs(thread_id)}
        if states == {"succeeded"}:
            return
        assert states <= {"queued", "running", "succeeded"}, states
        assert time.monotonic() < deadline, states
        time.sleep(0.02)


def clear(client: Client) -> None:
    """Erase what the examples of another docstring left under the same identifiers."""
    for delete, one in (
        (client.delete_thread, THREAD),
        (client.delete_user, USER),
        (client.delete_memory_function, FUNCTION),
    ):
        with contextlib.suppress(NotFoundError):
            delete(one)


def a_schema(name: str, field: str) -> dict[str, Any]:
    """Return the schema of an object with one text."""
    return {"type": "object", "title": name, "properties": {field: {"type": "string"}}}


def speak(client: Client, thread_id: Any, user_id: str) -> None:
    """Post one message about pikas."""
    by_will = {"role": "user", "name": "Will", "metadata": {"user_id": user_id}}
    client.add_messages(thread_id, [by_will | {"content": SAID}])


def remember(client: Client, thread_id: Any, user_id: str) -> None:
    """Post one message about pikas and have it worked on."""
    speak(client, thread_id, user_id)
    client.trigger_all_for_thread(thread_id)
    wait_for_runs(client, thread_id)


# Before: each makes what its examples need and returns the names that they do not make.


def _nothing(client: Client) -> Names:
    return {}


def _basic_usage(client: Client) -> Names:
    schema = a_schema("Belief", "belief")
    function = client.create_memory_function(schema, target_type="user_append_state")
    return {"belief_function": function}


def _posting(client: Client) -> Names:
    return {"user_id": str(uuid.uuid4()), "thread_id": uuid.uuid4()}


def _a_user_state(client: Client) -> Names:
    client.create_user(user_id=USER, name="Will")
    client.create_memory_function(a_schema("Read Profile", "name"), function_id=FUNCTION)
    client.update_user_memory(USER, memory_function_id=FUNCTION, state={"name": "Will"})
    return {}


def _a_thread_memory(client: Client) -> Names:
    schema = a_schema("Read Summary", "title")
    client.create_memory_function(schema, target_type="thread_summary", function_id=FUNCTION)
    remember(client, THREAD, USER)
    return {}


def _a_thread(client: Client) -> Names:
    speak(client, THREAD, USER)
    return {}


def _memories(client: Client) -> Names:
    client.create_memory_function(a_schema("Profile", "name"))
    client.create_memory_function(a_schema("Belief", "belief"), target_type="user_append_state")
    client.create_memory_function(a_schema("Summary", "title"), target_type="thread_summary")
    speaker = str(uuid.uuid4())
    remember(client, uuid.uuid4(), speaker)
    # The examples make up a user; nothing could be found of one who has said nothing.
    return {"uuid": types.SimpleNamespace(uuid4=lambda: speaker)}


BEFORE: dict[str, Callable[[Client], Names]] = {
    "": _basic_usage,
    "add_messages": _posting,
    "create_memory_function": _nothing,
    "get_thread_memory": _a_thread_memory,
    "get_user_memory": _a_user_state,
    "list_thread_memory": _a_thread_memory,
    "query_user_memory": _memories,
    "trigger_all_for_thread": _a_thread,
    "update_memory_function": _nothing,
}
"""By method; the empty name is the class."""


# After: each asserts what a person who ran the examples would look for.


def _all_was_remembered(play: Play, client: Client) -> None:
    names = play.namespace
    wait_for_runs(client, names["thread_id"])
    messages = list(client.list_messages(names["thread_id"]))
    assert [one["role"] for one in messages] == ["user", "assistant", "user"]
    assert play.output.getvalue().splitlines() == [str(one) for one in messages]

    function = client.get_memory_function(names["memory_function"]["id"])
    assert (function["type"], function["schema"]["name"]) == ("user_state", "User Profile")
    state = client.get_user_memory(names["user_id"], memory_function_id=function["id"])
    assert set(state or {}) == {"name", "age", "interests", "relationships"}

    (found,) = client.query_user_memory(names["user_id"], "pikas", k=1)["memories"]
    assert "pikas" in found["text"]
    beliefs = [names["belief_function"]["id"]]
    found_beliefs = client.query_user_memory(names["user_id"], "rabbits", 3, beliefs)["memories"]
    assert len(found_beliefs) == 2  # one for each message of the user

    summary = client.get_memory_function(names["thread_summary_function"]["id"])
    assert (summary["type"], summary["target_type"]) == ("thread_summary", "thread")
    assert set(summary["schema"]["parameters"]["properties"]) == {"title", "summary", "topic"}


def _both_were_posted(play: Play, client: Client) -> None:
    posted = list(client.list_messages(play.namespace["thread_id"]))
    speakers = [(one["role"], one["name"]) for one in posted]
    assert speakers == [("user", "Will"), ("assistant", "Bot")]
    assert (posted[0]["metadata"] or {})["user_id"] == play.namespace["user_id"]


def _both_were_created(play: Play, client: Client) -> None:
    profile = client.get_memory_function(play.namespace["memory_function"]["id"])
    event = client.get_memory_function(play.namespace["event_function"]["id"])
    assert (profile["type"], profile["schema"]["name"]) == ("user_state", "User Profile")
    assert (event["type"], event["schema"]["name"]) == ("user_append_state", "FormativeEvent")
    assert set(event["schema"]["parameters"]["properties"]) == {"event", "impact"}


def _the_state_came_bare(play: Play, client: Client) -> None:
    assert play.values == [{"name": "Will"}]


def _the_memory_came_bare(play: Play, client: Client) -> None:
    assert play.values == [{"title": SAID}]


def _all_memories_were_printed(play: Play, client: Client) -> None:
    memories = client.list_thread_memory(THREAD)
    assert {"title": SAID} in [one["output"] for one in memories]
    assert play.output.getvalue().splitlines() == [str(one) for one in memories]


def _each_search_found_it(play: Play, client: Client) -> None:
    plain, weighted, with_states, appended, with_summaries = play.values
    for found in (plain, weighted, with_states, with_summaries):
        assert [one["content"]["object"] for one in found["memories"]] == [SAID]
    assert plain["state"] is plain["thread_summaries"] is None
    assert {"name": SAID} in with_states["state"]
    assert {"belief": SAID} in [one["content"] for one in appended["memories"]]
    assert {"title": SAID} in [one["output"] for one in with_summaries["thread_summaries"]]


def _it_was_worked_on(play: Play, client: Client) -> None:
    wait_for_runs(client, THREAD)


def _all_was_changed(play: Play, client: Client) -> None:
    function = client.get_memory_function(play.namespace["memory_function_id"])
    assert (function["schema"]["name"], function["status"]) == ("New Name", "disabled")
    assert set(function["schema"]["parameters"]["properties"]) == {"name", "favorite_animals"}
    assert "guess as much as you'd like" in (function["custom_instructions"] or "")


AFTER: dict[str, Callable[[Play, Client], None]] = {
    "": _all_was_remembered,
    "add_messages": _both_were_posted,
    "create_memory_function": _both_were_created,
    "get_thread_memory": _the_memory_came_bare,
    "get_user_memory": _the_state_came_bare,
    "list_thread_memory": _all_memories_were_printed,
    "query_user_memory": _each_search_found_it,
    "trigger_all_for_thread": _it_was_worked_on,
    "update_memory_function": _all_was_changed,
}
"""By method; the empty name is the class."""
