from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.parity import legacy
from tests.parity.failures import LEAST
from tests.parity.test_wire import COLOURS

if TYPE_CHECKING:
    from tests.parity.conftest import StartService

Seen = dict[str, Any]
"""What one client's calls returned, by step."""

FUNCTION_KEYS = {"id", "type", "custom_instructions", "schema", "status", "target_type"}
OUTPUT_KEYS = {
    "memory_function_id",
    "memory_function_name",
    "memory_function_type",
    "target",
    "output",
}
MEMORY_KEYS = {"id", "created_at", "last_accessed", "text", "content", "scores"}
NOTHING_TO_SAY = (
    "add_messages",
    "trigger_all_for_thread",
    "trigger_all_for_user",
    "add_thread_state",
    "update_user_memory",
    "delete_user_memory",
    "delete_individual_memories",
    "delete_memory_function",
)
PROGRAMS = [(client, colour) for client in ("last published", "ours") for colour in COLOURS]


@pytest.fixture(scope="module")
def programs(start_service: StartService) -> dict[tuple[str, str], Seen]:
    """`usage.py` run against one service: with the last published SDK, then with our client."""
    legacy.require()
    environ = {"LANGMEM_API_URL": start_service(LANGMEM_PROCESSING_DELAY="1")}
    found = {
        name: legacy.lines("usage.py", ours=name == "ours", environ=environ)[0]
        for name in ("last published", "ours")
    }
    return {(name, colour): found[name][colour] for name, colour in PROGRAMS}


@pytest.fixture(params=PROGRAMS, ids="-".join)
def seen(request: pytest.FixtureRequest, programs: dict[tuple[str, str], Seen]) -> Seen:
    """What one of the four programs saw."""
    return programs[request.param]


def test_every_method_was_called(programs: dict[tuple[str, str], Seen]) -> None:
    """The program calls every method of the last published SDK, and each call comes back."""
    for (client, colour), seen in programs.items():
        missing = {"list_user_memory"} if (client, colour) == ("last published", "sync") else set()
        assert set(LEAST) - set(seen) == missing


@pytest.mark.parametrize("method", NOTHING_TO_SAY)
def test_nothing_to_say(method: str, seen: Seen) -> None:
    """A call that only has an effect returns None: the service said `null`."""
    assert seen[method] is None


def test_memory_functions(seen: Seen) -> None:
    """A memory function has the keys it had, and the schema as it was sent."""
    created = seen["create_memory_function"]
    assert set(created) == FUNCTION_KEYS
    assert created["schema"]["name"] == "User Profile"
    assert set(created["schema"]["parameters"]["properties"]) == {"name", "interests"}
    assert (created["status"], created["target_type"]) == ("active", "user")
    assert seen["get_memory_function"] == created
    assert seen["update_memory_function"]["schema"]["description"] == "A user."
    assert set(seen["update schema"]["schema"]["parameters"]["properties"]) == {"belief", "since"}
    assert set(seen["restore schema"]["schema"]["parameters"]["properties"]) == {"belief"}


def test_creating_again(seen: Seen) -> None:
    """The same function created once more is the same function."""
    assert seen["create again"] == seen["create append function"]


def test_lists_of_memory_functions(seen: Seen) -> None:
    """Filtering by target separates users from threads; the unstructured memory is among users'."""
    every, users, threads = (
        {one["id"] for one in seen[step]}
        for step in ("list_memory_functions", "list user functions", "list thread functions")
    )
    assert every == users | threads
    assert {seen["functions"]["profile"], seen["functions"]["belief"]} <= users
    assert seen["functions"]["summary"] in threads
    (default,) = [
        one for one in seen["list user functions"] if one["type"] == "user_semantic_memory"
    ]
    assert default["schema"]["name"] == "SemanticUserMemory"
    assert default["custom_instructions"] is None
    assert all(set(one) == FUNCTION_KEYS for one in seen["list_memory_functions"])


def test_users(seen: Seen) -> None:
    """A user has an id and a name, and the list holds those asked for."""
    user = seen["create_user"]
    assert user["name"] == "Ada"
    assert (seen["get_user"]["id"], seen["get_user"]["name"]) == (user["id"], "Ada")
    assert seen["update_user"]["id"] == user["id"]
    assert [one["id"] for one in seen["list_users"]] == [user["id"]]
    assert seen["list users by name"] == []
    assert "404" in seen["unknown user"]
    assert "User not found" in seen["unknown user"]


def test_reads_before_anything_is_stored(seen: Seen) -> None:
    """An unknown thread has no messages and no state; an unknown user has no memories."""
    assert seen["list messages of nothing"] == []
    assert not seen["get state of nothing"].get("state")
    assert seen["query nobody"]["memories"] == []


