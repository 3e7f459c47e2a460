"""What is stored as records on the wire, written and read. Pure.

A record is an object with a `type`. It holds the values of a row of the store by column (see
`store.exports`), except that messages keep the form of model APIs and memory functions their schema
in one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from langmem_server import messages
from langmem_server.errors import RequestError
from langmem_server.store.records import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA: Final = ("name", "description", "parameters")
_LAST: Final = ("last_message_timestamp", "last_message_batch_id", "last_seq")
_DATES: Final = ("created_at", "last_message_timestamp", "last_accessed")

# What a record may hold; requests may have other properties, which are passed over.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "memory_function": (
        "id",
        "memory_function_type",
        "custom_instructions",
        "status",
        "created_at",
    ),
    "user": ("id", "name", "named", "tags", "metadata"),
    "thread": ("id", "metadata", "created_at", *_LAST),
    "thread_state": ("thread_id", "key", "state"),
    "user_state": ("user_id", "memory_function_id", "state"),
    "user_memory": (
        "id",
        "user_id",
        "memory_function_id",
        "text",
        "content",
        "importance",
        "created_at",
        "last_accessed",
        "thread_ids",
    ),
    "thread_memory": ("thread_id", "memory_function_id", "output"),
}

# What the store calls otherwise, because each of its tables knows what it is about.
_COLUMNS: Final = {"memory_function_id": "function_id", "memory_function_type": "type"}
_NAMES: Final = {column: name for name, column in _COLUMNS.items()}


def render(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row as a record.

    Args:
        kind: The record's type.
        row: The row's values by column.

    Example:
        >>> render("thread_state", {"thread_id": "e4d2", "key": None, "state": {"step": 3}})
        {'type': 'thread_state', 'thread_id': 'e4d2', 'key': None, 'state': {'step': 3}}
    """
    match kind:
        case "memory_function":
            values = _function(row)
        case "user":
            values = {**row, "named": bool(row["named"])}
        case "thread":
            values = _thread(row)
        case "user_memory":
            values = {key: value for key, value in row.items() if key != "ordinal"}
        case "message":
            values = _message(row)
        case _:
            values = dict(row)
    return {"type": kind, **{_NAMES.get(key, key): value for key, value in values.items()}}


def parse(record: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Read a record as a row; what the one leaves out, the other does too.

    Args:
        record: The record, as the contract accepts it.
        place: Where it stands in the request, for errors.

    Returns:
        The row's values by column. Of a message, `thread_id`, a
        `NewMessage` as `message`, and if it has a place in its thread `seq`, `batch_id` and
        `timestamp_given`.

    Raises:
        RequestError: 422: a date is no ISO 8601, or a message with a `seq` has no id; the text
            names the place.

    Example:
        >>> parse({"type": "user", "id": "2d1a", "name": "Will"}, "body.records[0]")
        {'id': '2d1a', 'name': 'Will', 'named': 1}
    """
    if record["type"] == "message":
        return _parse_message(record, place)
    kind: str = record["type"]
    fields = _FIELDS[kind]
    row: dict[str, Any] = {_COLUMNS.get(key, key): record[key] for key in fields if key in record}
    for column in _DATES:
        if row.get(column) is not None:
            row[column] = messages.read_timestamp(row[column], f"{place}.{column}")
    match kind:
        case "memory_function":
            row.update({key: record["schema"][key] for key in _SCHEMA})
        case "user":
            _complete_user(row)
        case "thread":
            row["processed"] = [_parse_processed(item) for item in record.get("processed", ())]
        case "user_memory":
            _complete_memory(row)
    return row


def _function(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "type": row["type"],
        "custom_instructions": row["custom_instructions"],
        "schema": {key: row[key] for key in _SCHEMA},
        "status": row["status"],
        "created_at": row["created_at"],
    }


def _thread(row: Mapping[str, Any]) -> dict[str, Any]:
    """Show a thread; its metadata only where all of it is exported."""
    hidden = {"whole"} if row["whole"] else {"whole", "metadata"}
    values = {key: value for key, value in row.items() if key not in hidden}
    processed = [
        {_NAMES.get(key, key): value for key, value in item.items()} for item in row["processed"]
    ]
    return {**values, "processed": processed}


def _message(row: Mapping[str, Any]) -> dict[str, Any]:
    message = Message(
        seq=row["seq"],
        batch_id=row["batch_id"],
        id=row["id"],
        role=row["role"],
        content=row["content"],
        name=row["name"],
        user_id=row["user_id"],
        timestamp=row["timestamp"],
        extra=row["extra"],
    )
    return {
        "thread_id": row["thread_id"],
        **messages.render(message, "openai"),
        "seq": row["seq"],
        "batch_id": row["batch_id"],
        "timestamp_given": bool(row["timestamp_given"]),
    }


def _parse_message(record: Mapping[str, Any], place: str) -> dict[str, Any]:
    message = messages.parse(record, place)
    row = {"thread_id": record["thread_id"], "message": message}
    if "seq" not in record:
        return row
    if message.id is None:
        raise RequestError(422, f"{place}.metadata.id: is required beside seq")
    given = record.get("timestamp_given", True) and message.timestamp is not None
    return {
        **row,
        "seq": record["seq"],
        "batch_id": record.get("batch_id", 0),
        "timestamp_given": given,
    }


def _parse_processed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "function_id": item["memory_function_id"],
        "user_id": item.get("user_id"),
        "last_seq": item["last_seq"],
    }


def _complete_user(row: dict[str, Any]) -> None:
    if "name" in row:
        row.setdefault("named", row["name"] is not None)
    if "named" in row:
        row["named"] = int(row["named"])


def _complete_memory(row: dict[str, Any]) -> None:
    if "created_at" in row:
        row.setdefault("last_accessed", row["created_at"])
    if row.get("importance") is not None:
        row["importance"] = float(row["importance"])
