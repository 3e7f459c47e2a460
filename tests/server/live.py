"""The real service under uvicorn in a thread of the test's process, on a free port.

DBOS is one per process: of the services with processing only one may run at a time.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING

import httpx

from langmem_server import connections
from langmem_server.app import create_app
from langmem_server.cli import _listen
from tests.server.spec_check import SpecCheck, SpecWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langmem_server.settings import Settings
    from langmem_server.store.database import Database

DEADLINE = 30.0


class Api(httpx.Client):
    """A client of a running service. Every answer is held against the API document.

    Attributes:
        db: The store of the running service.
        address: Its host and port.
    """

    def __init__(self, port: int, db: Database) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{port}",
            event_hooks={"response": [SpecCheck()]},
            timeout=DEADLINE,
        )
        self.db = db
        self.address = ("127.0.0.1", port)

    @property
    def url(self) -> str:
        """Where the service is."""
        return str(self.base_url).rstrip("/")


@contextlib.contextmanager
def running(settings: Settings, *, process: bool) -> Iterator[Api]:
    """Run the service until the block ends; give a client of it once it answers.

    All its answers are held against the API document, whoever asked: the block's end fails.
    """
    app = create_app(settings, process=process)
    watch = SpecWatch(app)
    server = connections.server(watch, settings)
    with _listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            wait_for(lambda: server.started or not thread.is_alive(), "the service to start")
            with Api(listener.getsockname()[1], app.state.running.db) as api:
                yield api
        finally:
            server.should_exit = True
            thread.join()
    assert not watch.problems, watch.problems


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; fail after the deadline."""
    tick = threading.Event()
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited {DEADLINE} s for {what}"
        tick.wait(0.01)


# uvicorn sets no level of its own without a log configuration.
logging.getLogger("uvicorn").setLevel(logging.WARNING)
