from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.contract import Contract
from langmem_server.errors import RequestError
from langmem_server.idempotency import SUBJECTS, Answer, KeyedWrites
from langmem_server.processing import Processing
from langmem_server.settings import Settings
from langmem_server.store import idempotency, threads
from langmem_server.store.database import Database
from langmem_server.store.records import iso
from tests.server.live import wait_for
from tests.server.service_process import service_process

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.server.live import Api

CONTRACT = Contract.load()
WRITES = sorted(
    operation.id
    for operation in CONTRACT.operations.values()
    if any(parameter.place == "header" for parameter in operation._parameters)
)
SCHEMA = {"name": "Profile", "description": "", "parameters": {"type": "object"}}
REPLAYED = "idempotency-replayed"


class World:
    """A user who said something in a thread, a function about them, and a run that failed."""

    def __init__(self, api: Api) -> None:
        self.user, self.thread = str(uuid4()), str(uuid4())
        function = {"id": str(uuid4()), "schema": SCHEMA | {"name": str(uuid4())}}
        self.function = api.post("/memory-functions", json=function).json()["id"]
        api.post(f"/threads/{self.thread}/add_messages", json={"messages": [self.message("Hi")]})
        api.post(f"/threads/{self.thread}/trigger-all")
        api.db.write(lambda conn: conn.execute("UPDATE runs SET status = 'failed'").rowcount)
        runs = api.get(f"/threads/{self.thread}/runs").json()["runs"]
        [self.run] = [run["id"] for run in runs if run["memory_function_id"] == self.function]

    def message(self, text: str) -> dict[str, Any]:
        """Make a message of the user, without an id that would tell it from another."""
        return {"role": "user", "content": text, "metadata": {"user_id": self.user}}

    def record(self, text: str) -> dict[str, Any]:
        """Make the record of such a message."""
        return {"type": "message", "thread_id": self.thread, **self.message(text)}

    def request(self, operation_id: str) -> dict[str, Any]:
        """Make a request that the operation accepts here, once or more often."""
        operation = CONTRACT.operations[operation_id]
        ids = {"user_id": self.user, "thread_id": self.thread, "run_id": self.run}
        path = operation.path.format(memory_function_id=self.function, **ids)
        body = {
            "create_user": {"id": self.user, "name": "Will"},
            "update_user": {"name": "Bill"},
            "update_user_memory": {"state": {"name": "Will"}},
            "create_memory_function": {"schema": SCHEMA | {"name": str(uuid4())}},
            "update_memory_function": {"description": "new"},
            "create_thread": {"messages": [self.message("Hello")]},
            "add_messages": {"messages": [self.message("Hello")]},
            "add_thread_state": {"state": {"a": 1}},
            "import_records": {"records": [self.record("Hello")]},
        }
        request: dict[str, Any] = {"method": operation.method, "url": path}
        if operation_id == "delete_individual_memories":
            request["params"] = {"ids": "one"}
        return request | ({"json": body[operation_id]} if operation.has_body else {})


def send(api: httpx.Client, request: dict[str, Any], key: str) -> httpx.Response:
    """Send a request with a key."""
    return api.request(**request, headers={"Idempotency-Key": key})


def new_key() -> str:
    """Make a key."""
    return str(uuid4())


def texts(api: httpx.Client, thread: str) -> list[str]:
    """Read what was said in a thread."""
    return [m["content"] for m in api.get(f"/threads/{thread}/messages").json()["messages"]]


def contents(api: Api) -> list[tuple[Any, ...]]:
    """Read every table there is."""

    def load(conn: sqlite3.Connection) -> list[tuple[Any, ...]]:
        tables = conn.execute("SELECT name FROM pragma_table_list WHERE type = 'table'").fetchall()
        return [
            (table["name"], *row)
            for table in tables
            for row in conn.execute(f"SELECT * FROM {table['name']}")
        ]

    return api.db.read(load)


def backdate(api: Api, age: timedelta) -> None:
    """Make every key older."""
    made = iso(datetime.now(UTC) - age)
    api.db.write(
        lambda conn: conn.execute("UPDATE idempotency_keys SET created_at = ?", (made,)).rowcount
    )


def kept_keys(api: Api) -> int:
    """Count the keys in the file."""
    rows = api.db.read(lambda conn: conn.execute("SELECT 1 FROM idempotency_keys").fetchall())
    return len(rows)


@pytest.mark.parametrize("operation_id", WRITES)
def test_a_repeated_write_is_answered_and_not_done(api: Api, operation_id: str) -> None:
    """Every write with its key again gets the first answer, marked, and changes nothing at all."""
    request, key = World(api).request(operation_id), new_key()
    first = send(api, request, key)
    assert first.status_code == 200, first.text
    assert REPLAYED not in first.headers
    before = contents(api)
    again = send(api, request, key)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers[REPLAYED] == "true"
    assert contents(api) == before


