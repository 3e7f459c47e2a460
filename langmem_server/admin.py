"""What an operator does to a database from the command line.

A service may have the file at the same time: it lets a new key in at once, and a revoked one for a
second at most (`gate.LIFETIME`).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import uuid4

from langmem_server import auth
from langmem_server.store import keys
from langmem_server.store.database import Database
from langmem_server.store.errors import StoreError
from langmem_server.store.lock import hold
from langmem_server.store.migrations import check_current
from langmem_server.store.records import ApiKey, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def create_key(path: Path, name: str, tenant: str, scope: str) -> tuple[ApiKey, str]:
    """Make an API key.

    Args:
        path: The database; made if it is not there.
        name: What the key is for, for people.
        tenant: Whose data it opens; a new name begins a new tenant.
        scope: `auth.APPLICATION`, or `auth.METRICS`.

    Returns:
        What is kept of it, and the key itself, which is nowhere kept.

    Raises:
        StoreError: The database cannot be used.

    Example:
        >>> record, key = create_key(path, "web", "default", "application")  # doctest: +SKIP
    """
    key = auth.new_key()
    record = ApiKey(str(uuid4()), tenant, name, scope, auth.digest(key), utc_now())
    with _opened(path) as db:
        db.write(lambda conn: keys.create(conn, tenant, record))
    return record, key


def list_keys(path: Path) -> list[ApiKey]:
    """List the keys there are, revoked ones too, oldest first.

    Raises:
        StoreError: The database cannot be used.
    """
    with _opened(_existing(path)) as db:
        return db.read(keys.list_all)


def revoke_key(path: Path, id: str) -> ApiKey | None:
    """Have a key count no more.

    Returns:
        The key, or None if there is none with this id.

    Raises:
        StoreError: The database cannot be used.
    """
    with _opened(_existing(path)) as db:
        return db.write(lambda conn: keys.revoke(conn, id, utc_now()))


def table(found: list[ApiKey]) -> str:
    """Write keys for people, a line each.

    Example:
        >>> print(table([ApiKey("7f", "default", "web", "application", "5f", "2026-01-31")]))
        id  tenant   scope        name  created     revoked
        7f  default  application  web   2026-01-31  -
    """
    rows = [("id", "tenant", "scope", "name", "created", "revoked")]
    rows += [
        (key.id, key.tenant, key.scope, key.name, key.created_at, key.revoked_at or "-")
        for key in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def as_json(found: ApiKey, **more: str) -> str:
    """Write a key as a line of JSON."""
    shown = {name: value for name, value in asdict(found).items() if name != "digest"}
    return json.dumps(shown | more, ensure_ascii=False)


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    """Open a database, also one that a service has."""
    try:
        lock = hold(path)
    except StoreError:
        check_current(path)  # nobody changes the tables under a service
        lock = None
    try:
        db = Database(path)
        try:
            yield db
        finally:
            db.close()
    finally:
        if lock is not None:
            lock.release()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise StoreError(f"There is no database {path.absolute()}: give its path with --database.")
    return path
