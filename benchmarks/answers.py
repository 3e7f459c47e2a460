"""What is sent and answered while measuring: of the kind and size that the service knows."""

from __future__ import annotations

import uuid
from typing import Any

USER = str(uuid.UUID(int=1))
THREAD = str(uuid.UUID(int=2))

PROFILE = {
    "id": USER,
    "name": "Will",
    "tags": ["beekeeper", "early riser"],
    "metadata": {"plan": "pro", "city": "Ljubljana", "since": "2024-04-06", "visits": 41},
}


def spoken(number: int) -> dict[str, Any]:
    """A message to post."""
    return {
        "role": "user" if number % 2 == 0 else "assistant",
        "content": f"Number {number}: did you know pikas make their own haypiles for the winter?",
    }


def listed(number: int) -> dict[str, Any]:
    """A message as the service lists it."""
    return spoken(number) | {
        "name": "Will",
        "metadata": {
            "user_id": USER,
            "timestamp": "2024-04-06T09:30:00.000000",
            "id": str(uuid.UUID(int=1000 + number)),
        },
    }


def remembered(number: int) -> dict[str, Any]:
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


MESSAGES = [spoken(number) for number in range(10)]
MEMORIES = [remembered(number) for number in range(200)]
