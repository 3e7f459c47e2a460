from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.errors import RequestError
from langmem_server.store import memories, runs, threads
from langmem_server.store.database import Database
from langmem_server.store.errors import ConflictError
from langmem_server.store.records import utc_now
from tests.server.transfer_world import BUSY, World, an_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.transfer_world import Record

    Make = Callable[[], World]

WILL, THREAD, STATE, FACTS, TRIPLES, SUMMARY = map(an_id, (0, 100, 200, 201, 202, 203))
NOON = "2026-01-31T12:00:00.000000Z"


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes tenants that nobody has used."""
    database = Database(tmp_path_factory.mktemp("store") / "langmem.db")
    connection = database._connect()
    connection.execute("BEGIN")
    yield lambda: World(connection, str(uuid4()))
    connection.close()
    database.close()


@pytest.fixture
def world(make: Make) -> World:
    """A tenant nobody has used, with a memory function of each type."""
    world = make()
    for number in range(4):
        world.make_function(number, "active")
    return world


def message(content: str, **rest: Any) -> Record:
    """Make the record of a message of Will's own data."""
    metadata = {"user_id": WILL} | rest.pop("metadata", {})
    said = {"type": "message", "thread_id": THREAD, "role": "user", "content": content}
    return said | {"metadata": metadata} | rest


def placed(seq: int, **rest: Any) -> Record:
    """Make the record of a message with a place in its thread."""
    metadata = {"id": f"m{seq}"} | rest.pop("metadata", {})
    return message(f"Number {seq}", seq=seq, metadata=metadata, **rest)


def memory(text: str, number: int = 900, **rest: Any) -> Record:
    """Make the record of a memory of Will."""
    ids = {"id": an_id(number), "user_id": WILL, "memory_function_id": FACTS}
    return {"type": "user_memory", **ids, "text": text, "content": {"fact": text}} | rest


def thread(**rest: Any) -> Record:
    """Make the record of the thread."""
    return {"type": "thread", "id": THREAD} | rest


def done(function_id: str, last_seq: int, user_id: str | None = WILL) -> dict[str, Any]:
    """Say that a function has processed the thread so far."""
    return {"memory_function_id": function_id, "user_id": user_id, "last_seq": last_seq}


def counts(**given: int) -> dict[str, int]:
    """Write what became of records, the rest being none."""
    return {"created": 0, "updated": 0, "unchanged": 0} | given


def of(world: World, kind: str) -> list[Record]:
    """Export, and choose the records of a type."""
    return [record for record in world.export() if record["type"] == kind]


def is_due(world: World) -> bool:
    """Tell whether the thread is due."""
    return (world.tenant, THREAD) in runs.due_threads(world.conn, 2**40, 0.0)


def planned(world: World) -> set[tuple[str, int, int]]:
    """Plan the thread; say which functions are to run over which messages."""
    made = runs.plan(world.conn, world.tenant, THREAD, retry=False, now=utc_now())
    return {(run.function_id, run.first_seq, run.last_seq) for run in made}


def found(world: World, *words: str) -> list[str]:
    """Search Will's memories for words; return the texts that match."""
    candidates = memories.search(world.conn, world.tenant, WILL, [FACTS], words, 30)
    return [one.memory.text for one in candidates if one.relevance > 0]


def test_messages_of_ones_own_are_posted(world: World) -> None:
    """They make thread and user, one batch a call, are told apart as posted ones, and are due."""
    dated = message("tea", metadata={"timestamp": "2026-01-31T12:00:00"}, name="Will")
    again = dict(dated, role="human")
    other = message("tea", thread_id=an_id(101), metadata={"user_id": None, "id": "m1"})
    assert world.bring_in([dated, other, message("tea")]) == counts(created=3)
    assert world.bring_in([again, other, message("more")]) == counts(created=1, unchanged=2)
    stored = [(m["thread_id"], m["seq"], m["batch_id"], m["content"]) for m in of(world, "message")]
    assert stored == [
        (THREAD, 1, 0, "tea"),
        (THREAD, 2, 0, "tea"),
        (THREAD, 3, 1, "more"),
        (an_id(101), 1, 0, "tea"),
    ]
    assert [user["name"] for user in of(world, "user")] == ["Will"]
    assert is_due(world)


def test_messages_with_a_place_are_put_there(world: World) -> None:
    """They come in any order and with gaps; what is posted afterwards comes after them."""
    assert world.bring_in([placed(7, batch_id=2), placed(3)]) == counts(created=2)
    assert world.bring_in([message("Next"), placed(7)]) == counts(created=1, unchanged=1)
    stored = [(m["seq"], m["batch_id"], m["content"]) for m in of(world, "message")]
    assert stored == [(3, 0, "Number 3"), (7, 2, "Number 7"), (8, 3, "Next")]