@pytest.mark.parametrize("operation_id", WRITES)
def test_without_a_key_a_write_is_done_each_time(api: Api, operation_id: str) -> None:
    """No key, no memory of the request: nothing is kept and nothing replayed."""
    request, before = World(api).request(operation_id), kept_keys(api)
    for _ in range(2):
        assert REPLAYED not in api.request(**request).headers
    assert kept_keys(api) == before


def test_every_answer_that_shows_something_names_it() -> None:
    """An operation that answers more than null says with whom its answer is to be erased."""
    document = CONTRACT.document
    telling = set()
    for operation_id in WRITES:
        operation = CONTRACT.operations[operation_id]
        answers = document["paths"][operation.path][operation.method.lower()]["responses"]
        if answers["200"] != {"$ref": "#/components/responses/Done"}:
            telling.add(operation_id)
    assert telling == SUBJECTS.keys()


def test_a_read_takes_no_key(api: Api) -> None:
    """What only reads is answered anew, whatever its header says."""
    world, key = World(api), new_key()
    request = {"method": "GET", "url": f"/users/{world.user}"}
    first = send(api, request, key)
    api.patch(f"/users/{world.user}", json={"name": "Bill"})
    again = send(api, request, key)
    assert (first.json()["name"], again.json()["name"]) == (None, "Bill")
    assert REPLAYED not in again.headers


def test_a_key_is_of_one_request(api: Api) -> None:
    """With another operation, path, query or body the key is refused, and nothing is done."""
    world, other, key = World(api), World(api), new_key()
    first = world.request("delete_individual_memories")
    assert send(api, first, key).status_code == 200
    differing = [
        world.request("delete_user"),
        other.request("delete_individual_memories"),
        first | {"params": {"ids": "two"}},
    ]
    before = contents(api)
    for request in differing:
        response = send(api, request, key)
        assert response.status_code == 422
        assert response.json()["detail"] == (
            "header.Idempotency-Key: was used for another request; send a new key with this one"
        )
    assert contents(api) == before
    body = world.request("add_messages")
    key = new_key()
    send(api, body, key)
    more = body | {"json": {"messages": [world.message("Else")]}}
    assert send(api, more, key).status_code == 422
    assert texts(api, world.thread) == ["Hi", "Hello"]


def test_one_request_may_be_written_in_several_ways(api: Api) -> None:
    """The order of a body's keys, its blanks and the form of an id make no other request."""
    world, key = World(api), new_key()
    bodies = [
        f'{{"id": "{world.user}", "name": "Will"}}',
        f'{{ "name":"Will",\n"id":"{world.user.upper()}"}}',
    ]
    replayed = [
        send(api, {"method": "POST", "url": "/users", "content": body}, key).headers.get(REPLAYED)
        for body in bodies
    ]
    assert replayed == [None, "true"]


def test_an_error_keeps_nothing(api: Api) -> None:
    """After a refusal the same key and request may succeed."""
    user, key = str(uuid4()), new_key()
    request = {"method": "DELETE", "url": f"/users/{user}"}
    before = kept_keys(api)
    assert send(api, request, key).status_code == 404
    bad = {"method": "POST", "url": "/users", "json": {"id": user}}
    assert send(api, bad, key).status_code == 422
    assert kept_keys(api) == before
    api.post("/users", json={"id": user, "name": "Will"})
    response = send(api, request, key)
    assert (response.status_code, response.headers.get(REPLAYED)) == (200, None)


def test_a_contradiction_keeps_nothing(api: Api) -> None:
    """A 409 is undone with its key; once the contradiction is gone the same request succeeds."""
    world, other, key = World(api), World(api), new_key()
    name = api.get(f"/memory-functions/{other.function}").json()["schema"]["name"]
    request = world.request("update_memory_function") | {"json": {"name": name}}
    assert send(api, request, key).status_code == 409
    api.delete(f"/memory-functions/{other.function}")
    response = send(api, request, key)
    assert (response.status_code, response.headers.get(REPLAYED)) == (200, None)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    """An empty or endless key is an error, not a write without protection."""
    world = World(api)
    response = send(api, world.request("add_messages"), key)
    assert response.status_code == 422
    assert response.json()["detail"].startswith("header.Idempotency-Key: must have at ")
    assert texts(api, world.thread) == ["Hi"]


