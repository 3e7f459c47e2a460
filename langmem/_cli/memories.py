"""What is remembered: listed, and searched."""

from __future__ import annotations

from itertools import islice
from typing import Final

from langmem._cli import options  # noqa: TC001 - typer reads annotations when it runs
from langmem._cli.connection import connected
from langmem._cli.failures import MISUSED, CommandError
from langmem._cli.output import Columns, show_list

OUTPUTS: Final[Columns] = {
    "function": "memory_function_name",
    "type": "memory_function_type",
    "output": "output",
}
MEMORIES: Final[Columns] = {
    "id": "id",
    "relevance": "scores.relevance",
    "recency": "scores.recency",
    "importance": "scores.importance",
    "text": "text",
}


def list_memories(
    user: options.UserOfList = None,
    thread: options.ThreadOption = None,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List everything remembered about a user or a thread."""
    with connected(url) as client:
        if user is not None and thread is None:
            found = client.list_user_memory(user)
        elif thread is not None and user is None:
            found = client.list_thread_memory(thread)
        else:
            raise CommandError(MISUSED, "Give either the id of a user or --thread.")
        show_list(islice(found, limit), OUTPUTS, as_json=as_json)


def query_memories(
    user: options.User,
    text: options.Text,
    k: options.K = 10,
    function: options.Functions = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Search the memories of a user, best first."""
    with connected(url) as client:
        found = client.query_user_memory(user, text, k=k, memory_function_ids=function)
        show_list(found["memories"], MEMORIES, as_json=as_json)
