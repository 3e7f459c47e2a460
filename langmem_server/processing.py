"""From messages to memories in the background: due threads become runs, runs become effects.

The store plans and remembers (`store.runs`), a queue does one thing after the other: DBOS keeps it
in the same SQLite file, or threads do in a service inside another program (`lanes`). The store's
runs are the truth: a workflow is only a knock at a lane, saying that a run waits there.
Whoever knocks takes the oldest run of the lane, so that their order holds whatever order knocks
come in, and a knock too many finds nothing to do. After a crash DBOS repeats the knocks that were
under way, and every unfinished run is dispatched anew.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from langmem_server.llm import Model
from langmem_server.store import runs
from langmem_server.store.errors import StoreError
from langmem_server.store.records import utc_now
from langmem_server.worker import Worker, log_error

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from langmem_server.settings import Settings
    from langmem_server.store.database import Database

ERROR_PAUSE: Final = 5.0
MAX_PAUSE: Final = 30.0
PURGE_INTERVAL: Final = 60.0
_BATCH = 100


class Queue(Protocol):
    """What hands lanes to the worker: see `engine.Engine` and `lanes.Lanes`."""

    def start(self, before: Callable[[], None]) -> None:
        """Begin to work off, after `before`."""
        ...

    def enqueue(self, workflow_id: str, lane: str) -> None:
        """Have the lane worked on."""
        ...

    def purge(self) -> bool:
        """Forget what has ended; return whether anything is left."""
        ...

    def stop(self) -> None:
        """Stop taking work up."""
        ...


def durable(db: Database, work: Callable[[str], None], concurrency: int) -> Queue:
    """Make the queue of a service in a process of its own: DBOS, in the database's file."""
    # Here, so that a service can answer before DBOS is imported.
    from langmem_server.engine import Engine  # noqa: PLC0415

    return Engine(db.path, work, concurrency=concurrency)


class Processing:
    """The background work of one service over one database.

    Args:
        db: The store.
        settings: `llm_*` say which model to ask, and how many runs may be at work at once.
        queue: Makes the queue of a database, for what does the work, for so many at once.
        model_transport: What carries the questions to the model; by default, the network.

    Attributes:
        ready: Whether runs are taken up: from the end of `start` to the beginning of `stop`.

    Example:
        >>> processing = Processing(db, settings)  # doctest: +SKIP
        >>> processing.start()  # doctest: +SKIP
        >>> db.write(lambda conn: runs.plan(conn, ...))  # doctest: +SKIP
        >>> processing.wake()  # doctest: +SKIP
        >>> processing.stop()  # doctest: +SKIP
    """

    def __init__(
        self,
        db: Database,
        settings: Settings,
        *,
        queue: Callable[[Database, Callable[[str], None], int], Queue] = durable,
        model_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.ready = False
        self._db = db
        self._settings = settings
        self._queue = queue
        self._model_transport = model_transport
        self._running: tuple[Worker, Queue, threading.Thread] | None = None
        self._woken = threading.Event()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start to work, beginning with what an earlier service left unfinished.

        With DBOS, takes about half a second the first time, for its import, and must be called,
        like `stop`, from a thread without a running event loop.

        Raises:
            RuntimeError: Processing already runs in this process.
        """
        worker = Worker(self._db, Model.from_settings(self._settings, self._model_transport))
        try:
            queue = self._queue(self._db, worker.work, self._settings.llm_concurrency)
            queue.start(before=lambda: self._db.write(runs.reset_dispatched))
        except BaseException:
            worker.stop()
            raise
        self._stopping.clear()
        dispatcher = threading.Thread(
            target=self._dispatch, args=(queue,), name="langmem-dispatcher", daemon=True
        )
        dispatcher.start()
        self._running = (worker, queue, dispatcher)
        self.ready = True

    def stop(self) -> None:
        """Stop, in a few seconds even when the model hangs. Without `start` it does nothing.

        What is at work stays unfinished in the store, and is done anew after the next start.
        """
        if self._running is None:
            return
        worker, queue, dispatcher = self._running
        self._running = None
        self.ready = False
        self._stopping.set()
        self.wake()
        dispatcher.join()
        worker.stop()
        queue.stop()
        self._release()

    def wake(self) -> None:
        """Say that there is something to do now; to be called after the commit that made it so."""
        self._woken.set()

    def _release(self) -> None:
        try:
            self._db.write(runs.release)
        except StoreError as error:
            log_error("Putting back the runs at work", error)  # they count as interrupted

    def _dispatch(self, queue: Queue) -> None:
        purge_at: float | None = time.monotonic() + PURGE_INTERVAL
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._plan()
                if self._enqueue(queue) and purge_at is None:
                    purge_at = time.monotonic() + PURGE_INTERVAL
                if purge_at is not None and purge_at <= time.monotonic():
                    purge_at = time.monotonic() + PURGE_INTERVAL if queue.purge() else None
                pause = self._pause(purge_at)
            except Exception as error:  # noqa: BLE001 - this thread must outlive any of them
                log_error("Dispatching runs", error)
                pause = ERROR_PAUSE
            self._woken.wait(pause)

    def _plan(self) -> None:
        delay = self._settings.processing_delay
        due = self._db.read(lambda conn: runs.due_threads(conn, time.time(), delay))
        for tenant, thread_id in due:
            plan = partial(runs.plan, tenant=tenant, thread_id=thread_id, retry=False)
            self._db.write(partial(plan, now=utc_now()))

    def _enqueue(self, queue: Queue) -> bool:
        """Give the engine what it has not been given; say whether there was anything."""
        items = self._db.read(runs.undispatched)
        for start in range(0, len(items), _BATCH):
            if self._stopping.is_set():
                break
            batch = items[start : start + _BATCH]
            for item in batch:
                queue.enqueue(f"{item.run_id}.{item.queued_count}", item.lane)
            self._db.write(partial(runs.mark_dispatched, items=batch))
        return bool(items)

    def _pause(self, purge_at: float | None) -> float:
        """Return how long nothing is to be done; never long, as the clock may be set meanwhile."""
        pauses = [MAX_PAUSE]
        due_at = self._db.read(runs.next_due)
        if due_at is not None:
            pauses.append(due_at - time.time())
        if purge_at is not None:
            pauses.append(purge_at - time.monotonic())
        return max(0.0, min(pauses))
