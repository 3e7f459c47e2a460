"""What becomes of hostile JSON Schemas, wherever they get in, and of everybody else meanwhile.

Each is created, given to a function that exists and imported, over HTTP; and one that is in the
database already, as before there were limits, is used to judge a state and a model's answer. The
table tells the answers, and how long others waited for theirs. With LANGMEM_PROOF_SCHEMAS=all it
has those that are stopped by nothing but the count of steps too, which takes a minute.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from uuid import uuid4

import pytest

from langmem_server.bounds import MAX_STEPS
from langmem_server.settings import Settings
from tests.server import background
from tests.server.live import running, wait_for
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from tests.server.live import Api

Schema = dict[str, Any]
ALL = os.environ.get("LANGMEM_PROOF_SCHEMAS") == "all"
TOO_MUCH = f"judging by the schema takes more than {MAX_STEPS:,} steps"
UNUSABLE = ("422", "422", "422", "422", "failed")
LATE = ("200", "200", "200", "422", "failed")
FINE = ("200", "200", "200", "200", "succeeded")
MOST_MEMORY = 2048 if ALL else 512  # MB
LARGE = ("413", "413", "413", "422", "failed")
USES = ("create", "update", "import", "state", "run")


class Case(NamedTuple):
    """A hostile schema, the document it is used on, and what must become of it."""

    name: str
    schema: Schema
    state: dict[str, Any]
    statuses: tuple[str, ...]
    reason: str
    slow: bool = False


def ladder(rungs: int, rung: Callable[[list[Schema]], Schema]) -> Schema:
    """Make a schema that refers to the next one twice, and so on."""
    parts = {f"d{n}": rung([{"$ref": f"#/$defs/d{n + 1}"}] * 2) for n in range(rungs)}
    return {"$ref": "#/$defs/d0", "$defs": parts | {f"d{rungs}": {"type": "object"}}}


def choices(count: int) -> Schema:
    """Make a schema of a property that may be an integer, or an integer, and so on."""
    return {"properties": {"a": {"anyOf": [{"type": "integer"}] * count}}}


def nested(depth: int) -> dict[str, Any]:
    """Make an object in an object, and so on."""
    return {"a": nested(depth - 1)} if depth else {}


def cases(bait: str) -> list[Case]:
    """List the hostile schemas; `bait` is a URL that nobody must ask."""
    late = "it cannot be judged by"
    nowhere = "leads nowhere inside the schema"
    pattern = "is no pattern that can be used here"
    unfit = "is not valid under any of the given schemas"
    strings = "x" * 40 + "!"
    return [
        Case("a ladder of 2^40 references", ladder(40, lambda two: {"allOf": two}), {}, UNUSABLE,
             TOO_MUCH, slow=True),
        Case("one that begins inside of a document",
             ladder(40, lambda two: {"properties": {"a": {"allOf": two}}}), nested(40), LATE,
             TOO_MUCH),
        Case("a circle", {"$ref": "#"}, {}, UNUSABLE, "nested too deeply"),
        Case("(x+)+$ of 40 x", {"properties": {"a": {"pattern": "^(x+)+$"}}}, {"a": strings}, LATE,
             unfit),
        Case("(x+)+ as name of properties",
             {"patternProperties": {"^(x|xx)+$": {}}, "additionalProperties": False},
             {strings: 1}, LATE, "not match any of the regexes"),
        Case("the same, unevaluated",
             {"patternProperties": {"^(x|xx)+$": {}}, "unevaluatedProperties": False},
             {strings: 1}, LATE, "Unevaluated properties are not allowed"),
        Case("a pattern behind another $schema",
             {"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#",
                                   "pattern": "^(x|xx)+$"}}},
             {"a": strings}, LATE, unfit),
        Case("a pattern with a back-reference", {"properties": {"a": {"pattern": r"(x+)+\1$"}}},
             {"a": strings}, UNUSABLE, pattern),
        Case("a pattern of 2 MB compiled", {"properties": {"a": {"pattern": "(a?b?){9999}"}}},
             {"a": strings}, UNUSABLE, pattern),
        Case("a large pattern, a long text", {"properties": {"a": {"pattern": "^(a?b?){999}$"}}},
             {"a": "ab" * 5000}, LATE, "is too long for the pattern"),
        Case("a remote $ref", {"properties": {"a": {"$ref": f"{bait}/a.json"}}}, {"a": 1},
             UNUSABLE, nowhere),
        Case("a remote $id, a relative $ref",
             {"$id": f"{bait}/", "properties": {"a": {"$ref": "a.json"}}}, {"a": 1}, UNUSABLE,
             nowhere),
        Case("a remote $schema", {"$schema": f"{bait}/schema.json"}, {"a": 1}, FINE, ""),
        Case("a $ref to a metaschema",
             {"properties": {"a": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}},
             {"a": {}}, UNUSABLE, nowhere),
        Case("a $ref to what is no schema",
             {"x": {"type": 5}, "properties": {"a": {"$ref": "#/x"}}}, {"a": 1}, LATE, late),
        Case("1e308 by 1e-300", {"properties": {"a": {"multipleOf": 1e-300}}}, {"a": 1e308},
             LATE, unfit),
        Case("500 choices for 500 kB", choices(500),
             {"a": {f"k{n}": "x" * 90 for n in range(5000)}}, LATE, unfit),
        Case("10,000 choices for 5 MB", choices(10000), {"a": "x" * 5_000_000}, LATE, unfit,
             slow=True),
        Case("9,000 objects, all different", {"properties": {"a": {"uniqueItems": True}}},
             {"a": [{"n": n} for n in range(9000)]}, FINE, ""),
        Case("18,000 properties in 256 KiB", {"properties": {f"p{n}": {} for n in range(18000)}},
             {}, FINE, "", slow=True),
        Case("300 kB", {"enum": ["x" * 300_000]}, {}, UNUSABLE, "is not one of"),
        Case("5 MB", {"enum": ["x" * 5_000_000]}, {}, UNUSABLE, "is not one of", slow=True),
        Case("a million properties", {"properties": {f"p{n}": {} for n in range(1_000_000)}}, {},
             LARGE, TOO_MUCH, slow=True),
    ]  # fmt: skip


class Others:
    """Somebody else, who asks the service one thing after the other."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answered = 0
        self.statuses: set[int] = set()
        self.longest = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stop.wait(0.01):
            begun = time.monotonic()
            answer = self._client.post("/users/query", json={"name": ["nobody"]})
            self.longest = max(self.longest, time.monotonic() - begun)
            self.statuses.add(answer.status_code)
            self.answered += 1


