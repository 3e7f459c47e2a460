from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from langmem_server.store import functions, memories, plans, runs, threads, usage, users
from langmem_server.store.columns import lane
from langmem_server.store.records import (
    Dispatch,
    NewMemory,
    NewMessage,
    Outcome,
    User,
    utc_now,
)
from tests.server.store.run_steps import (
    DONE,
    FACTS,
    STATE,
    SUMMARY,
    T,
    add_functions,
    begun,
    plan,
    ranges,
    say,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from langmem_server.store.database import Database


@pytest.fixture
def conn(db: Database) -> Iterator[sqlite3.Connection]:
    """A connection to a file of its own: the dispatcher's functions serve all tenants."""
    connection = db._connect()
    yield connection
    connection.close()


class TestPlan:
    """Which runs come of which messages."""

    def test_every_active_function_and_target(self, conn: sqlite3.Connection) -> None:
        """Functions over users run for each speaker, functions over threads once."""
        add_functions(conn, STATE, FACTS, SUMMARY)
        say(conn, "ann", "bob", None)
        now = utc_now()
        planned = runs.plan(conn, T, "t", retry=False, now=now)
        assert ranges(planned) == [
            (STATE, "ann", 1, 3),
            (STATE, "bob", 1, 3),
            (FACTS, "ann", 1, 3),
            (FACTS, "bob", 1, 3),
            (SUMMARY, None, 1, 3),
        ]
        ids = [m.id for m in threads.messages_between(conn, T, "t", 1, 3)]
        for run in planned:
            assert (run.status, run.created_at, run.message_ids) == ("queued", now, ids)
            assert run.lane == lane(T, run.function_id, thread_id="t", user_id=run.user_id)
            assert (run.error, run.attempts, run.started_at, run.finished_at) == (
                None,
                0,
                None,
                None,
            )
        assert len({run.id for run in planned}) == 5
        assert [run.ordinal for run in planned] == sorted(run.ordinal for run in planned)
        assert plan(conn) == []

    def test_only_what_is_new(self, conn: sqlite3.Connection) -> None:
        """A later plan begins after the earlier one; a silent user waits until they speak."""
        add_functions(conn, FACTS, SUMMARY)
        say(conn, "ann", "bob")
        plan(conn)
        say(conn, None, "bob", None)
        assert ranges(plan(conn)) == [(FACTS, "bob", 3, 5), (SUMMARY, None, 3, 5)]
        say(conn, "ann")
        assert ranges(plan(conn)) == [
            (FACTS, "ann", 3, 6),
            (SUMMARY, None, 6, 6),
        ]

    def test_guests_alone_make_no_memories(self, conn: sqlite3.Connection) -> None:
        """Without a user there is nothing for functions over users to do."""
        add_functions(conn, FACTS)
        say(conn, None, None)
        assert plan(conn) == []

    def test_nothing_to_plan(self, conn: sqlite3.Connection) -> None:
        """Unknown and empty threads make no runs."""
        add_functions(conn, FACTS, SUMMARY)
        threads.upsert(conn, T, "empty", None)
        assert plan(conn, "empty") == plan(conn, "unknown") == []

    def test_one_user_alone(self, conn: sqlite3.Connection) -> None:
        """Planning for a user leaves the others and the thread for later, and due."""
        add_functions(conn, FACTS, SUMMARY)
        say(conn, "ann", "bob", due=5.0)
        assert ranges(plan(conn, user="ann")) == [(FACTS, "ann", 1, 2)]
        assert runs.next_due(conn) == 5.0
        assert ranges(plan(conn)) == [(FACTS, "bob", 1, 2), (SUMMARY, None, 1, 2)]
        assert runs.next_due(conn) is None

    def test_a_disabled_function_catches_up(self, conn: sqlite3.Connection) -> None:
        """While disabled a function is not planned; enabled, it gets all it missed."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        plan(conn)
        functions.update(conn, T, FACTS, status="disabled")
        say(conn, "ann", "ann")
        assert plan(conn) == []
        functions.update(conn, T, FACTS, status="active")
        runs.schedule_all(conn, T, 7.0)
        assert runs.due_threads(conn, 7.0, 60.0) == [(T, "t")]
        assert ranges(plan(conn)) == [(FACTS, "ann", 2, 3)]

    def test_a_new_function_runs_over_old_threads(self, conn: sqlite3.Connection) -> None:
        """A function made later is planned over what was said before."""
        say(conn, "ann")
        assert plan(conn) == []
        add_functions(conn, FACTS)
        assert ranges(plan(conn)) == [(FACTS, "ann", 1, 1)]

    def test_a_long_thread_is_cut(self, conn: sqlite3.Connection) -> None:
        """A range of more than a run's size makes several runs, without the silent parts."""
        add_functions(conn, FACTS, SUMMARY)
        size = plans.RUN_MESSAGES
        say(conn, "ann", *[None] * (2 * size - 2), "bob", "ann")
        assert ranges(plan(conn)) == [
            (FACTS, "ann", 1, size),
            (FACTS, "ann", 2 * size + 1, 2 * size + 1),
            (FACTS, "bob", size + 1, 2 * size),
            (SUMMARY, None, 1, size),
            (SUMMARY, None, size + 1, 2 * size),
            (SUMMARY, None, 2 * size + 1, 2 * size + 1),
        ]

    @pytest.mark.parametrize("status", ["failed", "skipped"])
    def test_retry_queues_again(self, conn: sqlite3.Connection, status: str) -> None:
        """Failed and skipped runs come back as queued, clean but for their usage."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        outcome = Outcome(status, "why", 3, 10, 5)
        assert runs.finish(conn, begun(conn, run), outcome, utc_now())
        assert plan(conn) == []
        [again] = plan(conn, retry=True)
        assert again == replace(run, attempts=3, prompt_tokens=10, completion_tokens=5)
        assert plan(conn, retry=True) == []
        assert runs.finish(conn, begun(conn, run), DONE, utc_now())
        [done] = runs.page(conn, T, limit=9)
        usage = (done.attempts, done.prompt_tokens, done.completion_tokens)
        assert (done.status, done.error, usage) == ("succeeded", None, (4, 20, 10))
        assert plan(conn, retry=True) == []

    def test_retry_keeps_to_its_thread_user_and_the_active(self, conn: sqlite3.Connection) -> None:
        """A retry touches the thread asked for, the user asked for, and active functions."""
        add_functions(conn, FACTS, SUMMARY)
        say(conn, "ann", "bob")
        say(conn, "ann", thread="t2")
        for run in [*plan(conn), *plan(conn, "t2")]:
            runs.finish(conn, begun(conn, run), replace(DONE, status="failed"), utc_now())
        assert ranges(plan(conn, user="ann", retry=True)) == [(FACTS, "ann", 1, 2)]
        functions.update(conn, T, SUMMARY, status="disabled")
        assert ranges(plan(conn, retry=True)) == [(FACTS, "bob", 1, 2)]
        statuses = {(r.thread_id, r.function_id): r.status for r in runs.page(conn, T, limit=9)}
        assert statuses == {
            ("t", FACTS): "queued",
            ("t", SUMMARY): "failed",
            ("t2", FACTS): "failed",
            ("t2", SUMMARY): "failed",
        }


class TestRetry:
    """Running a single run again."""

    @pytest.mark.parametrize("status", ["failed", "skipped"])
    def test_only_what_ended_without_success(self, conn: sqlite3.Connection, status: str) -> None:
        """A failed or skipped run is queued, its neighbour is not; no other run ever is."""
        add_functions(conn, FACTS, SUMMARY)
        say(conn, "ann")
        run, other = plan(conn)
        assert runs.retry(conn, T, run.id) is None
        work = begun(conn, run)
        assert runs.retry(conn, T, run.id) is None
        assert runs.finish(conn, work, Outcome(status, "why", 3, 10, 5), utc_now())
        runs.finish(conn, begun(conn, other), replace(DONE, status=status), utc_now())
        again = runs.retry(conn, T, run.id)
        assert again == replace(run, attempts=3, prompt_tokens=10, completion_tokens=5)
        assert runs.get(conn, T, run.id) == again
        assert runs.undispatched(conn) == [Dispatch(T, run.id, run.lane, 2, "ann")]
        runs.finish(conn, begun(conn, run), DONE, utc_now())
        assert runs.retry(conn, T, run.id) is None
        assert runs.retry(conn, T, "unknown") is None

    def test_the_order_of_the_lane_is_kept(self, conn: sqlite3.Connection) -> None:
        """A run that is run again goes before the later ones of its lane that wait."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [first] = plan(conn)
        runs.finish(conn, begun(conn, first), replace(DONE, status="failed"), utc_now())
        say(conn, "ann")
        [second] = plan(conn)
        runs.retry(conn, T, first.id)
        for expected in (first, second):
            work = begun(conn, first)
            assert work.run.id == expected.id
            runs.finish(conn, work, DONE, utc_now())


class TestDue:
    """When threads are planned."""

    def test_what_is_put_off_after_the_question_is_not_due(self, conn: sqlite3.Connection) -> None:
        """A message stored a moment after the present was taken waits; one of a later clock not."""
        threads.upsert(conn, T, "t", None)
        threads.schedule(conn, T, "t", 100.0 + 60.0 + 1.0)
        assert runs.due_threads(conn, 100.0, 60.0) == []
        assert runs.due_threads(conn, 100.0 - runs.CLOCK_SLACK, 60.0) == [(T, "t")]

    def test_due_threads_in_order(self, conn: sqlite3.Connection) -> None:
        """Threads are due from their time on, the earliest first."""
        assert runs.next_due(conn) is None
        for thread, due in (("t", 30.0), ("t2", 10.0), ("t3", 20.0)):
            say(conn, "ann", thread=thread, due=due)
        assert runs.next_due(conn) == 10.0
        assert runs.due_threads(conn, 9.9, 60.0) == []
        assert runs.due_threads(conn, 20.0, 60.0) == [(T, "t2"), (T, "t3")]
        plan(conn, "t2")
        assert runs.due_threads(conn, 99.0, 60.0) == [(T, "t3"), (T, "t")]

    def test_a_clock_that_goes_back_puts_nothing_off(self, conn: sqlite3.Connection) -> None:
        """What is due later than anything is put off is due; what is put off as usual waits."""
        for thread, due in (("t", 3600.0), ("t2", 160.0), ("t3", 99.0)):
            say(conn, "ann", thread=thread, due=due)
        assert runs.due_threads(conn, 100.0, 60.0) == [(T, "t3"), (T, "t")]

    def test_schedule_all(self, conn: sqlite3.Connection) -> None:
        """Threads with messages become due, none later than it was; empty ones stay."""
        say(conn, "ann", thread="t", due=5.0)
        say(conn, "ann", thread="t2", due=50.0)
        say(conn, "ann", thread="t3")
        plan(conn, "t3")
        threads.upsert(conn, T, "empty", None)
        threads.add_messages(conn, "other", "t", [NewMessage(None, "user", "x")], 50.0)
        runs.schedule_all(conn, T, 20.0)
        assert runs.due_threads(conn, 20.0, 60.0) == [(T, "t"), (T, "t2"), (T, "t3")]
        assert runs.due_threads(conn, 5.0, 60.0) == [(T, "t")]


class TestDispatch:
    """What the background engine is given."""

    def test_each_run_once(self, conn: sqlite3.Connection) -> None:
        """A queued run is shown until it is marked, oldest first."""
        add_functions(conn, FACTS, SUMMARY)
        say(conn, "ann")
        one, two = plan(conn)
        items = [Dispatch(T, one.id, one.lane, 1, "ann"), Dispatch(T, two.id, two.lane, 1, "t")]
        assert runs.undispatched(conn) == items
        runs.mark_dispatched(conn, items[:1])
        assert runs.undispatched(conn) == items[1:]
        runs.mark_dispatched(conn, items)
        assert runs.undispatched(conn) == []

    def test_a_retry_is_another_dispatch(self, conn: sqlite3.Connection) -> None:
        """A run queued again is shown under a new count, which an old mark does not hide."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        [first] = runs.undispatched(conn)
        runs.mark_dispatched(conn, [first])
        runs.finish(conn, begun(conn, run), replace(DONE, status="failed"), utc_now())
        plan(conn, retry=True)
        runs.mark_dispatched(conn, [first])
        assert runs.undispatched(conn) == [Dispatch(T, run.id, run.lane, 2, "ann")]

    def test_a_restart_dispatches_the_unfinished(self, conn: sqlite3.Connection) -> None:
        """At the start of a service queued and running runs are to be given again, ended not."""
        add_functions(conn, STATE, FACTS, SUMMARY)
        say(conn, "ann")
        queued, running, ended = plan(conn)
        runs.mark_dispatched(conn, runs.undispatched(conn))
        begun(conn, running)
        runs.finish(conn, begun(conn, ended), DONE, utc_now())
        runs.reset_dispatched(conn)
        assert runs.undispatched(conn) == [
            Dispatch(T, queued.id, queued.lane, 2, "ann"),
            Dispatch(T, running.id, running.lane, 2, "ann"),
        ]


def test_several_tenants(conn: sqlite3.Connection) -> None:
    """Tenants with threads are told from one alone."""
    assert not runs.several_tenants(conn)
    for number in range(2):
        threads.upsert(conn, T, f"t{number}", None)
    assert not runs.several_tenants(conn)
    threads.upsert(conn, "another", "t0", None)
    assert runs.several_tenants(conn)


class TestInterruptions:
    """Runs during which the service is killed."""

    def test_a_run_that_kills_again_and_again_is_given_up(self, conn: sqlite3.Connection) -> None:
        """After ten kills in a row the run has failed and says why; its lane goes on."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [poisoned] = plan(conn)
        say(conn, "ann")
        [later] = plan(conn)
        for kills in range(runs.MAX_INTERRUPTIONS):
            suspect = None if kills >= runs.SUSPICIOUS_INTERRUPTIONS else "ann"
            assert [item.subject for item in runs.undispatched(conn)] == [suspect, "ann"]
            assert begun(conn, poisoned).run.id == poisoned.id
            runs.reset_dispatched(conn)
        ended = runs.get(conn, T, poisoned.id)
        assert ended is not None
        assert ended.status == "failed"
        assert ended.finished_at is not None
        assert "killed during this run, 10 times in a row" in (ended.error or "")
        assert begun(conn, poisoned).run.id == later.id
        today = utc_now()[:10]
        [day] = usage.days(conn, T, today, today)
        assert (day.runs, day.attempts) == (1, 0)

    @pytest.mark.parametrize("between", ["an end and a retry", "a stop"])
    def test_only_kills_in_a_row_count(self, conn: sqlite3.Connection, between: str) -> None:
        """A run that has ended, or whose service was only stopped, may be killed ten times more."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        kills = runs.MAX_INTERRUPTIONS - 1
        for _ in range(kills):
            begun(conn, run)
            runs.reset_dispatched(conn)
        work = begun(conn, run)
        if between == "a stop":
            runs.release(conn)
            kills = 0
        else:
            runs.finish(conn, work, replace(DONE, status="failed"), utc_now())
            runs.retry(conn, T, run.id)
        for _ in range(kills):
            begun(conn, run)
            runs.reset_dispatched(conn)
        assert begun(conn, run).run.id == run.id

    def test_who_was_stopped_delivers_nothing(self, conn: sqlite3.Connection) -> None:
        """A run put back into its place cannot be ended by who had it."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        work = begun(conn, run)
        runs.release(conn)
        assert runs.finish(conn, work, DONE, utc_now())
        assert runs.get(conn, T, run.id) == replace(work.run, status="queued")


class TestBegin:
    """What a run is given."""

    def test_no_work(self, conn: sqlite3.Connection) -> None:
        """A lane without unfinished runs, or unknown, has no work."""
        assert runs.begin(conn, "unknown") is None
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        runs.finish(conn, begun(conn, run), DONE, utc_now())
        assert runs.begin(conn, run.lane) is None

    def test_all_a_run_needs(self, conn: sqlite3.Connection) -> None:
        """The work holds function, user, messages and the last few before them."""
        add_functions(conn, FACTS)
        users.upsert(conn, T, User("ann", "Ann", ["x"]))
        say(conn, *["ann"] * 12)
        [first] = plan(conn)
        say(conn, *["ann"] * 12)
        [second] = plan(conn)
        runs.finish(conn, begun(conn, first), DONE, utc_now())
        before = utc_now()
        work = begun(conn, second)
        assert work.tenant == T
        assert work.function == functions.get(conn, T, FACTS)
        assert work.user == User("ann", "Ann", ["x"])
        assert [m.seq for m in work.messages] == list(range(13, 25))
        assert [m.id for m in work.messages] == work.run.message_ids
        assert [m.seq for m in work.context] == list(range(3, 13))
        assert (work.state, work.state_version) == (None, 0)
        started = work.run.started_at
        assert started is not None
        assert before <= started <= utc_now()
        assert work.run == replace(second, status="running", started_at=started)

    def test_the_current_state(self, conn: sqlite3.Connection) -> None:
        """A state function is given the state there is, a summary the summary."""
        add_functions(conn, STATE, SUMMARY)
        say(conn, "ann")
        state, summary = plan(conn)
        memories.put_state(conn, T, "ann", STATE, {"name": "Ann"})
        memories.put_thread_output(conn, T, "t", SUMMARY, {"so": "far"})
        assert begun(conn, state).state == {"name": "Ann"}
        work = begun(conn, summary)
        assert (work.state, work.user) == ({"so": "far"}, None)

    def test_the_oldest_of_a_lane_first(self, conn: sqlite3.Connection) -> None:
        """A user's runs keep their order over all threads; a running one is given again."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        say(conn, "ann", thread="t2")
        [one] = plan(conn)
        [two] = plan(conn, "t2")
        assert one.lane == two.lane
        assert begun(conn, one).run.id == begun(conn, one).run.id == one.id
        runs.finish(conn, begun(conn, one), DONE, utc_now())
        assert begun(conn, one).run.id == two.id


class TestFinish:
    """What a run leaves."""

    def test_memories(self, conn: sqlite3.Connection) -> None:
        """The memories of a run are stored with its end, under one moment."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        found = [NewMemory("one", {}, 1.0), NewMemory("two", {}, 2.0)]
        work, now = begun(conn, run), utc_now()
        assert runs.finish(conn, work, replace(DONE, memories=found), now)
        [ended] = runs.page(conn, T, limit=9)
        assert ended == replace(
            work.run,
            status="succeeded",
            attempts=1,
            prompt_tokens=10,
            completion_tokens=5,
            finished_at=now,
        )
        stored = memories.search(conn, T, "ann", [FACTS], [], 9)
        assert {(c.memory.text, c.memory.created_at) for c in stored} == {
            ("one", now),
            ("two", now),
        }

    def test_states(self, conn: sqlite3.Connection) -> None:
        """A state replaces the one there, for users and threads; no state leaves it."""
        add_functions(conn, STATE, SUMMARY)
        for value in ({"n": 1}, {"n": 2}, None):
            say(conn, "ann")
            for run in plan(conn):
                assert runs.finish(conn, begun(conn, run), replace(DONE, state=value), utc_now())
        state = memories.get_state(conn, T, "ann", STATE)
        output = memories.get_thread_output(conn, T, "t", SUMMARY)
        assert state is not None
        assert output is not None
        assert state[0] == output[0] == {"n": 2}

    def test_a_failure_says_why(self, conn: sqlite3.Connection) -> None:
        """The reason of a failed run is kept."""
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        runs.finish(conn, begun(conn, run), Outcome("failed", "no answer", 3, 0, 0), utc_now())
        [ended] = runs.page(conn, T, limit=9)
        assert (ended.status, ended.error, ended.attempts) == ("failed", "no answer", 3)

    @pytest.mark.parametrize("function", [STATE, SUMMARY])
    def test_a_state_that_moved(self, conn: sqlite3.Connection, function: str) -> None:
        """If the state was changed, removed or made meanwhile, nothing but usage is stored."""
        add_functions(conn, function)
        say(conn, "ann")
        [run] = plan(conn)

        def move(value: dict[str, int]) -> None:
            if function == STATE:
                memories.put_state(conn, T, "ann", STATE, value)
            else:
                memories.put_thread_output(conn, T, "t", SUMMARY, value)

        def remove() -> None:
            conn.execute("DELETE FROM user_states")
            conn.execute("DELETE FROM thread_outputs")

        outcome = replace(DONE, state={"n": 9})
        work = begun(conn, run)
        move({"n": 1})
        assert not runs.finish(conn, work, outcome, utc_now())
        work = begun(conn, run)
        assert (work.run.id, work.state) == (run.id, {"n": 1})
        remove()
        assert not runs.finish(conn, work, outcome, utc_now())
        work = begun(conn, run)
        assert (work.state, work.state_version) == (None, 0)
        assert runs.finish(conn, work, outcome, utc_now())
        [ended] = runs.page(conn, T, limit=9)
        assert (ended.status, ended.attempts, ended.prompt_tokens) == ("succeeded", 3, 30)
        assert begun_state(conn, function) == {"n": 9}

    def test_a_former_holder_is_ignored(
        self, conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Once a run was begun anew, or has ended, what an earlier try delivers is not stored.

        Even if the clock went back, and shows the same moment twice.
        """
        monkeypatch.setattr(runs, "utc_now", lambda: "2026-01-31T12:00:00.000000Z")
        add_functions(conn, FACTS)
        say(conn, "ann")
        [run] = plan(conn)
        first = begun(conn, run)
        second = begun(conn, run)
        assert first.run.started_at == second.run.started_at
        late = replace(DONE, memories=[NewMemory("late", {}, None)])
        assert runs.finish(conn, first, late, utc_now())
        assert runs.page(conn, T, limit=9)[0].status == "running"
        assert runs.finish(conn, second, DONE, utc_now())
        assert runs.finish(conn, second, late, utc_now())
        assert memories.search(conn, T, "ann", [FACTS], [], 9) == []
        assert runs.page(conn, T, limit=9)[0].attempts == 1

    @pytest.mark.parametrize("gone", ["user", "thread", "function"])
    @pytest.mark.parametrize("function", [STATE, FACTS])
    def test_what_is_gone_stays_gone(
        self, conn: sqlite3.Connection, gone: str, function: str
    ) -> None:
        """A run that ends after its user, thread or function was deleted leaves nothing."""
        add_functions(conn, function)
        say(conn, "ann")
        [run] = plan(conn)
        work = begun(conn, run)
        if gone == "user":
            users.delete(conn, T, "ann")
        elif gone == "thread":
            threads.delete(conn, T, "t")
        else:
            functions.delete(conn, T, function)
        outcome = replace(DONE, state={"n": 1}, memories=[NewMemory("late", {}, None)])
        assert runs.finish(conn, work, outcome, utc_now())
        assert runs.page(conn, T, limit=9) == []
        assert memories.list_for_user(conn, T, "ann") == []


def begun_state(conn: sqlite3.Connection, function: str) -> object:
    """Read what a function holds, of Ann or of the thread."""
    held = memories.get_state(conn, T, "ann", function) or memories.get_thread_output(
        conn, T, "t", function
    )
    return held and held[0]
