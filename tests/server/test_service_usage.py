from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from langmem_server.settings import Settings
from langmem_server.store import usage
from langmem_server.store.database import Database
from langmem_server.store.records import Outcome, utc_now
from tests.server.live import running, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.live import Api

OUTCOME = Outcome("failed", "no", attempts=2, prompt_tokens=30, completion_tokens=4)


def add(path: Path, day: str, outcome: Outcome, *, ended: bool) -> None:
    """Count a try on a day in a file no service has."""
    db = Database(path)
    db.write(lambda conn: usage.add(conn, "default", f"{day}T12:00:00Z", outcome, ended=ended))
    db.close()


def test_days_add_up_and_are_listed_oldest_first(tmp_path: Path) -> None:
    """Each try counts on its day; a run counts once, when it has ended."""
    path = tmp_path / "langmem.db"
    add(path, "2026-01-02", OUTCOME, ended=False)
    add(path, "2026-01-02", OUTCOME, ended=True)
    add(path, "2026-01-01", OUTCOME, ended=True)
    add(path, "2025-12-31", OUTCOME, ended=True)
    with running(Settings(database=path), process=False) as api:
        answer = api.get("/usage", params={"start": "2026-01-01", "end": "2026-01-02"}).json()
    assert [(day["date"], day["runs"], day["attempts"]) for day in answer["days"]] == [
        ("2026-01-01", 1, 2),
        ("2026-01-02", 1, 4),
    ]
    assert answer["days"][1]["usage"] == {
        "prompt_tokens": 60,
        "completion_tokens": 8,
        "total_tokens": 68,
    }


def test_without_days_the_last_thirty_are_listed(tmp_path: Path) -> None:
    """Today is the last day, and the first is 29 days before it."""
    path = tmp_path / "langmem.db"
    today = datetime.now(UTC).date()
    for ago in (0, 29, 30):
        add(path, str(today - timedelta(ago)), OUTCOME, ended=True)
    with running(Settings(database=path), process=False) as api:
        days = api.get("/usage").json()["days"]
    assert [day["date"] for day in days] == [str(today - timedelta(ago)) for ago in (29, 0)]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"start": "yesterday"}, "query.start"),
        ({"end": "2026-02-30"}, "query.end"),
        ({"end": "20260101"}, "query.end"),
        ({"start": "2026-01-02", "end": "2026-01-01"}, "query.start"),
    ],
)
def test_what_are_no_days_in_order_is_refused(api: Api, query: dict[str, str], place: str) -> None:
    """A date that is none, or a last day before the first, is named."""
    answer = api.get("/usage", params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(place)


def test_the_first_days_of_the_calendar_are_days_too(api: Api) -> None:
    """A last day less than 29 days after the calendar's first is no error."""
    assert api.get("/usage", params={"end": "0001-01-02"}).json() == {"days": []}


def test_a_run_counts_on_the_day_it_ended(tmp_path: Path, service: Api) -> None:
    """A run that ends without asking a model counts as a run with no tokens."""
    user: dict[str, Any] = {"id": "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6", "name": "Will"}
    thread = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
    said = {"role": "user", "content": "I like pikas.", "metadata": {"user_id": user["id"]}}
    assert service.post("/users", json=user).status_code == 200
    added = service.post(f"/threads/{thread}/add_messages", json={"messages": [said]})
    assert added.status_code == 200
    wait_for(lambda: service.get("/usage").json()["days"] != [], "the run to count")
    [day] = service.get("/usage").json()["days"]
    assert (day["date"], day["runs"], day["attempts"]) == (utc_now()[:10], 1, 0)
