"""Copies of the database: made while a service uses it, put in its place while none does.

A copy is what the database held at one moment, written anew row by row: it is one file, without a
log beside it and without traces of what was deleted before. Whatever is written here gets its
name only when it is whole, checked and on the disk, so that a program killed at any moment leaves
the files as they were or as they are to be. Such a program may leave a draft, whose name ends in
`.part`; it can be deleted.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langmem_server.store.database import BUSY_TIMEOUT_MS, trouble
from langmem_server.store.errors import StoreError
from langmem_server.store.lock import hold
from langmem_server.store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file while it is open, and after a crash."""

_MAGIC: Final = b"SQLite format 3\0"
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def backup(database: Path, copy: Path) -> None:
    """Copy a database; services go on reading and writing it meanwhile.

    All that was acknowledged before the call is in the copy. Only its owner can read it.

    Args:
        database: The database's file.
        copy: The file to write, which must not exist.

    Raises:
        StoreError: The database cannot be read, or the copy not be written. There is no copy.

    Example:
        >>> backup(Path("langmem.db"), Path("langmem-copy.db"))  # doctest: +SKIP
    """
    _refuse_existing(copy)
    with _draft(copy) as draft:
        _rewrite(database, draft)
        _refuse_existing(copy)
        _put(draft, copy)


def restore(copy: Path, database: Path) -> Path | None:
    """Put a copy in the place of a database, which no service may be using.

    Args:
        copy: What `backup` wrote, or a database as a service left it; it is not changed.
        database: The database's file; it need not exist, its directory must.

    Returns:
        Where the file is kept that was replaced; None if there was none.

    Raises:
        StoreError: The copy cannot be used, or a service has the database. Nothing has changed.

    Example:
        >>> restore(Path("langmem-copy.db"), Path("langmem.db"))  # doctest: +SKIP
        PosixPath('/home/me/langmem.db.replaced-20260131T120000.000000Z')
    """
    database = database.resolve()
    with _held(database), _draft(database) as draft:
        _fetch(copy, draft)
        _check(draft, f"The copy {copy.absolute()}")
        _fold(database)
        kept = _keep(database)
        _put(draft, database)
    return kept


def vacuum(database: Path) -> None:
    """Write a database anew, without what deletes left in its pages; no service may be using it.

    Args:
        database: The database's file.

    Raises:
        StoreError: The database cannot be used, or a service has it. Nothing has changed.

    Example:
        >>> vacuum(Path("langmem.db"))  # doctest: +SKIP
    """
    database = database.resolve()
    with _held(database), _draft(database) as draft:
        _rewrite(database, draft)
        _fold(database)
        shutil.copymode(database, draft)
        _put(draft, database)


def _refuse_existing(copy: Path) -> None:
    if copy.exists():
        raise StoreError(f"{copy.absolute()} exists: choose another name, or move it away.")


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Make an empty file beside the target, for its owner alone; at the end there is none."""
    if not target.parent.is_dir():
        raise StoreError(f"The directory {target.parent.absolute()} does not exist: create it.")
    with _explaining(f"The directory {target.parent.absolute()}"):
        number, name = tempfile.mkstemp(".part", f"{target.name}.", target.absolute().parent)
        os.close(number)
    draft = Path(name)
    try:
        yield draft
    finally:
        for path in (draft, *_beside(draft)):
            path.unlink(missing_ok=True)


@contextmanager
def _held(database: Path) -> Iterator[None]:
    lock = hold(database)
    try:
        yield
    finally:
        lock.release()


def _rewrite(database: Path, draft: Path) -> None:
    """Write all rows of a database to a new file, as of one moment, and check it."""
    name = f"The database {database.absolute()}"
    if not database.is_file():
        raise StoreError(f"{name} does not exist: give the path the service uses.")
    with _explaining(name):
        with closing(_open(database)) as source:
            source.execute("VACUUM INTO ?", (str(draft),))
        with closing(_open(draft)) as written:
            written.execute("PRAGMA user_version = 0")  # nothing deleted is left in it
    _check(draft, name)


def _fetch(copy: Path, draft: Path) -> None:
    """Copy a file, with what its log holds."""
    name = f"The copy {copy.absolute()}"
    if not copy.is_file():
        raise StoreError(f"{name} does not exist: give the path of a file that backup wrote.")
    with _explaining(name):
        for source, target in zip((copy, *_beside(copy)), (draft, *_beside(draft)), strict=True):
            with suppress(FileNotFoundError):
                shutil.copyfile(source, target)
                target.chmod(0o600)
        _one_file(draft)


def _check(path: Path, name: str) -> None:
    """Refuse a file that is damaged, or no database of this program or an older one."""
    address = f"{path.as_uri()}?mode=ro&immutable=1"
    with _explaining(name), closing(sqlite3.connect(address, uri=True)) as conn:
        tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
        if "langmem_migrations" not in tables:
            raise StoreError(f"{name} is not a database of LangMem: choose another file.")
        done = {row[0] for row in conn.execute("SELECT name FROM langmem_migrations")}
        unknown = done - {migration.__name__ for migration in MIGRATIONS}
        if unknown:
            made_by = f"made by a newer version ({', '.join(sorted(unknown))})"
            raise StoreError(f"{name} was {made_by}: install that version first.")
        found = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok" or conn.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreError(f"{name} is damaged: use another copy.")


def _fold(database: Path) -> None:
    """Bring what the log of a database holds into its file, unless that is damaged beyond it."""
    if not _is_sqlite(database):
        return  # SQLite would delete the log of such a file
    try:
        _one_file(database)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise StoreError(f"The database {database} {trouble(error) or error}.") from error


def _is_sqlite(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
    return False


def _one_file(path: Path) -> None:
    """End the use of a log, which fails while another program has the file open."""
    with closing(_open(path)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")


def _keep(database: Path) -> Path | None:
    """Give a file a second name; a log that could not be read gets that name too."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    kept = database.with_name(f"{database.name}.replaced-{stamp}")
    with _explaining(f"The database {database}"):
        existed = database.exists()
        if existed:
            _link(database, kept)
        for path, beside in zip(_beside(database), _beside(kept), strict=True):
            if path.exists():
                path.replace(beside)
    return kept if existed else None


def _link(database: Path, kept: Path) -> None:
    try:
        kept.hardlink_to(database)
    except OSError:  # not every file system gives a file two names
        shutil.copy2(database, kept)


def _put(draft: Path, target: Path) -> None:
    """Give a draft its name, once it is on the disk."""
    with _explaining(f"The file {target.absolute()}"):
        _flush(draft)
        draft.replace(target)
        _flush(target.absolute().parent)


def _flush(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return  # directories are flushed by themselves, and cannot be opened
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _open(path: Path) -> sqlite3.Connection:
    """Open a file that exists."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{suffix}") for suffix in _BESIDE]


@contextmanager
def _explaining(name: str) -> Iterator[None]:
    """Say of a file what is wrong with it and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{name} {trouble(error) or f'cannot be used, {error}'}.") from error
    except OSError as error:
        raise StoreError(f"{name} cannot be used, {error.strerror}: check the disk.") from error
