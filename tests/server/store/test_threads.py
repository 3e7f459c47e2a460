from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store import threads, users
from langmem_server.store.records import Message, NewMessage, Thread, User, utc_now

if TYPE_CHECKING:
    import sqlite3


def said(text: Any, user_id: str | None = None, **rest: Any) -> NewMessage:
    """Build a message of role user."""
    return replace(NewMessage(None, "user", text, user_id=user_id), **rest)


def all_of(conn: sqlite3.Connection, tenant: str, thread_id: str) -> list[Message]:
    """Read a thread whole, oldest message first."""
    return threads.messages_page(
        conn, tenant, thread_id, after_seq=None, ascending=True, limit=10_000
    )


def test_a_thread_is_stored(conn: sqlite3.Connection, tenant: str) -> None:
    """A new thread has its metadata and no messages."""
    before = utc_now()
    thread = threads.upsert(conn, tenant, "t", {"topic": "pikas"})
    assert thread == Thread("t", {"topic": "pikas"}, thread.created_at, None, None)
    assert before <= thread.created_at <= utc_now()
    assert threads.get(conn, tenant, "t") == thread
    assert all_of(conn, tenant, "t") == []
    assert threads.message_count(conn, tenant, "t") == 0


def test_metadata_is_replaced_when_given(conn: sqlite3.Connection, tenant: str) -> None:
    """Storing a thread again changes its metadata if there is new, and nothing else."""
    first = threads.upsert(conn, tenant, "t", {"a": 1})
    assert threads.upsert(conn, tenant, "t", None) == first
    assert threads.upsert(conn, tenant, "t", {}) == replace(first, metadata={})


def test_an_unknown_thread(conn: sqlite3.Connection, tenant: str) -> None:
    """An unknown thread is None, empty, and cannot be deleted."""
    assert threads.get(conn, tenant, "t") is None
    assert all_of(conn, tenant, "t") == []
    assert threads.get_state(conn, tenant, "t", None) is None
    assert threads.of_user(conn, tenant, "u") == []
    assert not threads.delete(conn, tenant, "t")


def test_the_thread_last_written_to_comes_first(conn: sqlite3.Connection, tenant: str) -> None:
    """Threads are listed by their last message; those without any come last, newest first."""
    for key in ("empty-old", "empty-new", "a", "b"):
        threads.upsert(conn, tenant, key, None)
    for key in ("a", "b", "a"):
        threads.add_messages(conn, tenant, key, [said("x")], 0.0)
    listed = [thread.id for thread in threads.list_all(conn, tenant)]
    assert listed == ["a", "b", "empty-new", "empty-old"]


def test_messages_make_thread_and_users(conn: sqlite3.Connection, tenant: str) -> None:
    """Posting to an unknown thread creates it and the senders; guests make no user."""
    before = utc_now()
    messages = [
        said("Hi", "u", name="Ann", extra={"mood": "good"}),
        NewMessage("given", "assistant", [{"type": "text", "text": "Hello"}]),
        NewMessage(None, "system", None, name="Jeanne", timestamp="2024-03-28T10:00:00"),
    ]
    assert threads.add_messages(conn, tenant, "t", messages, 0.0) == 3
    one, two, three = all_of(conn, tenant, "t")
    assert UUID(one.id).version == 4
    assert before <= one.timestamp == two.timestamp <= utc_now()
    assert one == Message(1, 0, one.id, "user", "Hi", "Ann", "u", one.timestamp, {"mood": "good"})
    content = [{"type": "text", "text": "Hello"}]
    assert two == Message(2, 0, "given", "assistant", content, None, None, two.timestamp, {})
    stamp = "2024-03-28T10:00:00"
    assert three == Message(3, 0, three.id, "system", None, "Jeanne", None, stamp, {})
    assert users.find(conn, tenant, None, None) == [User("u", "Ann")]
    assert threads.of_user(conn, tenant, "u") == ["t"]


def test_every_call_is_a_batch(conn: sqlite3.Connection, tenant: str) -> None:
    """Batches count from 0; the thread shows the last one and when it arrived."""
    for number in range(3):
        before = utc_now()
        threads.add_messages(conn, tenant, "t", [said(number), said(number)], 0.0)
        thread = threads.get(conn, tenant, "t")
        assert thread is not None
        assert thread.last_message_batch_id == number
        assert before <= (thread.last_message_timestamp or "") <= utc_now()
    stored = all_of(conn, tenant, "t")
    assert [(m.seq, m.batch_id) for m in stored] == [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 2)]