class World:
    """A service, and the ways for a schema to get in."""

    def __init__(self, api: Api, model: ScriptedModel) -> None:
        self.api = api
        self.model = model
        made = api.post("/memory-functions", json=function({"type": "object"}))
        self.ordinary = f"/memory-functions/{made.json()['id']}"
        api.patch(self.ordinary, json={"status": "disabled"})

    def use(self, case: Case) -> Iterator[tuple[str, str]]:
        """Use a schema in all ways, one after the other; give each answer and its text."""
        created = self.api.post("/memory-functions", json=function(case.schema))
        yield shown(created)
        if created.is_success:
            self.api.delete(f"/memory-functions/{created.json()['id']}")
        yield shown(self.api.patch(self.ordinary, json={"schema": case.schema}))
        record = {"type": "memory_function", "memory_function_type": "user_state"}
        record |= {"id": str(uuid4()), "status": "disabled", **function(case.schema)}
        yield shown(self.api.post("/import", json={"records": [record]}))
        old = background.make_function(self.api.db, "user_state", case.schema)
        user, thread = background.ids()
        message = {"role": "user", "content": "Hi", "metadata": {"user_id": user}}
        self.model.default(lambda _: json.dumps(case.state))
        self.api.post(f"/threads/{thread}/add_messages", json={"messages": [message]})
        yield shown(self.api.put(f"/users/{user}/memory/{old}/state", json={"state": case.state}))
        yield self.run(user, thread, old)
        self.api.delete(f"/memory-functions/{old}")

    def run(self, user: str, thread: str, function_id: str) -> tuple[str, str]:
        """Have a function make a document of what was said; return how that ended."""
        self.api.delete(f"/users/{user}/memory/{function_id}/state")
        self.api.post(f"/threads/{thread}/trigger-all")

        def runs() -> list[dict[str, Any]]:
            found = self.api.get(f"/users/{user}/runs").json()["runs"]
            return [run for run in found if run["memory_function_id"] == function_id]

        wait_for(lambda: bool(runs()) and runs()[0]["status"] in {"succeeded", "failed"}, "a run")
        return runs()[0]["status"], str(runs()[0]["error"] or "")


def function(schema: Schema) -> dict[str, Any]:
    """Make the body that creates a function of no other name."""
    return {"schema": {"name": str(uuid4()), "description": "", "parameters": schema}}


def shown(answer: httpx.Response) -> tuple[str, str]:
    """Return the status of an answer, and what it says where that is an error."""
    return str(answer.status_code), "" if answer.is_success else answer.json()["detail"]


def peak() -> int:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.fixture
def bait() -> Iterator[socket.socket]:
    """A server that nobody must ask."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def test_hostile_schemas(tmp_path: Path, bait: socket.socket) -> None:
    """Each is refused or judged by within bounds; others are answered meanwhile; nobody fetches."""
    before = peak()
    with (
        ScriptedModel() as model,
        running(
            Settings(
                database=tmp_path / "langmem.db",
                processing_delay=3600.0,
                llm_base_url=model.base_url,
                llm_model="scripted",
            ),
            process=True,
        ) as api,
    ):
        world = World(api, model)
        print(f"\n{'schema':38} {' '.join(f'{use:9}' for use in USES)} others: answers, longest")
        for case in cases(f"http://127.0.0.1:{bait.getsockname()[1]}"):
            if ALL or not case.slow:
                check(world, case)
    print(f"most memory: {peak()} MB, with that of the requests; {before} MB of them before")
    assert peak() - before < MOST_MEMORY
    with pytest.raises(BlockingIOError):
        bait.accept()


def check(world: World, case: Case) -> None:
    """Use one schema in all ways while somebody else asks other things."""
    with Others(world.api) as others:
        begun = time.monotonic()
        seen = list(world.use(case))
        took = time.monotonic() - begun
    statuses = tuple(status for status, _ in seen)
    texts = [text for _, text in seen if text]
    text = texts[-1] if texts else ""
    cells = " ".join(f"{status:9}" for status in statuses)
    waited = f"{others.answered:4} in {took:4.1f} s, {others.longest * 1000:4.0f} ms"
    print(f"{case.name:38} {cells} {waited}: {text[:100]}")
    assert statuses == case.statuses, texts
    assert case.reason in text, texts
    assert others.statuses == {200}
