"""The fault table: what the service answers in each trouble, and how it goes on afterwards.

    scripts/prove faults

The faults are real: a full file system (a small tmpfs, which takes root), a lock held by another
program, a damaged or missing file, a clock that is set. A row says what a write and a read were
answered meanwhile, and whether all goes on without a restart once the cause is gone: writes, reads
and what is processed in the background.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import pytest

from langmem_server.running import Running
from langmem_server.settings import Settings
from langmem_server.store import users
from langmem_server.store.database import BUSY_TIMEOUT_MS
from langmem_server.store.records import User
from tests.server.live import DEADLINE, wait_for
from tests.server.service_process import PROGRAM, service_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

PAGE_BYTES = 4096
TMPFS_BYTES = 4 * 1024 * 1024
NOBODY = 65534
NO_TMPFS = (
    "a file system cannot be mounted here: run as root, or under `unshare --map-root-user --mount`"
)

ORDINARY_USER = f"""
import os
import langmem_server.cli, uvicorn.logging, uvicorn.protocols.http.auto, uvicorn.lifespan.on
if os.geteuid() == 0:
    os.setuid({NOBODY})
"""
"""Root may write read-only files; an ordinary user, which may not read what root imports, not."""

CLOCK = """
import datetime, signal, time_machine
clock = time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True).start()
signal.signal(signal.SIGUSR1, lambda *_: clock.shift(3600))
signal.signal(signal.SIGUSR2, lambda *_: clock.shift(-3600))
"""
"""A clock that is set by signals; what counts seconds since the start goes on as it does."""


class Answered(NamedTuple):
    """What a write and a read were answered."""

    write: str
    read: str


class Talk:
    """A user's thread on a running service: what was sent, and which of it was acknowledged."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client  # another one after a restart
        self._user_id, self._url = str(uuid4()), f"/threads/{uuid4()}"
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []

    def say(self, text: str) -> httpx.Response:
        """Post a message."""
        message_id = str(uuid4())
        metadata = {"user_id": self._user_id, "id": message_id}
        message = {"role": "user", "content": text, "metadata": metadata}
        response = self.client.post(f"{self._url}/add_messages", json={"messages": [message]})
        if response.is_success:
            self.acknowledged[message_id] = text
        else:
            self.refused.append(text)
        return response

    def read(self) -> httpx.Response:
        """Read the thread."""
        return self.client.get(f"{self._url}/messages", params={"page_size": 1000})

    def goes_on(self, text: str) -> None:
        """Post a message, which must be stored; wait until all that was stored is processed."""
        assert self.say(text).status_code == 200
        expected = sorted(self.acknowledged)
        wait_for(lambda: self._processed() == expected, f"{text!r} to be processed")

    def whole(self) -> str:
        """Check that all that was acknowledged is stored, once and in order, and nothing else."""
        stored = [message["content"] for message in self.read().json()["messages"]]
        assert stored == list(self.acknowledged.values())
        return (
            f"goes on without a restart, processing too: {len(stored)} acknowledged and stored,"
            f" {len(self.refused)} refused"
        )

    def _processed(self) -> list[str]:
        """List the messages of the runs that have succeeded."""
        found = self.client.get(f"{self._url}/runs", params={"page_size": 1000}).json()["runs"]
        done = [run["message_ids"] for run in found if run["status"] == "succeeded"]
        return sorted(message_id for ids in done for message_id in ids)


class World(NamedTuple):
    """A running service: its process, its log, its database, and a client of it."""

    process: subprocess.Popen[bytes]
    log: Path
    database: Path
    client: httpx.Client

    def talk(self) -> Talk:
        """Begin a talk, of which the first message is processed."""
        talk = Talk(self.client)
        talk.goes_on("before")
        return talk

    def wait_for_trouble(self) -> None:
        """Wait until the background processing has met the fault."""
        known = self.log.stat().st_size
        wait_for(lambda: "failed with" in self.log.read_text()[known:], "processing to fail")


