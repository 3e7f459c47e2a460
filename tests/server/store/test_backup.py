from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from langmem_server.local import LocalService
from langmem_server.settings import Settings
from langmem_server.store import idempotency, memories, runs, threads, users
from langmem_server.store.backup import backup, restore, vacuum
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError
from langmem_server.store.lock import hold
from langmem_server.store.records import NewMemory, NewMessage, Subjects, User, utc_now
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.background import TENANT, all_runs, post, remembered, trigger, wait_until_ended
from tests.server.background import running as processing

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a copy is to be."""
    return tmp_path / "copy.db"


def names(path: Path) -> list[str]:
    """Name the users of a file; it must be whole."""
    db = Database(path)
    try:
        assert db.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        assert db.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []
        return [user.id for user in db.read(lambda c: users.find(c, TENANT, None, None))]
    finally:
        db.close()


def make(path: Path, *ids: str) -> None:
    """Make a database with users."""
    db = Database(path)
    for user_id in ids:
        add(db, user_id)
    db.close()


def add(db: Database, user_id: str, metadata: dict[str, Any] | None = None) -> None:
    """Store a user whose name is the id."""
    user = User(user_id, user_id, metadata=metadata)
    db.write(lambda conn: users.upsert(conn, TENANT, user))


def say(db: Database, text: str) -> None:
    """Store a message of a user, both under the text as the id."""
    message = NewMessage(text, "user", "x" * 500, user_id=text)
    db.write(lambda conn: threads.add_messages(conn, TENANT, "t", [message], 5.0))


def entries(folder: Path) -> set[str]:
    """Name the files of a folder."""
    return {path.name for path in folder.iterdir()}


COPIES = """
import sys
from pathlib import Path
from langmem_server.store.backup import backup
for number in range(int(sys.argv[3])):
    print("begin", flush=True)
    sys.stdin.readline()
    backup(Path(sys.argv[1]), Path(f"{sys.argv[2]}.{number}"))
"""


def test_copies_under_load_hold_all_that_was_acknowledged(db: Database, copy: Path) -> None:
    """While four threads write, copies made by another program are whole and miss nothing."""
    done: list[int] = [0] * 4
    stop = threading.Event()

    def write(thread: int) -> None:
        while not stop.is_set():
            text = f"{thread}-{done[thread]:06}"
            say(db, text)
            done[thread] += 1

    writers = [threading.Thread(target=write, args=(thread,)) for thread in range(4)]
    command = [sys.executable, "-c", COPIES, str(db.path), str(copy), "3"]
    acknowledged = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        for writer in writers:
            writer.start()
        while program.stdout.readline():
            acknowledged.append(list(done))
            print(file=program.stdin, flush=True)
        stop.set()
        for writer in writers:
            writer.join(SECONDS)
    assert program.returncode == 0
    assert sum(done) > sum(acknowledged[-1]) > sum(acknowledged[0])
    for number, counts in enumerate(acknowledged):
        held = set(names(Path(f"{copy}.{number}")))
        assert held >= {f"{t}-{n:06}" for t, count in enumerate(counts) for n in range(count)}
        # Of one moment: what a thread wrote is there up to some point, without gaps.
        assert held == {
            f"{t}-{n:06}" for t in range(4) for n in range(sum(i[0] == str(t) for i in held))
        }


def test_a_copy_is_one_file_for_its_owner(db: Database, copy: Path) -> None:
    """A copy has no log beside it, nobody else can read it, and no draft is left."""
    add(db, "ann")
    before = entries(copy.parent)
    backup(db.path, copy)
    assert entries(copy.parent) == before | {"copy.db"}
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_database_without_a_service_is_copied(tmp_path: Path, copy: Path) -> None:
    """No service need run, and the database is as it was."""
    path = tmp_path / "langmem.db"
    make(path, "ann")
    before = path.read_bytes()
    backup(path, copy)
    assert path.read_bytes() == before
    assert names(copy) == ["ann"]


def test_a_copy_holds_nothing_that_was_deleted(db: Database, copy: Path) -> None:
    """What the database's pages may still hold of a deleted user does not get into a copy."""
    for number in range(300):
        name = f"zanzibar{number:04}"
        add(db, name, {"text": name * (number % 40)})
    conn = db._connect()  # not the writer's, which would clean up by itself
    for number in range(300):
        if number % 3:
            users.delete(conn, TENANT, f"zanzibar{number:04}")
    conn.close()
    backup(db.path, copy)
    content = copy.read_bytes()
    held = [f"zanzibar{number:04}".encode() in content for number in range(300)]
    assert held == [number % 3 == 0 for number in range(300)]


