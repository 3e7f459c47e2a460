"""Keyed writes: done once, answered as often as they are asked for.

The key, the effect and the answer are of one transaction. Of two requests with one key the writer
does the first and gives the second the answer of the first; a crash leaves all three or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from langmem_server.errors import RequestError
from langmem_server.service import Service
from langmem_server.store import idempotency
from langmem_server.store.columns import token
from langmem_server.store.records import Subjects

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from langmem_server.processing import Processing
    from langmem_server.settings import Settings
    from langmem_server.store.database import Database

T = TypeVar("T")

HEADER: Final = "Idempotency-Key"

# For each operation that answers more than null: the keys of the answer that name whom and what
# it shows, with whom it is erased. Numbers show nobody.
SUBJECTS: Final[Mapping[str, Subjects]] = {
    "create_user": Subjects(user_id="id"),
    "update_user": Subjects(user_id="id"),
    "create_thread": Subjects(thread_id="id"),
    "create_memory_function": Subjects(function_id="id"),
    "update_memory_function": Subjects(function_id="id"),
    "retry_run": Subjects("user_id", "thread_id", "memory_function_id"),
    "import_records": Subjects(),
}


class Answer(NamedTuple):
    """What a request is answered, and whether that had been answered before."""

    value: Any
    replayed: bool


class KeyedWrites:
    """Does the writes that carry a key.

    Args:
        db: The store.
        settings: The service's settings.
        processing: What is woken when a commit made work due.

    Example:
        >>> writes = KeyedWrites(db, settings, processing)  # doctest: +SKIP
        >>> writes.do("delete_thread", "default", key, {"thread_id": id})  # doctest: +SKIP
        Answer(value=None, replayed=False)
    """

    def __init__(self, db: Database, settings: Settings, processing: Processing) -> None:
        self._db = db
        self._settings = settings
        self._processing = processing

    def do(self, operation_id: str, tenant: str, key: str, arguments: Mapping[str, Any]) -> Answer:
        """Do an operation, unless it has been done under this key.

        Args:
            operation_id: The operation's name, one that writes.
            tenant: The tenant.
            key: The key; it counts for the tenant, for 24 hours.
            arguments: The operation's arguments, as the contract read them.

        Raises:
            RequestError: 422: the key was used for another request, or the answer is erased;
                else what the operation raises. Nothing is then stored.
        """
        store = _Store(self._db, operation_id, tenant, key, arguments)
        # First without the writer: a replay need not wait, nor depend on what may be gone by now.
        found = self._db.read(store.find)
        if found is not None:
            return found
        service = Service(store, self._settings, self._processing)
        value = getattr(service, operation_id)(tenant, **arguments)
        return Answer(value, store.replayed)


class _Store:
    """The store for one keyed request, whose one write is done once."""

    def __init__(
        self, db: Database, operation_id: str, tenant: str, key: str, arguments: Mapping[str, Any]
    ) -> None:
        self._db = db
        self._operation_id = operation_id
        self._tenant = tenant
        self._key = key
        self._fingerprint = token(operation_id, arguments)
        self.replayed = False

    def read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Read as the operation asks for."""
        return self._db.read(fn)

    def write(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Write and keep the answer, or return the one that was kept."""

        def once(conn: sqlite3.Connection) -> Answer:
            return self.find(conn) or Answer(self._keep(conn, fn(conn)), replayed=False)

        answer = self._db.write(once)
        self.replayed = answer.replayed
        return cast("T", answer.value)

    def find(self, conn: sqlite3.Connection) -> Answer | None:
        """Return the answer that was kept, or None when the request has not been done."""
        done = idempotency.find(conn, self._tenant, self._key)
        if done is None:
            return None
        if done.fingerprint != self._fingerprint:
            raise RequestError(
                422, f"header.{HEADER}: was used for another request; send a new key with this one"
            )
        if done.erased:
            raise RequestError(
                422,
                f"header.{HEADER}: this request has been done, and what it answered was deleted"
                " since; send a new key to do it again",
            )
        return Answer(done.answer, replayed=True)

    def _keep(self, conn: sqlite3.Connection, answer: T) -> T:
        subjects = Subjects()
        if answer is not None:
            shown = cast("Mapping[str, Any]", answer)
            names = SUBJECTS[self._operation_id]
            subjects = Subjects(*(None if name is None else shown[name] for name in names))
        idempotency.keep(conn, self._tenant, self._key, self._fingerprint, answer, subjects)
        return answer
