"""What the stub answers: bodies as the service writes them, the same bytes every time."""

from __future__ import annotations

import json
import uuid
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER = str(uuid.UUID(int=1))
THREAD = str(uuid.UUID(int=2))

MEMORIES = 200
PAGE_SIZE = 100  # what the service takes where none is asked for

_USER = {
    "id": USER,
    "name": "Will",
    "tags": ["beekeeper", "early riser"],
    "metadata": {"plan": "pro", "city": "Ljubljana", "since": "2024-04-06", "visits": 41},
}


def message(number: int) -> dict[str, Any]:
    """A message as the service lists it."""
    return {
        "content": f"Number {number}: did you know pikas make their own haypiles for the winter?",
        "role": "user" if number % 2 == 0 else "assistant",
        "name": "Will" if number % 2 == 0 else None,
        "metadata": {
            "user_id": USER if number % 2 == 0 else None,
            "timestamp": "2024-04-06T09:30:00.000000",
            "id": str(uuid.UUID(int=1000 + number)),
        },
    }


def memory(number: int) -> dict[str, Any]:
    """An output of a memory function, as the service lists it."""
    return {
        "memory_function_id": str(uuid.UUID(int=9)),
        "memory_function_name": "UserProfile",
        "memory_function_type": "user_semantic_memory",
        "target": f"/users/{USER}",
        "output": {
            "id": str(uuid.UUID(int=5000 + number)),
            "text": f"Will keeps {number} hives of bees behind the house by the river.",
            "created_at": "2024-04-06T09:30:00.000000",
            "importance": 0.5,
        },
    }


def answer(method: str, target: str) -> bytes:
    """Return the body for a request.

    Args:
        method: The HTTP method.
        target: The path and query.
    """
    url = urlsplit(target)
    if method == "GET" and url.path.endswith("/messages"):
        return _page(int(uuid.UUID(url.path.split("/")[2])), parse_qs(url.query))
    return _fixed().get((method, url.path), b"null")


@cache
def _fixed() -> dict[tuple[str, str], bytes]:
    memories = [memory(number) for number in range(MEMORIES)]
    return {
        ("GET", f"/users/{USER}"): _json(_USER),
        ("GET", f"/users/{USER}/memory"): _json(memories),
    }


def _page(total: int, query: dict[str, list[str]]) -> bytes:
    """Return a page of a thread whose number of messages is its id."""
    size = int(query.get("page_size", [str(PAGE_SIZE)])[0])
    start = int(query.get("cursor", ["0"])[0].lstrip("c"))
    end = min(start + size, total)
    cursor = f'"c{end:030}"' if end < total else "null"
    return b'{"messages":%b,"next_cursor":%b}' % (_messages(end - start), cursor.encode())


@cache
def _messages(count: int) -> bytes:
    return _json([message(number) for number in range(count)])


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
