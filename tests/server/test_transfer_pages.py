from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.cursors import Cursors
from langmem_server.errors import RequestError
from langmem_server.store import exports, service_secrets
from langmem_server.store.database import Database
from tests.server.transfer_world import BUSY, World, an_id, lives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.transfer_world import Record

    Make = Callable[[], World]

ORDER = [kind.name for kind in exports.KINDS]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes tenants that nobody has used."""
    database = Database(tmp_path_factory.mktemp("store") / "langmem.db")
    connection = database._connect()
    connection.execute("BEGIN")
    yield lambda: World(connection, str(uuid4()))
    connection.close()
    database.close()


def text(records: list[Record]) -> list[str]:
    """Write records byte for byte as they came."""
    return [json.dumps(record) for record in records]


def name(record: Record) -> tuple[Any, ...]:
    """Say which thing a record is of."""
    keys = {
        "thread_state": ("thread_id", "key"),
        "user_state": ("user_id", "memory_function_id"),
        "thread_memory": ("thread_id", "memory_function_id"),
    }
    if record["type"] == "message":
        return "message", record["thread_id"], record["metadata"]["id"]
    return record["type"], *(record[key] for key in keys.get(record["type"], ("id",)))


@given(life=lives, page_size=st.integers(1, 9))
def test_pages_of_any_size_hold_the_same(make: Make, life: list[Any], page_size: int) -> None:
    """Read in any steps, an export is the same records in the same order, each thing once."""
    world = make()
    world.do(life)
    records = world.export()
    assert text(world.export(page_size)) == text(records)
    assert [ORDER.index(record["type"]) for record in records] == sorted(
        ORDER.index(record["type"]) for record in records
    )
    assert max(Counter(map(name, records)).values(), default=1) == 1


@given(life=lives, page_size=st.integers(1, 9), size=st.integers(1, 9))
def test_an_import_makes_an_equal_service(
    make: Make, life: list[Any], page_size: int, size: int
) -> None:
    """What was imported is exported byte for byte; importing it again changes nothing."""
    origin, target = make(), make()
    origin.do(life)
    records = origin.export(page_size)
    assert target.bring_in(records, size) == counts(created=len(records))
    assert text(target.export()) == text(records)
    assert target.bring_in(records) == counts(unchanged=len(records))
    assert origin.bring_in(records) == counts(unchanged=len(records))
    assert text(origin.export()) == text(records)


@given(life=lives, more=lives, size=st.integers(1, 9))
def test_a_later_export_brings_what_has_come_since(
    make: Make, life: list[Any], more: list[Any], size: int
) -> None:
    """A second import brings a service up to date, but for what the origin has erased since."""
    origin, target = make(), make()
    origin.do(life)
    target.bring_in(origin.export())
    origin.do(step for step in more if step[0] != "erase")
    later = origin.export()
    target.bring_in(later, size)
    assert text(target.export()) == text(later)


@given(life=lives, meanwhile=st.lists(lives, max_size=5), page_size=st.integers(1, 9))
def test_an_export_is_whole_while_the_service_is_written_to(
    make: Make, life: list[Any], meanwhile: list[Any], page_size: int
) -> None:
    """What exists throughout comes once, nothing comes twice, and all can be imported."""
    world, target = make(), make()
    world.do(life)
    before = set(map(name, world.export()))
    page = world.page(page_size=page_size)
    records = page["records"]
    writes = iter(meanwhile)
    while page["next_cursor"] is not None:
        world.do(next(writes, ()))
        page = world.page(page_size=page_size, cursor=page["next_cursor"])
        records += page["records"]
    exported = Counter(map(name, records))
    assert max(exported.values(), default=1) == 1
    stayed = before & set(map(name, world.export()))
    missing = stayed - exported.keys()
    assert not [one for one in missing if not any(erased in one for erased in world.erased)]
    target.bring_in(records)


@given(life=lives, page_size=st.integers(1, 9), user=st.integers(0, 2))
def test_a_users_share_is_theirs(make: Make, life: list[Any], page_size: int, user: int) -> None:
    """It holds nothing that others said or that is remembered of them, and fits what is stored."""
    world = make()
    world.do(life)
    world.name_user(user, "Will")
    user_id = an_id(user)
    whole = world.export()
    share = world.export(page_size, user_id=user_id)
    assert set(map(name, share)) <= set(map(name, whole))
    assert world.bring_in(share) == counts(unchanged=len(share))
    heard = {m["thread_id"] for m in of(whole, "message") if is_of_another(m, user_id)}
    for record in share:
        assert record.get("user_id", user_id) == user_id
        assert record["type"] != "user" or record["id"] == user_id
        assert record["type"] != "message" or not is_of_another(record, user_id)
        if record.get("thread_id") in heard:
            assert record["type"] == "message"
            assert record["metadata"]["user_id"] == user_id
        if record["type"] == "thread":
            assert ("metadata" in record) == (record["id"] not in heard)
            owners = {item["user_id"] for item in record["processed"]}
            assert owners <= {user_id, *({None} if record["id"] not in heard else ())}
    target = make()
    assert target.bring_in(share) == counts(created=len(share))


@given(life=lives, user=st.integers(0, 2))
def test_a_users_share_is_all_that_is_theirs(make: Make, life: list[Any], user: int) -> None:
    """It holds all that they said and all that is remembered of them, with what it needs."""
    world = make()
    world.do(life)
    world.name_user(user, "Will")
    user_id = an_id(user)
    whole, share = world.export(), world.export(user_id=user_id)
    theirs = [r for r in whole if r.get("user_id") == user_id or r == a_message_of(r, user_id)]
    assert theirs == [
        r for r in share if r.get("user_id") == user_id or r == a_message_of(r, user_id)
    ]
    threads = {r["thread_id"] for r in of(whole, "message") if r["metadata"]["user_id"] == user_id}
    assert {r["id"] for r in of(share, "thread")} == threads
    others = {m["thread_id"] for m in of(whole, "message") if is_of_another(m, user_id)}
    for kind in ("thread_state", "thread_memory", "message"):
        alone = [r for r in of(whole, kind) if r["thread_id"] in threads - others]
        assert [r for r in of(share, kind) if r["thread_id"] not in others] == alone


def test_there_is_something_of_every_kind(make: Make) -> None:
    """The lives of these tests can fill every table that is exported."""
    world = make()
    world.do(BUSY)
    records = world.export()
    assert {record["type"] for record in records} == set(ORDER)
    assert any(thread["processed"] for thread in of(records, "thread"))
    assert any(memory["thread_ids"] for memory in of(records, "user_memory"))
    assert {message["timestamp_given"] for message in of(records, "message")} == {True, False}


def test_a_tenant_exports_nothing_of_another(make: Make) -> None:
    """Equal ids in two tenants are two things, and a foreign user is unknown."""
    one, other = make(), make()
    one.do(BUSY)
    before = text(one.export())
    assert other.export() == []
    with pytest.raises(RequestError, match="User not found"):
        other.export(user_id=an_id(0))
    other.do(BUSY)
    other.erase(0)
    assert text(one.export()) == before


def test_large_records_make_short_pages(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends before it grows too large for a request; one large record is a page alone."""
    world = make()
    for number in range(6):
        world.say(0, 4, "x" * (5000 if number == 3 else 900))
    whole = text(world.export())
    monkeypatch.setattr(exports, "PAGE_CHARACTERS", 2500)
    page = world.page()
    lengths = [len(page["records"])]
    records = page["records"]
    while page["next_cursor"] is not None:
        page = world.page(cursor=page["next_cursor"])
        lengths.append(len(page["records"]))
        records += page["records"]
    assert lengths == [3, 1, 1, 2]
    assert text(records) == whole


