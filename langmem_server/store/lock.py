"""One service to a file: a second one would do the first's runs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from langmem_server.store.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def hold(path: Path) -> FileLock:
    """Claim a database for one service, until the lock is released or the process ends.

    The lock is the operating system's, on a file beside the database: nothing is left locked by a
    process that was killed.

    Args:
        path: The database's file; neither it nor its directory need exist.

    Returns:
        The lock, to be released by its `release`; where the directory cannot hold one, it is not
        locked, and opening the database will say why.

    Raises:
        StoreError: Another service has the file, in this process or another.

    Example:
        >>> lock = hold(Path("langmem.db"))  # doctest: +SKIP
        >>> lock.release()  # doctest: +SKIP
    """
    target = path.resolve()
    # Acquired in one thread and released in another.
    lock = FileLock(
        target.with_name(f"{target.name}.lock"), timeout=0, mode=0o600, thread_local=False
    )
    try:
        if target.parent.is_dir():
            lock.acquire()
    except Timeout:
        raise StoreError(
            f"The database {path.absolute()} is in use by another service: connect to that one by "
            "its URL, stop it, or choose another file."
        ) from None
    except OSError as error:
        raise StoreError(
            f"The database {path.absolute()} cannot be locked, {error.strerror}: make its "
            "directory writable, or choose another path."
        ) from None
    return lock