def test_parents_may_come_in_the_same_request(make: Make) -> None:
    """Within a request the order does not matter; users and threads need no record at all."""
    origin, target, bare = make(), make(), make()
    origin.do(BUSY)
    records = origin.export()
    assert target.bring_in(records[::-1]) == counts(created=len(records))
    functions = [r for r in records if r["type"] == "memory_function"]
    children = [r for r in records if r["type"] not in {"memory_function", "user", "thread"}]
    assert bare.bring_in(functions + children) == counts(created=len(functions + children))


def test_the_last_of_two_records_counts(world: World) -> None:
    """Of two records of one thing in a request the later is stored; each is counted."""
    names = ["Will", "Bill", "Bill"]
    records = [{"type": "user", "id": WILL, "name": name} for name in names]
    assert world.bring_in(records) == counts(created=1, updated=1, unchanged=1)
    facts = [memory("tea"), memory("coffee"), memory("coffee")]
    assert world.bring_in(facts) == counts(created=1, updated=1, unchanged=1)
    assert [record["name"] for record in of(world, "user")] == ["Bill"]
    assert found(world, "tea", "coffee") == ["coffee"]


def test_what_a_record_leaves_out_stays(world: World) -> None:
    """A property that is given replaces what is there, null included; others stay."""
    world.bring_in([{"type": "user", "id": WILL, "name": "Will", "tags": ["a"]}])
    assert world.bring_in([{"type": "user", "id": WILL, "tags": None}]) == counts(updated=1)
    [user] = of(world, "user")
    assert (user["name"], user["named"], user["tags"]) == ("Will", True, None)
    world.bring_in([thread(metadata={"topic": "tea"}, created_at=NOON)])
    assert world.bring_in([thread()]) == counts(unchanged=1)
    assert world.bring_in([thread(metadata=None)]) == counts(updated=1)
    assert [(t["metadata"], t["created_at"]) for t in of(world, "thread")] == [(None, NOON)]


def test_equal_is_not_the_same(world: World) -> None:
    """1, 1.0 and true are told apart, since they are not the same JSON."""
    state = {"type": "thread_state", "thread_id": THREAD}
    for value in (1, 1.0, True):
        result = world.bring_in([{**state, "state": {"n": value}}])
        assert result["unchanged"] == 0
        [stored] = of(world, "thread_state")
        assert json.dumps(stored["state"]) == json.dumps({"n": value})


def test_a_thread_never_goes_back(world: World) -> None:
    """Of numbers and times the greater stay: an old export does not undo what came since."""
    old = {"last_seq": 2, "last_message_batch_id": 1, "last_message_timestamp": NOON}
    new = {"last_seq": 9, "last_message_batch_id": 4, "last_message_timestamp": utc_now()}
    world.bring_in([thread(**new, processed=[done(STATE, 9)])])
    assert world.bring_in([thread(**old, processed=[done(STATE, 2)])]) == counts(unchanged=1)
    [stored] = of(world, "thread")
    assert {key: stored[key] for key in new} == new
    assert stored["processed"] == [done(STATE, 9)]


def test_what_was_processed_is_not_processed_again(world: World) -> None:
    """Each function goes on where it was; one that knows nothing of the thread begins at 1."""
    processed = [done(STATE, 3), done(FACTS, 2), done(SUMMARY, 3, None)]
    world.bring_in([thread(last_seq=3, processed=processed), *map(placed, (1, 2, 3))])
    assert is_due(world)
    assert planned(world) == {(FACTS, 3, 3), (TRIPLES, 1, 3)}
    assert not is_due(world)


def test_runs_under_way_are_not_planned_again(world: World) -> None:
    """A record that knows of less than what the target has planned takes none of it back."""
    world.bring_in(list(map(placed, (1, 2, 3))))
    assert len(planned(world)) == 4
    world.bring_in([thread(processed=[done(STATE, 1), done(SUMMARY, 2, None)])])
    assert planned(world) == set()


def test_a_thread_that_is_processed_is_not_due(world: World) -> None:
    """Nothing is planned for it, until a message comes or a function is made."""
    everyone = [done(STATE, 3), done(FACTS, 3), done(TRIPLES, 3), done(SUMMARY, 3, None)]
    world.bring_in([thread(last_seq=3, processed=everyone)])
    world.bring_in([placed(1), placed(2)])
    world.bring_in([placed(3)])
    assert not is_due(world)
    assert planned(world) == set()
    world.bring_in([message("Next")])
    assert is_due(world)
    assert planned(world) == {(key, 4, 4) for key in (STATE, FACTS, TRIPLES, SUMMARY)}


