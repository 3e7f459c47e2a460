"""DBOS behind a few verbs: start, enqueue, purge, stop.

DBOS is one per process, and so is an `Engine` that was started. Importing this module imports
DBOS, which takes half a second: see `processing.Processing.start`.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from dbos import DBOS, DBOSClient, SetEnqueueOptions, SetWorkflowID, WorkflowSerializationFormat
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLLING_INTERVAL: Final = 0.25
"""Seconds between two looks at the queue: the most a run waits before it is taken up.

Measured: 0.25 s costs an idle service about 2% of one core, 0.05 s 9%, 1 s 1%.
"""
_NAME = "langmem"
_QUEUE = "langmem"
_WORKFLOW = "langmem.run"
# The version belongs to the shape of the workflow: raise it only when old ones cannot be repeated.
_VERSION = "1"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PURGE_BATCH = 1000
# DBOS names its thread so, and makes it a moment after its launch.
_LOOKING = f"queue-worker-{_QUEUE}"
_LAUNCH_SECONDS = 5.0
_one = threading.Lock()


class Engine:
    """A durable queue over one SQLite file, running one function.

    Args:
        path: The file; the service's tables may live in it too.
        work: What to do with a lane. It must not raise, and must bear being called again for the
            same lane after a crash. Calls for one lane never overlap.
        concurrency: How many calls may run at once.

    Example:
        >>> engine = Engine(path, print, concurrency=8)  # doctest: +SKIP
        >>> engine.start(before=reset)  # doctest: +SKIP
        >>> engine.enqueue("run-1.0", "lane-1")  # doctest: +SKIP
        >>> engine.stop()  # doctest: +SKIP
    """

    def __init__(self, path: Path, work: Callable[[str], None], *, concurrency: int) -> None:
        self._path = path
        self._work = work
        self._concurrency = concurrency
        self._workflow: Callable[[str], None] = work

    def start(self, before: Callable[[], None]) -> None:
        """Open the queue and begin to work it off, with what was left there before.

        Args:
            before: Called when no other engine runs in this process, and none has begun to work.

        Raises:
            RuntimeError: Another engine is at work in this process.
        """
        if not _one.acquire(blocking=False):
            raise RuntimeError(
                "Background processing already runs in this process, and there can be only one: "
                "stop the other service first, or start this one in a process of its own."
            )
        try:
            before()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def enqueue(self, workflow_id: str, lane: str) -> None:
        """Have the lane worked on; once for each id, however often it is given."""
        with SetWorkflowID(workflow_id), SetEnqueueOptions(queue_partition_key=lane):
            DBOS.enqueue_workflow(_QUEUE, self._workflow, lane)

    def purge(self) -> bool:
        """Forget what has ended, a batch of it; return whether anything is left in the queue."""
        brief: dict[str, Any] = {"load_input": False, "load_output": False}
        ended = DBOS.list_workflows(status=_ENDED, limit=_PURGE_BATCH, **brief)
        DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
        return bool(DBOS.list_workflows(limit=1, **brief))

    def alive(self) -> bool:
        """Tell whether the thread that looks at the queue lives."""
        return any(thread.name == _LOOKING for thread in threading.enumerate())

    def stop(self) -> None:
        """Stop taking work up. Work that runs on is not waited for."""
        DBOS.destroy(destroy_registry=True)
        _one.release()

    def _launch(self) -> None:
        log = logging.getLogger("dbos")
        if not log.handlers:
            # With a handler there DBOS adds none of its own: its lines go to the program's log.
            log.addHandler(logging.NullHandler())
        # Never to be created: the file may have been taken away, and its log not.
        query = {"mode": "rw", "uri": "true"}
        url = URL.create("sqlite", database=self._path.absolute().as_uri(), query=query)
        address = url.render_as_string(hide_password=False)
        DBOS(
            config={
                "name": _NAME,
                "system_database_url": address,
                "application_version": _VERSION,
                "executor_id": "local",
                "log_level": "WARNING",
                "enable_otlp": False,
            }
        )

        def run(lane: str) -> None:
            self._work(lane)

        self._workflow = DBOS.workflow(
            name=_WORKFLOW,
            max_recovery_attempts=None,
            # JSON, so that opening a file never unpickles anything.
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )(run)
        self._prepare_queue(address)
        DBOS.launch()
        end = time.monotonic() + _LAUNCH_SECONDS
        while not self.alive() and time.monotonic() < end:
            time.sleep(0.005)

    def _prepare_queue(self, address: str) -> None:
        # Before launch: a queue made afterwards would first be looked at a second later.
        DBOS.migrate(address)
        client = DBOSClient(system_database_url=address, application_name=_NAME)
        try:
            client.register_queue(
                _QUEUE,
                worker_concurrency=self._concurrency,
                partition_concurrency=1,
                polling_interval_sec=POLLING_INTERVAL,
            )
        finally:
            client.destroy()
