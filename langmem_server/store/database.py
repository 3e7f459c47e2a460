"""The connections to the one SQLite database, a file or in memory.

Readers borrow a connection each and see the last commit. Writers queue for one thread, which
commits whatever waits as a group: many small writes share one flush to the disk, and each still
returns only when it is on the disk. Other programs may write the same file in between; they wait
for the lock as we do.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import uuid4

from langmem_server.store.cleaner import Cleaner
from langmem_server.store.errors import StoreError, UnstorableTextError
from langmem_server.store.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5_000
"""How long a lock held by another connection is waited for, in milliseconds.

Long enough for the short writes of other programs, and shorter than clients wait for an answer.
"""

_SETTINGS = (
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "foreign_keys = ON",
    "secure_delete = ON",
    "synchronous = FULL",
    "temp_store = MEMORY",
)

_FILE_TROUBLE = {
    sqlite3.SQLITE_BUSY: "is locked by another program: try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check the path and its permissions",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore it from a copy",
    sqlite3.SQLITE_FULL: "cannot grow: free some disk space",
    sqlite3.SQLITE_IOERR: "cannot be read or written: check the disk",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database: choose another path",
    sqlite3.SQLITE_READONLY: "is read-only: make the file and its directory writable",
}


class _Job(NamedTuple):
    """A function that waits for the writer, and where its result goes."""

    fn: Callable[[sqlite3.Connection], Any]
    future: Future[Any]


class Database:
    """One SQLite database: any number of readers, one writer.

    Args:
        path: The file; created, with its tables, if it does not exist. Its directory must exist.
            None keeps everything in memory, up to 1 GB, until the database is closed.

    Raises:
        StoreError: The file cannot be used; the text names it and says what to do.

    Example:
        >>> db = Database("langmem.db")  # doctest: +SKIP
        >>> db.write(lambda conn: users.upsert(conn, "default", user))  # doctest: +SKIP
        >>> db.read(lambda conn: users.get(conn, "default", user.id))  # doctest: +SKIP
        >>> db.close()  # doctest: +SKIP
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        # Absolute, as later connections must find the same file from another directory.
        self._path = None if path is None else Path(path).absolute()
        self._name = "The database in memory" if path is None else f"The database {self._path}"
        # SQLite shares such a database between the connections of a process, by its name.
        self._address = self._path or f"file:/{uuid4().hex}?vfs=memdb"
        self._readers: list[sqlite3.Connection] = []
        self._waiting: list[_Job] = []
        self._closed = False
        self._changed = threading.Condition()
        self._connection = self._open()
        self._identity = self._identify()
        # What is in memory leaves nothing anywhere, and a thread at rest disturbs no fork.
        self._cleaner = None if self._path is None else Cleaner(self._connection)
        self._writer = threading.Thread(target=self._work, name="langmem-writer", daemon=True)
        self._writer.start()

    @property
    def path(self) -> Path:
        """The file's absolute path.

        Raises:
            RuntimeError: The database is in memory.
        """
        if self._path is None:
            raise RuntimeError("This database is in memory: it has no file.")
        return self._path

    def read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function over one unmoving view of the data, in this thread.

        Args:
            fn: Takes a connection that cannot write. Its result must not hold open cursors.

        Returns:
            What the function returns.

        Raises:
            StoreError: The file cannot be read, or the database is closed.
        """
        conn = self._borrow()
        try:
            with conn:
                conn.execute("BEGIN")
                return fn(conn)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise self._explained(error) from None
        finally:
            self._give_back(conn)

    def write(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in the writer's thread; return once its changes are on the disk.

        If the function raises, its changes are undone, those of others in the group are not.

        Args:
            fn: Takes the writing connection, inside a transaction it must not end.

        Returns:
            What the function returns.

        Raises:
            StoreError: The file cannot be written, or the database is closed.
            UnstorableTextError: A text holds half a surrogate pair.
            RuntimeError: Called from inside such a function, which would wait for itself.
        """
        if threading.current_thread() is self._writer:
            raise RuntimeError("Database.write inside a write: call the function directly.")
        job = _Job(fn, Future())
        with self._changed:
            self._refuse_when_closed()
            self._waiting.append(job)
            self._changed.notify_all()
        result: T = job.future.result()
        return result

    def close(self) -> None:
        """Finish the writes that wait, then close the file. Closing twice is no error."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._writer.join()
        with self._changed:
            idle, self._readers = self._readers, []
        for conn in (*idle, self._connection):
            conn.close()

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            _check(self._path)
            _create(self._path)
        conn: sqlite3.Connection | None = None
        try:
            conn = self._connect()
            migrate(conn)
            if self._path is not None:
                _enter_wal(conn)
        except (sqlite3.Error, StoreError) as error:
            if conn is not None:
                conn.close()
            raise self._unusable(error) from error
        return conn

    def _connect(self) -> sqlite3.Connection:
        # Connections change hands between threads, one holder at a time.
        conn = sqlite3.connect(
            self._address, isolation_level=None, check_same_thread=False, uri=self._path is None
        )
        conn.row_factory = sqlite3.Row
        try:
            for setting in _SETTINGS:
                conn.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            conn.close()
            raise
        return conn

    def _borrow(self) -> sqlite3.Connection:
        with self._changed:
            self._refuse_when_closed()
            self._refuse_when_gone()
            if self._readers:
                return self._readers.pop()
        conn = self._connect()
        conn.execute("PRAGMA query_only = ON")
        return conn

    def _give_back(self, conn: sqlite3.Connection) -> None:
        with self._changed:
            if not self._closed:
                self._readers.append(conn)
                return
        conn.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StoreError(f"{self._name} is closed.")

    def _identify(self) -> tuple[int, int] | None:
        """Return what tells the file at the path from others; None if there is none."""
        try:
            found = None if self._path is None else self._path.stat()
        except OSError:
            return None
        return None if found is None else (found.st_dev, found.st_ino)

    def _refuse_when_gone(self) -> None:
        # The connections go on with a file that has no name any more: it would all be lost.
        if self._identify() != self._identity:
            raise StoreError(
                f"{self._name} was removed or replaced while in use: put the same file back, or"
                " restart the service."
            )

    def _work(self) -> None:
        while (group := self._take()) is not None:
            if group:
                self._commit(group)
            if self._cleaner is not None:
                self._cleaner.tidy(idle=not group)
        if self._cleaner is not None:
            self._cleaner.finish()

    def _take(self) -> list[_Job] | None:
        """Return what waits; nothing when it is time to clean up, None when all is done."""
        with self._changed:
            pause = None if self._cleaner is None else self._cleaner.pause()
            self._changed.wait_for(lambda: self._waiting or self._closed, pause)
            group, self._waiting = self._waiting, []
            return None if self._closed and not group else group

    def _commit(self, group: list[_Job]) -> None:
        conn = self._connection
        try:
            self._refuse_when_gone()
            conn.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(job) for job in group]
            conn.execute("COMMIT")
        except (sqlite3.Error, StoreError) as error:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            for job in group:
                job.future.set_exception(self._explained(error))
            return
        if self._cleaner is not None:
            self._cleaner.committed()
        for job, (result, failure) in zip(group, outcomes, strict=True):
            if failure is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(failure)

    def _attempt(self, job: _Job) -> tuple[Any, BaseException | None]:
        conn = self._connection
        conn.execute("SAVEPOINT job")
        try:
            result = job.fn(conn)
        except BaseException as error:  # whatever it is, it goes to the thread that waits
            if isinstance(error, sqlite3.Error) and not conn.in_transaction:
                raise  # SQLite has undone the whole group
            conn.execute("ROLLBACK TO job")
            conn.execute("RELEASE job")
            return None, self._explained(error)
        conn.execute("RELEASE job")
        return result, None

    def _explained(self, error: BaseException) -> BaseException:
        """Return what to raise in place of an error that says too little, else the error."""
        if isinstance(error, UnicodeEncodeError):
            half = error.object[error.start]
            return UnstorableTextError(
                f"A text holds {half!r}, half a surrogate pair: send valid Unicode."
            )
        why = trouble(error)
        return error if why is None else StoreError(f"{self._name} {why}.")

    def _unusable(self, error: sqlite3.Error | StoreError) -> StoreError:
        """Return the error of a file that could not be opened."""
        why = trouble(error) or f"cannot be used, {error}: choose another path"
        return StoreError(f"{self._name} {why}.")


def _check(path: Path) -> None:
    if path.name == ":memory:":
        raise StoreError("A database in memory keeps nothing: give the path of a file.")
    if not path.parent.is_dir():
        raise StoreError(
            f"The directory {path.parent} does not exist: create it, or choose another database"
            " path."
        )


def _create(path: Path) -> None:
    """Make the file for its owner alone, if there is none; SQLite does the same with its log."""
    with suppress(OSError):  # it exists, or SQLite says why it cannot
        os.close(os.open(path.resolve(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _enter_wal(conn: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; SQLite does not wait for the lock this needs, so wait here."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def trouble(error: BaseException) -> str | None:
    """Say what SQLite found wrong with a file and what to do; None if it is not the file."""
    # The low byte is the primary code; the rest says more than a person can act on.
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _FILE_TROUBLE.get(code & 0xFF)
