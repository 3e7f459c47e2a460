from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.exactly_once import MESSAGES, Report, run
from tests.chaos.fates import TROUBLE
from tests.packaging.service_process import running_service

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_each_message_is_stored_once(tmp_path: Path, colour: str) -> None:
    """Of 1,000 messages sent through cut connections 1,000 are stored, in order, none twice."""
    with running_service(tmp_path / "langmem.db") as url:
        report = run(url, colour=colour)
    print(f"\n{report}")
    assert report.faults == ()
    assert (report.acknowledged, report.stored) == (MESSAGES, MESSAGES)
    assert (report.twice, report.lost, report.in_order) == (0, 0, True)
    assert_troubled(report)


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_without_the_key_messages_are_stored_twice(tmp_path: Path, colour: str) -> None:
    """It is the key that prevents second copies: where the proxy takes it out there are some."""
    with running_service(tmp_path / "langmem.db") as url:
        report = run(url, colour=colour, strip_key=True, messages=200)
    print(f"\n{report}")
    assert report.faults == ()
    assert report.lost == 0
    assert report.twice > 0
    # A service that is cut off while at work may or may not store, so this is no equation.
    assert report.twice <= report.stored_unseen


def assert_troubled(report: Report) -> None:
    """The run must have met what it is to show: each kind of cut often, unknown outcomes too."""
    assert all(report.fates[fate] >= MESSAGES // 50 for fate in TROUBLE)
    assert report.calls["unknown"] > 0
    assert report.calls["resumed"] > 0
