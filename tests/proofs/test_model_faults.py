"""A model that hangs, refuses, breaks off or talks nonsense: what becomes of runs, and of others.

scripts/prove model_faults
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.settings import Settings
from tests.server.live import running, wait_for
from tests.server.scripted_model import Body, ScriptedModel, messages_of, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.server.live import Api

TRIES = 3


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """A model that answers sensibly unless told otherwise."""
    with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture
def api(tmp_path: Path, model: ScriptedModel) -> Iterator[Api]:
    """A service with that model, to which it gives a second for each answer."""
    settings = Settings(
        database=tmp_path / "langmem.db",
        processing_delay=0.0,
        llm_base_url=model.base_url,
        llm_model="scripted",
        llm_timeout=1.0,
    )
    with running(settings, process=True) as service:
        yield service


def say(api: Api, text: str) -> str:
    """Post a message of a new user in a new thread; return the thread's id."""
    thread_id, metadata = str(uuid4()), {"user_id": str(uuid4())}
    message = {"role": "user", "content": text, "metadata": metadata}
    answer = api.post(f"/threads/{thread_id}/add_messages", json={"messages": [message]})
    assert answer.status_code == 200
    return thread_id


def run_of(api: Api, thread_id: str) -> dict[str, Any]:
    """Return the one run over a thread, or nothing."""
    found = api.get(f"/threads/{thread_id}/runs").json()["runs"]
    return dict(found[0]) if found else {}


def ended(api: Api, thread_id: str) -> dict[str, Any]:
    """Wait for the end of the run over a thread; return it."""
    over = {"succeeded", "failed", "skipped"}
    wait_for(lambda: run_of(api, thread_id).get("status") in over, "the run to end")
    return run_of(api, thread_id)


def tell(fault: str, failed: dict[str, Any], after: dict[str, Any]) -> None:
    """Print a row."""
    print(
        f"\n{fault:22} {failed['status']} after {failed['attempts']} attempts,"
        f" after retry_run {after['status']}\n    {failed['error']}"
    )


def retried(api: Api, run: dict[str, Any], thread_id: str) -> dict[str, Any]:
    """Have a failed run done again; return it when it has ended."""
    assert run["status"] == "failed"
    answer = api.post(f"/runs/{run['id']}/retry")
    assert answer.status_code == 200, answer.text
    return ended(api, thread_id)


def says_of_poison(model: ScriptedModel, answer: Callable[[Body], Any]) -> None:
    """Answer like this to a message that says "poison", and sensibly to any other."""

    def respond(body: Body) -> Any:
        poisoned = any("poison" in line["text"] for line in messages_of(body))
        return answer(body) if poisoned else sensible(body)

    model.default(respond)


REFUSALS: dict[str, tuple[Callable[[ScriptedModel], None], str]] = {
    "rate-limited (429)": (lambda model: model.refuse(429, retry_after="0"), "with status 429"),
    "out of order (503)": (lambda model: model.refuse(503, retry_after="0"), "with status 503"),
    "breaks off": (lambda model: model.drop(), "could not be reached"),
    "no chat completion": (lambda model: model.send(b"<html>"), "no chat completion"),
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_model_that_refuses(api: Api, model: ScriptedModel, fault: str) -> None:
    """A run fails after three attempts with the reason, and succeeds when it is retried."""
    refuse, reason = REFUSALS[fault]
    for _ in range(TRIES):
        refuse(model)
    thread_id = say(api, "Hello.")
    failed = ended(api, thread_id)
    after = retried(api, failed, thread_id)
    tell(fault, failed, after)
    assert failed["attempts"] == TRIES
    assert reason in failed["error"]
    assert after["status"] == "succeeded"
    assert after["attempts"] == TRIES + 1
    [day] = api.get("/usage").json()["days"]
    assert day["attempts"] == TRIES + 1
    assert day["runs"] == 2  # ended twice


def test_a_message_over_which_the_model_hangs(api: Api, model: ScriptedModel) -> None:
    """It fails with the reason after three time-outs; others' runs are done meanwhile."""
    released = threading.Event()
    says_of_poison(model, lambda body: (released.wait(30), sensible(body))[1])
    poisoned = say(api, "poison")
    model.wait_for(1)
    other = ended(api, say(api, "Hello."))
    status_meanwhile = run_of(api, poisoned)["status"]
    failed = ended(api, poisoned)
    released.set()
    after = retried(api, failed, poisoned)
    tell("hangs", failed, after)
    assert (other["status"], status_meanwhile) == ("succeeded", "running")
    assert failed["attempts"] == TRIES
    assert "did not answer within 1 seconds" in failed["error"]
    assert after["status"] == "succeeded"


def test_a_message_over_which_the_model_talks_nonsense(api: Api, model: ScriptedModel) -> None:
    """It fails with the reason and no memory; others' runs are done, and so is it once asked."""
    says_of_poison(model, lambda _: "I would rather talk of the weather.")
    poisoned = say(api, "poison")
    other = ended(api, say(api, "Hello."))
    failed = ended(api, poisoned)
    model.default(sensible)
    after = retried(api, failed, poisoned)
    tell("talks nonsense", failed, after)
    assert other["status"] == "succeeded"
    assert failed["error"]
    assert after["status"] == "succeeded"