def test_a_failure_on_the_way_keeps_nothing(
    fresh_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the answer cannot be kept the effect is undone as well: both or neither."""
    world, key = World(fresh_api), new_key()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "keep", fail)
        assert send(fresh_api, world.request("add_messages"), key).status_code == 500
    assert texts(fresh_api, world.thread) == ["Hi"]
    response = send(fresh_api, world.request("add_messages"), key)
    assert (response.status_code, response.headers.get(REPLAYED)) == (200, None)
    assert texts(fresh_api, world.thread) == ["Hi", "Hello"]


def test_a_key_counts_for_a_day(fresh_api: Api) -> None:
    """Shortly before 24 hours have passed a key replays; then it is new, for any request."""
    world, key = World(fresh_api), new_key()
    send(fresh_api, world.request("add_messages"), key)
    backdate(fresh_api, timedelta(hours=23, minutes=59))
    assert REPLAYED in send(fresh_api, world.request("add_messages"), key).headers
    backdate(fresh_api, timedelta(hours=24))
    assert REPLAYED not in send(fresh_api, world.request("update_user"), key).headers
    assert REPLAYED in send(fresh_api, world.request("update_user"), key).headers


def test_old_keys_are_forgotten(fresh_api: Api) -> None:
    """Each new key makes room by more than itself, so that expired ones do not pile up."""
    world = World(fresh_api)
    for _ in range(25):
        send(fresh_api, world.request("create_user"), new_key())
    backdate(fresh_api, timedelta(days=2))
    counts = []
    for _ in range(4):
        send(fresh_api, world.request("create_user"), new_key())
        counts.append(kept_keys(fresh_api))
    assert counts == [16, 7, 3, 4]
    answers = fresh_api.db.read(
        lambda conn: conn.execute("SELECT 1 FROM idempotency_answers").fetchall()
    )
    assert len(answers) == 4


@pytest.mark.parametrize(
    ("write", "delete"),
    [
        ("create_user", "delete_user"),
        ("update_user", "delete_user"),
        ("create_thread", "delete_user"),
        ("retry_run", "delete_user"),
        ("retry_run", "delete_thread"),
        ("retry_run", "delete_memory_function"),
        ("update_memory_function", "delete_memory_function"),
    ],
)
def test_a_delete_erases_the_answers_about_it(api: Api, write: str, delete: str) -> None:
    """What was answered about the deleted is gone from the file; its key brings nothing back."""
    world, key, delete_key = World(api), new_key(), new_key()
    request = world.request(write)
    assert send(api, request, key).status_code == 200
    assert send(api, world.request(delete), delete_key).status_code == 200
    before = contents(api)
    gone = {
        "delete_user": world.user,
        "delete_thread": world.thread,
        "delete_memory_function": world.function,
    }[delete]
    assert [row for row in before if gone in str(row)] == []
    late = send(api, request, key)
    assert late.status_code == 422
    assert "has been done, and what it answered was deleted since" in late.json()["detail"]
    again = send(api, world.request(delete), delete_key)
    assert (again.status_code, again.headers[REPLAYED]) == (200, "true")
    assert contents(api) == before


def test_a_late_message_does_not_bring_a_user_back(api: Api) -> None:
    """An answer that says nothing is replayed after a delete too, and the user stays deleted."""
    world, key = World(api), new_key()
    send(api, world.request("add_messages"), key)
    api.delete(f"/users/{world.user}")
    assert send(api, world.request("add_messages"), key).headers[REPLAYED] == "true"
    assert api.get(f"/users/{world.user}").status_code == 404
    assert texts(api, world.thread) == []


def test_the_key_itself_is_not_stored(api: Api) -> None:
    """A key may be made from an address or an id: the file has only a token of it."""
    key = f"will-{uuid4()}"
    send(api, World(api).request("add_messages"), key)
    assert [row for row in contents(api) if key in str(row)] == []


def test_a_replay_does_not_need_what_is_gone(api: Api) -> None:
    """A write that was done is answered as then, though it could not be done now."""
    world, key = World(api), new_key()
    request = world.request("update_user_memory")
    assert send(api, request, key).status_code == 200
    api.delete(f"/memory-functions/{world.function}")
    assert api.request(**request).status_code == 404
    assert send(api, request, key).headers[REPLAYED] == "true"


def at_once(api: Api, count: int, ask: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Send requests that all wait for the writer at the same time; return the answers."""
    free = threading.Event()
    held = threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        held.set()
        free.wait()

    with ThreadPoolExecutor(count + 1) as pool:
        pool.submit(api.db.write, hold)
        held.wait()
        answers = [pool.submit(ask) for _ in range(count)]
        try:
            wait_for(lambda: len(api.db._waiting) == count, "the requests to wait")
        finally:
            free.set()
        return [answer.result() for answer in answers]


def test_of_requests_at_the_same_time_one_is_done(fresh_api: Api) -> None:
    """While the first of a key is at work the others wait, and get its answer."""
    world, key = World(fresh_api), new_key()
    request = world.request("create_thread")
    answers = at_once(fresh_api, 8, lambda: send(fresh_api, request, key))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get(REPLAYED, "") for answer in answers) == [""] + ["true"] * 7
    assert len(fresh_api.get("/threads").json()) == 2


