"""Many at once: no duplicates, order kept, nothing lost across a call to the model."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.settings import Settings
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.live import DEADLINE, running, wait_for
from tests.server.scripted_model import Body, ScriptedModel, messages_of, schema_in, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.server.live import Api

AT_ONCE = 8
LISTED = {"page_size": 1000}
SEEN = {
    "name": "Seen",
    "description": "",
    "parameters": {
        "type": "object",
        "properties": {"seen": {"type": "array", "items": {"type": "string"}}},
    },
}


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """A model that adds what the user said to the list it is given."""
    with ScriptedModel() as scripted:
        scripted.default(adding)
        yield scripted


@pytest.fixture
def asking(tmp_path: Path, model: ScriptedModel) -> Iterator[Api]:
    """A service with that model, which processes when it is triggered."""
    settings = Settings(
        database=tmp_path / "langmem.db", llm_base_url=model.base_url, llm_model="scripted"
    )
    with running(settings, process=True) as api:
        yield api


def adding(body: Body) -> Any:
    """Add each new message of the user to the list `seen`; answer other questions sensibly."""
    said = [line["text"] for line in messages_of(body) if line.get("target")]
    kind = set(schema_in(body, "Answer with JSON").get("properties", {}))
    if kind == {"patch"}:
        return {"patch": [{"op": "add", "path": "/seen/-", "value": text} for text in said]}
    return {"seen": said} if kind == {"seen"} else sensible(body)


def message(text: str, user_id: str, **more: Any) -> dict[str, Any]:
    """Make a message of a user."""
    metadata = {"user_id": user_id, **more}
    return {"role": "user", "content": text, "name": "Will", "metadata": metadata}


def post(api: Api, thread_id: str, *messages: dict[str, Any]) -> None:
    """Post one batch."""
    answer = api.post(f"/threads/{thread_id}/add_messages", json={"messages": [*messages]})
    assert answer.status_code == 200, answer.text


def texts(api: Api, thread_id: str) -> list[str]:
    """List the texts of a thread."""
    answer = api.get(f"/threads/{thread_id}/messages", params=LISTED).json()
    return [str(one["content"]) for one in answer["messages"]]


def runs(api: Api, thread_id: str) -> list[dict[str, Any]]:
    """List the runs over a thread."""
    found: list[dict[str, Any]] = api.get(f"/threads/{thread_id}/runs", params=LISTED).json()[
        "runs"
    ]
    return found


def wait_until_processed(api: Api, thread_id: str, functions: int, messages: int) -> None:
    """Wait until all runs have succeeded; each message must be in one run of each function."""

    def covered() -> Counter[tuple[str, str]]:
        done = [run for run in runs(api, thread_id) if run["status"] == "succeeded"]
        return Counter(
            (run["memory_function_id"], one) for run in done for one in run["message_ids"]
        )

    wait_for(lambda: len(covered()) >= functions * messages, "every message to be processed")
    assert len(covered()) == functions * messages
    assert set(covered().values()) == {1}
    assert {run["status"] for run in runs(api, thread_id)} == {"succeeded"}


def make_state_function(api: Api) -> str:
    """Create the function that keeps the list."""
    body = {"schema": SEEN, "target_type": "user_state"}
    return str(api.post("/memory-functions", json=body).json()["id"])


def all_at_once(*calls: Callable[[Api], None], api: Api) -> None:
    """Make calls at the same moment, each over connections of its own."""
    start = threading.Barrier(len(calls))

    def make(call: Callable[[Api], None]) -> None:
        with type(api)(api.address[1], api.db) as own:
            start.wait(DEADLINE)
            call(own)

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(make, calls))


@contextmanager
def during_a_run(model: ScriptedModel, api: Api, thread_id: str) -> Iterator[None]:
    """Trigger a thread and hold the model's first answer until the block ends."""
    asked = len(model.requests)
    released = model.hang()
    api.post(f"/threads/{thread_id}/trigger-all")
    model.wait_for(asked + 1)
    yield
    released.set()