def test_the_earliest_due_time_stands(conn: sqlite3.Connection, tenant: str) -> None:
    """More messages never put off what already waits."""
    for due_at, expected in ((50.0, 50.0), (90.0, 50.0), (20.0, 20.0)):
        threads.add_messages(conn, tenant, "t", [said("x")], due_at)
        [row] = conn.execute("SELECT due_at FROM threads WHERE tenant = ?", (tenant,))
        assert row["due_at"] == expected


def test_posted_before_is_told_by_id(conn: sqlite3.Connection, tenant: str) -> None:
    """One id is one message in its thread, and may be another in the next thread."""
    messages = [said("a", id="1"), said("b", id="1"), said("c", id="2")]
    assert threads.add_messages(conn, tenant, "t", messages, 0.0) == 2
    assert threads.add_messages(conn, tenant, "t2", messages[:1], 0.0) == 1
    assert [m.content for m in all_of(conn, tenant, "t")] == ["a", "c"]


def test_posted_before_is_told_by_sender_content_and_time(
    conn: sqlite3.Connection, tenant: str
) -> None:
    """With the sender's timestamp, role, sender, time, content and calls of tools tell it."""
    base = said("hi", "u", timestamp="2024-01-01T00:00:00")
    guest = replace(base, user_id=None, name="Jeanne")
    different = [
        base,
        replace(base, role="assistant"),
        replace(base, content="ho"),
        replace(base, user_id="v"),
        replace(base, timestamp="2024-01-01T00:00:01"),
        guest,
        replace(guest, name="Bob"),
        replace(base, extra={"tool_calls": [{"id": "1"}]}),
        replace(base, extra={"tool_calls": [{"id": "2"}]}),
        replace(base, extra={"tool_call_id": "1"}),
    ]
    assert threads.add_messages(conn, tenant, "t", different, 0.0) == len(different)
    same = [*different, replace(base, name="Ann"), replace(base, id="new", extra={"a": 1})]
    assert threads.add_messages(conn, tenant, "t", same, 0.0) == 0


def test_without_id_and_time_a_message_may_repeat(conn: sqlite3.Connection, tenant: str) -> None:
    """People say the same thing twice: without id and timestamp nothing is taken for a repeat."""
    assert threads.add_messages(conn, tenant, "t", [said("yes", "u"), said("yes", "u")], 0.0) == 2
    assert threads.add_messages(conn, tenant, "t", [said("yes", "u")], 0.0) == 1


def test_what_was_listed_may_be_posted_again(conn: sqlite3.Connection, tenant: str) -> None:
    """A program that posts back the list it was given, ids and all, adds nothing."""
    threads.add_messages(conn, tenant, "t", [said("a", "u"), said("b")], 0.0)
    again = [
        NewMessage(m.id, m.role, m.content, m.name, m.user_id, m.timestamp, m.extra)
        for m in all_of(conn, tenant, "t")
    ]
    assert threads.add_messages(conn, tenant, "t", again, 0.0) == 0


def test_a_repeat_changes_nothing(conn: sqlite3.Connection, tenant: str) -> None:
    """A call that stores nothing leaves thread, users and due time as they were."""
    threads.add_messages(conn, tenant, "t", [said("a", "u", id="1")], 50.0)
    conn.execute("UPDATE threads SET due_at = NULL WHERE tenant = ?", (tenant,))
    before = threads.get(conn, tenant, "t")
    repeat = [said("a", "u", id="1", name="Ann"), said("a", "v", id="1")]
    assert threads.add_messages(conn, tenant, "t", repeat, 10.0) == 0
    assert threads.add_messages(conn, tenant, "t", [], 10.0) == 0
    assert threads.get(conn, tenant, "t") == before
    assert users.find(conn, tenant, None, None) == [User("u")]
    [row] = conn.execute("SELECT due_at FROM threads WHERE tenant = ?", (tenant,))
    assert row["due_at"] is None


def test_no_messages_make_an_empty_thread(conn: sqlite3.Connection, tenant: str) -> None:
    """Posting an empty list creates the thread and no batch."""
    assert threads.add_messages(conn, tenant, "t", [], 0.0) == 0
    thread = threads.get(conn, tenant, "t")
    assert thread is not None
    assert thread.last_message_batch_id is None


def test_a_seq_is_never_given_twice(conn: sqlite3.Connection, tenant: str) -> None:
    """After the last messages are erased with their user, numbering goes on behind them."""
    threads.add_messages(conn, tenant, "t", [said("a"), said("b", "u")], 0.0)
    users.delete(conn, tenant, "u")
    for text in ("c", "d"):
        threads.add_messages(conn, tenant, "t", [said(text)], 0.0)
    stored = [(m.seq, m.content) for m in all_of(conn, tenant, "t")]
    assert stored == [(1, "a"), (3, "c"), (4, "d")]


