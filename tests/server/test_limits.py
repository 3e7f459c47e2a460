from __future__ import annotations

import math
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server import admin, auth
from langmem_server.auth import Caller
from langmem_server.errors import RequestError
from langmem_server.limits import BODIES, BURST_SECONDS, Bucket, Limits
from langmem_server.settings import Settings
from tests.server.live import running

if TYPE_CHECKING:
    from pathlib import Path

A, B = Caller("default", "a"), Caller("default", "b")


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@given(
    rate=st.floats(0.1, 1000),
    steps=st.lists(st.floats(0, 5, allow_subnormal=False), min_size=1, max_size=100),
)
def test_no_more_tokens_than_the_rate_allows(rate: float, steps: list[float]) -> None:
    """However requests come, no more pass than the burst and the rate times the seconds."""
    clock = Clock()
    bucket = Bucket(rate, clock)
    passed = 0
    for step in steps:
        clock.now += step
        passed += bucket.take() == 0.0
    seconds = clock.now - 100.0
    assert passed <= max(1.0, rate * BURST_SECONDS) + rate * seconds + 1e-6


@given(rate=st.floats(0.1, 1000), taken=st.integers(0, 50))
def test_who_waits_as_told_is_served(rate: float, taken: int) -> None:
    """After the seconds that a refusal names there is a token."""
    clock = Clock()
    bucket = Bucket(rate, clock)
    for _ in range(taken):
        bucket.take()
    wait = bucket.take()
    clock.now += wait * (1 + 1e-9) + 1e-9
    assert wait == 0.0 or bucket.take() == 0.0


def refusal(limits: Limits, caller: Caller, size: int = 0) -> RequestError:
    """Return the error of one request too many."""
    with pytest.raises(RequestError) as caught, limits.admitted(caller, size):
        raise AssertionError("it was let in")
    error = caught.value
    assert error.status == 429
    assert error.headers is not None
    assert error.headers.keys() == {"Retry-After"}
    assert int(error.headers["Retry-After"]) >= 1
    return error


def admit(limits: Limits, caller: Caller, size: int = 0) -> None:
    """Have a request at work and done."""
    with limits.admitted(caller, size):
        pass


def test_a_caller_over_its_rate_is_told_when_to_come_again() -> None:
    """One that is over waits; others do not, until all of them together are over."""
    clock = Clock()
    limits = Limits(Settings(key_rate_limit=0.25, rate_limit=1.0), clock)
    admit(limits, A)
    error = refusal(limits, A)
    assert error.headers == {"Retry-After": "4"}
    assert "of this key" in error.detail
    admit(limits, B)
    assert "of all callers" in refusal(limits, Caller("default", "c")).detail
    clock.now += 4.0
    admit(limits, A)


def test_requests_at_work_are_bounded_for_a_key_and_for_all() -> None:
    """A request is counted until it is done, also one that fails."""
    limits = Limits(Settings(key_max_requests=2, max_requests=3))
    with ExitStack() as work:
        for caller in (A, A, B):
            work.enter_context(limits.admitted(caller, 0))
        assert limits.at_work == 3
        assert refusal(limits, A).detail.startswith(
            "Too many requests: 2 requests are at work of this key"
        )
        assert "3 requests are at work of all callers" in refusal(limits, B).detail
    assert limits.at_work == 0
    with pytest.raises(ValueError, match="failed"), limits.admitted(A, 5):
        raise ValueError("failed")
    assert limits.at_work == 0
    admit(limits, A)


def test_bodies_at_work_are_bounded() -> None:
    """One caller may have half of the bytes there may be; a body of the largest size is let in."""
    most = 100
    limits = Limits(Settings(max_body_bytes=most))
    with ExitStack() as work:
        for _ in range(BODIES // 2):
            work.enter_context(limits.admitted(A, most))
        assert "bytes of bodies are at work of this key" in refusal(limits, A, most).detail
        work.enter_context(limits.admitted(A, 0))
        for _ in range(BODIES // 2):
            work.enter_context(limits.admitted(B, most))
        assert "of all callers" in refusal(limits, Caller("default", "c"), 1).detail


def test_over_http_it_is_429_in_the_documented_shape(tmp_path: Path) -> None:
    """A key over its rate gets 429 with Retry-After; another key of the tenant goes on."""
    path = tmp_path / "langmem.db"
    first, second = (
        admin.create_key(path, name, "default", auth.APPLICATION)[1] for name in ("first", "second")
    )
    settings = Settings(database=path, key_rate_limit=0.01)
    with running(settings, process=False) as api:
        assert api.get("/threads", headers={"x-api-key": first}).status_code == 200
        over = api.get("/threads", headers={"x-api-key": first})
        assert api.get("/threads", headers={"x-api-key": second}).status_code == 200
        assert httpx.get(f"{api.url}/threads").status_code == 401
    assert over.status_code == 429
    assert 90 <= math.ceil(float(over.headers["retry-after"])) <= 100
    assert over.json()["detail"].startswith("Too many requests: ")
