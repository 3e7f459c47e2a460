"""What each operation of the API means.

One method for each operationId, `(tenant, **arguments) -> JSON value`, grouped as the document
groups them. A method sets the bounds of its transactions: what it reads together is of one moment,
and when it returns, what it wrote is on the disk.
"""

from __future__ import annotations

from langmem_server.service.health import Health
from langmem_server.service.memory_functions import MemoryFunctions
from langmem_server.service.runs import Runs
from langmem_server.service.search import Search
from langmem_server.service.thread_memories import ThreadMemories
from langmem_server.service.threads import Threads
from langmem_server.service.transfer import Transfer
from langmem_server.service.usage import Usage
from langmem_server.service.user_memories import UserMemories
from langmem_server.service.users import Users


class Service(
    Users,
    UserMemories,
    Search,
    MemoryFunctions,
    Threads,
    ThreadMemories,
    Runs,
    Transfer,
    Usage,
    Health,
):
    """All operations over one database. Its methods raise `RequestError` and what the store does.

    Example:
        >>> service = Service(db, settings, processing)  # doctest: +SKIP
        >>> service.create_user("default", body={"id": user_id, "name": "Will"})  # doctest: +SKIP
    """


def operation_ids() -> set[str]:
    """Return the names of the operations the service has: its public methods."""
    return {name for name in dir(Service) if not name.startswith("_")}