POSTED = st.builds(
    NewMessage,
    st.none() | st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["user", "assistant"]),
    st.sampled_from(["hi", ["hi"], None]),
    st.none() | st.sampled_from(["Ann", "Bo"]),
    st.none() | st.sampled_from(["u", "v"]),
    st.none() | st.sampled_from(["2024-01-01T00:00:00", "2024-01-01T00:00:01"]),
)
CALLS = st.lists(st.lists(POSTED, max_size=5), max_size=5)


@dataclass
class Model:
    """What a thread should hold: the rule of `add_messages` in its plainest form."""

    stored: list[NewMessage]

    def post(self, message: NewMessage) -> int:
        """Store a message unless it is there."""
        if any(self.same(message, other) for other in self.stored):
            return 0
        self.stored.append(message)
        return 1

    @staticmethod
    def same(one: NewMessage, other: NewMessage) -> bool:
        """Tell whether two messages are one."""
        if one.id is not None and one.id == other.id:
            return True
        if one.timestamp is None or one.timestamp != other.timestamp:
            return False
        senders = [(m.role, m.user_id, None if m.user_id else m.name) for m in (one, other)]
        return senders[0] == senders[1] and one.content == other.content


@given(CALLS)
def test_reposting_is_idempotent(conn: sqlite3.Connection, calls: list[list[NewMessage]]) -> None:
    """Whatever is posted in whatever calls, each message is stored once, in the order it came."""
    tenant, model = str(uuid4()), Model([])
    for call in calls:
        expected = sum([model.post(message) for message in call])
        assert threads.add_messages(conn, tenant, "t", call, 0.0) == expected
    kept = [(m.role, m.content, m.user_id) for m in all_of(conn, tenant, "t")]
    assert kept == [(m.role, m.content, m.user_id) for m in model.stored]
    told_apart = [
        [message for message in call if message.id or message.timestamp] for call in calls
    ]
    for call in told_apart:
        assert threads.add_messages(conn, tenant, "t", call, 0.0) == 0


@given(
    st.integers(0, 12),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), min_size=1),
    st.booleans(),
)
def test_pages_join_to_the_whole(
    conn: sqlite3.Connection, count: int, steps: list[tuple[int, int]], ascending: bool
) -> None:
    """Pages of any sizes list every message once, in order, while others are being posted.

    Oldest first they also reach what is posted meanwhile; newest first they do not.
    """
    tenant = str(uuid4())
    texts = [str(number) for number in range(count)]
    threads.add_messages(conn, tenant, "t", [said(text) for text in texts], 0.0)
    listed: list[Message] = []
    for step in range(1000):
        size, inserts = steps[step] if step < len(steps) else (5, 0)
        page = threads.messages_page(
            conn,
            tenant,
            "t",
            after_seq=listed[-1].seq if listed else None,
            ascending=ascending,
            limit=size,
        )
        listed += page
        if len(page) < size:
            break
        new = [f"{step}+{number}" for number in range(inserts)]
        threads.add_messages(conn, tenant, "t", [said(text) for text in new], 0.0)
        texts += new if ascending else []
    assert [m.content for m in listed] == (texts if ascending else texts[::-1])
    assert threads.message_count(conn, tenant, "t") >= len(listed)


def test_messages_between(conn: sqlite3.Connection, tenant: str) -> None:
    """A range holds both its ends."""
    threads.add_messages(conn, tenant, "t", [said(n) for n in range(1, 6)], 0.0)
    found = threads.messages_between(conn, tenant, "t", 2, 4)
    assert [message.content for message in found] == [2, 3, 4]


def test_states_are_kept_by_key(conn: sqlite3.Connection, tenant: str) -> None:
    """Each slot keeps its last state; the nameless slot is not the one named by no letters."""
    threads.set_state(conn, tenant, "t", None, {"a": 1})
    threads.set_state(conn, tenant, "t", "", {"b": 2})
    threads.set_state(conn, tenant, "t", "null", {"c": 3})
    threads.set_state(conn, tenant, "t", None, {"d": [None, "ü"]})
    assert threads.get_state(conn, tenant, "t", None) == {"d": [None, "ü"]}
    assert threads.get_state(conn, tenant, "t", "") == {"b": 2}
    assert threads.get_state(conn, tenant, "t", "null") == {"c": 3}
    assert threads.get_state(conn, tenant, "t", "x") is None
    assert threads.get(conn, tenant, "t") is not None