def test_a_new_function_catches_up(make: Make) -> None:
    """A function that is imported active, or is made active, is run over the threads there are."""
    origin, target = make(), make()
    for number in range(4):
        origin.make_function(number, "disabled" if number == 1 else "active")
    disabled = of(origin, "memory_function")
    target.bring_in([disabled[0], placed(1)])
    assert planned(target) == {(STATE, 1, 1)}
    target.bring_in(disabled)
    assert is_due(target)
    assert planned(target) == {(TRIPLES, 1, 1), (SUMMARY, 1, 1)}
    assert target.bring_in([{**disabled[1], "description": "passed over"}]) == counts(unchanged=1)
    assert not is_due(target)
    assert target.bring_in([{**disabled[1], "status": "active"}]) == counts(updated=1)
    assert planned(target) == {(FACTS, 1, 1)}


@pytest.mark.parametrize("status", ["failed", "skipped", "queued"])
def test_what_was_not_done_is_done_in_the_target(make: Make, status: str) -> None:
    """From the first run that has not succeeded, a function's work is done again."""
    origin, target = make(), make()
    origin.do(("make_function", number, "active") for number in range(2))
    for outcomes in (["succeeded"] * 2, [status, "succeeded"], ["succeeded"] * 2):
        origin.say(0, 0, utc_now())
        origin.process(0, outcomes if status != "queued" else [])
    if status == "queued":
        assert of(origin, "thread")[0]["processed"] == []
    else:
        assert of(origin, "thread")[0]["processed"] == [done(STATE, 1), done(FACTS, 3)]
    target.bring_in(origin.export())
    wanted = {(STATE, 1, 3), (FACTS, 1, 3)} if status == "queued" else {(STATE, 2, 3)}
    assert planned(target) == wanted


def test_a_function_made_during_an_export_is_left_out(make: Make) -> None:
    """What it made would need its record, which would have come before: the export stays whole."""
    origin, target = make(), make()
    origin.make_function(0, "active")
    origin.say(0, 0, "tea")
    page = origin.page(page_size=2)
    origin.do(("make_function", number, "active") for number in range(1, 4))
    origin.process(0, ["succeeded"] * 4)
    records = page["records"]
    while page["next_cursor"] is not None:
        page = origin.page(page_size=2, cursor=page["next_cursor"])
        records += page["records"]
    assert target.bring_in(records) == counts(created=len(records))
    assert [r["memory_function_id"] for r in of(target, "user_state")] == [STATE]
    assert of(target, "user_memory") == of(target, "thread_memory") == []
    assert of(target, "thread")[0]["processed"] == [done(STATE, 1)]


def test_a_memory_that_says_the_same_is_the_same(world: World) -> None:
    """It keeps its id, was met at the later time, and is drawn from the threads of both."""
    early, late = "2020-01-01T00:00:00.000000Z", "2030-01-01T00:00:00.000000Z"
    first = memory("Tea", thread_ids=[THREAD], importance=7, created_at=early)
    second = memory("TEA", 901, thread_ids=[an_id(101)], created_at=late)
    assert world.bring_in([first, second]) == counts(created=1, updated=1)
    assert world.bring_in([second]) == counts(unchanged=1)
    [stored] = of(world, "user_memory")
    assert (stored["id"], stored["text"], stored["importance"]) == (an_id(900), "Tea", 7)
    assert (stored["created_at"], stored["last_accessed"]) == (early, late)
    assert stored["thread_ids"] == [THREAD, an_id(101)]
    elsewhere = memory("tea", 902, memory_function_id=TRIPLES)
    assert world.bring_in([elsewhere]) == counts(created=1)


def test_a_changed_memory_is_found_by_its_new_words(world: World) -> None:
    """The text index follows, nothing of the old text stays, and the order of memories does."""
    world.bring_in([memory("likes tea"), memory("likes rum", 901)])
    assert world.bring_in([memory("likes coffee")]) == counts(updated=1)
    assert found(world, "tea") == []
    assert found(world, "coffee") == ["likes coffee"]
    assert [record["text"] for record in of(world, "user_memory")] == ["likes coffee", "likes rum"]
    assert world.bring_in([memory("tea again"), memory("likes coffee", 902)])["created"] == 1
    assert found(world, "coffee") == ["likes coffee"]


