"""Records for a service, many of them, and what a service has of them afterwards."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langmem import Client

THREADS = [str(uuid.uuid4()) for _ in range(40)]


def plain_messages(count: int) -> list[dict[str, Any]]:
    """Messages of somebody's own data, without ids and times: thread after thread, in order."""
    each = count // len(THREADS)
    return [
        {"type": "message", "thread_id": thread, "role": "user", "content": f"pika {n % 7}"}
        for thread in THREADS
        for n in range(each)
    ]


def as_lines(records: Iterable[dict[str, Any]]) -> str:
    """Records as JSON Lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def contents(records: Iterable[Any]) -> dict[str, list[Any]]:
    """What the messages among some records say, by thread."""
    said: dict[str, list[Any]] = {}
    for record in records:
        if record["type"] == "message":
            said.setdefault(record["thread_id"], []).append(record["content"])
    return said


def exported(client: Client, user_id: Any = None) -> Iterator[Any]:
    """Everything a service has, or one user's share of it."""
    cursor = None
    while True:
        page = client.export_records(user_id=user_id, cursor=cursor, page_size=1000)
        yield from page["records"]
        cursor = page["next_cursor"]
        if cursor is None:
            return
