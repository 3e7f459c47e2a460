from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.live import wait_for

if TYPE_CHECKING:
    import sqlite3

    import httpx

    from tests.server.live import Api

SCHEMA = {"name": "Profile", "description": "", "parameters": {"type": "object"}}


def posted(api: Api, status: str) -> dict[str, Any]:
    """Post a message as a new user, trigger its one run and give the run that status."""
    user, thread = str(uuid4()), str(uuid4())
    message = {"role": "user", "content": "Hi", "metadata": {"user_id": user}}
    api.post(f"/threads/{thread}/add_messages", json={"messages": [message]})
    api.post(f"/threads/{thread}/trigger-all")
    api.db.write(
        lambda conn: (
            conn.execute(
                "UPDATE runs SET status = ?, error = 'why' WHERE thread_id = ?", (status, thread)
            ).rowcount
        )
    )
    [run] = api.get(f"/threads/{thread}/runs").json()["runs"]
    return dict(run)


def retry(api: Api, run_id: str) -> httpx.Response:
    """Ask for a run to be run again."""
    return api.post(f"/runs/{run_id}/retry")


def give_away(conn: sqlite3.Connection, run_id: str) -> None:
    """Make a run, with all it hangs on, another tenant's."""
    for table in ("users", "threads", "memory_functions"):
        conn.execute(f"CREATE TEMP TABLE copy AS SELECT * FROM {table}")
        conn.execute("UPDATE copy SET tenant = 'other'")
        conn.execute(f"INSERT INTO {table} SELECT * FROM copy")
        conn.execute("DROP TABLE copy")
    conn.execute("UPDATE runs SET tenant = 'other' WHERE id = ?", (run_id,))


@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_a_run_without_success_is_queued_again(api: Api, status: str) -> None:
    """The answer is the run, queued and without its error; the list of runs says the same."""
    run = posted(api, status)
    response = retry(api, run["id"])
    assert response.status_code == 200
    assert response.json() == run | {"status": "queued", "error": None}
    listed = api.get(f"/threads/{run['thread_id']}/runs").json()["runs"]
    assert listed == [response.json()]


@pytest.mark.parametrize("status", ["queued", "running", "succeeded"])
def test_any_other_run_is_refused(api: Api, status: str) -> None:
    """What has not ended, or succeeded, is 409 and stays as it is."""
    run = posted(api, status)
    response = retry(api, run["id"])
    assert response.status_code == 409
    assert response.json()["detail"] == (
        f"The run is {status}: only a failed or skipped one is run again"
    )
    assert api.get(f"/threads/{run['thread_id']}/runs").json()["runs"] == [run]


def test_a_run_of_a_disabled_function_is_refused(fresh_api: Api) -> None:
    """A disabled function runs for nobody, until it is enabled."""
    path = f"/memory-functions/{SEMANTIC_FUNCTION_ID}"
    run = posted(fresh_api, "failed")
    fresh_api.patch(path, json={"status": "disabled"})
    response = retry(fresh_api, run["id"])
    assert response.status_code == 409
    assert response.json()["detail"].endswith("is disabled: enable it first")
    fresh_api.patch(path, json={"status": "active"})
    assert retry(fresh_api, run["id"]).status_code == 200


def test_an_unknown_run_is_not_found(api: Api) -> None:
    """No run, or another tenant's, is 404; no id at all is 422."""
    run = posted(api, "failed")
    api.db.write(lambda conn: give_away(conn, run["id"]))
    for unknown in (run["id"], str(uuid4())):
        response = retry(api, unknown)
        assert (response.status_code, response.json()) == (404, {"detail": "Run not found"})
    assert retry(api, "one").status_code == 422


def test_a_run_is_run_again(service: Api) -> None:
    """Once queued again, a run is taken up without any trigger."""
    function = service.post("/memory-functions", json={"schema": SCHEMA}).json()
    user, thread = str(uuid4()), str(uuid4())
    message = {"role": "user", "content": "Hi", "metadata": {"user_id": user}}
    service.post(f"/threads/{thread}/add_messages", json={"messages": [message]})

    def skipped() -> list[dict[str, Any]]:
        query = {"status": "skipped"}
        found = service.get(f"/threads/{thread}/runs", params=query).json()["runs"]
        return [run for run in found if run["memory_function_id"] == function["id"]]

    wait_for(lambda: bool(skipped()), "the run to be skipped")
    [before] = skipped()
    assert retry(service, before["id"]).json()["status"] == "queued"
    wait_for(
        lambda: bool(skipped()) and skipped()[0]["started_at"] > before["started_at"],
        "the run to be skipped once more",
    )
