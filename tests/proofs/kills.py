"""A service that is killed again and again, writers that go on, and what became of their texts."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid5

from langmem import Client
from langmem.errors import APIConnectionError, LangMemError, OutcomeUnknownError
from tests.server.scripted_model import Body, messages_of, schema_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.server.scripted_model import ScriptedModel

PACE = 0.25
"""Seconds a writer rests after a message. Without, work would heap up while the service is killed,
and most of it be done after the last kill, when nothing can go wrong."""

MESSAGES_OF_A_THREAD = 60
TOGETHER = 2
"""How many writers share a thread."""

SETTLE_SECONDS = 300.0
SPACE = UUID("0d1f3b52-7a41-4d5e-8f43-5f3f5f0d5a3c")
STATE = {
    "title": "Seen",
    "type": "object",
    "properties": {"seen": {"type": "array", "items": {"type": "string"}}},
}
ENTRY = {
    "title": "Said",
    "type": "object",
    "properties": {"said": {"type": "string"}},
    "required": ["said"],
}


class Victim:
    """A `langmem-server` on one file and one port, however often it is killed.

    Args:
        folder: Where the file and the log are.
        port: The port.
        model: The model's endpoint, which outlives the service.
    """

    def __init__(self, folder: Path, port: int, model: ScriptedModel) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "log"
        database = str(folder / "langmem.db")
        self._command = [sys.executable, "-m", "langmem_server", "--port", str(port)]
        self._command += ["--database", database]
        self._environment = {
            **os.environ,
            "LANGMEM_LLM_BASE_URL": model.base_url,
            "LANGMEM_LLM_MODEL": "scripted",
            "LANGMEM_PROCESSING_DELAY": "0.05",
        }
        self._process = self._start()

    def kill(self) -> None:
        """End the service at once, as the system does when memory runs out, and start it anew."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the service in peace."""
        self._process.terminate()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=log
            )


@dataclass
class Ledger:
    """What one writer knows: the texts it sent to each thread, in order, and which are stored."""

    user_ids: dict[str, str] = field(default_factory=dict)
    sent: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    resumed: int = 0


class Writer(threading.Thread):
    """Posts one message after the other until it is told to stop; loses none.

    Args:
        number: Which writer this is; `TOGETHER` of them post to each thread.
        url: The service.
        stopping: Set when no new message is to be begun.
    """

    def __init__(self, number: int, url: str, stopping: threading.Event) -> None:
        super().__init__(name=f"writer-{number}")
        self._number = number
        self._url = url
        self._stopping = stopping
        self.ledger = Ledger()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Post."""
        try:
            with Client(self._url, max_retries=1) as client:
                count = 0
                while not self._stopping.is_set():
                    self._post(client, count)
                    count += 1
                    self._stopping.wait(PACE)
        except BaseException as error:  # noqa: BLE001 - the test raises it
            self.error = error

    def _post(self, client: Client, count: int) -> None:
        part = count // MESSAGES_OF_A_THREAD
        thread_id = str(uuid5(SPACE, f"thread {self._number // TOGETHER} {part}"))
        user_id = str(uuid5(SPACE, f"user {self._number} {part}"))
        text = f"w{self._number} m{count}"
        self.ledger.user_ids[thread_id] = user_id
        self.ledger.sent.setdefault(thread_id, []).append(text)
        message = {"role": "user", "content": text, "metadata": {"user_id": user_id}}
        self.ledger.resumed += insist(lambda: client.add_messages(thread_id, [message]))
        self.ledger.acknowledged.add(text)


def insist(call: Callable[[], object]) -> int:
    """Make a call until it is known to be done; return how often it had to be resumed."""
    resumed = 0
    while True:
        try:
            call()
        except OutcomeUnknownError as error:
            call = error.resume
            resumed += 1
        except APIConnectionError:
            pass  # nothing was sent: the service is not back yet
        else:
            return resumed


@contextlib.contextmanager
def writing(count: int, url: str) -> Iterator[list[Writer]]:
    """Have writers at work until the block ends."""
    stopping = threading.Event()
    writers = [Writer(number, url, stopping) for number in range(count)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        stopping.set()
        for writer in writers:
            writer.join()


def make_functions(client: Client) -> dict[str, str]:
    """Create a memory function of each kind that writes about users; return their ids."""
    state = client.create_memory_function(STATE, target_type="user_state")
    entries = client.create_memory_function(ENTRY, target_type="user_append_state")
    return {"user_state": state["id"], "user_append_state": entries["id"]}


class Answers:
    """What the model says: each new message of the user, once, after a random while."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, body: Body) -> Any:
        """Answer."""
        time.sleep(self._random.uniform(0.0, 0.15))
        said = [line["text"] for line in messages_of(body) if line.get("target")]
        kind = set(schema_in(body, "Answer with JSON")["properties"])
        if kind == {"triples"}:
            parts = {"subject": "user", "predicate": "said", "importance": 5}
            return {"triples": [parts | {"object": text} for text in said]}
        if kind == {"memories"}:
            return {"memories": [{"said": text} for text in said]}
        if kind == {"patch"}:
            return {"patch": [{"op": "add", "path": "/seen/-", "value": text} for text in said]}
        return {"seen": said}


