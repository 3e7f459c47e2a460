"""What the operations share: the store, and the ways to refuse."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from langmem_server.cursors import Cursors
from langmem_server.errors import RequestError
from langmem_server.store import functions, runs, service_secrets, threads, users

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from langmem_server.processing import Processing
    from langmem_server.settings import Settings
    from langmem_server.store.records import Function, Run, Thread, User

T = TypeVar("T")

PAGE_SIZE = 100
"""The most items of a page, where the request does not say."""


class Store(Protocol):
    """What a service asks of the store; see `store.database.Database`."""

    def read(self, fn: Callable[[sqlite3.Connection], T], /) -> T:
        """Run a function over one view of the data."""
        ...

    def write(self, fn: Callable[[sqlite3.Connection], T], /) -> T:
        """Run a function in a transaction."""
        ...


class Base:
    """The parts a service is made of.

    An operation that writes does so in one transaction, and what that returns is its answer: so
    can the answer be kept together with the effect.

    Args:
        db: The store.
        settings: The service's settings.
        processing: What is woken when a commit made work due.
    """

    def __init__(self, db: Store, settings: Settings, processing: Processing) -> None:
        self._db = db
        self._settings = settings
        self._processing = processing

    @cached_property
    def _secret(self) -> bytes:
        """What cursors are sealed with. Read when first needed: most services are for one write."""
        return self._db.read(lambda conn: service_secrets.get(conn, "cursors"))

    def _cursors(self, *of: str | None) -> Cursors:
        """Return the cursors of a list; see `cursors.Cursors`."""
        return Cursors(self._secret, *of)

    def _due_at(self) -> float:
        """Return when what is stored now is to be processed, in epoch seconds."""
        return time.time() + self._settings.processing_delay


def found_user(conn: sqlite3.Connection, tenant: str, user_id: str) -> User:
    """Return a user, or refuse with 404."""
    return _found("User", users.get(conn, tenant, user_id))


def found_thread(conn: sqlite3.Connection, tenant: str, thread_id: str) -> Thread:
    """Return a thread, or refuse with 404."""
    return _found("Thread", threads.get(conn, tenant, thread_id))


def found_function(conn: sqlite3.Connection, tenant: str, function_id: str) -> Function:
    """Return a memory function, or refuse with 404."""
    return _found("Memory function", functions.get(conn, tenant, function_id))


def found_run(conn: sqlite3.Connection, tenant: str, run_id: str) -> Run:
    """Return a run, or refuse with 404."""
    return _found("Run", runs.get(conn, tenant, run_id))


def erased(kind: str, existed: bool) -> None:
    """Refuse with 404 if there was nothing to erase."""
    if not existed:
        raise RequestError(404, f"{kind} not found")


def page(
    items: list[T],
    limit: int,
    cursors: Cursors,
    *,
    key: Callable[[T], int | str],
    view: Callable[[T], Any],
) -> tuple[list[Any], str | None]:
    """Make a page.

    Args:
        items: What the store gave when asked for one more than the limit.
        limit: The most items of the page.
        cursors: The cursors of the list.
        key: What the next page continues after.
        view: How an item is shown.

    Returns:
        The items as shown, and the cursor of the next page; None when there is none.
    """
    shown = items[:limit]
    more = len(items) > limit
    return [view(item) for item in shown], cursors.encode(key(shown[-1])) if more else None


def _found(kind: str, item: T | None) -> T:
    if item is None:
        raise RequestError(404, f"{kind} not found")
    return item
