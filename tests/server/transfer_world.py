"""A service without a network, tenants that fill up by chance, and what travels between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from hypothesis import strategies as st

from langmem_server.contract import Contract
from langmem_server.service import Service
from langmem_server.settings import Settings
from langmem_server.store import functions, runs, threads, users
from langmem_server.store.records import (
    Function,
    NewMemory,
    NewMessage,
    Outcome,
    User,
    utc_now,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")
Record = dict[str, Any]

TYPES = ("user_state", "user_append_state", "user_semantic_memory", "thread_summary")
IMPORT = Contract.load().operations["import_records"]


class Direct:
    """A store over one connection, inside one transaction that nobody ends."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function."""
        return fn(self._conn)

    def write(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function, all of it or nothing."""
        self._conn.execute("SAVEPOINT write")
        try:
            return fn(self._conn)
        except BaseException:
            self._conn.execute("ROLLBACK TO write")
            raise
        finally:
            self._conn.execute("RELEASE write")


class Idle:
    """Processing that never begins."""

    def wake(self) -> None:
        """Sleep on."""


class World:
    """One tenant of a service.

    Attributes:
        erased: The ids of what was erased.
    """

    def __init__(self, conn: sqlite3.Connection, tenant: str) -> None:
        self.conn, self.tenant = conn, tenant
        self.erased: list[str] = []
        self._service = Service(Direct(conn), Settings(), cast("Any", Idle()))

    def page(self, **arguments: Any) -> dict[str, Any]:
        """Export a page, as JSON would carry it."""
        shown = self._service.export_records(self.tenant, **arguments)
        page: dict[str, Any] = json.loads(json.dumps(shown))
        return page

    def export(self, page_size: int = 1000, **arguments: Any) -> list[Record]:
        """Export all pages."""
        page = self.page(page_size=page_size, **arguments)
        found: list[Record] = page["records"]
        while page["next_cursor"] is not None:
            page = self.page(page_size=page_size, cursor=page["next_cursor"], **arguments)
            assert 0 < len(page["records"]) <= page_size
            found += page["records"]
        return found

    def bring_in(self, records: Sequence[Record], size: int = 1000) -> dict[str, int]:
        """Import in requests of a size; return what became of the records."""
        total = {"created": 0, "updated": 0, "unchanged": 0}
        for start in range(0, len(records), size):
            body = json.dumps({"records": records[start : start + size]}).encode()
            result = self._service.import_records(self.tenant, **IMPORT.parse({}, [], body))
            total = {name: total[name] + result[name] for name in total}
        assert sum(total.values()) == len(records)
        return total

    def do(self, actions: Iterable[tuple[Any, ...]]) -> None:
        """Do some of what an application, the service and its operator do."""
        for name, *arguments in actions:
            getattr(self, name)(*arguments)

    def say(self, thread: int, speaker: int, text: str, marks: str = "") -> None:
        """Post a message: of user 0 to 2, of a guest (3), or of the assistant (4).

        The marks say whether it is `dated` and whether its sender is `named`.
        """
        message = NewMessage(
            id=None,
            role="assistant" if speaker == 4 else "user",
            content=text,
            name=f"{text} Miller" if "named" in marks else None,
            user_id=an_id(speaker) if speaker < 3 else None,
            timestamp="2026-01-31T12:00:00.000000Z" if "dated" in marks else None,
            extra={"number": 1.0},
        )
        threads.add_messages(self.conn, self.tenant, an_id(100 + thread), [message], 0.0)

    def make_function(self, number: int, status: str) -> None:
        """Make one function of each type, or change its status."""
        made = Function(
            id=an_id(200 + number),
            type=TYPES[number],
            name=TYPES[number],
            description="",
            parameters={"type": "object"},
            custom_instructions=None,
            status="active",
            created_at=utc_now(),
        )
        functions.upsert(self.conn, self.tenant, made)
        functions.update(self.conn, self.tenant, made.id, status=status)

    def process(self, thread: int, outcomes: Sequence[str]) -> None:
        """Plan a thread and let its runs end; those without an outcome stay under way."""
        planned = runs.plan(self.conn, self.tenant, an_id(100 + thread), retry=False, now=utc_now())
        for run, status in zip(planned, outcomes, strict=False):
            work = runs.begin(self.conn, run.lane)
            if work is not None:
                runs.finish(self.conn, work, _outcome(work.function.type, status), utc_now())

    def name_user(self, user: int, name: str | None) -> None:
        """Store a user by a call."""
        metadata = {"user_id": an_id(user).upper()}
        users.upsert(self.conn, self.tenant, User(an_id(user), name, ["é", "beta"], metadata))

    def keep_state(self, thread: int, key: str | None, value: float) -> None:
        """Keep JSON with a thread, and some metadata."""
        threads.upsert(self.conn, self.tenant, an_id(100 + thread), {"topic": value})
        threads.set_state(self.conn, self.tenant, an_id(100 + thread), key, {"b": value, "a": True})

    def erase(self, number: int) -> None:
        """Erase a user (0 to 2), a thread (100 to 103) or a function (200 to 203)."""
        store = {0: users, 1: threads, 2: functions}[number // 100]
        store.delete(self.conn, self.tenant, an_id(number))
        self.erased.append(an_id(number))


def an_id(number: int) -> str:
    """Make a UUID of a number."""
    return str(UUID(int=number))


def _outcome(kind: str, status: str) -> Outcome:
    done = status == "succeeded"
    many = kind in {"user_append_state", "user_semantic_memory"}
    text = f"Pikas at {utc_now()}"
    return Outcome(
        status,
        None if done else "the model was away",
        attempts=1,
        prompt_tokens=1,
        completion_tokens=1,
        state={"last": text, "n": 1} if done and not many else None,
        memories=[NewMemory(text, {"t": text}, 7), NewMemory("Same", {"t": 1}, None)]
        if done and many
        else (),
    )


_threads = st.integers(0, 3)
_texts = st.sampled_from(["tea", "Tee", "日本 🍵", 'a "quoted" \\ line\n'])
_outcomes = st.lists(st.sampled_from(["succeeded", "succeeded", "failed", "skipped"]), max_size=8)
_says = st.tuples(
    st.just("say"),
    _threads,
    st.integers(0, 4),
    _texts,
    st.sampled_from(["", "dated", "named", "dated named"]),
)
_changes = st.one_of(
    _says,
    _says,
    st.tuples(st.just("make_function"), st.integers(0, 3), st.sampled_from(["active", "disabled"])),
    st.tuples(st.just("process"), _threads, _outcomes),
    st.tuples(st.just("name_user"), st.integers(0, 2), st.sampled_from(["Will", None])),
    st.tuples(
        st.just("keep_state"),
        _threads,
        st.sampled_from([None, "", "null", "a/b"]),
        st.sampled_from([1, 1.0, 1e300]),
    ),
    st.tuples(
        st.just("erase"), st.one_of(st.integers(0, 2), st.integers(100, 103), st.integers(200, 203))
    ),
)
lives = st.lists(_changes, max_size=25)
"""What may happen in a tenant, for `World.do`."""

BUSY = (
    *(("make_function", number, "active") for number in range(4)),
    *(("say", number % 3, number % 5, "tea", "named") for number in range(12)),
    ("name_user", 1, "Will"),
    ("keep_state", 0, None, 1.0),
    ("keep_state", 0, "key", 2),
    *(("process", number, ["succeeded"] * 8) for number in range(3)),
    *(("say", number % 3, number % 5, "Tee", "dated") for number in range(15)),
    ("process", 0, ["failed", "succeeded", "skipped"]),
)
"""A life with something of every kind."""