@dataclass
class Verdict:
    """What became of all messages.

    Attributes:
        acknowledged: How many messages the service said it has.
        stored: How many it has.
        applied: How many have taken effect in the user's state.
        lost: Acknowledged and not stored, or stored and without effect.
        doubled: Stored twice, or with two effects, or in two runs of one function.
        disordered: Threads or states in which a user's messages are not in their order.
        runs: How many runs there are, by status.
    """

    acknowledged: int = 0
    stored: int = 0
    applied: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    runs: Counter[str] = field(default_factory=Counter)

    def add(self, client: Client, functions: dict[str, str], ledger: Ledger) -> None:
        """Look at what became of one writer's messages."""
        for thread_id, sent in ledger.sent.items():
            user_id = ledger.user_ids[thread_id]
            messages = list(client.list_messages(thread_id, page_size=1000))
            own = [m for m in messages if m["metadata"]["user_id"] == user_id]
            stored = [str(m["content"]) for m in own]
            effects = self._effects(client, functions, user_id)
            runs = list(client.list_user_runs(user_id, page_size=1000))
            covered = Counter(
                (run["memory_function_id"], message)
                for run in runs
                for message in run["message_ids"]
            )
            acknowledged = [text for text in sent if text in ledger.acknowledged]
            self.acknowledged += len(acknowledged)
            self.stored += len(stored)
            self.applied += len(effects[0])
            self.runs.update(run["status"] for run in runs)
            for found in (stored, *effects):
                self.lost += len(set(acknowledged) - set(found))
                self.doubled += len(found) - len(set(found))
            self.doubled += sum(count - 1 for count in covered.values())
            self.disordered += (stored != sent) + (effects[0] != stored)

    def _effects(
        self, client: Client, functions: dict[str, str], user_id: str
    ) -> tuple[list[str], ...]:
        """Read what each function made of the user's messages."""
        state = client.get_user_memory(user_id, memory_function_id=functions["user_state"])
        singles = client.query_user_memory(
            user_id, "", k=1000, memory_function_ids=[functions["user_append_state"]]
        )["memories"]
        facts = client.query_user_memory(user_id, "", k=1000)["memories"]
        seen: list[str] = (state or {}).get("seen", [])
        return (
            seen,
            [str(memory["content"]["said"]) for memory in singles],
            [str(memory["content"]["object"]) for memory in facts],
        )


def wait_until_done(client: Client, ledgers: list[Ledger]) -> float:
    """Wait until every message of every writer is in an ended run; return the seconds."""
    begun = time.monotonic()
    tick = threading.Event()
    pending = {user for ledger in ledgers for user in ledger.user_ids.values()}
    while pending:
        assert time.monotonic() < begun + SETTLE_SECONDS, f"{len(pending)} users have work to do"
        with contextlib.suppress(LangMemError):
            pending = {user for user in pending if not _is_done(client, user)}
        tick.wait(0.1)
    return time.monotonic() - begun


def _is_done(client: Client, user_id: str) -> bool:
    runs = list(client.list_user_runs(user_id, page_size=1000))
    return bool(runs) and all(run["status"] not in {"queued", "running"} for run in runs)
