from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langmem_server.store import functions, memories, threads, users
from langmem_server.store.records import (
    Function,
    Memory,
    NewMemory,
    NewMessage,
    Output,
    User,
    utc_now,
)

if TYPE_CHECKING:
    import sqlite3

EARLY, LATE = "2024-01-01T00:00:00.000000Z", "2024-01-02T00:00:00.000000Z"


@pytest.fixture(autouse=True)
def _people_and_functions(conn: sqlite3.Connection, tenant: str) -> None:
    """Two users, two functions over users, one over threads, two threads."""
    for key in ("ann", "bob"):
        users.upsert(conn, tenant, User(key, key))
    for key, type_ in (
        ("a-state", "user_state"),
        ("b-facts", "user_append_state"),
        ("c-summary", "thread_summary"),
        ("d-title", "thread_summary"),
    ):
        function = Function(key, type_, key.upper(), "", {}, None, "active", utc_now())
        functions.upsert(conn, tenant, function)
    for key in ("t", "t2"):
        threads.upsert(conn, tenant, key, None)


def fact(text: str, importance: float | None = None) -> NewMemory:
    """Build a memory."""
    return NewMemory(text, {"fact": text}, importance)


def remember(
    conn: sqlite3.Connection,
    tenant: str,
    *texts: str,
    user: str = "ann",
    thread: str = "t",
    now: str = EARLY,
) -> None:
    """Store memories of b-facts."""
    found = [fact(text) for text in texts]
    memories.remember(conn, tenant, (user, "b-facts", thread), found, now)


def stored(conn: sqlite3.Connection, tenant: str, user: str = "ann") -> list[Memory]:
    """Read all memories of b-facts about a user, oldest first."""
    found = memories.search(conn, tenant, user, ["b-facts"], [], 1000)
    return [candidate.memory for candidate in found][::-1]


def test_a_state_is_put_and_replaced(conn: sqlite3.Connection, tenant: str) -> None:
    """A state comes back as put, and its version changes with each put."""
    assert memories.get_state(conn, tenant, "ann", "a-state") is None
    versions = []
    for state in ({"name": "Ann"}, {}, {"name": "Ann"}):
        assert memories.put_state(conn, tenant, "ann", "a-state", state)
        now = memories.get_state(conn, tenant, "ann", "a-state")
        assert now is not None
        assert now[0] == state
        versions.append(now[1])
    assert len({*versions, 0}) == 4
    assert memories.get_state(conn, tenant, "bob", "a-state") is None
    assert memories.get_state(conn, tenant, "ann", "b-facts") is None


@pytest.mark.parametrize(("user", "function"), [("nobody", "a-state"), ("ann", "nothing")])
def test_a_state_needs_user_and_function(
    conn: sqlite3.Connection, tenant: str, user: str, function: str
) -> None:
    """Without the user or the function nothing is stored, and the answer says so."""
    assert not memories.put_state(conn, tenant, user, function, {})
    assert memories.get_state(conn, tenant, user, function) is None


def test_memories_of_a_batch(conn: sqlite3.Connection, tenant: str) -> None:
    """Memories found together share their moment and keep text, content and importance."""
    found = [fact("likes pikas", 7), fact("likes tea")]
    memories.remember(conn, tenant, ("ann", "b-facts", "t"), found, EARLY)
    one, two = stored(conn, tenant)
    content = {"fact": "likes pikas"}
    assert one == Memory(one.id, "ann", "b-facts", "likes pikas", content, 7.0, EARLY, EARLY)
    assert (two.text, two.importance, two.created_at) == ("likes tea", None, EARLY)
    assert one.id != two.id


def test_a_memory_met_again_is_accessed(conn: sqlite3.Connection, tenant: str) -> None:
    """The same text in whatever case is the same memory: only its last access moves."""
    remember(conn, tenant, "Likes Straße", "other")
    before = stored(conn, tenant)
    remember(conn, tenant, "likes STRASSE", now=LATE)
    other, met = stored(conn, tenant)
    assert (met.id, met.text, met.created_at) == (before[0].id, "Likes Straße", EARLY)
    assert met.last_accessed == LATE
    assert other.last_accessed == EARLY


def test_memories_without_text_are_told_by_content(conn: sqlite3.Connection, tenant: str) -> None:
    """Where there is no text, different content is a different memory."""
    found = [NewMemory("", {"a": 1}, None), NewMemory("", {"a": 2}, None)]
    memories.remember(conn, tenant, ("ann", "b-facts", "t"), [*found, *found], EARLY)
    assert [memory.content for memory in stored(conn, tenant)] == [{"a": 1}, {"a": 2}]


def test_the_same_fact_about_two_users(conn: sqlite3.Connection, tenant: str) -> None:
    """Each user has a memory of their own."""
    remember(conn, tenant, "likes tea")
    remember(conn, tenant, "likes tea", user="bob")
    assert len(stored(conn, tenant, "ann")) == len(stored(conn, tenant, "bob")) == 1