def test_a_memory_is_erased_with_its_threads(world: World) -> None:
    """What was drawn from a thread goes with it in the target too."""
    shared = memory("tea", thread_ids=[THREAD, an_id(101)])
    world.bring_in([shared, memory("rum", 901, thread_ids=[THREAD]), memory("gin", 902)])
    threads.delete(world.conn, world.tenant, THREAD)
    assert [record["text"] for record in of(world, "user_memory")] == ["tea", "gin"]


def test_messages_do_not_rename_a_known_user(world: World) -> None:
    """An old message's name must not replace a newer one; a user nobody knew gets the first."""
    known = {"type": "user", "id": WILL, "name": "William", "named": False}
    stranger = {"user_id": an_id(1), "id": "m2"}
    world.bring_in([known, placed(1, name="Will")])
    world.bring_in([placed(2, name="Jo", metadata=stranger)])
    assert [user["name"] for user in of(world, "user")] == ["William", "Jo"]
    world.bring_in([message("Hi", name="Bill")])
    assert [user["name"] for user in of(world, "user")] == ["Bill", "Jo"]


FUNCTION = {
    "type": "memory_function",
    "id": STATE,
    "memory_function_type": "user_state",
    "schema": {"name": "Another", "description": "", "parameters": {"type": "object"}},
}
UNUSABLE = {"name": "", "description": "", "parameters": {"type": "string"}}
RUM = an_id(901)
USER_STATE = {"type": "user_state", "user_id": WILL, "memory_function_id": STATE, "state": {}}
SUMMARIZED = {"type": "thread_memory", "thread_id": THREAD, "output": {}}


@pytest.mark.parametrize(
    ("record", "detail"),
    [
        (message("x", metadata={"timestamp": "noon"}), "metadata.timestamp: must be an ISO 8601"),
        (message("x", seq=1), "metadata.id: is required beside seq"),
        (placed(0), "seq: must be at least 1, not 0"),
        (memory("x", created_at="noon"), "created_at: must be an ISO 8601 date and time"),
        (memory("x", last_accessed=""), "last_accessed: must be an ISO 8601 date and time"),
        (thread(last_message_timestamp="soon"), "last_message_timestamp: must be an ISO 8601"),
        (memory("x", memory_function_id=WILL), "memory_function_id: there is no memory function"),
        (
            memory("x", memory_function_id=STATE),
            (
                "memory_function_id: must be a memory function of type"
                " user_append_state or user_semantic_memory, not user_state"
            ),
        ),
        (
            USER_STATE | {"memory_function_id": FACTS},
            "memory_function_id: must be a memory function of type user_state, not",
        ),
        (
            SUMMARIZED | {"memory_function_id": FACTS},
            "memory_function_id: must be a memory function of type thread_summary, not",
        ),
        (
            thread(processed=[done(FACTS, 1), done(WILL, 1)]),
            "processed[1].memory_function_id: there is no",
        ),
        (FUNCTION | {"schema": UNUSABLE}, "schema.parameters.type: must be object"),
        (
            FUNCTION | {"memory_function_type": "thread_summary"},
            "id: it belongs to a memory function of another type (user_state)",
        ),
        (
            FUNCTION | {"id": WILL, "schema": UNUSABLE | {"name": "user_state", "parameters": {}}},
            "schema.name: another memory function of type user_state has it",
        ),
        (
            message("x", seq=5, metadata={"id": "another"}),
            "seq: the thread has another message at this place (m5)",
        ),
        (memory("rum"), f"text: another memory of this user and function says the same ({RUM})"),
    ],
)
def test_one_bad_record_refuses_all(world: World, record: Record, detail: str) -> None:
    """The error names the record and what is wrong, and nothing of the request is stored."""
    world.bring_in([placed(5), memory("tea"), memory("rum", 901)])
    before = world.export()
    with pytest.raises((RequestError, ConflictError)) as caught:
        world.bring_in([{"type": "user", "id": an_id(7), "name": "Jo"}, record, message("Next")])
    assert str(caught.value).startswith(f"body.records[1].{detail}")
    assert world.export() == before


def test_what_another_tenant_has_is_unknown(make: Make, world: World) -> None:
    """A foreign memory function is none, and equal ids are things of one's own."""
    stranger = make()
    with pytest.raises(RequestError, match="there is no memory function"):
        stranger.bring_in([memory("tea")])
    world.bring_in([memory("tea"), placed(1)])
    before = world.export()
    stranger.bring_in([r for r in before if r["type"] == "memory_function"])
    stranger.bring_in([memory("rum"), message("other", seq=1, metadata={"id": "x"})])
    assert world.export() == before
