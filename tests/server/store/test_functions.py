from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store import functions, memories, runs, schema, threads, users
from langmem_server.store.errors import ConflictError
from langmem_server.store.records import Function, NewMemory, NewMessage, User, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    import sqlite3


def make(id: str, type: str = "user_state", name: str = "Profile", **rest: Any) -> Function:
    """Build a function; what is not said is plain."""
    plain = Function(id, type, name, "", {"type": "object"}, None, "active", utc_now())
    return replace(plain, **rest)


def test_a_tenant_begins_with_what_the_default_one_has(
    conn: sqlite3.Connection, tenant: str
) -> None:
    """The function a tenant is seeded with is the one that the migrations give to `default`."""
    functions.seed(conn, tenant)
    seeded = functions.get(conn, tenant, SEMANTIC_FUNCTION_ID)
    migrated = functions.get(conn, "default", SEMANTIC_FUNCTION_ID)
    assert seeded is not None
    assert migrated is not None
    assert replace(seeded, created_at=migrated.created_at) == migrated
    functions.seed(conn, tenant)
    assert functions.get(conn, tenant, SEMANTIC_FUNCTION_ID) == seeded


def test_the_sql_of_the_first_function_stays_as_it_was_released() -> None:
    """What the first migration inserts is not changed through the constants it is made of."""
    assert (
        schema.SEED_FUNCTION
        == """
INSERT INTO memory_functions VALUES (
    'default', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user_semantic_memory', 'SemanticUserMemory',
    'Facts about the user as subject, predicate and object.', ?, NULL, 'active', ?
)
"""
    )


def test_upsert_stores_a_new_function(conn: sqlite3.Connection, tenant: str) -> None:
    """A new function is stored as given."""
    function = make("f", description="Who.", custom_instructions="Be brief.", status="disabled")
    assert functions.upsert(conn, tenant, function) == function
    assert functions.get(conn, tenant, "f") == function


def test_the_same_id_is_updated(conn: sqlite3.Connection, tenant: str) -> None:
    """A function of the same id takes all but status and creation time of the new one."""
    old = functions.upsert(conn, tenant, make("f", status="disabled"))
    new = make("f", name="Self", parameters={"title": "x"}, custom_instructions="Be brief.")
    stored = functions.upsert(conn, tenant, new)
    assert stored == replace(new, status="disabled", created_at=old.created_at)
    assert functions.get(conn, tenant, "f") == stored


def test_the_same_id_with_another_type(conn: sqlite3.Connection, tenant: str) -> None:
    """An id cannot change its type by being created again."""
    old = functions.upsert(conn, tenant, make("f"))
    with pytest.raises(ConflictError, match=r"id: .* another type \(user_state\); use another id"):
        functions.upsert(conn, tenant, make("f", type="thread_summary"))
    assert functions.get(conn, tenant, "f") == old


def test_the_same_type_and_name_is_the_same(conn: sqlite3.Connection, tenant: str) -> None:
    """A program that makes its functions anew at each start finds them under their old ids."""
    functions.upsert(conn, tenant, make("f", description="old"))
    stored = functions.upsert(conn, tenant, make("g", description="new"))
    assert (stored.id, stored.description) == ("f", "new")
    assert functions.get(conn, tenant, "g") is None
    other = functions.upsert(conn, tenant, make("g", type="user_append_state"))
    assert other.id == "g"


def test_without_a_name_the_parameters_tell(conn: sqlite3.Connection, tenant: str) -> None:
    """Nameless functions are the same if type and parameters are, whatever the key order."""
    first = make("f", name="", parameters={"a": 1, "b": [2]})
    functions.upsert(conn, tenant, first)
    again = functions.upsert(conn, tenant, make("g", name="", parameters={"b": [2], "a": 1}))
    assert again.id == "f"
    other = functions.upsert(conn, tenant, make("h", name="", parameters={"a": 2}))
    assert other.id == "h"


def test_an_id_cannot_take_a_name_in_use(conn: sqlite3.Connection, tenant: str) -> None:
    """Neither a second create nor a rename gives two functions of a type one name."""
    functions.upsert(conn, tenant, make("f", name="Profile"))
    functions.upsert(conn, tenant, make("g", name="Self"))
    with pytest.raises(ConflictError, match=r"name: .* user_state has it \(f\); choose another"):
        functions.upsert(conn, tenant, make("g", name="Profile"))
    with pytest.raises(ConflictError, match=r"name: .* has it \(f\)"):
        functions.update(conn, tenant, "g", name="Profile")
    functions.update(conn, tenant, "g", name="")
    functions.update(conn, tenant, "f", name="")
    assert [f.name for f in functions.active(conn, tenant)] == ["", ""]