@contextmanager
def service(folder: Path, delay: float = 0.0) -> Iterator[World]:
    """Run the service."""
    environment = {"LANGMEM_PROCESSING_DELAY": str(delay)}
    with service_process(folder, CLOCK, environment) as (process, client, log):
        yield World(process, log, folder / "langmem.db", client)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service that goes through one trouble after the other without a restart."""
    with service(tmp_path_factory.mktemp("faults"), delay=0.5) as running:
        yield running


def shown(response: httpx.Response, database: Path) -> str:
    """Show an answer; a refusal must be 503, name the file and say what to do."""
    if response.is_success:
        return str(response.status_code)
    detail: str = response.json()["detail"]
    assert response.status_code == 503
    assert detail.startswith(f"The database {database} ")
    assert ": " in detail
    return f"503 {detail.removeprefix(f'The database {database} ')}"


def during(talk: Talk, database: Path) -> Answered:
    """Try a write and a read in the middle of a fault."""
    return Answered(shown(talk.say("meanwhile"), database), shown(talk.read(), database))


def report(fault: str, answered: Answered, after: str, database: Path) -> None:
    """Print a row, and check the file the service has left."""
    with closing(sqlite3.connect(database)) as conn:
        [[integrity]] = conn.execute("PRAGMA integrity_check")
    assert integrity == "ok"
    row = (fault, f"write: {answered.write}", f"read: {answered.read}", f"after: {after}")
    print("", *row, f"integrity_check: {integrity}", sep=" | ")


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own; the service's log is outside of it."""
    place = tmp_path / "tmpfs"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(place)]
    if shutil.which("mount") is None or _fails(mount):
        pytest.skip(NO_TMPFS)
    (place / "log").symlink_to(tmp_path / "log")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_full_disk(tmpfs: Path) -> None:
    """Writes are refused and reads answered; with room again all goes on, processing too."""
    with service(tmpfs, delay=1.0) as world:
        talk = world.talk()
        assert talk.say("just before").is_success
        filler = tmpfs / "filler"
        fill(filler)
        # What fits into the pages that are there is still stored.
        while talk.say(f"{len(talk.acknowledged)} " + "x" * 4000).is_success:
            pass
        answered = during(talk, world.database)
        assert answered.write.startswith("503 cannot grow: free some disk space")
        assert answered.read == "200"
        world.wait_for_trouble()
        filler.unlink()
        talk.goes_on("afterwards")
        report("disk full", answered, talk.whole(), world.database)


