"""What hands lanes to the worker, in a service of its own and in one inside another program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from langmem_server.store.database import Database


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

    def alive(self) -> bool:
        """Tell whether it works off what it is given."""
        ...

    def stop(self) -> None:
        """Stop taking work up."""
        ...


def durable(db: Database, work: Callable[[str], None], concurrency: int) -> Queue:
    """Make the queue of a service in a process of its own: DBOS, in the database's file."""
    # Here, so that a service can answer before DBOS is imported.
    from langmem_server.engine import Engine  # noqa: PLC0415

    return Engine(db.path, work, concurrency=concurrency)
