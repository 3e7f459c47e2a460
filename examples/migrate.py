"""Coming from the old SDK: its programs run unchanged, and memories are made anew from your logs.

    python examples/migrate.py examples/chat_log.jsonl

The hosted service of 2024 is switched off, so nothing can be fetched from it. What you still have
are the messages. Replaying them is safe to repeat: a message with the same id is stored once.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from langmem import Client


def replay(client: Client, log: Path) -> list[uuid.UUID]:
    """Post a log, conversation by conversation, and make its memories; return the threads."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    threads = []
    for conversation, said in groupby(lines, key=lambda line: line["conversation"]):
        thread_id = stable_id("conversations", conversation)
        client.add_messages(thread_id, [message(line) for line in said])
        client.trigger_all_for_thread(thread_id, wait=300)
        threads.append(thread_id)
    return threads


def message(line: dict[str, Any]) -> dict[str, Any]:
    """Turn a line of your log into a message. Its time stays what it was."""
    metadata = {
        "id": stable_id("messages", json.dumps(line, sort_keys=True)),
        "timestamp": line["at"],
    }
    if "customer" in line:  # without a user_id no memories are made
        metadata["user_id"] = stable_id("customers", line["customer"])
    return {
        "role": line["from"],
        "name": line.get("name"),
        "content": line["text"],
        "metadata": metadata,
    }


def stable_id(kind: str, key: object) -> uuid.UUID:
    """Return the same UUID for the same thing each time."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/{kind}/{key}")


class UserProfile(BaseModel):
    name: str = Field(description="The user's name")
    interests: list[str] = Field(description="The user's interests")


def old_program(client: Client, user_id: uuid.UUID) -> None:
    """Do what a program written for langmem 0.0.4 does, not a word changed."""
    function = client.create_memory_function(
        UserProfile, target_type="user_state", name="User Profile"
    )
    thread_id = uuid.uuid4()
    will = {"role": "user", "name": "Will", "metadata": {"user_id": str(user_id)}}
    client.add_messages(thread_id, messages=[{**will, "content": "Do pikas like clover?"}])
    client.trigger_all_for_thread(thread_id)
    print(client.get_user_memory(user_id, memory_function_id=function["id"]))
    for memory in client.query_user_memory(user_id, "sister", k=1)["memories"]:
        print(memory["text"])


def main() -> None:
    log = Path(sys.argv[1])
    url = os.environ.get("LANGMEM_API_URL") or Path("langmem.db").absolute().as_uri()
    with Client(url) as client:
        # The memory functions come first: the replay fills them.
        client.create_memory_function(UserProfile, target_type="user_state", name="User Profile")
        threads = replay(client, log)
        stored = sum(1 for thread_id in threads for _ in client.list_messages(thread_id))
        print(f"{stored} messages in {len(threads)} threads")
        old_program(client, stable_id("customers", 42))


if __name__ == "__main__":
    main()