def test_single_memories_are_deleted(conn: sqlite3.Connection, tenant: str) -> None:
    """Only those named and of this user go; odd ids are passed over."""
    remember(conn, tenant, "one", "two")
    remember(conn, tenant, "three", user="bob")
    one, two = stored(conn, tenant)
    [three] = stored(conn, tenant, "bob")
    ids = [one.id, one.id, three.id, "no such id", "\ud800", '"]']
    assert memories.delete_many(conn, tenant, "ann", ids) == 1
    assert stored(conn, tenant) == [two]
    assert stored(conn, tenant, "bob") == [three]
    assert memories.delete_many(conn, tenant, "ann", [one.id]) == 0


def test_what_a_function_holds_of_a_user_is_deleted(conn: sqlite3.Connection, tenant: str) -> None:
    """State or memories go, of this user and function alone; nothing there is False."""
    memories.put_state(conn, tenant, "ann", "a-state", {"a": 1})
    memories.put_state(conn, tenant, "bob", "a-state", {"b": 1})
    remember(conn, tenant, "one")
    remember(conn, tenant, "two", user="bob")
    assert memories.delete_for_function(conn, tenant, "ann", "a-state")
    assert not memories.delete_for_function(conn, tenant, "ann", "a-state")
    assert memories.get_state(conn, tenant, "ann", "a-state") is None
    assert len(stored(conn, tenant)) == 1
    assert memories.delete_for_function(conn, tenant, "ann", "b-facts")
    assert stored(conn, tenant) == []
    assert len(stored(conn, tenant, "bob")) == 1
    assert memories.get_state(conn, tenant, "bob", "a-state") is not None


def test_all_that_is_remembered_of_a_user(conn: sqlite3.Connection, tenant: str) -> None:
    """Outputs are listed function by function, memories oldest first."""
    assert memories.list_for_user(conn, tenant, "ann") == []
    remember(conn, tenant, "one", "two")
    memories.put_state(conn, tenant, "ann", "a-state", {"name": "Ann"})
    remember(conn, tenant, "one", now=LATE)
    assert memories.list_for_user(conn, tenant, "ann") == [
        Output("a-state", "A-STATE", "user_state", None, "ann", {"name": "Ann"}),
        Output("b-facts", "B-FACTS", "user_append_state", None, "ann", {"fact": "one"}),
        Output("b-facts", "B-FACTS", "user_append_state", None, "ann", {"fact": "two"}),
    ]


def test_outputs_of_a_thread(conn: sqlite3.Connection, tenant: str) -> None:
    """Each function holds one output of a thread, the last one."""
    assert memories.thread_outputs(conn, tenant, "t") == []
    assert memories.get_thread_output(conn, tenant, "t", "c-summary") is None
    for value in ({"n": 1}, {"n": 2}):
        memories.put_thread_output(conn, tenant, "t", "c-summary", value)
    memories.put_thread_output(conn, tenant, "t", "d-title", {"title": "x"})
    assert memories.thread_outputs(conn, tenant, "t") == [
        Output("c-summary", "C-SUMMARY", "thread_summary", "t", None, {"n": 2}),
        Output("d-title", "D-TITLE", "thread_summary", "t", None, {"title": "x"}),
    ]
    held = memories.get_thread_output(conn, tenant, "t", "c-summary")
    assert held is not None
    assert held[0] == {"n": 2}
    assert held[1] != 0
    assert memories.thread_outputs(conn, tenant, "t2") == []


def test_summaries_of_the_threads_a_user_spoke_in(conn: sqlite3.Connection, tenant: str) -> None:
    """Summaries come function by function as asked, newest thread first, k of each."""
    for thread, user in (("t", "ann"), ("t2", "ann"), ("t3", "ann"), ("t4", "bob")):
        message = NewMessage(None, "user", "x", user_id=user)
        threads.add_messages(conn, tenant, thread, [message], 0.0)
        memories.put_thread_output(conn, tenant, thread, "c-summary", {"of": thread})
    memories.put_thread_output(conn, tenant, "t", "d-title", {"title": "x"})
    threads.add_messages(conn, tenant, "t", [NewMessage(None, "assistant", "y")], 0.0)

    def found(function_ids: list[str], k: int) -> list[tuple[str, str | None]]:
        outputs = memories.summaries_for_user(conn, tenant, "ann", function_ids, k)
        return [(output.function_id, output.thread_id) for output in outputs]

    assert found(["c-summary"], 9) == [("c-summary", t) for t in ("t", "t3", "t2")]
    assert found(["c-summary"], 2) == [("c-summary", "t"), ("c-summary", "t3")]
    assert found(["d-title", "c-summary"], 1) == [("d-title", "t"), ("c-summary", "t")]
    assert found([], 9) == found(["unknown", "a-state"], 9) == []
