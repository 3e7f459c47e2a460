"""One service at work: the store, what answers from it, and what works in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.gate import KeyRing
from langmem_server.idempotency import Answer, KeyedWrites
from langmem_server.processing import Processing
from langmem_server.service import Service
from langmem_server.store import keys
from langmem_server.store.database import Database
from langmem_server.store.lock import hold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langmem_server.settings import Settings


class Running:
    """A service over its database, which it holds alone until it is closed.

    Args:
        settings: The settings.
        in_memory: Whether to keep everything in memory instead of in the settings' file.
        **processing: How to process in the background; see `processing.Processing`.

    Attributes:
        db: The store.
        processing: The background work, not started.
        keys: The API keys.

    Raises:
        StoreError: The database cannot be used, or another service has it.

    Example:
        >>> service = Running(Settings(), in_memory=True)
        >>> service.do("get_health", "default", None, {}).value["status"]
        'ok'
        >>> service.close()
    """

    def __init__(self, settings: Settings, *, in_memory: bool = False, **processing: Any) -> None:
        self._lock = None if in_memory else hold(settings.database)
        try:
            self.db = Database(None if in_memory else settings.database)
        except BaseException:
            self._release()
            raise
        self.processing = Processing(self.db, settings, **processing)
        self.keys = KeyRing(lambda: self.db.read(keys.list_all))
        self._service = Service(self.db, settings, self.processing)
        self._keyed_writes = KeyedWrites(self.db, settings, self.processing)

    def do(
        self, operation_id: str, tenant: str, key: str | None, arguments: Mapping[str, Any]
    ) -> Answer:
        """Do an operation.

        Args:
            operation_id: The operation's name.
            tenant: The tenant.
            key: The idempotency key of a write, or None.
            arguments: The operation's arguments, as the contract read them.

        Raises:
            RequestError: The request is refused.
            StoreError: The database cannot be used.
        """
        if key is None:
            operation = getattr(self._service, operation_id)
            return Answer(operation(tenant, **arguments), replayed=False)
        return self._keyed_writes.do(operation_id, tenant, key, arguments)

    def close(self) -> None:
        """Stop, and let go of the database. Nothing acknowledged is lost."""
        self.processing.stop()
        self.db.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
