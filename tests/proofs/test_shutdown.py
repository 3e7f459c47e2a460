"""Stopping under load: what has reached the service is answered, and what it was at is done later.

    scripts/prove shutdown

LANGMEM_PROOF_SHUTDOWNS says how many times; 3 by default.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from tests.server.live import wait_for
from tests.server.scripted_model import Body, ScriptedModel, sensible
from tests.server.service_process import service_process

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("LANGMEM_PROOF_SHUTDOWNS", "3"))
WRITERS = 6
STOP_SECONDS = 12.0


class Writer(threading.Thread):
    """Posts messages one after the other to a thread of its own, until the service is gone."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.thread_id, self.user_id = str(uuid4()), str(uuid4())
        self.sent: list[str] = []
        self.acknowledged: list[str] = []

    def run(self) -> None:
        """Post until a request gets no answer."""
        with httpx.Client(base_url=self._url) as client:
            try:
                while True:
                    self.sent.append(f"{self.thread_id} {len(self.sent)}")
                    self._post(client, self.sent[-1])
                    self.acknowledged.append(self.sent[-1])
            except httpx.TransportError:
                pass  # the service has stopped

    def _post(self, client: httpx.Client, text: str) -> None:
        message = {"role": "user", "content": text, "metadata": {"user_id": self.user_id}}
        url = f"/threads/{self.thread_id}/add_messages"
        response = client.post(url, json={"messages": [message]})
        assert response.status_code == 200, response.text


def slowly(body: Body) -> Any:
    """Answer after a while, so that runs are under way whenever the service stops."""
    time.sleep(0.05)
    return sensible(body)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_service_that_stops_finishes_what_is_in_flight(tmp_path: Path, number: int) -> None:
    """What was answered is stored once, all that came in was answered, and runs go on later."""
    with ScriptedModel() as model:
        model.default(slowly)
        environment = {
            "LANGMEM_LLM_BASE_URL": model.base_url,
            "LANGMEM_LLM_MODEL": "scripted",
            "LANGMEM_PROCESSING_DELAY": "0",
            "LANGMEM_LOG_LEVEL": "info",
        }
        with service_process(tmp_path, environment=environment) as (process, client, log):
            writers = [Writer(str(client.base_url)) for _ in range(WRITERS)]
            for writer in writers:
                writer.start()
            wait_for(lambda: len(model.requests) > WRITERS * (1 + number), "runs to be at work")
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=STOP_SECONDS)
            seconds = time.monotonic() - begun
            for writer in writers:
                writer.join()
        answered = log.read_text().count(": add_messages 200 ")
        acknowledged = sum(len(writer.acknowledged) for writer in writers)
        with service_process(tmp_path, environment=environment) as (_, client, _):
            unfinished = _unfinished(client, writers)
            wait_for(lambda: not _unfinished(client, writers), "the runs to end")
            stored = [text for writer in writers for text in _stored(client, writer)]
            runs = Counter(run["status"] for writer in writers for run in _runs(client, writer))
    lost = {text for writer in writers for text in writer.acknowledged} - set(stored)
    doubled = len(stored) - len(set(stored))
    print(
        f"exit {status} after {seconds:.1f} s  acknowledged {acknowledged}  answered {answered}"
        f"  stored {len(stored)}  lost {len(lost)}  doubled {doubled}"
        f"  unfinished after the start {unfinished}  ended {dict(runs)}"
    )
    assert status == 0
    assert (len(lost), doubled) == (0, 0)
    assert answered == acknowledged
    assert unfinished > 0
    assert runs.keys() == {"succeeded"}


def _stored(client: httpx.Client, writer: Writer) -> list[str]:
    url = f"/threads/{writer.thread_id}/messages"
    found = client.get(url, params={"page_size": 1000}).json()["messages"]
    texts = [message["content"] for message in found]
    assert texts == writer.sent[: len(texts)]  # in their order
    return texts


def _runs(client: httpx.Client, writer: Writer) -> list[dict[str, Any]]:
    url = f"/threads/{writer.thread_id}/runs"
    runs: list[dict[str, Any]] = client.get(url, params={"page_size": 1000}).json()["runs"]
    return runs


def _unfinished(client: httpx.Client, writers: list[Writer]) -> int:
    """Count the runs that have not ended, and the threads that have none yet."""
    count = 0
    for writer in writers:
        runs = _runs(client, writer)
        covered = {message for run in runs for message in run["message_ids"]}
        count += sum(run["status"] in {"queued", "running"} for run in runs)
        count += len(covered) < len(_stored(client, writer))
    return count