def test_triggers_at_once_make_each_run_once(asking: Api) -> None:
    """However many trigger a thread and its user, every message is processed once, in order."""
    user_id, thread_id = str(uuid4()), str(uuid4())
    function = make_state_function(asking)
    for round_ in range(3):
        post(asking, thread_id, *(message(f"{round_}.{n}", user_id) for n in range(5)))
        paths = [f"/threads/{thread_id}/trigger-all", f"/users/{user_id}/trigger-all"]
        calls = [lambda own, path=path: own.post(path) for path in paths * (AT_ONCE // 2)]
        all_at_once(*calls, api=asking)
    wait_until_processed(asking, thread_id, functions=2, messages=15)
    state = asking.get(f"/users/{user_id}/memory/{function}/state").json()
    assert state == {"seen": texts(asking, thread_id)}


@pytest.mark.parametrize("known_by", ["id", "timestamp"])
def test_one_batch_posted_by_many_is_stored_once(fresh_api: Api, known_by: str) -> None:
    """A batch that several senders post at the same moment is there once, in its order."""
    user_id, thread_id = str(uuid4()), str(uuid4())
    marks = {
        "id": [{"id": str(uuid4())} for _ in range(20)],
        "timestamp": [{"timestamp": f"2026-01-31T12:00:{n:02}Z"} for n in range(20)],
    }[known_by]
    batch = [message(f"message {n}", user_id, **mark) for n, mark in enumerate(marks)]
    all_at_once(*[lambda own: post(own, thread_id, *batch)] * AT_ONCE, api=fresh_api)
    assert texts(fresh_api, thread_id) == [one["content"] for one in batch]
    assert fresh_api.get(f"/threads/{thread_id}").json()["last_message_batch_id"] == 0


def test_many_writers_on_one_thread_keep_their_order(fresh_api: Api) -> None:
    """Batches of several writers come one after another, whole, each writer's in its order."""
    thread_id = str(uuid4())

    def write(own: Api, writer: int) -> None:
        for n in range(10):
            parts = (message(f"{writer} {n} {part}", str(uuid4())) for part in range(3))
            post(own, thread_id, *parts)

    calls = [lambda own, writer=writer: write(own, writer) for writer in range(AT_ONCE)]
    all_at_once(*calls, api=fresh_api)
    stored = [tuple(map(int, text.split())) for text in texts(fresh_api, thread_id)]
    assert len(stored) == AT_ONCE * 30
    for first in range(0, len(stored), 3):
        writer, n, _ = stored[first]
        assert stored[first : first + 3] == [(writer, n, part) for part in range(3)]
    for writer in range(AT_ONCE):
        own = [one for one in stored if one[0] == writer]
        assert own == sorted(own)


def test_a_state_written_during_a_call_to_the_model_is_built_upon(
    asking: Api, model: ScriptedModel
) -> None:
    """A run whose state is replaced meanwhile is done again on the new one: both changes stay."""
    user_id, thread_id = str(uuid4()), str(uuid4())
    asking.patch(f"/memory-functions/{SEMANTIC_FUNCTION_ID}", json={"status": "disabled"})
    function = make_state_function(asking)
    post(asking, thread_id, message("from the model", user_id))
    with during_a_run(model, asking, thread_id):
        answer = asking.put(
            f"/users/{user_id}/memory/{function}/state", json={"state": {"seen": ["mine"]}}
        )
        assert answer.status_code == 200, answer.text
    wait_until_processed(asking, thread_id, functions=1, messages=1)
    state = asking.get(f"/users/{user_id}/memory/{function}/state").json()
    assert state == {"seen": ["mine", "from the model"]}
    [run] = runs(asking, thread_id)
    assert run["attempts"] == 2


def test_an_import_during_processing_loses_and_doubles_nothing(
    asking: Api, model: ScriptedModel
) -> None:
    """What is imported and posted while a run is at work is processed after it, once."""
    user_id, thread_id = str(uuid4()), str(uuid4())
    function = make_state_function(asking)
    post(asking, thread_id, message("first", user_id))
    with during_a_run(model, asking, thread_id):
        record = {"type": "message", "thread_id": thread_id, **message("imported", user_id)}
        answer = asking.post("/import", json={"records": [record]})
        assert answer.json() == {"created": 1, "updated": 0, "unchanged": 0}
        post(asking, thread_id, message("last", user_id))
        asking.post(f"/threads/{thread_id}/trigger-all")
    wait_until_processed(asking, thread_id, functions=2, messages=3)
    state = asking.get(f"/users/{user_id}/memory/{function}/state").json()
    assert state == {"seen": ["first", "imported", "last"]}
