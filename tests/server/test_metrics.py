from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from langmem_server.settings import Settings
from langmem_server.store import usage
from langmem_server.store.records import Outcome
from tests.server.live import running, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.live import Api

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
SECRET = "xyzzy"


def read(api: Api) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Read the metrics: values by name and labels."""
    response = api.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert SECRET not in response.text
    families = list(text_string_to_metric_families(response.text))
    assert all(family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}


def named(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Name a value."""
    return f"langmem_{name}", frozenset(labels.items())


def post(api: Api) -> None:
    """Post a message of a user."""
    said = {"role": "user", "content": SECRET, "name": SECRET, "metadata": {"user_id": USER}}
    url = f"/threads/{THREAD}/add_messages"
    assert api.post(url, json={"messages": [said]}).status_code == 200


def test_requests_are_counted_by_operation_and_status(fresh_api: Api) -> None:
    """Each answer counts once, with how long it took; paths and ids are no labels."""
    post(fresh_api)
    assert fresh_api.get(f"/users/{SECRET}").status_code == 422
    assert fresh_api.get(f"/{SECRET}").status_code == 404
    found = read(fresh_api)
    assert found[named("http_requests_total", operation="add_messages", status="200")] == 1
    assert found[named("http_requests_total", operation="get_user", status="422")] == 1
    assert found[named("http_requests_total", operation="-", status="404")] == 1
    seconds = named("http_request_duration_seconds_count", operation="add_messages")
    assert found[seconds] == 1
    assert found[named("http_requests_in_progress")] == 1  # the one that reads this


def test_work_that_waits_shows(fresh_api: Api) -> None:
    """A service that processes nothing is not ready, and its threads wait."""
    assert read(fresh_api)[named("threads_waiting")] == 0
    post(fresh_api)
    found = read(fresh_api)
    assert found[named("ready")] == 0
    assert found[named("threads_waiting")] == 1
    assert fresh_api.post(f"/threads/{THREAD}/trigger-all").status_code == 200
    found = read(fresh_api)
    assert found[named("runs", status="queued")] == 1
    assert found[named("runs", status="succeeded")] == 0
    assert found[named("threads_waiting")] == 0
    wait_for(lambda: read(fresh_api)[named("queue_age_seconds")] > 0, "the run to grow old")


def test_runs_and_tokens_outlive_the_process(tmp_path: Path) -> None:
    """What was counted once is counted after a new start."""
    settings = Settings(database=tmp_path / "langmem.db", processing_delay=0.0)
    with running(settings, process=True) as api:
        post(api)
        succeeded = named("runs", status="succeeded")
        wait_for(lambda: read(api)[succeeded] == 1, "the run to succeed")
        assert read(api)[named("ready")] == 1
        assert read(api)[named("queue_age_seconds")] == 0
        outcome = Outcome("failed", "no", attempts=3, prompt_tokens=70, completion_tokens=8)
        api.db.write(
            lambda conn: usage.add(conn, "acme", "2026-01-31T12:00:00Z", outcome, ended=True)
        )
    with running(settings, process=False) as api:
        found = read(api)
    assert found[succeeded] == 1
    assert found[named("runs_ended_total")] == 2
    assert found[named("model_requests_total")] == 3
    assert found[named("model_tokens_total", kind="prompt")] == 70
    assert found[named("model_tokens_total", kind="completion")] == 8