def test_messages(seen: Seen) -> None:
    """Messages come back in the OpenAI form, in order; guests keep their names, once lost."""
    messages = seen["list_messages"]
    assert [set(one) for one in messages] == [{"content", "role", "name", "metadata"}] * 3
    assert [one["role"] for one in messages] == ["user", "assistant", "user"]
    assert [one["name"] for one in messages] == ["Will", None, "Jeanne"]
    assert all(set(one["metadata"]) == {"user_id", "timestamp", "id"} for one in messages)
    assert messages[0]["metadata"]["user_id"] == seen["user"]
    assert seen["list newest first"] == messages[::-1]
    assert seen["list limited"] == messages[:2]


def test_messages_in_langmem_form(seen: Seen) -> None:
    """The other form has the keys it had, and calls the assistant `ai`."""
    messages = seen["list langmem form"]
    assert [set(one) for one in messages] == [{"id", "content", "timestamp", "user"}] * 3
    assert all(set(one["user"]) == {"user_id", "user_name", "role"} for one in messages)
    assert [one["user"]["role"] for one in messages] == ["user", "ai", "user"]
    assert [one["id"] for one in messages] == [
        one["metadata"]["id"] for one in seen["list_messages"]
    ]


def test_threads(seen: Seen) -> None:
    """The list of threads is bare, with the three keys it had; a first batch is number 0."""
    assert seen["get_thread"]["id"] == seen["thread"]
    keys = {"id", "last_message_timestamp", "last_message_batch_id"}
    assert all(set(one) == keys for one in seen["list_threads"])
    (listed,) = [one for one in seen["list_threads"] if one["id"] == seen["thread"]]
    assert listed["last_message_batch_id"] == 0


def test_thread_state(seen: Seen) -> None:
    """A thread keeps one state per key."""
    assert seen["get_thread_state"] == {"state": {"step": 3}}
    assert not seen["get state of another key"].get("state")


def test_user_state(seen: Seen) -> None:
    """A user's state is bare, computed on trigger or in time, and can be set and deleted."""
    for computed in (seen["get_user_memory"], seen["get memory in time"]):
        assert set(computed) == {"name", "interests"}
        assert "pikas" in computed["name"]  # the scripted model fills texts with what was said
    assert seen["get new state"] == {"name": "William"}
    assert not seen["get deleted state"]


def test_thread_memory(seen: Seen) -> None:
    """A thread's memories come with the function they are from, and one alone comes bare."""
    (output,) = seen["list_thread_memory"]
    assert set(output) == OUTPUT_KEYS
    assert output["memory_function_id"] == seen["functions"]["summary"]
    assert output["memory_function_name"] == "ConversationSummary"
    assert output["memory_function_type"] == "thread_summary"
    assert output["target"] == f"/threads/{seen['thread']}"
    assert seen["get_thread_memory"] == output["output"]
    assert set(output["output"]) == {"title", "topic"}


def test_unstructured_memories(seen: Seen) -> None:
    """A search gives triples with their words and scores, and nothing that was not asked for."""
    found = seen["query_user_memory"]
    assert set(found) == {"user_id", "memories", "state", "thread_summaries"}
    assert (found["user_id"], found["state"], found["thread_summaries"]) == (
        seen["user"],
        None,
        None,
    )
    (memory,) = found["memories"]
    assert set(memory) == MEMORY_KEYS
    assert set(memory["content"]) == {"subject", "predicate", "object"}
    parts = memory["content"]
    assert memory["text"] == f"{parts['subject']} {parts['predicate']} {parts['object']}"
    assert "pikas" in memory["text"]
    assert set(memory["scores"]) == {"recency", "importance", "relevance"}
    assert all(0 <= score <= 1 for score in memory["scores"].values())
    assert memory["created_at"].endswith("Z")


def test_append_memories(seen: Seen) -> None:
    """Memories of another function are objects of its schema, found by its id, until deleted."""
    found = seen["query append memories"]
    assert found["memories"]
    assert all(set(one) == MEMORY_KEYS for one in found["memories"])
    assert all(set(one["content"]) == {"belief"} for one in found["memories"])
    assert seen["query deleted memories"]["memories"] == []


def test_states_and_summaries_in_a_search(seen: Seen, request: pytest.FixtureRequest) -> None:
    """A search returns the states asked for, bare; and summaries, which old async left out."""
    found = seen["query append memories"]
    assert found["state"] == [seen["get_user_memory"]]
    if request.node.callspec.params["seen"] == ("last published", "async"):
        assert found["thread_summaries"] is None
    else:
        assert [one["output"] for one in found["thread_summaries"]] == [seen["get_thread_memory"]]


def test_list_of_user_memories(programs: dict[tuple[str, str], Seen]) -> None:
    """A user's memories are listed like a thread's, by every client that has the method."""
    lists = [seen["list_user_memory"] for seen in programs.values() if "list_user_memory" in seen]
    assert len(lists) == len(PROGRAMS) - 1
    for outputs in lists:
        assert outputs
        assert all(set(one) == OUTPUT_KEYS for one in outputs)
