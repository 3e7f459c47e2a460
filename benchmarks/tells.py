"""Prints whether the time of an answer tells of other tenants: ids of theirs beside ids of nobody.

python benchmarks/tells.py            the table of docs/security.md
python benchmarks/tells.py --quick    few rounds and little data: does it run?

A stranger asks for things that another tenant has, and for things nobody has, in turns. Where the
ratio is 1 within its spread, the time tells nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

import httpx

# It is run by its path; what it consists of is found from the root.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.measure import interleaved  # noqa: E402 - found by the line above
from benchmarks.table import HEAD, Row, line  # noqa: E402 - as above
from langmem_server import admin  # noqa: E402 - as above
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Block

SPACE = UUID("0d1f3b52-7a41-4d5e-8f43-5f3f5f0d5a3c")
WORD = "marmot"
MEMORIES_OF_A_USER = 100
AT_ONCE = 1000

# What is asked for about a user or a thread: method, path, body.
QUESTIONS: dict[str, tuple[str, str, Any]] = {
    "get_user": ("GET", "/users/{}", None),
    "update_user": ("PATCH", "/users/{}", {"name": "x"}),
    "delete_user": ("DELETE", "/users/{}", None),
    "list_user_memory": ("GET", "/users/{}/memory", None),
    "query_user_memory": ("POST", "/users/{}/memory/query", {"text": WORD}),
    "list_user_runs": ("GET", "/users/{}/runs", None),
    "get_thread": ("GET", "/threads/{}", None),
    "delete_thread": ("DELETE", "/threads/{}", None),
    "list_messages": ("GET", "/threads/{}/messages", None),
    "list_thread_runs": ("GET", "/threads/{}/runs", None),
    "export_records": ("GET", "/export?user_id={}", None),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds and little data")
    quick = parser.parse_args().quick
    rounds, turns, calls, users = (3, 2, 3, 3) if quick else (11, 4, 25, 300)
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "langmem.db"
        ours, theirs = (admin.create_key(database, name, name, "application")[1] for name in "ab")
        with _service(database) as url:
            with httpx.Client(base_url=url, headers={"x-api-key": theirs}) as owner:
                _furnish(owner, users)
            with httpx.Client(base_url=url, headers={"x-api-key": ours}) as stranger:
                for name in QUESTIONS:
                    blocks = {
                        "theirs": _asking(stranger, name, [_id(n) for n in range(users)]),
                        "nobody's": _asking(stranger, name, [str(uuid4()) for _ in range(users)]),
                    }
                    found = interleaved(blocks, rounds=rounds, turns=turns, calls=calls)
                    row = Row(
                        f"{name}, theirs / nobody's",
                        ours=found["theirs"],
                        peer=found["nobody's"],
                    )
                    print(line(row))


def _asking(client: httpx.Client, name: str, ids: list[str]) -> Block:
    method, path, body = QUESTIONS[name]

    def block(calls: int) -> float:
        began = time.perf_counter()
        for number in range(calls):
            client.request(method, path.format(ids[number % len(ids)]), json=body)
        return time.perf_counter() - began

    return block


def _id(number: int) -> str:
    return str(uuid5(SPACE, str(number)))


def _furnish(client: httpx.Client, users: int) -> None:
    """Give the owner users and threads of the same ids, each with messages and memories."""
    records: list[dict[str, Any]] = [_user(_id(n)) for n in range(users)]
    for number in range(users):
        records += [_message(_id(number), m) for m in range(5)]
        records += [_memory(_id(number), m) for m in range(MEMORIES_OF_A_USER)]
    for start in range(0, len(records), AT_ONCE):
        response = client.post("/import", json={"records": records[start : start + AT_ONCE]})
        response.raise_for_status()


def _user(id: str) -> dict[str, Any]:
    return {"type": "user", "id": id, "name": WORD}


def _message(id: str, number: int) -> dict[str, Any]:
    said = {"role": "user", "content": f"{WORD} {number}", "metadata": {"user_id": id}}
    return {"type": "message", "thread_id": id} | said


def _memory(id: str, number: int) -> dict[str, Any]:
    return {
        "type": "user_memory",
        "id": str(uuid5(SPACE, f"{id} {number}")),
        "user_id": id,
        "memory_function_id": SEMANTIC_FUNCTION_ID,
        "text": f"user saw a {WORD} {number}",
        "content": {"subject": "user", "predicate": "saw", "object": f"a {WORD} {number}"},
    }


@contextmanager
def _service(database: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "langmem_server", "--database", str(database)]
    environment = os.environ | {"LANGMEM_PROCESSING_DELAY": "3600"}
    with subprocess.Popen(  # noqa: S603 - this project's own program
        [*command, "--port", "0", "--json"], env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
