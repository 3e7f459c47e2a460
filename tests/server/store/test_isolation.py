from __future__ import annotations

import inspect
from collections import Counter
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest

from langmem_server.store import (
    exports,
    functions,
    idempotency,
    imports,
    keys,
    memories,
    runs,
    service_secrets,
    threads,
    totals,
    usage,
    users,
)
from langmem_server.store.records import (
    ApiKey,
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

KINDS = {kind.name: kind for kind in exports.KINDS}
FUNCTIONS = {"state": "user_state", "facts": "user_append_state", "summary": "thread_summary"}
MODULES = (
    exports,
    functions,
    idempotency,
    imports,
    keys,
    memories,
    runs,
    service_secrets,
    threads,
    totals,
    usage,
    users,
)
FOR_ALL_TENANTS = {
    "keys.list_all": "whoever runs the service sees all; a request finds its own by its digest",
    "keys.revoke": "as above",
    "keys.any_made": "tells whether the service is open at all",
    "totals.read": "what all tenants add up to, for keys of scope metrics",
    "runs.due_threads": "the dispatcher serves all tenants and is told whose a thread is",
    "runs.next_due": "as above",
    "runs.undispatched": "as above",
    "runs.mark_dispatched": "takes what undispatched gave",
    "runs.reset_dispatched": "the start of a service concerns all",
    "runs.release": "as does its end",
    "runs.several_tenants": "how many tenants there are concerns all",
    "runs.begin": "a lane is a token of its tenant",
    "runs.finish": "takes what begin gave",
    "service_secrets.get": "a secret of the service, which no operation shows",
}

CALLS: dict[str, Callable[[sqlite3.Connection, str], Any]] = {
    "exports.page": lambda c, t: [exports.page(c, t, user, None, 99)[0] for user in (None, "u")],
    "exports.present": lambda c, t: [
        list(exports.present(c, t, KINDS[name], [identity]))
        for name, identity in (("user", ("u",)), ("message", ("t", "m")))
    ],
    "imports.store": lambda c, t: sum(bring_in(c, t), Counter[str]()),
    "keys.create": lambda c, t: keys.create(c, t, replace(key_of(t), id="new", digest="new")),
    "functions.upsert": lambda c, t: functions.upsert(c, t, function("facts", "new")),
    "functions.seed": functions.seed,
    "functions.get": lambda c, t: functions.get(c, t, "facts"),
    "functions.list_page": lambda c, t: functions.list_page(c, t, None, None, 9),
    "functions.active": functions.active,
    "functions.types": lambda c, t: list(functions.types(c, t)),
    "functions.write": lambda c, t: functions.write(c, t, function("facts", "new")),
    "functions.update": lambda c, t: functions.update(c, t, "facts", name="new"),
    "functions.delete": lambda c, t: functions.delete(c, t, "facts"),
    "idempotency.find": lambda c, t: idempotency.find(c, t, "k"),
    "idempotency.keep": lambda c, t: idempotency.keep(c, t, "k", "new", None, Subjects()),
    "memories.get_state": lambda c, t: memories.get_state(c, t, "u", "state"),
    "memories.put_state": lambda c, t: memories.put_state(c, t, "u", "state", {"new": 1}),
    "memories.delete_for_function": lambda c, t: [
        memories.delete_for_function(c, t, "u", key) for key in FUNCTIONS
    ],
    "memories.delete_many": lambda c, t: memories.delete_many(c, t, "u", all_ids(c)),
    "memories.list_for_user": lambda c, t: memories.list_for_user(c, t, "u"),
    "memories.search": lambda c, t: memories.search(c, t, "u", ["facts"], ["memory"], 9),
    "memories.thread_outputs": lambda c, t: memories.thread_outputs(c, t, "t"),
    "memories.get_thread_output": lambda c, t: memories.get_thread_output(c, t, "t", "summary"),
    "memories.summaries_for_user": lambda c, t: memories.summaries_for_user(
        c, t, "u", ["summary"], 9
    ),
    "runs.plan": lambda c, t: runs.plan(c, t, "t", retry=True, now=utc_now()),
    "runs.schedule_all": lambda c, t: runs.schedule_all(c, t, 1.0),
    "runs.get": lambda c, t: found([runs.get(c, t, key) for key in all_runs(c)]),
    "runs.retry": lambda c, t: found([runs.retry(c, t, key) for key in all_runs(c)]),
    "runs.page": lambda c, t: runs.page(c, t, limit=9),
    "threads.upsert": lambda c, t: threads.upsert(c, t, "t", {"new": 1}),
    "threads.ensure_all": lambda c, t: threads.ensure_all(c, t, ["t"], utc_now()),
    "threads.schedule": lambda c, t: threads.schedule(c, t, "t", 1.0),
    "threads.get": lambda c, t: threads.get(c, t, "t"),
    "threads.list_all": threads.list_all,
    "threads.of_user": lambda c, t: threads.of_user(c, t, "u"),
    "threads.delete": lambda c, t: threads.delete(c, t, "t"),
    "threads.add_messages": lambda c, t: threads.add_messages(
        c, t, "t", [NewMessage("m", "user", "new", name="new", user_id="u")], 1.0
    ),
    "threads.messages_page": lambda c, t: [
        threads.messages_page(c, t, "t", after_seq=None, ascending=way, limit=9)
        for way in (True, False)
    ],
    "threads.messages_between": lambda c, t: threads.messages_between(c, t, "t", 0, 9),
    "threads.message_count": lambda c, t: threads.message_count(c, t, "t"),
    "threads.set_state": lambda c, t: threads.set_state(c, t, "t", None, {"new": 1}),
    "threads.get_state": lambda c, t: threads.get_state(c, t, "t", None),
    "usage.add": lambda c, t: usage.add(
        c, t, utc_now(), Outcome("failed", "new", 1, 2, 3), ended=True
    ),
    "usage.days": lambda c, t: usage.days(c, t, "2000-01-01", "2999-12-31"),
    "users.upsert": lambda c, t: users.upsert(c, t, User("u", "new")),
    "users.ensure": lambda c, t: users.ensure(c, t, "u", "new"),
    "users.ensure_all": lambda c, t: users.ensure_all(c, t, ["u"]),
    "users.get": lambda c, t: users.get(c, t, "u"),
    "users.update": lambda c, t: users.update(c, t, "u", name="new"),
    "users.find": lambda c, t: users.find(c, t, None, None),
    "users.delete": lambda c, t: users.delete(c, t, "u"),
}
"""Every function of the store that takes a tenant, called with ids that another tenant has."""

OWN_ONLY = {
    "memories.put_thread_output": "only for runs.finish, which holds a run of its tenant",
    "memories.remember": "as above",
}

NOTHING: tuple[Any, ...] = ([], None, 0, False, [[], []], [False] * len(FUNCTIONS))
MAKE_SOMETHING = {
    "functions.upsert",
    "imports.store",
    "threads.upsert",
    "threads.add_messages",
    "users.upsert",
}
"""What answers with something new where there was nothing."""


def function(id: str, name: str) -> Function:
    """Build one of the functions."""
    return Function(id, FUNCTIONS[id], name, "", {}, None, "active", utc_now())


def key_of(tenant: str) -> ApiKey:
    """Build a key."""
    return ApiKey(f"{tenant} key", tenant, tenant, "application", f"{tenant} digest", utc_now())


def bring_in(conn: sqlite3.Connection, tenant: str) -> list[Counter[str]]:
    """Import one of everything, under the ids that others use."""
    moment = Moment(utc_now(), 5.0)
    values: dict[str, dict[str, Any]] = {
        "memory_function": asdict(function("facts", "new")),
        "user": {"id": "u", "name": "new"},
        "thread": {
            "id": "t",
            "processed": [{"function_id": "facts", "user_id": "u", "last_seq": 9}],
        },
        "thread_state": {"thread_id": "t", "key": None, "state": {"new": 1}},
        "user_state": {"user_id": "u", "function_id": "facts", "state": {"new": 1}},
        "user_memory": {
            "id": all_ids(conn)[0],
            "user_id": "u",
            "function_id": "facts",
            "text": "new",
            "content": {},
            "thread_ids": ["t"],
        },
        "thread_memory": {"thread_id": "t", "function_id": "facts", "output": {"new": 1}},
        "message": {
            "thread_id": "t",
            "message": NewMessage("new", "user", "new", user_id="u"),
            "seq": 9,
            "batch_id": 9,
            "timestamp_given": False,
        },
    }
    return [
        imports.store(conn, tenant, kind, [Imported("body", values[kind.name])], moment)
        for kind in exports.KINDS
    ]


def all_ids(conn: sqlite3.Connection) -> list[str]:
    """Read the ids of the memories of all tenants."""
    return [row["id"] for row in conn.execute("SELECT id FROM memories")]


def all_runs(conn: sqlite3.Connection) -> list[str]:
    """Read the ids of the runs of the tenant that has some in every test."""
    return [row["id"] for row in conn.execute("SELECT id FROM runs WHERE tenant = 'ours'")]


def found(items: list[Any]) -> list[Any]:
    """Leave out what was not there."""
    return [item for item in items if item is not None]


def furnish(conn: sqlite3.Connection, tenant: str) -> None:
    """Give a tenant one of everything, under the same ids and marked by its name."""
    users.upsert(conn, tenant, User("u", f"{tenant} user"))
    threads.upsert(conn, tenant, "t", {"of": tenant})
    threads.set_state(conn, tenant, "t", None, {"of": tenant})
    message = NewMessage("m", "user", f"{tenant} words", user_id="u")
    threads.add_messages(conn, tenant, "t", [message], 5.0)
    for key in FUNCTIONS:
        functions.upsert(conn, tenant, function(key, f"{tenant} {key}"))
    subjects = Subjects("u", "t", "facts")
    idempotency.keep(conn, tenant, "k", "fingerprint", {"of": tenant}, subjects)
    keys.create(conn, tenant, key_of(tenant))
    for run in runs.plan(conn, tenant, "t", retry=False, now=utc_now()):
        work = runs.begin(conn, run.lane)
        assert work is not None
        assert work.tenant == tenant
        found = [NewMemory(f"{tenant} memory", {}, None)] if run.function_id == "facts" else []
        state = None if found else {"of": tenant}
        runs.finish(conn, work, Outcome("failed", tenant, 1, 0, 0, state, found), utc_now())
    threads.add_messages(conn, tenant, "t", [NewMessage(None, "user", tenant)], 5.0)


def contents(conn: sqlite3.Connection, tenant: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of a tenant in every table."""
    tables = conn.execute(
        "SELECT t.name FROM pragma_table_list t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND c.name = 'tenant'"
    ).fetchall()
    return {
        table["name"]: [
            tuple(row)
            for row in conn.execute(f"SELECT * FROM {table['name']} WHERE tenant = ?", (tenant,))
        ]
        for table in tables
    }


@pytest.fixture
def conn(db: Database) -> Iterator[sqlite3.Connection]:
    """A file in which one tenant, "ours", has one of everything."""
    connection = db._connect()
    furnish(connection, "ours")
    yield connection
    connection.close()


def test_the_list_of_calls_is_complete() -> None:
    """Every public function of the store is called below, or is said to serve all tenants."""
    public = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, member in inspect.getmembers(module, inspect.isfunction)
        if member.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public == {*CALLS, *FOR_ALL_TENANTS, *OWN_ONLY}


def test_the_tenant_comes_first() -> None:
    """Every function takes the tenant right after the connection."""
    for module in MODULES:
        for name, member in inspect.getmembers(module, inspect.isfunction):
            key = f"{module.__name__.rpartition('.')[2]}.{name}"
            if key in CALLS or key in OWN_ONLY:
                assert list(inspect.signature(member).parameters)[:2] == ["conn", "tenant"]


def test_the_furniture_is_in_every_table(conn: sqlite3.Connection) -> None:
    """The tenant of these tests has rows in all tables, so that a leak of any would show."""
    empty = [name for name, rows in contents(conn, "ours").items() if not rows]
    assert empty == []


@pytest.mark.parametrize("name", CALLS)
def test_an_empty_tenant_sees_nothing(conn: sqlite3.Connection, name: str) -> None:
    """With the ids of another tenant everything is as if it were not there."""
    before = contents(conn, "ours")
    result = CALLS[name](conn, "theirs")
    assert "ours" not in repr(result)
    assert name in MAKE_SOMETHING or result in NOTHING
    assert contents(conn, "ours") == before


@pytest.mark.parametrize("name", CALLS)
def test_equal_ids_in_two_tenants_do_not_meet(conn: sqlite3.Connection, name: str) -> None:
    """Where both tenants use the same ids, each call touches and shows its own alone."""
    furnish(conn, "theirs")
    before = contents(conn, "ours")
    result = CALLS[name](conn, "theirs")
    assert "ours" not in repr(result)
    assert contents(conn, "ours") == before


def test_the_index_is_not_shared(conn: sqlite3.Connection) -> None:
    """A delete in one tenant leaves the other's memories to be found."""
    furnish(conn, "theirs")
    users.delete(conn, "theirs", "u")
    [found] = memories.search(conn, "ours", "u", ["facts"], ["memory"], 9)
    assert found.relevance > 0
    assert memories.search(conn, "theirs", "u", ["facts"], ["memory"], 9) == []