def test_an_existing_file_is_not_overwritten(db: Database, copy: Path) -> None:
    """A file of that name stays as it is."""
    copy.write_text("mine")
    with pytest.raises(StoreError, match=r"copy\.db exists: choose another name, or move it away"):
        backup(db.path, copy)
    assert copy.read_text() == "mine"


def test_a_copy_to_nowhere(db: Database, tmp_path: Path) -> None:
    """A missing directory is named."""
    with pytest.raises(StoreError, match=r"directory .*/nowhere does not exist: create it"):
        backup(db.path, tmp_path / "nowhere" / "copy.db")


def test_a_missing_database(tmp_path: Path, copy: Path) -> None:
    """A path without a file is an error, and makes no file."""
    with pytest.raises(StoreError, match=r"langmem\.db does not exist: give the path the service"):
        backup(tmp_path / "langmem.db", copy)
    assert entries(tmp_path) == set()


def damage(path: Path) -> None:
    """Overwrite pages of a file in its middle."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 & ~4095)
        file.write(b"\xff" * 8192)


def other_program(path: Path) -> None:
    """Make a database that is none of LangMem."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("CREATE TABLE users (email TEXT)")


def newer(path: Path) -> None:
    """Make a database of a newer version."""
    make(path)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("INSERT INTO langmem_migrations VALUES ('m999_vectors', '2099-01-01')")


def orphaned(path: Path) -> None:
    """Make a database in which a row hangs on nothing."""
    make(path)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("INSERT INTO thread_states VALUES ('default', 'no thread', 'null', '{}')")


def broken(path: Path) -> None:
    """Make a database with pages that were overwritten."""
    make(path, *map(str, range(500)))
    damage(path)


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "does not exist: give the path of a file that backup wrote"),
    "empty": (lambda path: path.touch(), "is not a database of LangMem: choose another file"),
    "text": (lambda path: path.write_text("x" * 9000), "is not a SQLite database: choose"),
    "directory": (lambda path: path.mkdir(), "does not exist: give the path of a file"),
    "other program": (other_program, "is not a database of LangMem: choose another file"),
    "newer": (newer, r"was made by a newer version \(m999_vectors\): install that version first"),
    "orphaned": (orphaned, "is damaged: use another copy"),
    "broken": (broken, "is damaged"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_copy_changes_nothing(tmp_path: Path, copy: Path, kind: str) -> None:
    """A copy that is missing, damaged, newer or something else is named, and nothing is touched."""
    make_copy, text = UNUSABLE[kind]
    make_copy(copy)
    path = tmp_path / "langmem.db"
    make(path, "ann")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=rf"The copy .*copy\.db {text}"):
        restore(copy, path)
    assert path.read_bytes() == before
    assert entries(tmp_path) <= {"langmem.db", "langmem.db.lock", "copy.db"}


def test_a_restored_copy_is_the_database(tmp_path: Path, copy: Path) -> None:
    """After a restore the database is what it was, and what it had become is kept beside it."""
    path = tmp_path / "langmem.db"
    make(path, "ann")
    backup(path, copy)
    before = copy.read_bytes()
    make(path, "bob")
    kept = restore(copy, path)
    assert copy.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(path) == ["ann"]
    assert kept is not None
    assert kept.name.startswith("langmem.db.replaced-2")
    assert names(kept) == ["ann", "bob"]
    assert not [name for name in entries(tmp_path) if name.endswith(".part")]


def test_a_copy_is_restored_where_there_was_no_database(tmp_path: Path, copy: Path) -> None:
    """On a new machine there is nothing to replace, and a log of nothing is not taken over."""
    make(tmp_path / "old.db", "ann")
    backup(tmp_path / "old.db", copy)
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "langmem.db-wal").write_bytes(b"of another database")
    assert restore(copy, folder / "langmem.db") is None
    assert names(folder / "langmem.db") == ["ann"]
    with pytest.raises(StoreError, match="does not exist: create it"):
        restore(copy, tmp_path / "nowhere" / "langmem.db")


def killed(path: Path, *ids: str) -> None:
    """Make a database whose last writes are in the log alone, as a killed service leaves it."""
    scratch = path.with_name("scratch")
    scratch.mkdir()
    db = Database(scratch / path.name)
    db.write(lambda _: None)
    for user_id in ids:
        add(db, user_id)
    for name in entries(scratch) - {f"{path.name}.lock"}:
        shutil.copyfile(scratch / name, path.with_name(name))
    db.close()
    shutil.rmtree(scratch)


