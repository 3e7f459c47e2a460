from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store import users
from langmem_server.store.records import User

if TYPE_CHECKING:
    import sqlite3


def test_upsert_stores_and_replaces(conn: sqlite3.Connection, tenant: str) -> None:
    """A user is stored as given, and a second time in place of the first."""
    first = User("u", "Ann", ["beta"], {"plan": "free"})
    assert users.upsert(conn, tenant, first) == first
    assert users.get(conn, tenant, "u") == first
    second = User("u", "Anna")
    users.upsert(conn, tenant, second)
    assert users.get(conn, tenant, "u") == second


def test_an_unknown_user_is_none(conn: sqlite3.Connection, tenant: str) -> None:
    """Neither get nor update nor delete find a user who is not there."""
    assert users.get(conn, tenant, "u") is None
    assert users.update(conn, tenant, "u", name="Ann") is None
    assert not users.delete(conn, tenant, "u")
    assert users.get(conn, tenant, "u") is None


def test_update_leaves_what_is_not_given(conn: sqlite3.Connection, tenant: str) -> None:
    """Each property changes alone; empty values are values."""
    users.upsert(conn, tenant, User("u", "Ann", ["a"], {"b": 1}))
    assert users.update(conn, tenant, "u") == User("u", "Ann", ["a"], {"b": 1})
    assert users.update(conn, tenant, "u", name="Bo") == User("u", "Bo", ["a"], {"b": 1})
    assert users.update(conn, tenant, "u", tags=[]) == User("u", "Bo", [], {"b": 1})
    assert users.update(conn, tenant, "u", metadata={}) == User("u", "Bo", [], {})
    assert users.get(conn, tenant, "u") == User("u", "Bo", [], {})


def test_a_sender_becomes_a_user(conn: sqlite3.Connection, tenant: str) -> None:
    """A sender without a name is a user without a name, and gets the next name given."""
    users.ensure(conn, tenant, "u", None)
    assert users.get(conn, tenant, "u") == User("u")
    users.ensure(conn, tenant, "u", "Ann")
    users.ensure(conn, tenant, "u", None)
    assert users.get(conn, tenant, "u") == User("u", "Ann")


@pytest.mark.parametrize("how", ["upsert", "update"])
def test_a_message_never_renames_a_named_user(
    conn: sqlite3.Connection, tenant: str, how: str
) -> None:
    """A name given by a call stands against the names in messages."""
    users.ensure(conn, tenant, "u", "annie99")
    if how == "upsert":
        users.upsert(conn, tenant, User("u", "Ann"))
    else:
        users.update(conn, tenant, "u", name="Ann")
    users.ensure(conn, tenant, "u", "annie99")
    users.update(conn, tenant, "u", tags=["x"])
    users.ensure(conn, tenant, "u", "annie99")
    assert users.get(conn, tenant, "u") == User("u", "Ann", ["x"])


STEPS = st.lists(
    st.tuples(st.sampled_from(["message", "upsert", "update"]), st.none() | st.sampled_from("abc"))
)


@given(STEPS)
def test_who_names_a_user(conn: sqlite3.Connection, steps: list[tuple[str, str | None]]) -> None:
    """The name is the last one given by a call, else the last one given by a message."""
    tenant = str(uuid4())
    name, called = None, False
    for how, given_name in steps:
        if how == "message":
            users.ensure(conn, tenant, "u", given_name)
            name = name if called else given_name or name
        elif how == "upsert":
            users.upsert(conn, tenant, User("u", given_name))
            name, called = given_name, given_name is not None
        elif users.update(conn, tenant, "u", name=given_name) is not None:
            name, called = given_name or name, called or given_name is not None
    stored = users.get(conn, tenant, "u")
    assert (stored.name if stored else None) == name


def test_find_by_name_and_id(conn: sqlite3.Connection, tenant: str) -> None:
    """Filters combine; none matches all, an empty one nothing; order is by name, then id."""
    for key, name in (("3", "Ann"), ("1", "Bo"), ("2", "Ann"), ("4", None)):
        users.upsert(conn, tenant, User(key, name))

    def found(names: list[str] | None, ids: list[str] | None) -> list[str]:
        return [user.id for user in users.find(conn, tenant, names, ids)]

    assert found(None, None) == ["4", "2", "3", "1"]
    assert found(["Ann"], None) == ["2", "3"]
    assert found(["Ann", "Bo"], ["1", "2", "9"]) == ["2", "1"]
    assert found(None, ["4"]) == ["4"]
    assert found([], None) == found(None, []) == []
    assert found(["\ud800", 'x"]'], None) == []