@given(
    cursor=st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.integers() | st.text() | st.sampled_from(["message", "user"]),
            lambda inner: st.lists(inner, min_size=3, max_size=3),
        ).map(json.dumps),
    ),
    sealed=st.booleans(),
)
def test_any_other_cursor_is_refused(make: Make, cursor: str, sealed: bool) -> None:
    """A text that is no cursor is refused, even under our seal, never an error of the service."""
    world = make()
    if sealed:
        secret = service_secrets.get(world.conn, "cursors")
        cursor = Cursors(secret, world.tenant, "records", None).encode(cursor)
    with pytest.raises((RequestError, UnicodeEncodeError)):
        world.page(cursor=cursor)


def counts(**given: int) -> dict[str, int]:
    """Write what became of records, the rest being none."""
    return {"created": 0, "updated": 0, "unchanged": 0} | given


def of(records: list[Record], kind: str) -> list[Record]:
    """Choose the records of a type."""
    return [record for record in records if record["type"] == kind]


def is_of_another(message: Record, user_id: str) -> bool:
    """Tell whether a message is of another person, known or a guest."""
    speaker = message["metadata"]["user_id"]
    return bool(speaker != user_id and (speaker is not None or message["role"] != "assistant"))


def a_message_of(record: Record, user_id: str) -> Record | None:
    """Return the record if it is of a message of the user."""
    said = record["type"] == "message" and record["metadata"]["user_id"] == user_id
    return record if said else None