def test_a_request_that_waits_for_a_refused_one_is_judged_itself(fresh_api: Api) -> None:
    """Errors are not shared: each of two requests that cannot be done is told so."""
    request = {"method": "DELETE", "url": f"/users/{uuid4()}"}
    key = new_key()
    answers = at_once(fresh_api, 2, lambda: send(fresh_api, request, key))
    assert [answer.status_code for answer in answers] == [404, 404]


# Ends the process the way a crash does, between the commit of a keyed write and its answer.
CRASH = """
import os, signal
from langmem_server import idempotency
write = idempotency._Store.write
def write_and_die(*arguments):
    write(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
idempotency._Store.write = write_and_die
"""


def test_a_crash_between_commit_and_answer_doubles_nothing(tmp_path: Path) -> None:
    """Killed before it could answer, the service remembers after the restart that it was done."""
    thread, key = str(uuid4()), new_key()
    body = {"messages": [{"role": "user", "content": "Hi"}]}
    request = {"method": "POST", "url": f"/threads/{thread}/add_messages", "json": body}
    with service_process(tmp_path, before=CRASH) as service:
        with pytest.raises(httpx.RemoteProtocolError):
            send(service.client, request, key)
        assert service.process.wait() == -signal.SIGKILL
    with service_process(tmp_path) as service:
        assert texts(service.client, thread) == ["Hi"]
        again = send(service.client, request, key)
        assert (again.status_code, again.json(), again.headers[REPLAYED]) == (200, None, "true")
        assert texts(service.client, thread) == ["Hi"]


def test_a_crash_before_the_commit_does_nothing(tmp_path: Path) -> None:
    """Killed inside the transaction, the service has neither effect nor key, and does it then."""
    thread, key = str(uuid4()), new_key()
    body = {"messages": [{"role": "user", "content": "Hi"}]}
    request = {"method": "POST", "url": f"/threads/{thread}/add_messages", "json": body}
    crash = CRASH.replace("_Store.write", "_Store._keep")
    with service_process(tmp_path, before=crash) as service:
        with pytest.raises(httpx.RemoteProtocolError):
            send(service.client, request, key)
        assert service.process.wait() == -signal.SIGKILL
    with service_process(tmp_path) as service:
        assert texts(service.client, thread) == []
        assert REPLAYED not in send(service.client, request, key).headers
        assert texts(service.client, thread) == ["Hi"]


@pytest.fixture(scope="module")
def writes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, KeyedWrites]]:
    """Keyed writes over a file of their own."""
    db = Database(tmp_path_factory.mktemp("keyed") / "langmem.db")
    settings = Settings()
    yield db, KeyedWrites(db, settings, Processing(db, settings))
    db.close()


def stored(db: Database, tenant: str, thread: str) -> list[str]:
    """Read what was said in a tenant's thread."""
    found = db.read(
        lambda conn: threads.messages_page(
            conn, tenant, thread, after_seq=None, ascending=True, limit=99
        )
    )
    return [message.content for message in found]


CALLS = st.tuples(
    st.sampled_from(["ours", "theirs"]), st.sampled_from("abc"), st.sampled_from(["Hi", "Ho"])
)


@given(st.lists(CALLS, max_size=12))
def test_any_sequence_of_keyed_writes(
    writes: tuple[Database, KeyedWrites], calls: list[tuple[str, str, str]]
) -> None:
    """For each tenant and key the first request is done, its like replayed, others refused."""
    db, keyed = writes
    example, thread = str(uuid4()), str(uuid4())
    first: dict[tuple[str, str], str] = {}
    for tenant, key, text in calls:
        body = {"messages": [{"role": "user", "content": text}]}
        arguments = {"thread_id": thread, "body": body}
        replayed = (tenant, key) in first
        if first.setdefault((tenant, key), text) == text:
            answer = keyed.do("add_messages", tenant + example, key, arguments)
            assert answer == Answer(None, replayed)
        else:
            with pytest.raises(RequestError, match="was used for another request"):
                keyed.do("add_messages", tenant + example, key, arguments)
    for tenant in ("ours", "theirs"):
        wanted = [text for (owner, _), text in first.items() if owner == tenant]
        assert stored(db, tenant + example, thread) == wanted
