"""From messages to memories in the background: due threads become runs, runs become effects.

The store plans and remembers (`store.runs`), a queue does one thing after the other: DBOS keeps it
in the same SQLite file, or threads do in a service inside another program (`lanes`). The store's
runs are the truth: a workflow is only a knock at a lane, saying that a run waits there.
Whoever knocks takes the oldest run of the lane, so that their order holds whatever order knocks
come in, and a knock too many finds nothing to do. What DBOS repeats after a crash is not heard, as
every unfinished run is dispatched anew. A queue that dies is replaced.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from langmem_server.llm import Model
from langmem_server.queues import durable
from langmem_server.store import runs
from langmem_server.store.errors import StoreError
from langmem_server.store.records import utc_now
from langmem_server.turns import Turns
from langmem_server.worker import Worker, log_error

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from langmem_server.queues import Queue
    from langmem_server.settings import Settings
    from langmem_server.store.database import Database
    from langmem_server.store.records import Dispatch

logger = logging.getLogger(__name__)

ERROR_PAUSE: Final = 5.0
MAX_PAUSE: Final = 30.0
PURGE_INTERVAL: Final = 60.0
QUEUE_PATIENCE: Final = 15.0
"""How long a queue may leave a run lying for which there is a place, before it counts as dead."""
STOP_PATIENCE: Final = 5.0
_BATCH = 100


class Processing:
    """The background work of one service over one database.

    Args:
        db: The store.
        settings: `llm_*` say which model to ask, and how many runs may be at work at once.
        queue: Makes the queue of a database, for what does the work, for so many at once.
        model_transport: What carries the questions to the model; by default, the network.

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
        self._db = db
        self._settings = settings
        self._make_queue = queue
        self._model_transport = model_transport
        self._turns = Turns(settings.llm_concurrency)
        self._worker: Worker | None = None
        self._queue: Queue | None = None
        self._queues = 0
        self._dispatcher: threading.Thread | None = None
        self._purge_at: float | None = None
        self._changing = threading.Lock()
        self._woken = threading.Event()
        self._stopping = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether runs are taken up: false before `start`, from `stop` on, and in trouble."""
        dispatching = self._dispatcher is not None and self._dispatcher.is_alive()
        return dispatching and not self._stopping.is_set() and self._queue_works()

    def start(self) -> None:
        """Start to work, beginning with what an earlier service left unfinished.

        With DBOS, takes about half a second the first time, for its import, and must be called,
        like `stop`, from a thread without a running event loop. Nothing starts after `stop`.

        Raises:
            RuntimeError: Processing already runs in this process.
            StoreError: The database cannot be used now.
        """
        with self._changing:
            if self._stopping.is_set():
                return
            self._worker = Worker(
                self._db, Model.from_settings(self._settings, self._model_transport)
            )
            try:
                self._start_queue(before=lambda: self._db.write(runs.reset_dispatched))
            except BaseException:
                self._worker.stop()
                raise
            self._dispatcher = threading.Thread(
                target=self._dispatch, name="langmem-dispatcher", daemon=True
            )
            self._dispatcher.start()

    def start_when_possible(self) -> None:
        """Start, as often as it takes; return once it has started or is to stop."""
        while not self._stopping.is_set():
            try:
                self.start()
            except Exception as error:  # noqa: BLE001 - whatever it is, it may pass
                log_error("Starting the background processing", error)
                self._stopping.wait(ERROR_PAUSE)
            else:
                return

    def stop(self) -> None:
        """Stop, in a few seconds even when the model hangs. Without `start` it does nothing.

        What is at work stays unfinished in the store, and is done anew after the next start.
        """
        self._stopping.set()
        self.wake()
        with self._changing:
            dispatcher, self._dispatcher = self._dispatcher, None
            if dispatcher is None or self._worker is None:
                return
            dispatcher.join(STOP_PATIENCE)
            self._worker.stop()
            self._stop_queue()
            self._release()

    def wake(self) -> None:
        """Say that there is something to do now; to be called after the commit that made it so."""
        self._woken.set()

    def _start_queue(self, before: Callable[[], None]) -> Queue:
        queue = self._make_queue(self._db, self._work, self._settings.llm_concurrency)
        queue.start(before=before)
        self._queue = queue
        self._queues += 1
        self._purge_at = time.monotonic() + PURGE_INTERVAL
        return queue

    def _stop_queue(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.stop()

    def _release(self) -> None:
        try:
            self._db.write(runs.release)
        except StoreError as error:
            log_error("Putting back the runs at work", error)  # they count as interrupted

    def _work(self, lane: str) -> None:
        """Do what was let out of a lane. A queue that repeats itself after a crash is not heard."""
        if self._worker is None or not self._turns.begin(lane):
            return
        try:
            self._worker.work(lane)
        finally:
            self._turns.end(lane)
            self.wake()

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._plan()
                self._take_up()
                self._hand_out(self._working_queue())
                pause = self._pause()
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

    def _take_up(self) -> None:
        """Have the runs that are new wait for their turns."""
        items = self._db.read(runs.undispatched)
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            self._db.write(partial(runs.mark_dispatched, items=batch))
            for item in batch:
                self._turns.add(item)

    def _queue_works(self) -> bool:
        queue = self._queue
        if queue is None or not queue.alive():
            return False
        return not self._turns.overdue(since=time.monotonic() - QUEUE_PATIENCE)

    def _working_queue(self) -> Queue:
        """Return the queue; a new one if that has died."""
        if self._queue is not None and self._queue_works():
            return self._queue
        self._db.write(lambda _: None)  # no queue works without
        logger.warning("The queue of the background processing has died: it is started anew.")
        self._stop_queue()
        return self._start_queue(before=self._turns.take_back)

    def _hand_out(self, queue: Queue) -> None:
        several = self._db.read(runs.several_tenants)
        while not self._stopping.is_set():
            item = self._turns.next(several_tenants=several)
            if item is None:
                break
            self._enqueue(queue, item)
            if self._purge_at is None:
                self._purge_at = time.monotonic() + PURGE_INTERVAL
        if self._purge_at is not None and self._purge_at <= time.monotonic():
            self._purge_at = time.monotonic() + PURGE_INTERVAL if queue.purge() else None

    def _enqueue(self, queue: Queue, item: Dispatch) -> None:
        try:
            queue.enqueue(f"{item.run_id}.{item.queued_count}.{self._queues}", item.lane)
        except BaseException:
            self._turns.put_back(item)
            raise

    def _pause(self) -> float:
        """Return how long nothing is to be done; never long, as the clock may be set meanwhile."""
        pauses = [MAX_PAUSE]
        due_at = self._db.read(runs.next_due)
        if due_at is not None:
            pauses.append(due_at - time.time())
        if self._purge_at is not None:
            pauses.append(self._purge_at - time.monotonic())
        if self._turns.overdue(since=math.inf):
            pauses.append(QUEUE_PATIENCE)
        return max(0.0, min(pauses))
