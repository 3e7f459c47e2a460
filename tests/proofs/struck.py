"""A service that is struck while the model is asked, and what it makes of it."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.server.live import wait_for
from tests.server.service_process import service_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx

    from tests.server.scripted_model import ScriptedModel
    from tests.server.service_process import ServiceProcess

SHORT_PAUSES = """
from langmem_server import processing, worker
processing.ERROR_PAUSE = processing.MAX_PAUSE = worker.STORE_PAUSE = 0.5
"""
"""Python for the service: it tries again sooner, so that the proof need not wait."""


@dataclass
class Row:
    """A line of the table: what was answered during the fault, and what was left after it."""

    fault: str
    write: str
    read: str
    ready: str
    again: str = ""
    kept: str = ""
    whole: str = ""

    def __str__(self) -> str:
        """Write the line, and under it what the service said."""
        return (
            f"{self.fault:34} {self.again:14} {self.kept:22} {self.whole}\n"
            f"    write: {self.write}\n    read:  {self.read}\n    ready: {self.ready}"
        )


@dataclass
class Scene:
    """A conversation with a service that has a model.

    Attributes:
        service: The service.
        model: What it asks.
        acknowledged: The texts it said it has, in order.
    """

    service: ServiceProcess
    model: ScriptedModel
    user_id: str = field(default_factory=lambda: str(uuid4()))
    thread_id: str = field(default_factory=lambda: str(uuid4()))
    acknowledged: list[str] = field(default_factory=list)

    def say(self, text: str) -> httpx.Response:
        """Post a message, in the one thread there is."""
        message = {"role": "user", "content": text, "metadata": {"user_id": self.user_id}}
        url = f"/threads/{self.thread_id}/add_messages"
        response = self.service.client.post(url, json={"messages": [message]})
        if response.is_success:
            self.acknowledged.append(text)
        return response

    def read(self) -> httpx.Response:
        """Read the thread."""
        url = f"/threads/{self.thread_id}/messages"
        return self.service.client.get(url, params={"page_size": 1000})

    def ready(self) -> httpx.Response:
        """Ask whether the service is ready."""
        return self.service.client.get("/ready")

    def kept(self) -> str:
        """Hold what is stored and remembered against what was acknowledged; say how much it is."""
        stored = [message["content"] for message in self.read().json()["messages"]]
        assert stored == self.acknowledged
        assert self._remembered() == sorted(self.acknowledged)
        return f"{len(stored)} of {len(self.acknowledged)}, each once"

    def done(self) -> bool:
        """Tell whether every message has been processed."""
        response = self.service.client.get(f"/users/{self.user_id}/runs")
        if not response.is_success:
            return False
        runs = response.json()["runs"]
        seen = sum(len(run["message_ids"]) for run in runs if run["status"] == "succeeded")
        return seen == len(self.acknowledged)

    def met(self) -> bool:
        """Tell whether a run could not be stored so far."""
        return "Storing a run failed with StoreError" in self.service.log.read_text()

    def _remembered(self) -> list[str]:
        """List the user's memories by their objects, in alphabetical order."""
        response = self.service.client.post(
            f"/users/{self.user_id}/memory/query", json={"text": "", "k": 100}
        )
        return sorted(found["content"]["object"] for found in response.json()["memories"])


@contextlib.contextmanager
def scene(
    folder: Path, model: ScriptedModel, database: Path | None = None, before: str = ""
) -> Iterator[Scene]:
    """Have a service with a model at work until the block ends."""
    environment = {
        "LANGMEM_LLM_BASE_URL": model.base_url,
        "LANGMEM_LLM_MODEL": "scripted",
        "LANGMEM_PROCESSING_DELAY": "0",
    }
    with service_process(folder, SHORT_PAUSES + before, environment, database) as service:
        yield Scene(service, model)


def suffer(at: Scene, fault: str, happening: AbstractContextManager[object]) -> Row:
    """Let something happen while a run is at work; say what came of it.

    Args:
        at: The service.
        fault: What it is called.
        happening: Makes it happen when entered, and ends it when left.
    """
    say_and_wait(at, "before")
    released = at.model.hang()
    assert at.say("at work").is_success
    at.model.wait_for(len(at.acknowledged))
    with happening:
        write = shown(lambda: at.say("meanwhile"))
        read = shown(at.read)
        ready = shown(at.ready)
        released.set()
        wait_for(lambda: at.met() or at.done(), "the run to meet the fault, or to end")
    wait_for(lambda: at.say("after").is_success, "the service to store again")
    wait_for(at.done, "the runs to be done again")
    wait_for(lambda: at.ready().is_success, "the service to be ready again")
    return Row(fault, write, read, ready, "works again", at.kept())


def say_and_wait(at: Scene, text: str) -> None:
    """Have one message stored and processed."""
    assert at.say(text).is_success
    wait_for(at.done, "the runs to be done")


def shown(call: Any) -> str:
    """Make a request and show its answer in one line, with how long it took."""
    begun = time.monotonic()
    response: httpx.Response = call()
    said = "" if response.is_success else " " + str(response.json()["detail"])
    seconds = time.monotonic() - begun
    return f"{response.status_code} in {seconds:.1f} s{_without_folders(said)}"


def integrity(path: Path) -> str:
    """Check a file; return what SQLite says of it."""
    with contextlib.closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        [(said,)] = conn.execute("PRAGMA integrity_check").fetchall()
    return str(said)


def _without_folders(text: str) -> str:
    return re.sub(r"/\S+/", "", text)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int = 8) -> Iterator[Path]:
    """Mount a file system of a few megabytes until the block ends."""
    place.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no byte on a file system until the block ends."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def locked(database: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold a file's lock in another process until the block ends, and no shorter than that."""
    program = (
        "import sqlite3, sys; conn = sqlite3.connect(sys.argv[1], 30, isolation_level=None);"
        " conn.execute('BEGIN EXCLUSIVE'); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(database)]
    begun = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield
        time.sleep(max(0.0, begun + seconds - time.monotonic()))
        holder.communicate(timeout=30)


@contextlib.contextmanager
def moved_away(database: Path) -> Iterator[None]:
    """Take a file from its place until the block ends."""
    elsewhere = database.with_name("elsewhere")
    database.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(database)


MOVING_CLOCK = """
import pathlib, sys, threading, time, time_machine
_clock = time_machine.travel(time.time(), tick=True).start()
_wanted = pathlib.Path({path!r})
def _follow():
    shifted = 0.0
    while True:
        wanted = float(_wanted.read_text() or shifted)
        if wanted != shifted:
            _clock.shift(wanted - shifted)
            shifted = wanted
            _wanted.with_suffix(".done").write_text(str(wanted))
        threading.Event().wait(0.02)
threading.Thread(target=_follow, daemon=True).start()
"""
"""Python for the service: its clock, but not its monotonic one, is off by what a file says."""


@contextlib.contextmanager
def clock_off_by(hours: float, path: Path) -> Iterator[None]:
    """Set the clock of a service with a `MOVING_CLOCK` until the block ends."""
    _set_clock(path, hours * 3600)
    yield
    _set_clock(path, 0.0)


def _set_clock(path: Path, seconds: float) -> None:
    done = path.with_suffix(".done")
    path.write_text(str(seconds))
    wait_for(lambda: done.exists() and done.read_text() == str(seconds), "the clock to be set")
