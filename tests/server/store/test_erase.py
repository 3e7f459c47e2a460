from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from langmem_server.store import erase, functions, idempotency, memories, runs, threads, users
from langmem_server.store.cleaner import erasures
from langmem_server.store.records import (
    Function,
    NewMemory,
    NewMessage,
    Outcome,
    Subjects,
    User,
    utc_now,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from langmem_server.store.database import Database

T = "tenant"
FUNCTIONS = {"state": "user_state", "facts": "user_append_state", "summary": "thread_summary"}
ANN, BOB = "ann-0000-0000", "bob-0000-0000"
OWN, SHARED = "own-thread", "shared-thread"


@pytest.fixture
def conn(db: Database) -> Iterator[sqlite3.Connection]:
    """A connection to a file with Ann's own thread and one she shares with Bob."""
    connection = db._connect()
    for key, type_ in FUNCTIONS.items():
        function = Function(key, type_, f"name of {key}", "", {}, None, "active", utc_now())
        functions.upsert(connection, T, function)
    furnish(connection)
    yield connection
    connection.close()


def said(text: str, user: str) -> NewMessage:
    """Build a message of a user."""
    return NewMessage(None, "user", text, f"{user} name", user, "2024-01-01", {"by": user})


def furnish(conn: sqlite3.Connection) -> None:
    """Let Ann and Bob talk, and every function remember it in words of its own."""
    users.upsert(conn, T, User(ANN, "zanzibar", ["zanzibar"], {"zanzibar": ANN}))
    threads.upsert(conn, T, OWN, {"quokka": OWN})
    threads.set_state(conn, T, OWN, "quokka", {"quokka": OWN})
    threads.add_messages(conn, T, OWN, [said("zanzibar quokka", ANN)], 5.0)
    threads.add_messages(conn, T, SHARED, [said("zanzibar", ANN), said("walrus", BOB)], 5.0)
    work_off(conn)
    kept = {
        "user": ({"said": f"zanzibar {ANN}"}, Subjects(user_id=ANN)),
        "own": ({"said": f"quokka zanzibar {ANN} {OWN}"}, Subjects(thread_id=OWN)),
        "shared": ({"said": f"zanzibar {ANN}"}, Subjects(thread_id=SHARED)),
        "run": ({"said": f"zanzibar {OWN}"}, Subjects(ANN, OWN, "facts")),
        "function": ({"said": "name of facts"}, Subjects(function_id="facts")),
    }
    for key, (answer, subjects) in kept.items():
        idempotency.keep(conn, T, key + ANN, "", answer, subjects)


def work_off(conn: sqlite3.Connection) -> None:
    """Run everything; memories quote what was said to whoever it concerns."""
    for thread in (OWN, SHARED):
        for run in runs.plan(conn, T, thread, retry=False, now=utc_now()):
            work = runs.begin(conn, run.lane)
            assert work is not None
            mine = [m.content for m in work.messages if run.user_id in {None, m.user_id}]
            text = f"{' '.join(mine)} {run.user_id or ''}"
            outcome = Outcome("succeeded", f"about {text}", 1, 0, 0, {"said": text})
            if run.function_id == "facts":
                found = [NewMemory(text, {"said": text}, None)]
                outcome = Outcome("succeeded", f"about {text}", 1, 0, 0, None, found)
            assert runs.finish(conn, work, outcome, utc_now())


def traces(conn: sqlite3.Connection, *words: str) -> set[tuple[str, str]]:
    """Walk every table, those of the text index too; name those in which a word is found."""
    tables = [
        row["name"]
        for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if row["name"] != "memories_fts"  # what the index says is in its own tables
    ]
    return {
        (table, word)
        for table in tables
        for row in conn.execute(f"SELECT * FROM {table}")
        for word in words
        if any(_holds(value, word) for value in tuple(row))
    }


def _holds(value: Any, word: str) -> bool:
    # FTS5 cuts what neighbouring words begin with: the tail of a rare word is always there.
    if isinstance(value, bytes):
        return word[2:].encode() in value
    return word in str(value)


def test_the_traces_are_there_at_first(conn: sqlite3.Connection) -> None:
    """The walk finds the words where they are: else finding nothing would prove nothing."""
    found = {table for table, _ in traces(conn, "zanzibar", "quokka", ANN, OWN)}
    assert found == {
        "users",
        "threads",
        "messages",
        "participants",
        "thread_states",
        "memories",
        "memory_threads",
        "memories_fts_data",
        "user_states",
        "thread_outputs",
        "progress",
        "runs",
        "idempotency_answers",
    }


def test_a_deleted_user_leaves_no_trace(conn: sqlite3.Connection) -> None:
    """Neither the id nor a word of a deleted user is in any table; others' words are."""
    assert users.delete(conn, T, ANN)
    assert traces(conn, ANN, "zanzibar") == set()
    assert not users.delete(conn, T, ANN)
    assert {table for table, _ in traces(conn, "walrus")} >= {"messages", "memories"}
    assert [m.content for m in all_messages(conn, SHARED)] == ["walrus"]
    assert len(memories.list_for_user(conn, T, BOB)) == 2


def test_shared_summaries_are_made_anew(conn: sqlite3.Connection) -> None:
    """A thread a deleted user spoke in is due again, and its summary is of what is left."""
    assert runs.next_due(conn) is None
    before = {run.id for run in runs.page(conn, T, user_id=BOB, limit=9)}
    users.delete(conn, T, ANN)
    due = runs.next_due(conn)
    assert due is not None
    assert set(runs.due_threads(conn, due, 0.0)) == {(T, OWN), (T, SHARED)}
    assert memories.thread_outputs(conn, T, SHARED) == []
    work_off(conn)
    [output] = memories.thread_outputs(conn, T, SHARED)
    assert output.value == {"said": "walrus "}
    assert memories.thread_outputs(conn, T, OWN) == []
    assert {run.id for run in runs.page(conn, T, user_id=BOB, limit=9)} == before


def test_a_summary_under_way_does_not_bring_words_back(conn: sqlite3.Connection) -> None:
    """A run that read the messages of a user deleted meanwhile stores nothing."""
    threads.add_messages(conn, T, SHARED, [said("zanzibar again", ANN)], 5.0)
    planned = runs.plan(conn, T, SHARED, retry=False, now=utc_now())
    [summary] = [run for run in planned if run.function_id == "summary"]
    work = runs.begin(conn, summary.lane)
    assert work is not None
    users.delete(conn, T, ANN)
    late = Outcome("succeeded", None, 1, 0, 0, {"said": "zanzibar"})
    assert runs.finish(conn, work, late, utc_now())
    assert traces(conn, ANN, "zanzibar") == set()


def test_a_deleted_thread_leaves_no_trace_but_in_states(conn: sqlite3.Connection) -> None:
    """Neither the id nor a word of a deleted thread is left, but in states of its users."""
    threads.delete(conn, T, OWN)
    assert not threads.delete(conn, T, OWN)
    assert traces(conn, OWN, "quokka") <= {("user_states", "quokka")}
    assert threads.get(conn, T, SHARED) is not None
    assert users.get(conn, T, ANN) is not None
    assert [found.memory.text for found in facts(conn, ANN)] == [f"zanzibar {ANN}"]


def test_a_memory_borne_out_elsewhere_stays(conn: sqlite3.Connection) -> None:
    """What a user also said in another thread goes only with the last of the threads."""
    for thread in (OWN, SHARED):
        memories.remember(conn, T, (ANN, "facts", thread), [NewMemory("both", {}, None)], utc_now())
    threads.delete(conn, T, OWN)
    assert "both" in [found.memory.text for found in facts(conn, ANN)]
    threads.delete(conn, T, SHARED)
    assert facts(conn, ANN) == []


def test_a_deleted_function_leaves_no_trace(conn: sqlite3.Connection) -> None:
    """With a function go its memories, states, outputs, runs and progress."""
    for key in FUNCTIONS:
        assert functions.delete(conn, T, key)
        assert traces(conn, f"name of {key}") == set()
        for table in ("memories", "user_states", "thread_outputs", "progress", "runs"):
            left = conn.execute(f"SELECT 1 FROM {table} WHERE function_id = ?", (key,)).fetchall()
            assert left == []
    assert {table for table, _ in traces(conn, "zanzibar")} == {
        "users",
        "messages",
        "idempotency_answers",
    }


@pytest.mark.parametrize(
    ("delete", "gone"),
    [
        (lambda conn: users.delete(conn, T, ANN), {"user", "own", "shared", "run"}),
        (lambda conn: threads.delete(conn, T, OWN), {"own", "run"}),
        (lambda conn: functions.delete(conn, T, "facts"), {"run", "function"}),
    ],
    ids=["user", "thread", "function"],
)
def test_answers_are_erased_and_their_keys_stay(
    conn: sqlite3.Connection, delete: Callable[[sqlite3.Connection], None], gone: set[str]
) -> None:
    """With what it shows goes an answer, whole; that it was given is still known."""
    delete(conn)
    for key in ("user", "own", "shared", "run", "function"):
        done = idempotency.find(conn, T, key + ANN)
        assert done is not None
        assert (done.erased, done.answer is None) == (key in gone, key in gone)


def delete_facts(conn: sqlite3.Connection) -> None:
    """Delete Ann's facts one by one."""
    memories.delete_many(conn, T, ANN, [found.memory.id for found in facts(conn, ANN)])


@pytest.mark.parametrize(
    "delete",
    [delete_facts, lambda conn: memories.delete_for_function(conn, T, ANN, "facts")],
    ids=["one by one", "by function"],
)
def test_deleted_memories_leave_no_trace(
    conn: sqlite3.Connection, delete: Callable[[sqlite3.Connection], None]
) -> None:
    """The words of deleted memories are gone from the table and from the text index."""
    delete(conn)
    tables = {table for table, _ in traces(conn, "zanzibar")}
    assert not tables & {"memories", "memory_threads", "memories_fts_data"}
    conn.execute("INSERT INTO memories_fts (memories_fts, rank) VALUES ('integrity-check', 1)")


def test_the_bytes_are_gone_from_the_file(db: Database, conn: sqlite3.Connection) -> None:
    """After a clean stop no byte of a deleted user's words is left in the file."""
    db.write(lambda writer: users.delete(writer, T, ANN))
    db.write(lambda writer: threads.delete(writer, T, OWN))
    conn.close()
    db.close()
    content = db.path.read_bytes()
    assert b"walrus" in content
    for word in ("anzibar", "uokka", ANN, OWN):
        assert word.encode() not in content


def all_messages(conn: sqlite3.Connection, thread: str) -> list[Any]:
    """Read a thread whole."""
    return threads.messages_page(conn, T, thread, after_seq=None, ascending=True, limit=99)


def facts(conn: sqlite3.Connection, user: str) -> list[Any]:
    """Read what the function facts holds of a user."""
    return memories.search(conn, T, user, ["facts"], [], 99)


def test_a_run_for_another_that_read_the_deleted_is_done_anew(conn: sqlite3.Connection) -> None:
    """Bob's run under way has read what Ann said: it is queued again, and its find is not kept."""
    threads.add_messages(conn, T, SHARED, [said("zanzibar again", ANN), said("orca", BOB)], 5.0)
    planned = runs.plan(conn, T, SHARED, retry=False, now=utc_now())
    [facts_of_bob] = [r for r in planned if (r.function_id, r.user_id) == ("facts", BOB)]
    read = runs.begin(conn, facts_of_bob.lane)
    assert read is not None
    assert "zanzibar again" in [message.content for message in read.messages]
    runs.mark_dispatched(conn, runs.undispatched(conn))
    users.delete(conn, T, ANN)
    late = [NewMemory("zanzibar and orca", {}, None)]
    assert runs.finish(conn, read, Outcome("succeeded", None, 1, 0, 0, None, late), utc_now())
    assert traces(conn, ANN, "zanzibar") == set()
    assert facts_of_bob.id in [dispatch.run_id for dispatch in runs.undispatched(conn)]
    anew = runs.begin(conn, facts_of_bob.lane)
    assert anew is not None
    assert [message.content for message in (*anew.context, *anew.messages)] == ["walrus", "orca"]
    found = Outcome("succeeded", None, 1, 0, 0, None, [NewMemory("orca", {}, None)])
    assert runs.finish(conn, anew, found, utc_now())
    assert "orca" in [candidate.memory.text for candidate in facts(conn, BOB)]


def test_runs_elsewhere_go_on(conn: sqlite3.Connection) -> None:
    """A run over a thread the deleted user never spoke in keeps what it finds."""
    threads.add_messages(conn, T, "elsewhere", [said("orca", BOB)], 5.0)
    planned = runs.plan(conn, T, "elsewhere", retry=False, now=utc_now())
    [run] = [run for run in planned if run.function_id == "facts"]
    work = runs.begin(conn, run.lane)
    assert work is not None
    users.delete(conn, T, ANN)
    found = Outcome("succeeded", None, 1, 0, 0, None, [NewMemory("orca", {}, None)])
    assert runs.finish(conn, work, found, utc_now())
    assert "orca" in [candidate.memory.text for candidate in facts(conn, BOB)]


def test_reasons_that_may_quote_the_deleted_are_not_kept(conn: sqlite3.Connection) -> None:
    """Why a run for another failed may quote a model that quotes the user: that it failed stays."""
    threads.add_messages(conn, T, SHARED, [said("orca", BOB)], 5.0)
    for run in runs.plan(conn, T, SHARED, retry=False, now=utc_now()):
        work = runs.begin(conn, run.lane)
        assert work is not None
        failed = Outcome("failed", "the model answered zanzibar", 1, 0, 0)
        assert runs.finish(conn, work, failed, utc_now())
    users.delete(conn, T, ANN)
    assert traces(conn, ANN, "zanzibar") == set()
    [run] = runs.page(conn, T, user_id=BOB, status="failed", limit=1)
    assert run.error == erase.REASON_NOT_KEPT


@pytest.mark.parametrize(
    "delete",
    [
        lambda conn: users.delete(conn, T, ANN),
        lambda conn: threads.delete(conn, T, OWN),
        lambda conn: functions.delete(conn, T, "facts"),
        lambda conn: memories.delete_for_function(conn, T, ANN, "state"),
        lambda conn: memories.delete_for_function(conn, T, ANN, "facts"),
        delete_facts,
    ],
    ids=["user", "thread", "function", "state", "facts", "one by one"],
)
def test_every_delete_is_noted_for_the_cleaner(
    conn: sqlite3.Connection, delete: Callable[[sqlite3.Connection], None]
) -> None:
    """Whatever is deleted, the file says that copies of it may be left."""
    before = erasures(conn)
    delete(conn)
    assert erasures(conn) > before