def test_update_leaves_what_is_not_given(conn: sqlite3.Connection, tenant: str) -> None:
    """Each property changes alone."""
    expected = functions.upsert(conn, tenant, make("f"))
    changes: list[dict[str, Any]] = [
        {},
        {"name": "Self"},
        {"description": "Who."},
        {"parameters": {"title": "x"}},
        {"custom_instructions": "Be brief."},
        {"status": "disabled"},
        {"type": "thread_summary"},
    ]
    for change in changes:
        expected = replace(expected, **change)
        assert functions.update(conn, tenant, "f", **change) == expected
        assert functions.get(conn, tenant, "f") == expected


def test_an_unknown_function(conn: sqlite3.Connection, tenant: str) -> None:
    """Neither get nor update nor delete find a function that is not there."""
    assert functions.get(conn, tenant, "f") is None
    assert functions.update(conn, tenant, "f", name="x") is None
    assert not functions.delete(conn, tenant, "f")


@pytest.mark.parametrize("result", ["memory", "state", "output"])
def test_a_function_with_results_keeps_its_type(
    conn: sqlite3.Connection, tenant: str, result: str
) -> None:
    """Once there are results, another type is refused; the old results stay."""
    functions.upsert(conn, tenant, make("f"))
    users.upsert(conn, tenant, User("u"))
    threads.upsert(conn, tenant, "t", None)
    if result == "memory":
        memories.remember(conn, tenant, ("u", "f", "t"), [NewMemory("x", {}, None)], utc_now())
    elif result == "state":
        memories.put_state(conn, tenant, "u", "f", {"a": 1})
    else:
        memories.put_thread_output(conn, tenant, "t", "f", {"a": 1})
    with pytest.raises(ConflictError, match=r"type: .* results of type user_state; create a new"):
        functions.update(conn, tenant, "f", type="user_append_state", name="New")
    assert functions.get(conn, tenant, "f") is not None
    kept = functions.update(conn, tenant, "f", type="user_state", name="Newer")
    assert kept is not None
    assert kept.name == "Newer"


def test_another_type_starts_over(conn: sqlite3.Connection, tenant: str) -> None:
    """A function without results that takes another type is planned anew over all messages."""
    functions.upsert(conn, tenant, make("f"))
    threads.add_messages(conn, tenant, "t", [NewMessage(None, "user", "x", user_id="u")], 0.0)
    [old] = runs.plan(conn, tenant, "t", retry=False, now=utc_now())
    assert old.user_id == "u"
    functions.update(conn, tenant, "f", type="thread_summary")
    assert runs.page(conn, tenant, limit=9) == []
    [new] = runs.plan(conn, tenant, "t", retry=False, now=utc_now())
    assert (new.user_id, new.first_seq, new.last_seq) == (None, 1, 1)


def test_active_leaves_out_the_disabled(conn: sqlite3.Connection, tenant: str) -> None:
    """Only functions that are to run are active, by id."""
    for key, status in (("b", "active"), ("a", "active"), ("c", "disabled")):
        functions.upsert(conn, tenant, make(key, name=key, status=status))
    assert [function.id for function in functions.active(conn, tenant)] == ["a", "b"]


TYPES = ["user_state", "user_append_state", "user_semantic_memory", "thread_summary"]


@given(
    st.lists(st.sampled_from(TYPES), max_size=12),
    st.none() | st.lists(st.sampled_from(["user", "thread"]), unique=True),
    st.integers(1, 5),
    st.booleans(),
)
def test_pages_join_to_the_whole(
    conn: sqlite3.Connection,
    types: list[str],
    targets: list[str] | None,
    size: int,
    delete: bool,
) -> None:
    """Pages of any size list every function of the targets once, oldest first.

    They do so even for a program that deletes what it is shown before it asks for more.
    """
    tenant = str(uuid4())
    made = [make(str(uuid4()), type=type_, name=str(n)) for n, type_ in enumerate(types)]
    for function in made:
        functions.upsert(conn, tenant, function)
    listed: list[Function] = []
    while True:
        after = listed[-1].place if listed else None
        page = functions.list_page(conn, tenant, targets, after, size)
        listed += page
        if len(page) < size:
            break
        for function in page if delete else []:
            functions.delete(conn, tenant, function.id)
    wanted = [f for f in made if targets is None or f.target_type in targets]
    assert listed == sorted(wanted, key=lambda function: (function.created_at, function.id))
