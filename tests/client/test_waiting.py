from __future__ import annotations

import copy
import math
import pickle
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem import _waiting
from langmem._waiting import NEWEST_THREADS, Posted, Span, Watch
from langmem.errors import LangMemError, WaitTimeoutError
from langmem.schemas import RunOutcomes

if TYPE_CHECKING:
    from langmem.schemas import MemoryFunction, Run, ThreadListItem
    from langmem_api.types import OpenAIMessage

STATUSES = ("queued", "running", "succeeded", "failed", "skipped", "invented later")
ENDED = STATUSES[2:]
USERS = (None, "user 1", "user 2")
MESSAGES = ("message 1", "message 2", "message 3")
THREADS = [str(UUID(int=n)) for n in range(1, 4)]


def a_run(id: str = "run", **more: Any) -> Run:
    """A run of a user function over one message, which has succeeded."""
    run = {
        "id": id,
        "memory_function_id": "about users",
        "thread_id": THREADS[0],
        "user_id": "user 1",
        "message_ids": ["message 1"],
        "status": "succeeded",
        "created_at": "2026-01-31T12:00:00.000000Z",
    }
    return cast("Run", run | more)


def a_function(target: str, **more: Any) -> MemoryFunction:
    """An active memory function over users or threads."""
    function = {"id": f"about {target}s", "status": "active", "target_type": target}
    return cast("MemoryFunction", function | more)


def a_message(id: str, user_id: str | None) -> OpenAIMessage:
    """A message of a user, or of nobody known."""
    return cast("OpenAIMessage", {"metadata": {"id": id, "user_id": user_id}})


RUNS = st.lists(
    st.builds(
        a_run,
        id=st.uuids().map(str),
        memory_function_id=st.sampled_from(["about users", "about threads"]),
        thread_id=st.sampled_from(THREADS[:2]),
        user_id=st.sampled_from(USERS),
        message_ids=st.lists(st.sampled_from(MESSAGES), unique=True),
        status=st.sampled_from(STATUSES),
    ),
    max_size=8,
)
FUNCTIONS = st.lists(
    st.builds(a_function, st.sampled_from(["user", "thread"])), max_size=2, unique_by=str
)
POSTED = st.lists(
    st.builds(
        Posted, st.sampled_from(THREADS[:2]), st.sampled_from(USERS), st.sampled_from(MESSAGES)
    ),
    max_size=5,
)


def planned(posted: Posted, functions: list[MemoryFunction], runs: list[Run]) -> bool:
    """Whether every function that is to see a message has a run over it, told naively."""
    for function in functions:
        about_thread = function["target_type"] == "thread"
        if about_thread != (posted.user_id is None):
            continue
        if not any(
            run["memory_function_id"] == function["id"]
            and run["thread_id"] == posted.thread_id
            and run["user_id"] == posted.user_id
            and posted.message_id in run["message_ids"]
            for run in runs
        ):
            return False
    return True


@given(runs=RUNS, functions=FUNCTIONS, posted=POSTED)
def test_a_wait_ends_when_all_is_planned_and_all_runs_have_ended(
    runs: list[Run], functions: list[MemoryFunction], posted: list[Posted]
) -> None:
    """Exactly then: with a message not planned, or a run not ended, it goes on."""
    watch = Watch(posted)
    outcomes = watch.see(runs, functions)
    all_planned = all(planned(one, functions, runs) for one in posted)
    all_ended = all(run["status"] in ENDED for run in runs)
    assert (outcomes is not None) == (all_planned and all_ended)
    assert watch.runs == tuple(runs)
    if outcomes:
        assert outcomes.runs == tuple(runs)
    else:
        assert ("no run has been planned" in watch.missing()) == (not all_planned)


@given(runs=RUNS, later=RUNS)
def test_runs_planned_later_are_not_waited_for(runs: list[Run], later: list[Run]) -> None:
    """People who go on writing do not keep a wait from ending, nor change what it returns."""
    watch = Watch()
    watch.see(runs)
    ended: list[Run] = [{**run, "status": "failed"} for run in runs]
    outcomes = watch.see([*later, *ended])
    assert outcomes is not None
    assert outcomes.runs == outcomes.failed == tuple(ended)


@given(runs=RUNS)
def test_runs_that_are_erased_are_not_waited_for(runs: list[Run]) -> None:
    """A run that goes with its thread, user or function can end no more."""
    watch = Watch()
    watch.see(runs)
    assert watch.see([]) == RunOutcomes(())


def test_functions_that_are_disabled_are_not_waited_for() -> None:
    """A disabled function plans no runs, also when it was disabled during the wait."""
    watch = Watch([Posted(THREADS[0], "user 1", "message 1")])
    assert watch.see([], [a_function("user")]) is None
    assert watch.planning
    assert watch.see([], [a_function("user", status="disabled")]) == RunOutcomes(())
    assert not watch.planning


def test_a_message_is_known_by_its_thread_too() -> None:
    """Programs that number messages themselves use the same ids in each thread."""
    watch = Watch([Posted(THREADS[1], "user 1", "message 1")])
    assert watch.see([a_run(thread_id=THREADS[0])], [a_function("user")]) is None
    assert watch.see([a_run(thread_id=THREADS[1])], [a_function("user")])


def test_what_is_missing_is_counted() -> None:
    """The error at the end of a wait says how many runs have not ended."""
    watch = Watch()
    watch.see([a_run("1", status="queued"), a_run("2", status="running"), a_run("3")])
    assert watch.missing() == "2 of 3 runs have not ended"


