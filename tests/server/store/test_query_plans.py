from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.store import (
    exports,
    functions,
    idempotency,
    imports,
    memories,
    runs,
    service_secrets,
    threads,
    usage,
    users,
)
from langmem_server.store.records import (
    Dispatch,
    Function,
    Imported,
    Moment,
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
    from langmem_server.store.exports import Kind

T = "tenant"
TYPES = ["user_state", "user_append_state", "user_semantic_memory", "thread_summary"]

WALK = re.compile(
    r"SCAN (?!json_each|CONSTANT ROW|held|q$|\(subquery|.* VIRTUAL TABLE INDEX"
    r"|runs USING INDEX runs_(undispatched|pending)$)"
)
"""A step that walks a table or index from end to end.

Not meant are: json_each, the list a call was given; `held`, `q` and subqueries, rows found by an
index before; the text index, whose lookups are called SCAN too; the indexes of undispatched and of
unfinished runs, which hold no others.
"""


@pytest.fixture
def conn(db: Database) -> Iterator[sqlite3.Connection]:
    """A file with some rows of each kind."""
    connection = db._connect()
    connection.execute("BEGIN")
    for number, type_ in enumerate(TYPES):
        function = Function(f"f{number}", type_, type_, "", {}, None, "active", utc_now())
        functions.upsert(connection, T, function)
    for number in range(40):
        user, thread = f"u{number % 10}", f"t{number % 20}"
        messages = [
            NewMessage(str(uuid4()), "user", "tea", user_id=user, timestamp=f"{number}:{n}")
            for n in range(5)
        ]
        threads.add_messages(connection, T, thread, messages, float(number))
        threads.set_state(connection, T, thread, None, {"n": number})
        for run in runs.plan(connection, T, thread, retry=False, now=utc_now()):
            work = runs.begin(connection, run.lane)
            assert work is not None
            if run.function_id in {"f1", "f2"}:
                found = [NewMemory(f"tea {number} {n}", {}, None) for n in range(3)]
                outcome = Outcome("succeeded", None, 1, 0, 0, None, found)
            else:
                outcome = Outcome("succeeded", None, 1, 0, 0, {"n": number})
            runs.finish(connection, work, outcome, utc_now())
    connection.execute("COMMIT")
    yield connection
    connection.close()


def begin_and_finish(conn: sqlite3.Connection) -> None:
    """Plan one run for a user and work it off."""
    message = NewMessage(None, "user", "x", user_id="u1")
    threads.add_messages(conn, T, "t1", [message], 1.0)
    [run, *_] = runs.plan(conn, T, "t1", retry=False, now=utc_now())
    work = runs.begin(conn, run.lane)
    assert work is not None
    found = [NewMemory("new", {}, None)]
    assert runs.finish(conn, work, Outcome("succeeded", None, 1, 0, 0, {}, found), utc_now())


START: dict[str, tuple[str | int, ...]] = {
    kind.name: tuple(5 if column in {"ordinal", "seq"} else "a" for column in kind.order)
    for kind in exports.KINDS
}


def imported(conn: sqlite3.Connection) -> Iterator[tuple[Kind, list[dict[str, Any]]]]:
    """Give what is there, kind by kind, and a message and a memory that are not."""
    new = NewMessage("new", "user", "x", user_id="u1")
    placed = {"seq": 99, "batch_id": 9, "timestamp_given": False}
    message = {"thread_id": "t1", "message": new, **placed}
    for kind in exports.KINDS:
        rows, _ = exports.page(conn, T, None, exports.Place("~", kind.name), 9999)
        there = [row for name, row in rows if name == kind.name]
        if kind.name == "user_memory":
            there.append(there[0] | {"id": str(uuid4()), "text": "new", "ordinal": None})
        yield kind, [message] if kind.name == "message" else there


CALLS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "search": lambda c: memories.search(c, T, "u1", ["f1", "f2"], ["tea", "milk"], 30),
    "messages_page": lambda c: [
        threads.messages_page(c, T, "t1", after_seq=3, ascending=way, limit=3)
        for way in (True, False)
    ],
    "add_messages": lambda c: threads.add_messages(
        c,
        T,
        "t1",
        [NewMessage("m", "user", "x", "Ann", "u1", "2024-01-01"), NewMessage(None, "user", "x")],
        1.0,
    ),
    "messages_between": lambda c: threads.messages_between(c, T, "t1", 2, 4),
    "message_count": lambda c: threads.message_count(c, T, "t1"),
    "thread": lambda c: (threads.upsert(c, T, "t1", {}), threads.get(c, T, "t1")),
    "list_threads": lambda c: threads.list_all(c, T),
    "of_user": lambda c: threads.of_user(c, T, "u1"),
    "set_state": lambda c: threads.set_state(c, T, "t1", "k", {}),
    "get_state": lambda c: threads.get_state(c, T, "t1", "k"),
    "due": lambda c: (runs.due_threads(c, 5.0, 60.0), runs.next_due(c)),
    "schedule_all": lambda c: runs.schedule_all(c, T, 1.0),
    "plan": lambda c: (
        threads.add_messages(c, T, "t1", [NewMessage(None, "user", "x", user_id="u1")], 1.0),
        runs.plan(c, T, "t1", retry=True, now=utc_now()),
    ),
    "undispatched": lambda c: (runs.undispatched(c), runs.several_tenants(c)),
    "mark": lambda c: runs.mark_dispatched(c, [Dispatch(T, "r", "l", 1, "u1")]),
    "reset": runs.reset_dispatched,
    "release": runs.release,
    "begin and finish": begin_and_finish,
    "retry": lambda c: (runs.get(c, T, "r"), runs.retry(c, T, "r")),
    "page of a thread": lambda c: runs.page(c, T, thread_id="t1", status="failed", limit=5),
    "page of a user": lambda c: runs.page(c, T, user_id="u1", after=50, limit=5),
    "users": lambda c: (
        users.upsert(c, T, User("u1", "Ann")),
        users.get(c, T, "u1"),
        users.update(c, T, "u1", name="Bo"),
        users.find(c, T, ["Ann"], None),
        users.find(c, T, None, ["u1"]),
    ),
    "functions": lambda c: (
        functions.upsert(c, T, Function("f0", TYPES[0], "n", "", {}, None, "active", utc_now())),
        functions.list_page(c, T, ["user"], "2024 f0", 5),
        functions.active(c, T),
    ),
    "function": lambda c: (
        functions.types(c, T),
        functions.update(c, T, "f0", name="n2", type="user_state"),
        functions.get(c, T, "f0"),
    ),
    "usage": lambda c: usage.days(c, T, "2024-01-01", "2024-01-31"),
    "secret": lambda c: service_secrets.get(c, "cursors"),
    "ensure user": lambda c: users.ensure(c, T, "u1", "Ann"),
    "ensure users": lambda c: users.ensure_all(c, T, ["u1", "u99"]),
    "ensure threads": lambda c: threads.ensure_all(c, T, ["t1", "t99"], utc_now()),
    "schedule": lambda c: threads.schedule(c, T, "t1", 1.0),
    "present": lambda c: [
        exports.present(c, T, kind, [("a",) * len(kind.identity)]) for kind in exports.KINDS
    ],
    "keep": lambda c: idempotency.keep(c, T, "k", "f", {}, Subjects("u1", "t1", "f0")),
    "find": lambda c: idempotency.find(c, T, "k"),
    "states": lambda c: (
        memories.put_state(c, T, "u1", "f0", {}),
        memories.get_state(c, T, "u1", "f0"),
        memories.delete_for_function(c, T, "u1", "f0"),
    ),
    "list_for_user": lambda c: memories.list_for_user(c, T, "u1"),
    "delete_many": lambda c: memories.delete_many(c, T, "u1", ["a", "b"]),
    "outputs": lambda c: (
        memories.thread_outputs(c, T, "t1"),
        memories.get_thread_output(c, T, "t1", "f3"),
        memories.summaries_for_user(c, T, "u1", ["f3"], 5),
    ),
    "export": lambda c: exports.page(c, T, None, None, 9999),
    "export from": lambda c: [
        exports.page(c, T, None, exports.Place("~", kind.name, START[kind.name]), 1)
        for kind in exports.KINDS
    ],
    "export of a user": lambda c: exports.page(c, T, "u1", None, 9999),
    "import": lambda c: [
        imports.store(c, T, kind, [Imported("body", row) for row in rows], Moment(utc_now(), 1.0))
        for kind, rows in imported(c)
    ],
    "delete thread": lambda c: threads.delete(c, T, "t1"),
    "delete user": lambda c: users.delete(c, T, "u1"),
    "delete function": lambda c: functions.delete(c, T, "f1"),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_query_walks_a_table(conn: sqlite3.Connection, name: str) -> None:
    """Every statement of every call finds its rows by an index."""
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    CALLS[name](conn)
    conn.set_trace_callback(None)
    ours = [text for text in statements if not text.startswith("--")]
    assert ours
    for statement in ours:
        steps = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert [step for step in steps if WALK.match(step)] == [], statement


def test_the_search_goes_by_the_index_first(conn: sqlite3.Connection) -> None:
    """A search asks the text index, and only for the rows it names the table."""
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    memories.search(conn, T, "u1", ["f1"], ["tea"], 30)
    conn.set_trace_callback(None)
    [matching] = [
        text for text in statements if "MATCH" in text and text.startswith("SELECT q.key")
    ]
    steps = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {matching}")]
    assert steps[0].startswith("SCAN q VIRTUAL TABLE INDEX")
    assert steps[1].startswith("SCAN memories_fts VIRTUAL TABLE INDEX")
    assert steps[2].startswith("SEARCH m USING INTEGER PRIMARY KEY")


@pytest.mark.parametrize("user_id", [None, "u1"])
def test_an_export_of_memories_goes_by_its_owner(
    conn: sqlite3.Connection, user_id: str | None
) -> None:
    """All memories are found by their tenant, one user's by the user, and none of others."""
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    exports.page(conn, T, user_id, exports.Place("~", "user_memory", (5,)), 9)
    conn.set_trace_callback(None)
    [reading] = [text for text in statements if "FROM memories r" in text]
    steps = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {reading}")]
    if user_id is None:
        assert "SEARCH r USING INDEX memories_by_ordinal (tenant=? AND ordinal>?)" in steps
    else:
        assert "(tenant=? AND user_id=?" in steps[0]


def test_every_foreign_key_has_an_index(conn: sqlite3.Connection) -> None:
    """What hangs on a deleted row is found by an index, whose first columns are the key's."""
    keys: dict[tuple[str, int], list[str]] = {}
    for row in conn.execute(
        'SELECT t.name AS child, k.id, k."from" AS part FROM pragma_table_list t,'
        " pragma_foreign_key_list(t.name) k ORDER BY t.name, k.id, k.seq"
    ):
        keys.setdefault((row["child"], row["id"]), []).append(row["part"])
    assert len(keys) > 15
    for (child, _), columns in keys.items():
        indexes = [
            [part["name"] for part in conn.execute(f"PRAGMA index_info({index['name']})")]
            for index in conn.execute(f"PRAGMA index_list({child})")
            if not index["partial"]
        ]
        assert any(index[: len(columns)] == columns for index in indexes), (child, columns)
