from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langmem_server.settings import Settings
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.live import running, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.live import Api


def say(api: Api, user_id: str, text: str, thread_id: str | None = None) -> str:
    """Post a message of a user; return the thread's id."""
    thread_id = thread_id or str(uuid4())
    message = {"role": "user", "content": text, "name": "Will", "metadata": {"user_id": user_id}}
    answer = api.post(f"/threads/{thread_id}/add_messages", json={"messages": [message]})
    assert answer.status_code == 200
    return thread_id


def found(api: Api, user_id: str) -> list[str]:
    """Search for everything; return the texts in alphabetical order."""
    answer = api.post(f"/users/{user_id}/memory/query", json={"text": ""}).json()
    return sorted(memory["text"] for memory in answer["memories"])


def runs_of(api: Api, thread_id: str) -> list[dict[str, Any]]:
    """List the runs over a thread."""
    runs: list[dict[str, Any]] = api.get(f"/threads/{thread_id}/runs").json()["runs"]
    return runs


def wait_until_done(api: Api, thread_id: str, count: int = 1) -> list[dict[str, Any]]:
    """Wait until a thread has so many runs, all of them over; return them."""

    def done() -> bool:
        states = [run["status"] for run in runs_of(api, thread_id)]
        return len(states) >= count and not {"queued", "running"} & set(states)

    wait_for(done, f"{count} runs to end")
    return runs_of(api, thread_id)


def test_messages_become_memories_after_the_delay(service: Api) -> None:
    """Nobody triggers anything: the memory is there a moment after the delay, and so is its run."""
    user = str(uuid4())
    thread = say(service, user, "I keep pikas.")
    [run] = wait_until_done(service, thread)
    assert (run["status"], run["error"]) == ("succeeded", None)
    assert run["started_at"] <= run["finished_at"]
    assert found(service, user) == ["Will said I keep pikas."]
    [output] = service.get(f"/users/{user}/memory").json()
    assert output["output"] == {"subject": "Will", "predicate": "said", "object": "I keep pikas."}


def test_a_new_function_is_run_over_old_threads(service: Api) -> None:
    """A function created later catches up; without a model its run says what to set."""
    user = str(uuid4())
    thread = say(service, user, "I keep pikas.")
    wait_until_done(service, thread)
    schema = {"name": "Profile", "description": "", "parameters": {"type": "object"}}
    created = service.post("/memory-functions", json={"schema": schema}).json()
    newest, _ = wait_until_done(service, thread, count=2)
    assert newest["memory_function_id"] == created["id"]
    assert newest["status"] == "skipped"
    assert newest["error"].startswith("no model is configured: set LANGMEM_LLM_MODEL")
    url = f"/users/{user}/memory/{created['id']}/state"
    assert service.get(url).json() is None


def test_a_disabled_function_is_not_run_until_it_is_enabled(service: Api) -> None:
    """What a function misses while it is disabled, it makes up for."""
    user = str(uuid4())
    function = f"/memory-functions/{SEMANTIC_FUNCTION_ID}"
    service.patch(function, json={"status": "disabled"})
    thread = say(service, user, "I keep pikas.")
    service.post(f"/threads/{thread}/trigger-all")
    assert runs_of(service, thread) == []
    service.patch(function, json={"status": "active"})
    wait_until_done(service, thread)
    assert found(service, user) == ["Will said I keep pikas."]


def test_a_trigger_does_not_wait_for_the_delay(tmp_path: Path) -> None:
    """With the delay of a minute, both triggers start the work at once, each for what is its."""
    with running(Settings(database=tmp_path / "langmem.db"), process=True) as api:
        user, other = str(uuid4()), str(uuid4())
        thread = say(api, user, "One")
        api.post(f"/threads/{thread}/trigger-all")
        wait_until_done(api, thread)
        say(api, user, "Two", thread)
        say(api, other, "Three", thread)
        api.post(f"/users/{user}/trigger-all")
        wait_until_done(api, thread, count=2)
        assert found(api, user) == ["Will said One", "Will said Two"]
        assert found(api, other) == []


def test_work_survives_the_service(tmp_path: Path) -> None:
    """What was due or queued when the service stopped is done by the next one."""
    settings = Settings(database=tmp_path / "langmem.db", processing_delay=0.0)
    user = str(uuid4())
    with running(settings, process=False) as api:
        due = say(api, user, "One")
        queued = say(api, user, "Two")
        api.post(f"/threads/{queued}/trigger-all")
    with running(settings, process=True) as api:
        wait_until_done(api, due)
        wait_until_done(api, queued)
        assert found(api, user) == ["Will said One", "Will said Two"]