@given(runs=RUNS)
def test_outcomes_are_sorted_by_status(runs: list[Run]) -> None:
    """Each run is in the list of its status; all is well only if all have succeeded."""
    outcomes = RunOutcomes(tuple(runs))
    for status in ("succeeded", "failed", "skipped"):
        assert getattr(outcomes, status) == tuple(run for run in runs if run["status"] == status)
    assert outcomes.ok == all(run["status"] == "succeeded" for run in runs)


def test_outcomes_show_numbers_alone() -> None:
    """A log may hold what the outcomes print: no text of a user or of a model is in it."""
    failed = a_run(status="failed", error="Will said something", memory_function_name="Will")
    outcomes = RunOutcomes((a_run("1"), a_run("2"), failed))
    assert repr(outcomes) == str(outcomes) == "RunOutcomes(succeeded=2, failed=1, skipped=0)"
    for again in (copy.deepcopy(outcomes), pickle.loads(pickle.dumps(outcomes))):
        assert again == outcomes
    with pytest.raises(AttributeError):
        outcomes.runs = ()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_the_error_at_the_end_is_a_timeout_and_keeps_the_runs() -> None:
    """It is caught as Python's TimeoutError, and survives pickle and copy with its runs."""
    error = WaitTimeoutError("late", runs=(a_run(),), method="GET", path="/threads/1/runs")
    assert isinstance(error, TimeoutError)
    assert isinstance(error, LangMemError)
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (str(again), again.runs) == ("GET /threads/1/runs: late", (a_run(),))


@given(speakers=st.lists(st.sampled_from(USERS), max_size=20), only=st.sampled_from(USERS))
def test_the_newest_message_of_each_is_found(speakers: list[str | None], only: str | None) -> None:
    """The first message in the list is the newest of its thread, and of its user."""
    ids = {user: str(UUID(int=n)) for n, user in enumerate(USERS, 1) if user}
    messages = [
        a_message(str(n), ids.get(user) if user else None) for n, user in enumerate(speakers)
    ]
    found = _waiting.newest(THREADS[0].upper(), messages, ids.get(only) if only else None)
    expected = {
        ids.get(user) if user else None: str(speakers.index(user)) for user in {*speakers} - {None}
    }
    if speakers:
        expected[None] = "0"
    if only:
        expected = {key: value for key, value in expected.items() if key == ids[only]}
    assert {posted.user_id: posted.message_id for posted in found} == expected
    assert {posted.thread_id for posted in found} <= {THREADS[0]}


def test_threads_are_looked_at_if_written_to_since() -> None:
    """A thread is passed over if a run over it is younger than its last message, or it has none."""
    threads = [
        a_thread(THREADS[0], "2026-01-31T12:00:01.000000Z"),
        a_thread(THREADS[1], "2026-01-31T12:00:00.500000Z"),
        a_thread(THREADS[2], None),
        a_thread("never seen", "2020-01-01T00:00:00.000000Z"),
    ]
    runs = [
        a_run(thread_id=THREADS[0], created_at="2026-01-31T12:00:00.900000Z"),
        a_run(thread_id=THREADS[1], created_at="2026-01-31T12:00:00.600000Z"),
        a_run(thread_id=THREADS[1], created_at="2026-01-31T11:00:00.000000Z"),
    ]
    assert _waiting.written_since(threads, runs) == [THREADS[0], "never seen"]


def test_no_more_threads_are_looked_at_than_promised() -> None:
    """Of many threads the ones last written to count, which come first."""
    threads = [a_thread(str(n), "2026-01-31T12:00:00.000000Z") for n in range(NEWEST_THREADS + 1)]
    assert _waiting.written_since(threads, []) == [str(n) for n in range(NEWEST_THREADS)]


def a_thread(id: str, written_at: str | None) -> ThreadListItem:
    """A thread in a list."""
    return {"id": id, "last_message_timestamp": written_at, "last_message_batch_id": None}


@pytest.mark.parametrize("value", [-1, -0.001, math.nan])
def test_a_time_below_zero_is_refused(value: float) -> None:
    """The error names the argument."""
    with pytest.raises(ValueError, match=r"^wait: expected 0 seconds or more, not "):
        Span(value, "wait")


@pytest.mark.parametrize("value", ["5", True, uuid4()])
def test_a_time_that_is_no_number_is_refused(value: Any) -> None:
    """The error names the argument."""
    with pytest.raises(TypeError, match=r"^timeout: expected a number of seconds, not "):
        Span(value, "timeout")


def test_a_request_may_take_no_longer_than_the_wait() -> None:
    """Except that a last look gets a second; a shorter deadline of the client's own stands."""
    assert Span(0, "wait").deadline(None) == 1
    assert Span(0, "wait").deadline(0.5) == 0.5
    assert 59 < (Span(60, "wait").deadline(None) or 0) <= 60
    assert Span(60, "wait").deadline(7) == 7
    assert Span(math.inf, "wait").deadline(None) is None
    assert Span(math.inf, "wait").deadline(7) == 7


@given(looks=st.integers(1, 10**6), left=st.floats(0.0001, 100))
def test_pauses_grow_to_a_second(looks: int, left: float) -> None:
    """The first is below 0.05 s, none is above 1 s, and none goes beyond the end of the wait."""
    longest = 0.05 if looks == 1 else 1
    assert 0 < _waiting.pause(looks, left) <= min(left, longest)
    assert _waiting.pause(looks, 100) >= min(0.025 * 2 ** min(looks - 1, 10), 0.5)
