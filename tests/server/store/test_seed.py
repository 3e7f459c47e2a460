from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langmem_server.store import functions
from langmem_server.store.records import Function, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    import sqlite3

FIRST = "default"


def test_a_tenant_begins_as_the_first_one_did(conn: sqlite3.Connection, tenant: str) -> None:
    """The unstructured memory of a new tenant is that of `default`, under the same id."""
    functions.seed(conn, tenant)
    [seeded] = functions.list_page(conn, tenant, None, None, 9)
    first = functions.get(conn, FIRST, SEMANTIC_FUNCTION_ID)
    assert first == replace(seeded, created_at=first.created_at if first else "")


def test_seeding_again_changes_nothing(conn: sqlite3.Connection, tenant: str) -> None:
    """What the tenant has made of its function since stays."""
    functions.seed(conn, tenant)
    changed = functions.update(conn, tenant, SEMANTIC_FUNCTION_ID, name="Own", status="disabled")
    functions.seed(conn, tenant)
    assert functions.list_page(conn, tenant, None, None, 9) == [changed]


def test_a_function_of_the_tenant_keeps_its_name(conn: sqlite3.Connection, tenant: str) -> None:
    """A function that has the name already is left alone, and is no error."""
    own = Function(
        "own", "user_semantic_memory", "SemanticUserMemory", "", {}, None, "active", utc_now()
    )
    functions.upsert(conn, tenant, own)
    functions.seed(conn, tenant)
    assert functions.list_page(conn, tenant, None, None, 9) == [own]


def test_seeding_one_tenant_touches_no_other(conn: sqlite3.Connection, tenant: str) -> None:
    """The functions of the other tenants are as before."""
    before = functions.list_page(conn, FIRST, None, None, 9)
    functions.seed(conn, tenant)
    assert functions.list_page(conn, FIRST, None, None, 9) == before
