from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from langmem_server.store import memories, threads, users
from langmem_server.store.database import BUSY_TIMEOUT_MS, Database
from langmem_server.store.errors import StoreError, UnstorableTextError
from langmem_server.store.records import NewMessage, User

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TENANT = "default"
SECONDS = 20


def save(id: str) -> Callable[[sqlite3.Connection], User]:
    """Return a job that stores a user."""
    return lambda conn: users.upsert(conn, TENANT, User(id, id))


def ids(conn: sqlite3.Connection) -> list[str]:
    """Read the ids of all users."""
    return [user.id for user in users.find(conn, TENANT, None, None)]


class Group:
    """Lets jobs queue up behind a held writer, so that it takes them as one group."""

    def __init__(self, db: Database) -> None:
        self.commits = 0
        self._db = db
        self._pool = ThreadPoolExecutor(40)
        self._held, self._go = threading.Event(), threading.Event()
        self._first = self._pool.submit(db.write, self._hold)
        assert self._held.wait(SECONDS)
        db._connection.set_trace_callback(self._count)

    def submit(self, *jobs: Callable[[sqlite3.Connection], Any]) -> list[Future[Any]]:
        """Queue the jobs in this order, let the writer go, and wait until all are done."""
        results = []
        for position, job in enumerate(jobs, start=1):
            results.append(self._pool.submit(self._db.write, job))
            self._wait_for(position)
        self._go.set()
        self._first.result(SECONDS)
        self._pool.shutdown(wait=True)
        return results

    def _wait_for(self, waiting: int) -> None:
        with self._db._changed:
            assert self._db._changed.wait_for(lambda: len(self._db._waiting) == waiting, SECONDS)

    def _hold(self, _: sqlite3.Connection) -> None:
        self._held.set()
        assert self._go.wait(SECONDS)

    def _count(self, statement: str) -> None:
        self.commits += statement == "COMMIT"


@pytest.fixture
def group(db: Database) -> Group:
    """A group of writes to come."""
    return Group(db)


def test_a_return_means_committed(db: Database) -> None:
    """When a write returns, a fresh connection of another program sees it."""
    db.write(save("ann"))
    other = sqlite3.connect(db.path)
    assert other.execute("SELECT id FROM users").fetchall() == [("ann",)]
    other.close()


def test_the_settings_of_the_connections(db: Database) -> None:
    """Every connection flushes in full, checks foreign keys, overwrites deletes and waits."""
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }

    def settings(conn: sqlite3.Connection) -> dict[str, Any]:
        return {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}

    assert db.write(settings) == expected
    assert db.read(settings) == expected


def test_many_threads_write(db: Database) -> None:
    """Writes from many threads are all there, and each sees its own at once."""

    def work(thread: int) -> None:
        for number in range(20):
            name = f"{thread}-{number}"
            db.write(save(name))
            assert name in db.read(ids)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(db.read(ids)) == 160


def test_waiting_writes_share_a_commit(db: Database, group: Group) -> None:
    """What waits is committed at once: twenty writes take one commit beside the one before."""
    done = group.submit(*(save(f"{number:02}") for number in range(20)))
    assert [future.result().id for future in done] == [f"{number:02}" for number in range(20)]
    assert group.commits == 2
    assert len(db.read(ids)) == 20