def fill(path: Path) -> None:
    """Write a file until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (64 * 1024, 4096):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


LOCKER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Have another program hold the lock of a file."""
    command = [sys.executable, "-c", LOCKER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as locker:
        assert locker.stdout is not None
        assert locker.stdout.readline() == b"locked\n"
        yield
        locker.communicate()


def test_a_file_locked_by_another_program(world: World) -> None:
    """Writes are refused after the time a lock is waited for, and later all goes on."""
    talk = world.talk()
    assert talk.say("just before").is_success
    with locked(world.database):
        begun = time.monotonic()
        answered = during(talk, world.database)
        waited = time.monotonic() - begun
        world.wait_for_trouble()
    assert waited > BUSY_TIMEOUT_MS / 1000
    assert answered.write.startswith("503 is locked by another program: try again")
    assert answered.read == "200"
    talk.goes_on("afterwards")
    report("locked by another program", answered, talk.whole(), world.database)


def test_a_file_taken_away(world: World) -> None:
    """Nothing is acknowledged that would be lost; with the file back all goes on."""
    talk = world.talk()
    aside = world.database.with_name("aside")
    world.database.rename(aside)
    answered = during(talk, world.database)
    assert answered.write == answered.read
    assert "was removed or replaced while in use: put the same file back" in answered.write
    assert not world.database.exists()
    aside.rename(world.database)
    talk.goes_on("afterwards")
    report("file removed while running", answered, talk.whole(), world.database)


@pytest.mark.parametrize("way", ["back", "forth"])
def test_a_clock_that_is_set(world: World, way: str) -> None:
    """A clock that goes an hour back or forth delays nothing, loses nothing, doubles nothing."""
    there, home = {"back": ("SIGUSR2", "SIGUSR1"), "forth": ("SIGUSR1", "SIGUSR2")}[way]
    talk = world.talk()
    assert talk.say("just before").is_success
    world.process.send_signal(getattr(signal, there))
    answered = during(talk, world.database)
    talk.goes_on("in another hour")
    assert talk.say("on the way").is_success
    world.process.send_signal(getattr(signal, home))
    talk.goes_on("afterwards")
    assert answered == ("200", "200")
    report(f"clock set an hour {way} and home", answered, talk.whole(), world.database)


def test_a_file_damaged_while_in_use(tmp_path: Path) -> None:
    """What cannot be read is refused and never made up; a copy put in its place works again."""
    copy = tmp_path / "copy.db"
    with service(tmp_path) as world:
        talk = world.talk()
        with closing(sqlite3.connect(world.database)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(world.database, copy)
        damage(world.database)
        answered = during(talk, world.database)
        assert answered.write.startswith("503 is damaged: restore it from a copy")
    for name in ("langmem.db", "langmem.db-wal", "langmem.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    copy.rename(world.database)
    with service(tmp_path) as restarted:
        talk.client = restarted.client
        talk.goes_on("afterwards")
        after = talk.whole().replace("without", "with its copy, after")
        report("damaged while running", answered, after, restarted.database)


def damage(database: Path) -> None:
    """Put noise over all of a file but its first page."""
    with database.open("r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(os.urandom(database.stat().st_size - PAGE_BYTES))


@contextmanager
def damaged(database: Path) -> Iterator[None]:
    """Damage a file, and put it back."""
    content = database.read_bytes()
    damage(database)
    yield
    database.write_bytes(content)


@contextmanager
def other_content(database: Path) -> Iterator[None]:
    """Put something that is no database in its place."""
    content = database.read_bytes()
    database.write_bytes(b"Dear diary, today nothing was lost. " * 1000)
    yield
    database.write_bytes(content)


@contextmanager
def newer(database: Path) -> Iterator[None]:
    """Have a newer version have been at work in a file."""
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("INSERT INTO langmem_migrations VALUES ('m999_of_tomorrow', '2099')")
    content = database.read_bytes()
    yield
    assert database.read_bytes() == content
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("DELETE FROM langmem_migrations WHERE name = 'm999_of_tomorrow'")


@contextmanager
def no_directory(database: Path) -> Iterator[None]:
    """Take the whole directory away."""
    aside = database.parent.with_name(f"{database.parent.name} aside")
    database.parent.rename(aside)
    yield
    aside.rename(database.parent)


@contextmanager
def read_only_file(database: Path) -> Iterator[None]:
    """Let nobody write a file."""
    database.parent.chmod(0o777)
    database.chmod(0o444)
    yield
    database.chmod(0o644)


@contextmanager
def read_only_directory(database: Path) -> Iterator[None]:
    """Let nobody write a file and its directory."""
    database.chmod(0o444)
    database.parent.chmod(0o555)
    yield
    database.parent.chmod(0o755)
    database.chmod(0o644)


@contextmanager
def closed_directory(database: Path) -> Iterator[None]:
    """Let nobody enter a directory."""
    database.parent.chmod(0)
    yield
    database.parent.chmod(0o755)


AT_START = {
    "locked at start": (locked, "is locked by another program: try again."),
    "damaged at start": (damaged, "is damaged: restore it from a copy."),
    "not a database": (other_content, "is not a SQLite database: choose another path."),
    "made by a newer version": (newer, "m999_of_tomorrow): choose another path."),
    "directory missing": (no_directory, "choose another database path."),
    "read-only file": (read_only_file, "is read-only: make the file and its directory writable."),
    "read-only directory": (
        read_only_directory,
        "is read-only: make the file and its directory writable.",
    ),
    "closed directory": (closed_directory, "make its directory writable, or choose another path."),
}


class Start(NamedTuple):
    """A start in vain: its exit status and what was said."""

    status: int
    said: str


def started_in_vain(database: Path, before: str = "") -> Start:
    """Start the service over a file it cannot use."""
    command = [sys.executable, "-W", "error", "-c", f"{before}\n{PROGRAM}"]
    options = ["--port", "0", "--database", str(database)]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert done.stdout == ""
    return Start(done.returncode, done.stderr)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that any user may enter, which those of pytest are not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def test_a_read_only_file_system(tmpfs: Path) -> None:
    """Under a running service the kernel does not allow it; at the start it is said."""
    database = tmpfs / "langmem.db"
    keep(database, "before")
    remount = ["mount", "-o", "remount,ro", str(tmpfs)]
    with closing(Running(Settings(database=database))):
        assert _fails(remount)
    subprocess.run(remount, check=True)
    start = started_in_vain(database)
    subprocess.run(["mount", "-o", "remount,rw", str(tmpfs)], check=True)
    assert start.status == 1
    assert "Read-only file system: make its directory writable" in start.said
    keep(database, "afterwards")
    said = start.said.strip().replace(f"{tmpfs}/", "")
    report("read-only file system", Answered(f"exit 1, {said}", "-"), "starts again", database)


def test_files_that_cannot_be_used_at_the_start(open_directory: Path) -> None:
    """The service says in a sentence what is wrong and ends with 1; then the file works again."""
    databases = {fault: open_directory / fault / "langmem.db" for fault in AT_START}
    with ThreadPoolExecutor(len(databases)) as pool:
        starts = dict(
            zip(databases, pool.map(try_in_vain, databases, databases.values()), strict=True)
        )
    for fault, start in starts.items():
        assert start.status == 1, start.said
        sentence = start.said.strip()
        assert "\n" not in sentence
        assert sentence.startswith("langmem-server: The d")
        assert str(databases[fault].parent) in sentence
        assert sentence.endswith(AT_START[fault][1])
        keep(databases[fault], "afterwards")
        said = sentence.replace(f"{open_directory}/", "")
        report(fault, Answered(f"exit 1, {said}", "-"), "starts again", databases[fault])


def try_in_vain(fault: str, database: Path) -> Start:
    """Make a file, bring the fault about, start, and take the fault away."""
    database.parent.mkdir()
    keep(database, "before")
    for path in (database.parent, *database.parent.iterdir()):
        os.chown(path, NOBODY, NOBODY) if os.geteuid() == 0 else None
    with AT_START[fault][0](database):
        return started_in_vain(database, ORDINARY_USER)


def keep(database: Path, name: str) -> None:
    """Open a file as the service does and store a user in it; who was stored must be there."""
    with closing(Running(Settings(database=database))) as running:
        known = [user.name for user in running.db.read(lambda c: users.find(c, "t", None, None))]
        assert known == ([] if name == "before" else ["before"])
        running.db.write(lambda conn: users.upsert(conn, "t", User(str(uuid4()), name)))