def test_the_log_of_a_killed_service_is_kept_with_it(tmp_path: Path, copy: Path) -> None:
    """Writes that a replaced database had in its log alone are in what is kept of it."""
    make(tmp_path / "old.db", "ann")
    backup(tmp_path / "old.db", copy)
    path = tmp_path / "langmem.db"
    killed(path, "bob", "cid")
    kept = restore(copy, path)
    assert names(path) == ["ann"]
    assert kept is not None
    assert names(kept) == ["bob", "cid"]


def test_a_copy_with_a_log_is_restored_with_it(tmp_path: Path) -> None:
    """What was copied by hand together with its log is whole as well."""
    killed(tmp_path / "by-hand.db", "bob")
    restore(tmp_path / "by-hand.db", tmp_path / "langmem.db")
    assert names(tmp_path / "langmem.db") == ["bob"]


@pytest.mark.parametrize("content", [b"\0" * 9000, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_database_is_replaced(tmp_path: Path, copy: Path, content: bytes) -> None:
    """What cannot even be opened is put aside as it is."""
    path = tmp_path / "langmem.db"
    make(path, "ann")
    backup(path, copy)
    path.write_bytes(content)
    kept = restore(copy, path)
    assert names(path) == ["ann"]
    assert kept is not None
    assert kept.read_bytes() == content


def test_the_log_of_a_damaged_database_is_kept_with_it(tmp_path: Path, copy: Path) -> None:
    """Of a file whose beginning is gone the log may hold what can be saved."""
    make(tmp_path / "old.db", "ann")
    backup(tmp_path / "old.db", copy)
    path = tmp_path / "langmem.db"
    killed(path, "bob")
    log = path.with_name("langmem.db-wal").read_bytes()
    with path.open("r+b") as file:
        file.write(b"\0" * 100)
    kept = restore(copy, path)
    assert names(path) == ["ann"]
    assert kept is not None
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log


@pytest.mark.parametrize("act", [restore, lambda _, path: vacuum(path)], ids=["restore", "vacuum"])
def test_a_database_in_use_is_left_alone(
    db: Database, copy: Path, act: Callable[..., object]
) -> None:
    """While a service has the database, or a program has it open, it is not replaced."""
    add(db, "ann")
    backup(db.path, copy)
    with pytest.raises(StoreError, match="is locked by another program: try again"):
        act(copy, db.path)
    lock = hold(db.path)
    with pytest.raises(StoreError, match="is in use by another service: connect to that one"):
        act(copy, db.path)
    lock.release()
    add(db, "bob")
    assert [user.id for user in db.read(lambda c: users.find(c, TENANT, None, None))] == [
        "ann",
        "bob",
    ]


DIES = """
import os, shutil, signal, sys
from pathlib import Path
from langmem_server.store import backup

act, template, copy, cases = sys.argv[1], *map(Path, sys.argv[2:])
for number in range(1, 1000):
    folder = cases / str(number)
    shutil.copytree(template, folder)
    child = os.fork()
    if child == 0:
        left = [number]

        def count(event, arguments):
            if event.startswith(("open", "os.", "shutil.", "sqlite3.", "tempfile.")):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        path = folder / "langmem.db"
        backup.restore(copy, path) if act == "restore" else backup.vacuum(path)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


@pytest.mark.parametrize("act", ["restore", "vacuum"])
def test_a_kill_at_any_moment_leaves_a_whole_database(tmp_path: Path, copy: Path, act: str) -> None:
    """Killed before whichever of its steps, a restore leaves the old database or the new one."""
    make(tmp_path / "new.db", "ann")
    backup(tmp_path / "new.db", copy)
    template, cases = tmp_path / "template", tmp_path / "cases"
    template.mkdir()
    killed(template / "langmem.db", "bob", "cid")
    command = [sys.executable, "-c", DIES, act, str(template), str(copy), str(cases)]
    subprocess.run(command, check=True, timeout=SECONDS)
    ends = [names(cases / str(n) / "langmem.db") for n in range(1, len(entries(cases)) + 1)]
    new = ["ann"] if act == "restore" else ["bob", "cid"]
    assert len(ends) > 20
    changed = ends.index(new)
    assert ends[:changed] == [["bob", "cid"]] * changed
    assert ends[changed:] == [new] * (len(ends) - changed)
    assert ends[-1] == new


def test_all_of_a_service_comes_back(tmp_path: Path, copy: Path) -> None:
    """Memories, answers to keyed requests and the text index are restored, runs are done then."""
    path = tmp_path / "langmem.db"
    db = Database(path)
    post(db, "I know pikas.", user="ann", thread="t")
    trigger(db, "t")
    source = ("ann", SEMANTIC_FUNCTION_ID, "t")
    found = [NewMemory("Ann rides horses", {"text": "horses"}, None)]
    db.write(lambda c: memories.remember(c, TENANT, source, found, utc_now()))
    answer = {"id": "ann"}
    db.write(lambda c: idempotency.keep(c, TENANT, "key", "print", answer, Subjects("ann")))
    backup(path, copy)
    db.write(lambda conn: users.delete(conn, TENANT, "ann"))
    db.close()
    restore(copy, path)
    db = Database(path)
    with processing(db):
        assert [run.status for run in wait_until_ended(db)] == ["succeeded"]
    assert remembered(db, "ann") == ["Ann rides horses", "Will said I know pikas."]
    [hit, _] = db.read(
        lambda c: memories.search(c, TENANT, "ann", [SEMANTIC_FUNCTION_ID], ["horse"], 9)
    )
    assert (hit.memory.text, hit.relevance > 0) == ("Ann rides horses", True)
    done = db.read(lambda c: idempotency.find(c, TENANT, "key"))
    assert done is not None
    assert done.answer == answer
    db.close()


def test_a_run_under_way_is_in_a_copy_as_unfinished(tmp_path: Path, copy: Path) -> None:
    """A run that was at work when the copy was made is done after the restore, once."""
    path = tmp_path / "langmem.db"
    db = Database(path)
    post(db, "I know pikas.", user="ann", thread="t")
    trigger(db, "t")
    [run] = all_runs(db)
    assert db.write(lambda conn: runs.begin(conn, run.lane)) is not None
    backup(path, copy)
    db.close()
    restore(copy, path)
    db = Database(path)
    assert [run.status for run in all_runs(db)] == ["running"]
    with processing(db):
        wait_until_ended(db)
    assert remembered(db, "ann") == ["Will said I know pikas."]
    db.close()


def test_a_service_in_a_program_is_copied_and_locked_alike(tmp_path: Path, copy: Path) -> None:
    """The file of a service inside a program can be copied while it runs, and not replaced."""
    service = LocalService(Settings(database=tmp_path / "langmem.db"))
    user = str(uuid4())
    request = httpx.Request("POST", "http://localhost/users", json={"id": user, "name": "Ann"})
    assert service.handle(request).status_code == 200
    backup(tmp_path / "langmem.db", copy)
    with pytest.raises(StoreError, match="is in use by another service"):
        restore(copy, tmp_path / "langmem.db")
    service.close()
    restore(copy, tmp_path / "langmem.db")
    assert names(tmp_path / "langmem.db") == [user]


def test_a_vacuumed_database_keeps_its_rows_and_rights(tmp_path: Path) -> None:
    """A large file is written anew, smaller, with the rights it had, and nothing is put aside."""
    path = tmp_path / "langmem.db"
    make(path, *(f"{number:04}" for number in range(500)))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DELETE FROM users WHERE id > '0001'")
        conn.execute("PRAGMA user_version = 5")
    path.chmod(0o640)
    before = path.stat().st_size
    vacuum(path)
    assert path.stat().st_size < before
    assert path.stat().st_mode & 0o777 == 0o640
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (0,)
    assert names(path) == ["0000", "0001"]
    assert entries(tmp_path) <= {"langmem.db", "langmem.db.lock"}


def test_a_file_system_without_second_names(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file can have one name only, what is replaced is kept as a copy."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / "langmem.db"
    make(path, "ann")
    backup(path, copy)
    make(path, "bob")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    kept = restore(copy, path)
    assert kept is not None
    assert names(kept) == ["ann", "bob"]
    assert names(path) == ["ann"]


def test_a_full_disk_leaves_no_copy(
    db: Database, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the copy cannot be flushed to the disk there is none, and the error says of what."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = entries(copy.parent)
    monkeypatch.setattr("langmem_server.store.backup.os.fsync", fail)
    with pytest.raises(StoreError, match=r"copy\.db cannot be used, No space left on device"):
        backup(db.path, copy)
    assert entries(copy.parent) == before
