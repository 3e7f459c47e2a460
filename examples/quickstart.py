"""A service on a temporary file, used by `Client` and by `AsyncClient`, with what happened printed.

Run it with `./scripts/quickstart`; see README.md for plugging in a model.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from pydantic import BaseModel, Field

from langmem import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem.schemas import QueryUserMemoryResponse, RunOutcomes

READY_SECONDS = 30
RUN_SECONDS = 120


class UserProfile(BaseModel):
    name: str = Field(description="The user's name")
    age: int = Field(description="The user's age")
    interests: list[str] = Field(description="The user's interests")
    relationships: dict[str, str] = Field(
        description="The user's friends, family, pets, and other relationships."
    )


def conversation(user_id: uuid.UUID) -> list[dict[str, object]]:
    """A short conversation; only messages with a user_id make memories."""
    will = {"role": "user", "name": "Will", "metadata": {"user_id": user_id}}
    return [
        {**will, "content": "Did you know pikas make their own haypiles?"},
        {
            "role": "assistant",
            "content": "Yes! And did you know they're actually related to rabbits?",
        },
        {**will, "content": "I did! More people should know this important knowledge."},
    ]


def use_client(url: str) -> None:
    user_id, thread_id = uuid.uuid4(), uuid.uuid4()
    with Client(api_url=url) as client:
        with step("created the memory function 'User Profile'"):
            function = client.create_memory_function(
                UserProfile, target_type="user_state", name="User Profile"
            )
        with step("stored 3 messages"):
            client.add_messages(thread_id, conversation(user_id))
        with step("ran the memory functions"):
            outcomes = client.trigger_all_for_thread(thread_id, wait=RUN_SECONDS)
        show_runs(outcomes)
        with step("read the profile"):
            profile = client.get_user_memory(user_id, memory_function_id=function["id"])
        show_profile(profile)
        with step("asked the unstructured memory about 'pikas'"):
            found = client.query_user_memory(user_id, "pikas", k=1)
        show_memories(found)


async def use_async_client(url: str) -> None:
    user_id, thread_id = uuid.uuid4(), uuid.uuid4()
    async with AsyncClient(api_url=url) as client:
        with step("created the memory function 'User Profile'"):
            function = await client.create_memory_function(
                UserProfile, target_type="user_state", name="User Profile"
            )
        with step("stored 3 messages"):
            await client.add_messages(thread_id, conversation(user_id))
        with step("ran the memory functions"):
            outcomes = await client.trigger_all_for_thread(thread_id, wait=RUN_SECONDS)
        show_runs(outcomes)
        with step("read the profile"):
            profile = await client.get_user_memory(user_id, memory_function_id=function["id"])
        show_profile(profile)
        with step("asked the unstructured memory about 'pikas'"):
            found = await client.query_user_memory(user_id, "pikas", k=1)
        show_memories(found)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Print what was done and how long it took."""
    began = time.perf_counter()
    yield
    print(f"  {what:<60}{(time.perf_counter() - began) * 1000:>8.0f} ms")


def show_runs(outcomes: RunOutcomes) -> None:
    for run in outcomes.runs:
        reason = f": {run['error']}" if run["error"] else ""
        print(f"    {run['memory_function_name']:<20}{run['status']}{reason}")


def show_profile(profile: dict[str, object] | None) -> None:
    print(f"    {profile or 'nothing yet: a profile needs a model'}")


def show_memories(found: QueryUserMemoryResponse) -> None:
    for memory in found["memories"]:
        print(f"    {memory['text']}")


@contextlib.contextmanager
def service(folder: Path) -> Iterator[str]:
    """Run `langmem-server` on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "langmem_server", "--port", str(port)]
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--database", str(folder / "langmem.db")],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(process, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/health")
            return
        time.sleep(0.02)
    raise SystemExit(f"The service did not start:\n{log.read_text()}")


def main() -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as url:
        print(f"A service is ready at {url} after {time.perf_counter() - began:.1f} s.")
        print("\nClient")
        use_client(url)
        print("\nAsyncClient")
        asyncio.run(use_async_client(url))
    print(f"\nThe service has stopped; all of it took {time.perf_counter() - began:.1f} s.")
    if not os.environ.get("LANGMEM_LLM_MODEL"):
        print(
            "Plug in a model: "
            "LANGMEM_LLM_BASE_URL=http://127.0.0.1:11434/v1 LANGMEM_LLM_MODEL=llama3.2 "
            "./scripts/quickstart"
        )


if __name__ == "__main__":
    main()