WRITES_FOR_EVER = """
import itertools, sys
from langmem_server.store import users
from langmem_server.store.database import BUSY_TIMEOUT_MS, Database
from langmem_server.store.records import User

db = Database(sys.argv[1])
for number in itertools.count():
    db.write(lambda conn: users.upsert(conn, "default", User(str(number))))
    print(number, flush=True)
"""


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """Of a program killed while it writes, every write that had returned is in the file."""
    path = tmp_path / "langmem.db"
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        acknowledged = [program.stdout.readline().strip() for _ in range(30)]
        program.kill()
        acknowledged += program.stdout.read().split()
    db = Database(path)
    assert {*acknowledged} <= {*db.read(ids)}
    assert db.read(lambda conn: conn.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    db.close()


def test_a_failing_job_harms_no_other(db: Database, group: Group) -> None:
    """A job that raises is undone alone, and its caller gets the very exception."""
    reason = LookupError("no such thing")

    def half(conn: sqlite3.Connection) -> None:
        save("half")(conn)
        raise reason

    before, failed, after = group.submit(save("before"), half, save("after"))
    assert failed.exception() is reason
    assert before.result().id == "before"
    assert after.result().id == "after"
    assert db.read(ids) == ["after", "before"]


def test_a_job_may_try_to_leave(db: Database) -> None:
    """SystemExit in a job goes to its caller; the writer stays."""

    def leave(_: sqlite3.Connection) -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        db.write(leave)
    db.write(save("ann"))
    assert db.read(ids) == ["ann"]


def test_an_error_that_undoes_the_transaction_fails_the_group(db: Database, group: Group) -> None:
    """If SQLite itself rolls back everything, nobody is told that their write is stored."""

    def rollback(conn: sqlite3.Connection) -> None:
        save("lost")(conn)
        conn.execute("INSERT OR ROLLBACK INTO users (tenant, id, named) VALUES ('default', 'a', 1)")

    before, failed, after = group.submit(save("a"), rollback, save("b"))
    for future in (before, failed, after):
        assert isinstance(future.exception(), sqlite3.IntegrityError)
    assert db.read(ids) == []
    db.write(save("c"))
    assert db.read(ids) == ["c"]


def test_a_failing_commit_fails_the_group(db: Database, group: Group) -> None:
    """If the commit is refused, all of the group are told, and the next group is not affected."""

    def orphan(conn: sqlite3.Connection) -> None:
        conn.execute("PRAGMA defer_foreign_keys = ON")
        conn.execute("INSERT INTO thread_states VALUES ('default', 'no such thread', 'null', '{}')")

    innocent, guilty = group.submit(save("ann"), orphan)
    assert isinstance(innocent.exception(), sqlite3.IntegrityError)
    assert isinstance(guilty.exception(), sqlite3.IntegrityError)
    db.write(save("bob"))
    assert db.read(ids) == ["bob"]


def test_a_full_disk(db: Database) -> None:
    """When the file cannot grow, the write fails with what to do; later ones work again."""

    def limit(pages: int) -> Callable[[sqlite3.Connection], None]:
        return lambda conn: conn.execute(f"PRAGMA max_page_count = {pages}").close()

    def fill(conn: sqlite3.Connection) -> None:
        message = NewMessage(None, "user", "x" * 100_000)
        threads.add_messages(conn, TENANT, "t", [message], 0.0)

    pages = db.read(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    db.write(limit(pages))
    with pytest.raises(StoreError, match=r"langmem\.db cannot grow: free some disk space"):
        db.write(fill)
    assert db.read(lambda conn: threads.get(conn, TENANT, "t")) is None
    db.write(limit(2**30))
    db.write(fill)
    assert db.read(lambda conn: threads.message_count(conn, TENANT, "t")) == 1


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_gone_is_not_written(db: Database, replaced: bool) -> None:
    """What would be lost with a removed file is refused; once the file is back all goes on."""
    db.write(save("ann"))
    aside = db.path.with_name("aside")
    db.path.rename(aside)
    if replaced:
        db.path.write_bytes(b"")
    wrong = "was removed or replaced while in use: put the same file back"
    with pytest.raises(StoreError, match=wrong):
        db.write(save("bob"))
    with pytest.raises(StoreError, match=wrong):
        db.read(ids)
    assert db.path.exists() == replaced
    aside.rename(db.path)
    db.write(save("carl"))
    assert db.read(ids) == ["ann", "carl"]


def test_another_program_holds_the_lock(db: Database) -> None:
    """When the lock is not to be had in time, the caller is told to try again, and can."""
    db.write(lambda conn: conn.execute("PRAGMA busy_timeout = 10").close())
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked by another program: try again"):
        db.write(save("ann"))
    other.execute("ROLLBACK")
    other.close()
    db.write(save("ann"))
    assert db.read(ids) == ["ann"]


def test_another_program_writes_the_same_file(db: Database) -> None:
    """Writes of another connection and ours interleave without loss."""

    def intrude() -> None:
        other = sqlite3.connect(db.path, isolation_level=None, timeout=SECONDS)
        other.execute("CREATE TABLE theirs (n INTEGER)")
        for number in range(50):
            other.execute("BEGIN IMMEDIATE")
            other.execute("INSERT INTO theirs VALUES (?)", (number,))
            other.execute("COMMIT")
        other.close()

    with ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(intrude)
        for number in range(50):
            db.write(save(str(number)))
        theirs.result(SECONDS)
    assert len(db.read(ids)) == 50
    assert db.read(lambda conn: conn.execute("SELECT count(*) FROM theirs").fetchone()[0]) == 50


def test_a_write_inside_a_write_is_refused(db: Database) -> None:
    """A job that would wait for its own writer gets an error in place of a deadlock."""
    with pytest.raises(RuntimeError, match="inside a write"):
        db.write(lambda _: db.write(save("ann")))


def test_a_reader_cannot_write(db: Database) -> None:
    """A function given to read changes nothing."""
    with pytest.raises(StoreError):
        db.read(save("ann"))
    assert db.read(ids) == []


def test_a_reader_sees_one_moment(db: Database) -> None:
    """What is committed while a function reads is not seen by it, and is by the next."""

    def look_twice(conn: sqlite3.Connection) -> tuple[list[str], list[str]]:
        before = ids(conn)
        db.write(save("ann"))
        return before, ids(conn)

    assert db.read(look_twice) == ([], [])
    assert db.read(ids) == ["ann"]


def test_readers_share_connections(db: Database) -> None:
    """One reader after the other uses one connection; two at a time use two."""
    both = threading.Barrier(2)

    def meet(conn: sqlite3.Connection) -> int:
        both.wait(SECONDS)
        return id(conn)

    one, two = db.read(id), db.read(id)
    assert one == two
    with ThreadPoolExecutor(2) as pool:
        assert len({*pool.map(lambda _: db.read(meet), range(2))}) == 2


def test_an_error_of_a_reader_is_its_own(db: Database) -> None:
    """An exception in read reaches the caller as it is, and the connection stays good."""
    with pytest.raises(ZeroDivisionError):
        db.read(lambda _: 1 // 0)
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        db.read(lambda conn: conn.execute("SELECT * FROM nowhere"))
    assert db.read(ids) == []


@pytest.mark.parametrize(
    "message",
    [
        NewMessage("m2", "user", "broken \ud83d", user_id="bob"),
        NewMessage("m2", "user", {"parts": [{"deep": "\udc00"}]}, user_id="bob"),
        NewMessage("m2", "user", "x", name="\ud800", user_id="bob"),
        NewMessage("m2", "user", "x", user_id="\ud800"),
        NewMessage("m\ud800", "user", "x", user_id="bob"),
        NewMessage("m2", "\ud800", "x", user_id="bob"),
        NewMessage("m2", "user", "x", user_id="bob", timestamp="\ud800"),
        NewMessage("m2", "user", "x", user_id="bob", extra={"\ud800": 1}),
    ],
)
def test_half_a_surrogate_pair_is_refused_whole(db: Database, message: NewMessage) -> None:
    """Text that is no Unicode is a clear error wherever it sits, and nothing is half written."""
    good = NewMessage("m1", "user", "fine", user_id="ann")
    with pytest.raises(UnstorableTextError, match="half a surrogate pair: send valid Unicode"):
        db.write(lambda conn: threads.add_messages(conn, TENANT, "t", [good, message], 0.0))
    assert db.read(ids) == []
    assert db.read(lambda conn: threads.get(conn, TENANT, "t")) is None


def test_the_error_does_not_quote_the_text(db: Database) -> None:
    """The error of an unstorable text shows the half character and nothing of the rest."""
    bad = NewMessage(None, "user", "my secret \ud83d plan")
    with pytest.raises(UnstorableTextError) as caught:
        db.write(lambda conn: threads.add_messages(conn, TENANT, "t", [bad], 0.0))
    assert "secret" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_half_a_surrogate_pair_is_refused_by_read(db: Database) -> None:
    """Asking by a text that is no Unicode is the same clear error."""
    with pytest.raises(UnstorableTextError):
        db.read(lambda conn: users.get(conn, TENANT, "\ud800"))


def test_a_number_json_does_not_know_leaves_nothing(db: Database) -> None:
    """NaN in a state is a ValueError, and the thread it would have made is not there."""
    with pytest.raises(ValueError, match="JSON"):
        db.write(lambda conn: threads.set_state(conn, TENANT, "t", None, {"x": float("nan")}))
    assert db.read(lambda conn: threads.get(conn, TENANT, "t")) is None


def test_texts_with_nul_survive(db: Database) -> None:
    """A NUL inside a text is kept, found around, and deleted like any other."""
    message = NewMessage(None, "user", "a\0b", name="A\0n", user_id="ann", extra={"\0": "\0"})
    db.write(lambda conn: threads.add_messages(conn, TENANT, "t", [message], 0.0))
    [stored] = db.read(
        lambda conn: threads.messages_page(
            conn, TENANT, "t", after_seq=None, ascending=True, limit=9
        )
    )
    assert (stored.content, stored.name, stored.extra) == ("a\0b", "A\0n", {"\0": "\0"})
    assert db.read(lambda conn: memories.search(conn, TENANT, "ann", [], ["a\0b"], 5)) == []


class TestClose:
    """What closing does to those who still work."""

    def test_waiting_writes_are_finished(self, db: Database) -> None:
        """Closing lets every write that was accepted end first."""
        group = Group(db)
        with ThreadPoolExecutor(1) as pool:
            closing: list[Future[None]] = []

            def close_then(conn: sqlite3.Connection) -> User:
                closing.append(pool.submit(db.close))
                return save("ann")(conn)

            first, second = group.submit(close_then, save("bob"))
            closing[0].result(SECONDS)
        assert (first.result().id, second.result().id) == ("ann", "bob")
        again = Database(db.path)
        assert again.read(ids) == ["ann", "bob"]
        again.close()

    def test_a_closed_database_says_so(self, db: Database) -> None:
        """After close, read and write are a StoreError; closing again is fine."""
        db.read(ids)
        db.close()
        db.close()
        with pytest.raises(StoreError, match=r"langmem\.db is closed"):
            db.write(save("ann"))
        with pytest.raises(StoreError, match=r"langmem\.db is closed"):
            db.read(ids)

    def test_a_reader_may_end_after_close(self, db: Database) -> None:
        """A read under way ends in peace, and its connection is closed behind it."""
        used: list[sqlite3.Connection] = []

        def read_on(conn: sqlite3.Connection) -> list[str]:
            used.append(conn)
            db.close()
            return ids(conn)

        assert db.read(read_on) == []
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            used[0].execute("SELECT 1")

    def test_nothing_but_the_file_is_left(self, db: Database) -> None:
        """A clean close leaves one file: no log beside it waits to be replayed."""
        db.write(save("ann"))
        db.read(ids)
        db.close()
        assert [entry.name for entry in db.path.parent.iterdir()] == ["langmem.db"]
