"""What the service has: users, threads, messages, memory functions, runs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from langmem._cli import options
from langmem._cli.connection import connected
from langmem._cli.failures import MISUSED, CommandError
from langmem._cli.output import Columns, show_list, show_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

USERS: Final[Columns] = {"id": "id", "name": "name", "tags": "tags"}
THREADS: Final[Columns] = {"id": "id", "last message": "last_message_timestamp"}
MESSAGES: Final[dict[options.MessageFormat, Columns]] = {
    options.MessageFormat.openai: {
        "id": "metadata.id",
        "said": "metadata.timestamp",
        "role": "role",
        "name": "name",
        "content": "content",
    },
    options.MessageFormat.langmem: {
        "id": "id",
        "said": "timestamp",
        "role": "user.role",
        "name": "user.user_name",
        "content": "content",
    },
}
FUNCTIONS: Final[Columns] = {
    "id": "id",
    "name": "schema.name",
    "type": "type",
    "status": "status",
    "description": "schema.description",
}
RUNS: Final[Columns] = {
    "id": "id",
    "function": "memory_function_name",
    "status": "status",
    "thread": "thread_id",
    "user": "user_id",
    "created": "created_at",
    "error": "error",
}


def users(
    user: options.AnyUser = None,
    name: options.Names = None,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List the users, or show one."""
    with connected(url) as client:
        if user is not None:
            _show(client.get_user(user), as_json)
        else:
            found = client.list_users(name=name)
            show_list(islice(found, limit), USERS, as_json=as_json)


def threads(
    thread: options.AnyThread = None,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List the threads, or show one with its newest messages."""
    with connected(url) as client:
        if thread is not None:
            _show(client.get_thread(thread), as_json)
        else:
            show_list(islice(client.list_threads(), limit), THREADS, as_json=as_json)


def messages(
    thread: options.Thread,
    message_format: options.Format = options.MessageFormat.openai,
    newest_first: options.NewestFirst = False,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List the messages of a thread, oldest first."""
    with connected(url) as client:
        found: Iterable[Mapping[str, Any]] = client.list_messages(
            thread,
            response_format=message_format.value,
            ascending_order=not newest_first,
            limit=limit,
        )
        show_list(found, MESSAGES[message_format], as_json=as_json)


def functions(
    function: options.AnyFunction = None,
    target: options.Target = None,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List the memory functions, or show one."""
    with connected(url) as client:
        if function is not None:
            _show(client.get_memory_function(function), as_json)
        else:
            found = client.list_memory_functions(target_type=target and [target.value])
            show_list(islice(found, limit), FUNCTIONS, as_json=as_json)


def runs(
    user: options.UserOption = None,
    thread: options.ThreadOption = None,
    status: options.Status = None,
    limit: options.Limit = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """List the runs made for a user or over a thread, newest first."""
    wanted = status and status.value
    with connected(url) as client:
        if user is not None and thread is None:
            found = client.list_user_runs(user, status=wanted, limit=limit)
        elif thread is not None and user is None:
            found = client.list_thread_runs(thread, status=wanted, limit=limit)
        else:
            raise CommandError(MISUSED, "Give either --user or --thread.")
        show_list(found, RUNS, as_json=as_json)


def _show(item: Mapping[str, Any], as_json: bool) -> None:
    show_one(item, as_json=as_json)
