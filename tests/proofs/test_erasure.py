"""What is deleted is gone, from the bytes of every file: shown for each operation that deletes.

scripts/prove erasure

Each time a service is told many things by two people, and a model of its own makes memories of
them. Then it is asked to delete some, while five runs that have read them are under way. Each
message, and each memory made of it, has a word of its own; all files in the database's folder are
searched for these words: before, when the delete is answered, and once the runs have ended and
the writer rests. LANGMEM_PROOF_MESSAGES sets how many messages each person sends to each thread.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import pytest

from langmem_server.settings import Settings
from langmem_server.store import cleaner, runs
from langmem_server.store.plans import RUN_MESSAGES
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.live import running, wait_for
from tests.server.scripted_model import ScriptedModel, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from threading import Event

    from tests.server.live import Api

MESSAGES: Final = int(os.environ.get("LANGMEM_PROOF_MESSAGES", "40"))
WORD: Final = re.compile("q[0-9a-f]{20}7")
TAIL: Final = 6
"""Where the part of a word begins that the text index surely keeps as it is."""
FACTS, STATE, GIST = "fact_note", "state_note", "gist_note"
TALKS: Final = [("Ann", "shared"), ("Ben", "shared"), ("Ann", "Ann's"), ("Ben", "Ben's")]
TYPES: Final = {FACTS: "user_append_state", STATE: "user_state", GIST: "thread_summary"}


def derive(source: str, what: str) -> str:
    """Make the word that stands for something about a word."""
    return f"q{sha256(f'{what} {source}'.encode()).hexdigest()[:20]}7"


def answer(body: dict[str, Any]) -> Any:
    """Answer as a model that puts everything in words of its own, other ones for each function."""
    [kind] = [kind for kind in TYPES if f'"{kind}"' in body["messages"][0]["content"]]
    told = WORD.sub(lambda word: derive(word[0], kind), json.dumps(sensible(body)))
    return json.loads(told)


class World:
    """A service with Ann and Ben, who talk in a thread of theirs and each in one alone.

    Attributes:
        said: The words of the messages, by who said them and where.
        shown: The words in what describes people, threads and functions, by their names.
    """

    def __init__(self, api: Api, model: ScriptedModel, folder: Path) -> None:
        self.api = api
        self.model = model
        self.ids = {name: str(uuid4()) for name in ("Ann", "Ben", "shared", "Ann's", "Ben's")}
        self.said: dict[tuple[str, str], list[str]] = {}
        self.shown: dict[str, list[str]] = {}
        self._folder = folder
        self._number = 0
        self._furnish()

    def say(self, name: str, thread: str, count: int) -> None:
        """Post messages of many sizes."""
        words = [self._word() for _ in range(count)]
        self.said.setdefault((name, thread), []).extend(words)
        user = {"user_id": self.ids[name]}
        messages = [
            {
                "role": "user",
                "content": " ".join([word] * (1 + number % 30)),
                "name": self.shown[name][0],
                "metadata": user | {"about": word},
            }
            for number, word in enumerate(words)
        ]
        self._write("POST", f"/threads/{self.ids[thread]}/add_messages", {"messages": messages})

    def trigger(self, thread: str) -> None:
        """Have a thread processed now."""
        self._write("POST", f"/threads/{self.ids[thread]}/trigger-all")

    def delete(self, path: str, **query: Any) -> None:
        """Delete what a path names by names."""
        parts = [self.ids.get(part, part) for part in path.split("/")]
        self._write("DELETE", "/".join(parts), None, **query)

    def talk(self) -> None:
        """Let both say much, and wait until memories are made of it."""
        for name, thread in TALKS:
            self.say(name, thread, MESSAGES)
        for thread in ("shared", "Ann's", "Ben's"):
            self.trigger(thread)
        self.wait_until_done()

    def begin_runs(self) -> list[Event]:
        """Let both say one thing more; return the events that the model's answers wait for."""
        asked = len(self.model.requests)
        held = [self.model.hang() for _ in range(5)]  # both people's facts and states, and the gist
        for name in ("Ann", "Ben"):
            self.say(name, "shared", 1)
        self.trigger("shared")
        self.model.wait_for(asked + len(held))
        return held

    def lasting(self) -> set[str]:
        """List the words that are stored and that no run replaces."""
        shown = {word for words in self.shown.values() for word in words}
        return shown | self.words() | self.words(FACTS)

    def wait_until_done(self) -> None:
        """Wait until no thread is due and no run unfinished."""
        pending = "SELECT count(*) FROM runs WHERE status IN ('queued', 'running')"

        def done() -> bool:
            return self.api.db.read(
                lambda c: runs.next_due(c) is None and c.execute(pending).fetchone()[0] == 0
            )

        wait_for(done, "all runs to end")

    def wait_until_clean(self) -> None:
        """Wait until the service has cleaned up: it does when it has nothing to write."""
        wait_for(lambda: self.api.db.read(cleaner.erasures) == 0, "the file to be vacuumed")
        log = self.api.db.path.with_name("langmem.db-wal")
        wait_for(lambda: log.stat().st_size == 0, "the log to be empty")

    def words(self, *kinds: str, by: str | None = None, thread: str | None = None) -> set[str]:
        """List the words that functions made of messages; without functions, the messages' own."""
        chosen = [
            word
            for (name, place), words in self.said.items()
            for word in words
            if by in {None, name} and thread in {None, place}
        ]
        return {derive(word, kind) for word in chosen for kind in kinds} if kinds else {*chosen}

    def found(self, words: Iterable[str]) -> set[str]:
        """Search the bytes of all files."""
        content = b"".join(path.read_bytes() for path in sorted(self._folder.iterdir()))
        return {word for word in words if word[TAIL:].encode() in content}

    def _furnish(self) -> None:
        self._write("DELETE", f"/memory-functions/{SEMANTIC_FUNCTION_ID}")
        for name in ("Ann", "Ben"):
            about = [self._word() for _ in range(3)]
            self.shown[name] = [*about, self.ids[name]]
            user = {"id": self.ids[name], "name": about[0], "tags": [about[1]]}
            self._write("POST", "/users", user | {"metadata": {"about": about[2]}})
        for thread in ("shared", "Ann's", "Ben's"):
            about = [self._word() for _ in range(2)]
            self.shown[thread] = [*about, self.ids[thread]]
            metadata = {"about": about[0]}
            self._write("POST", "/threads", {"id": self.ids[thread], "metadata": metadata})
            path = f"/threads/{self.ids[thread]}/thread_state"
            self._write("POST", path, {"key": "state", "state": {"about": about[1]}})
        for kind, type_ in TYPES.items():
            properties = {kind: {"type": "string"}}
            parameters = {"type": "object", "properties": properties, "required": [kind]}
            self.shown[kind] = [self._word()]
            schema = {"name": kind, "description": self.shown[kind][0], "parameters": parameters}
            made = self._write("POST", "/memory-functions", {"type": type_, "schema": schema})
            self.ids[kind] = made["id"]
            self.shown[kind].append(made["id"])

    def _word(self) -> str:
        self._number += 1
        return derive(str(self._number), self.ids["Ann"])

    def _write(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        response = self.api.request(method, path, json=body, headers=headers, params=query)
        assert response.status_code == 200, response.text
        return response.json()


def delete_facts(world: World) -> None:
    """Delete what the facts hold of Ann, one by one."""
    asked = {"text": "", "k": 1000, "memory_function_ids": [world.ids[FACTS]]}
    found = world.api.post(f"/users/{world.ids['Ann']}/memory/query", json=asked).json()
    world.delete("/users/Ann/memory/individual", ids=[m["id"] for m in found["memories"]])


def all_of_ann(world: World) -> set[str]:
    """List what must go with a user: all of theirs, wherever it was said and whatever was made."""
    return {*world.shown["Ann"], *world.words(by="Ann"), *world.words(*TYPES, by="Ann")}


def all_of_thread(world: World) -> set[str]:
    """List what must go with a thread; states of its users cannot be taken apart, and stay."""
    made = world.words(FACTS, GIST, thread="shared")
    under_way = {derive(world.said[name, "shared"][-1], STATE) for name in ("Ann", "Ben")}
    return {*world.shown["shared"], *world.words(thread="shared"), *made, *under_way}


def all_of_function(world: World) -> set[str]:
    """List what must go with a memory function: what it made, of whomever."""
    return {*world.shown[FACTS], *world.words(FACTS)}


OPERATIONS: dict[str, tuple[Callable[[World], None], Callable[[World], set[str]], bool]] = {
    "delete_user": (lambda w: w.delete("/users/Ann"), all_of_ann, True),
    "delete_thread": (lambda w: w.delete("/threads/shared"), all_of_thread, True),
    "delete_memory_function": (
        lambda w: w.delete(f"/memory-functions/{FACTS}"),
        all_of_function,
        True,
    ),
    "delete_user_memory (facts)": (
        lambda w: w.delete(f"/users/Ann/memory/{FACTS}/state"),
        lambda w: w.words(FACTS, by="Ann"),
        False,
    ),
    "delete_user_memory (state)": (
        lambda w: w.delete(f"/users/Ann/memory/{STATE}/state"),
        lambda w: w.words(STATE, by="Ann"),
        False,
    ),
    "delete_individual_memories": (delete_facts, lambda w: w.words(FACTS, by="Ann"), False),
}
"""Each: how to delete, what must go, and whether what runs under way were told of goes as well."""


ROW: Final = "{:28} {:>8} {:>10} {:>8} {:>8} {:>8}"


@contextmanager
def serving(model: ScriptedModel, folder: Path) -> Iterator[Api]:
    """Run a service with a model over a file in a folder."""
    model.default(answer)
    settings = Settings(
        database=folder / "langmem.db", llm_base_url=model.base_url, llm_model="scripted"
    )
    with running(settings, process=True) as api:
        yield api


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    """The table to print when all is done."""
    heading = ("words found in the files", "before", "answered", "at rest", "others", "at rest")
    lines = [ROW.format(*heading)]
    yield lines
    print("", *lines, sep="\n")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_deleted_words_are_in_no_file(tmp_path: Path, table: list[str], operation: str) -> None:
    """No byte of what was deleted is left, of what was not all is, and no run brings any back."""
    act, chosen, of_new_too = OPERATIONS[operation]
    with ScriptedModel() as model, serving(model, tmp_path) as api:
        world = World(api, model, tmp_path)
        world.talk()
        gone, stays = chosen(world), world.lasting()
        held = world.begin_runs()
        if of_new_too:
            gone = chosen(world)
        stays -= gone
        before, stayed = world.found(gone), world.found(stays)
        under_way = len(model.requests)
        act(world)
        answered = world.found(gone)
        for event in held:
            event.set()
        world.wait_until_done()
        world.wait_until_clean()
        after, left = world.found(gone), world.found(stays)
        asked = [json.dumps(request.body) for request in model.requests[under_way:]]
    table.append(ROW.format(operation, *map(len, (before, answered, after, stayed, left))))
    assert before != set()
    assert after == set()
    assert stayed == left == stays
    if operation == "delete_user":
        # Ben's facts and state, and the gist, are made anew without Ann.
        assert len(asked) == 2 + ceil((MESSAGES + 1) / RUN_MESSAGES)
        assert gone.isdisjoint(WORD.findall("".join(asked)))
