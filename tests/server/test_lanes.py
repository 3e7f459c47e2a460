from __future__ import annotations

import threading
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from langmem_server.lanes import Lanes
from tests.server.background import wait_for


class Recorder:
    """Counts what is worked on, and what overlaps."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.most_at_once = 0
        self.overlaps = 0
        self._at_work: Counter[str] = Counter()
        self._lock = threading.Lock()

    def work(self, lane: str) -> None:
        """Work on a lane, with a chance for other threads to come between."""
        with self._lock:
            self.overlaps += self._at_work[lane]
            self._at_work[lane] += 1
            self.most_at_once = max(self.most_at_once, self._at_work.total())
        threading.Event().wait(0.0001)
        with self._lock:
            self._at_work[lane] -= 1
            self.done[lane] += 1


@settings(max_examples=60, deadline=None)
@given(
    knocks=st.lists(st.sampled_from("abcde"), max_size=40),
    concurrency=st.integers(1, 4),
    senders=st.integers(1, 3),
)
def test_every_knock_is_worked_off_and_no_lane_overlaps(
    knocks: list[str], concurrency: int, senders: int
) -> None:
    """Whatever comes in whatever order: each once, each lane one by one, never too many at once."""
    recorder = Recorder()
    lanes = Lanes(recorder.work, concurrency=concurrency)
    lanes.start(before=lambda: None)

    def send(own: list[str]) -> None:
        for number, lane in enumerate(own):
            lanes.enqueue(str(number), lane)

    threads = [
        threading.Thread(target=send, args=(knocks[first::senders],)) for first in range(senders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for(lambda: recorder.done == Counter(knocks), "a knock was lost")
    assert recorder.overlaps == 0
    assert recorder.most_at_once <= concurrency
    assert lanes.purge() is False


def test_after_stopping_nothing_new_is_taken_up() -> None:
    """What is at work goes on, and what waits is left."""
    begun, released = threading.Event(), threading.Event()
    done = []

    def work(lane: str) -> None:
        begun.set()
        released.wait(30)
        done.append(lane)

    lanes = Lanes(work, concurrency=1)
    lanes.start(before=lambda: None)
    lanes.enqueue("1", "first")
    lanes.enqueue("2", "second")
    assert begun.wait(30)
    lanes.stop()
    released.set()
    wait_for(lambda: lanes._threads == 0, "the thread does not end")
    assert done == ["first"]
