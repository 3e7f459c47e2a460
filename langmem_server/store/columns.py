"""How values become columns: JSON as text, ids as JSON lists, tokens for what must not be read."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from langmem_server.store.records import BESIDE_CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langmem_server.store.records import NewMessage


def encode(value: Any) -> str | None:
    """Write a JSON value as text; None stays NULL.

    Raises:
        ValueError: The value holds NaN or an infinity, which JSON does not know.
    """
    return None if value is None else json.dumps(value, ensure_ascii=False, allow_nan=False)


def decode(text: str | None) -> Any:
    """Read what `encode` wrote."""
    return None if text is None else json.loads(text)


def id_list(ids: Iterable[str | int]) -> str:
    """Write ids for `IN (SELECT value FROM json_each(?))`, so that the SQL never varies.

    Escaped to ASCII: an odd id then finds nothing where it would otherwise be an error.
    """
    return json.dumps(list(ids))


def token(*parts: object) -> str:
    """Return 32 hexadecimal digits that stand for the parts, equal only for equal parts."""
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def digest(text: str, content: dict[str, Any]) -> str:
    """Return what two memories of one user and function have in common if they are the same."""
    return token(text.casefold() or content)


def fingerprint(message: NewMessage) -> str | None:
    """Tell a message by sender, content and time; None if the sender gave no time."""
    if message.timestamp is None:
        return None
    guest = message.name if message.user_id is None else None
    # Two calls of tools have the same content, none, and may well have the same time.
    beside = [[key, message.extra[key]] for key in BESIDE_CONTENT if key in message.extra]
    return token(message.role, message.user_id, guest, message.content, message.timestamp, *beside)


def lane(tenant: str, function_id: str, *, thread_id: str, user_id: str | None) -> str:
    """Name the order that runs of one function over one target keep.

    A token, because the background engine keeps it in tables of its own: no id may stay there
    when a user or thread is erased, and one thread id in two tenants makes two lanes.
    """
    if user_id is None:
        return "thread:" + token(tenant, function_id, thread_id)
    return "user:" + token(tenant, function_id, user_id)
