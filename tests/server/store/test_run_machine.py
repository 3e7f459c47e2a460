from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from langmem_server.store import functions, memories, plans, runs, threads
from langmem_server.store.database import Database
from langmem_server.store.records import Function, NewMemory, NewMessage, Outcome, utc_now

if TYPE_CHECKING:
    import pytest

    from langmem_server.store.records import Run, Work

T = "tenant"
FUNCTIONS = {"facts": "user_append_state", "state": "user_state", "summary": "thread_summary"}
THREADS = st.sampled_from(["t1", "t2"])
PEOPLE = st.sampled_from(["ann", "bob"])
STATUSES = st.sampled_from(["succeeded", "failed", "skipped"])


class Runs(RuleBasedStateMachine):
    """Posting, planning, working, crashing and retrying in any order.

    The machine knows only what was posted and what it has been told; after every step it asks
    whether the runs cover the messages exactly and each effect is there at most once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.db = Database(Path(self.directory.name) / "langmem.db")
        self.conn = self.db._connect()
        self.conn.execute("BEGIN")
        self.posted: dict[str, list[str | None]] = {"t1": [], "t2": []}
        self.held: list[Work] = []
        self.begun: Counter[str] = Counter()
        self.killed: Counter[str] = Counter()
        self.delivered = 0

    def teardown(self) -> None:
        """Leave no file and no thread behind."""
        self.conn.close()
        self.db.close()
        self.directory.cleanup()

    def all_runs(self) -> list[Run]:
        """Read every run, oldest first."""
        return runs.page(self.conn, T, limit=10_000)[::-1]

    @initialize()
    def make_functions(self) -> None:
        """One function of each way to store a result."""
        for key, type_ in FUNCTIONS.items():
            function = Function(key, type_, key, "", {}, None, "active", utc_now())
            functions.upsert(self.conn, T, function)

    @rule(thread=THREADS, speakers=st.lists(st.none() | PEOPLE, min_size=1, max_size=5))
    def post(self, thread: str, speakers: list[str | None]) -> None:
        """Say something."""
        messages = [NewMessage(None, "user", "x", user_id=speaker) for speaker in speakers]
        threads.add_messages(self.conn, T, thread, messages, 1.0)
        self.posted[thread] += speakers

    @rule(thread=THREADS, user=st.none() | PEOPLE, retry=st.booleans())
    def plan(self, thread: str, user: str | None, retry: bool) -> None:
        """Plan; what comes back is queued, and of the user asked for."""
        planned = runs.plan(self.conn, T, thread, user_id=user, retry=retry, now=utc_now())
        assert {run.status for run in planned} <= {"queued"}
        self.killed.subtract({run.id: self.killed[run.id] for run in planned})
        assert {run.thread_id for run in planned} <= {thread}
        assert user is None or {run.user_id for run in planned} <= {user}

    @rule(key=st.sampled_from([*FUNCTIONS]), status=st.sampled_from(["active", "disabled"]))
    def switch(self, key: str, status: str) -> None:
        """Turn a function on or off."""
        functions.update(self.conn, T, key, status=status)

    @precondition(lambda self: self.all_runs())
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Take work from any lane, which must be its oldest unfinished run, whole."""
        everything = self.all_runs()
        lane = data.draw(st.sampled_from(sorted({run.lane for run in everything})))
        waiting = [
            run for run in everything if run.lane == lane and run.status in {"queued", "running"}
        ]
        work = runs.begin(self.conn, lane)
        if work is None:
            assert waiting == []
            return
        assert work.run.id == waiting[0].id
        assert work.run.status == "running"
        self.begun[work.run.id] += 1
        assert [message.id for message in work.messages] == waiting[0].message_ids
        self.held.append(work)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), status=STATUSES)
    def finish(self, data: st.DataObject, status: str) -> None:
        """Deliver any work ever taken: late, twice, or in time."""
        work = data.draw(st.sampled_from(self.held), label="work")
        run = work.run
        before = {other.id: other for other in self.all_runs()}[run.id]
        in_time = before.status == "running" and self.begun[run.id] == work.begun_count
        self.delivered += 1
        succeeded = status == "succeeded"
        effect: dict[str, Any] = {}
        if succeeded and run.function_id == "facts":
            effect["memories"] = [NewMemory(f"{run.id} {self.delivered}", {}, None)]
        elif succeeded:
            effect["state"] = {"runs": [*(work.state or {}).get("runs", []), run.id]}
        outcome = Outcome(status, None, 1, 0, 0, **effect)
        assert runs.finish(self.conn, work, outcome, utc_now()) or in_time
        after = {other.id: other for other in self.all_runs()}[run.id]
        if not in_time:
            assert after == before
        else:
            assert after.attempts == before.attempts + 1
            if after.status != "running":
                self.killed[run.id] = 0

    @rule(user=PEOPLE)
    def put_state(self, user: str) -> None:
        """Have the program put a state in between, keeping what the runs left."""
        held = memories.get_state(self.conn, T, user, "state")
        memories.put_state(self.conn, T, user, "state", held[0] if held else {"runs": []})

    @rule()
    def dispatch(self) -> None:
        """Give the engine what waits: each run that is queued once."""
        items = runs.undispatched(self.conn)
        runs.mark_dispatched(self.conn, items)
        assert {item.run_id for item in items} <= {
            run.id for run in self.all_runs() if run.status == "queued"
        }
        assert runs.undispatched(self.conn) == []

    @rule(killed=st.booleans())
    def restart(self, killed: bool) -> None:
        """Stop and start: everything is dispatched again but what was killed too often."""
        if not killed:
            runs.release(self.conn)
        running = [run.id for run in self.all_runs() if run.status == "running"]
        self.killed.update(running)
        runs.reset_dispatched(self.conn)
        for run in self.all_runs():
            if run.id in running:
                given_up = self.killed[run.id] == runs.MAX_INTERRUPTIONS
                assert run.status == ("failed" if given_up else "queued")
                self.killed[run.id] *= not given_up
        unfinished = [r.id for r in self.all_runs() if r.status in {"queued", "running"}]
        assert [item.run_id for item in runs.undispatched(self.conn)] == unfinished

    @invariant()
    def ranges_never_overlap(self) -> None:
        """Per thread and lane, runs follow one another without overlap, in the order planned."""
        lanes: dict[tuple[str, str], list[Run]] = {}
        for run in self.all_runs():
            lanes.setdefault((run.thread_id, run.lane), []).append(run)
            assert 1 <= len(run.message_ids) <= plans.RUN_MESSAGES
        for followed in lanes.values():
            for one, other in pairwise(followed):
                assert one.last_seq < other.first_seq

    @invariant()
    def effects_are_there_once(self) -> None:
        """Each succeeded run has left its effect exactly once, every other run none."""
        effects: Counter[str] = Counter()
        for user in ("ann", "bob"):
            found = memories.search(self.conn, T, user, ["facts"], [], 10_000)
            effects.update(candidate.memory.text.split()[0] for candidate in found)
            held = memories.get_state(self.conn, T, user, "state")
            effects.update(held[0]["runs"] if held else [])
        for thread in self.posted:
            output = memories.get_thread_output(self.conn, T, thread, "summary")
            effects.update(output[0]["runs"] if output else [])
        assert effects == Counter(r.id for r in self.all_runs() if r.status == "succeeded")

    @rule(thread=THREADS)
    def nothing_is_lost(self, thread: str) -> None:
        """After planning with all functions on, every message is in one run of each target."""
        for key in FUNCTIONS:
            functions.update(self.conn, T, key, status="active")
        runs.plan(self.conn, T, thread, retry=False, now=utc_now())
        covered: Counter[tuple[str, str | None, int]] = Counter()
        for run in self.all_runs():
            if run.thread_id == thread:
                span = range(run.first_seq, run.last_seq + 1)
                covered.update((run.function_id, run.user_id, seq) for seq in span)
        for seq, speaker in enumerate(self.posted[thread], start=1):
            assert covered["summary", None, seq] == 1
            for key in ("facts", "state"):
                assert speaker is None or covered[key, speaker, seq] == 1
        assert (T, thread) not in runs.due_threads(self.conn, 2.0, 0.0)


def test_runs_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message is planned twice or lost, lanes keep their order, an effect comes at most once.

    The clock stands still all the while: nothing hangs on it.
    """
    monkeypatch.setattr(plans, "RUN_MESSAGES", 3)
    monkeypatch.setattr(runs, "MAX_INTERRUPTIONS", 2)
    monkeypatch.setattr(runs, "utc_now", lambda: "2026-01-31T12:00:00.000000Z")
    run_state_machine_as_test(
        Runs, settings=settings(max_examples=60, stateful_step_count=40, deadline=None)
    )
