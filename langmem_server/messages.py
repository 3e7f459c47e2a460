"""The two forms messages have on the wire, read and written. Pure.

`openai` has role, content and name at the top and the rest in `metadata`, where what model APIs
say of tools at the top is moved to; `langmem` has id, timestamp and `user`. Within the service
roles are those of model APIs: `human` is `user`, and `ai` is `assistant`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from langmem_server.errors import RequestError
from langmem_server.json_body import excerpt
from langmem_server.store.records import BESIDE_CONTENT, NewMessage, iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langmem_server.store.records import Message

_ROLES: Final = {"human": "user", "ai": "assistant"}
_NAMED_METADATA: Final = ("user_id", "user_name", "timestamp", "id")


def parse_all(messages: Sequence[Mapping[str, Any]]) -> list[NewMessage]:
    """Read the messages of a body, each in either form; see `parse`."""
    return [parse(message, f"body.messages[{n}]") for n, message in enumerate(messages)]


def parse(message: Mapping[str, Any], place: str) -> NewMessage:
    """Read a message in either form.

    Args:
        message: The message, as the contract accepts it: with `role` in the openai form,
            otherwise with `user` in the other.
        place: Where it stands in the request, for errors.

    Returns:
        The message. Empty names and ids count as not given. Free keys of `metadata` are kept, and
        beside them what the message says of tools or refuses; other unknown keys are not.

    Raises:
        RequestError: 422: the timestamp is no ISO 8601; the text names the place.

    Example:
        >>> parse({"role": "human", "content": "I keep pikas.", "name": "Will"}, "body")
        NewMessage(id=None, role='user', content='I keep pikas.', name='Will', user_id=None, \
timestamp=None, extra={})
    """
    return _parse_openai(message, place) if "role" in message else _parse_langmem(message, place)


def render(message: Message, form: str) -> dict[str, Any]:
    """Write a message.

    Args:
        message: A stored message.
        form: `openai` or `langmem`.

    Returns:
        The message with exactly the keys of its form: model APIs refuse others at the top.
    """
    # Messages carry no zone on the wire, as they never did.
    timestamp = message.timestamp.removesuffix("Z")
    if form == "openai":
        known = {"user_id": message.user_id, "timestamp": timestamp, "id": message.id}
        return {
            "content": message.content,
            "role": message.role,
            "name": message.name,
            "metadata": known | message.extra,
        }
    return {
        "id": message.id,
        "content": message.content,
        "timestamp": timestamp,
        "user": {
            "user_id": message.user_id,
            "user_name": message.name,
            "role": "ai" if message.role == "assistant" else message.role,
        },
    }


def _parse_openai(message: Mapping[str, Any], place: str) -> NewMessage:
    metadata = message.get("metadata") or {}
    moved = {key: message[key] for key in BESIDE_CONTENT if message.get(key) is not None}
    if metadata.get("timestamp") is not None:
        timestamp = read_timestamp(metadata["timestamp"], f"{place}.metadata.timestamp")
    else:
        timestamp = read_timestamp(message.get("timestamp"), f"{place}.timestamp")
    return NewMessage(
        id=metadata.get("id") or None,
        role=_role(message["role"]),
        content=message["content"],
        name=message.get("name") or metadata.get("user_name") or None,
        user_id=metadata.get("user_id"),
        timestamp=timestamp,
        extra=moved | {key: metadata[key] for key in metadata if key not in _NAMED_METADATA},
    )


def _parse_langmem(message: Mapping[str, Any], place: str) -> NewMessage:
    user = message["user"]
    return NewMessage(
        id=message.get("id") or None,
        role=_role(user.get("role", "user")),
        content=message["content"],
        name=user.get("user_name") or None,
        user_id=user.get("user_id"),
        timestamp=read_timestamp(message.get("timestamp"), f"{place}.timestamp"),
    )


def _role(role: str) -> str:
    return _ROLES.get(role, role)


def read_timestamp(text: str | None, place: str) -> str | None:
    """Read a date and time the way the store keeps it, or refuse with 422; None stays None."""
    if text is None:
        return None
    try:
        return iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise RequestError(
            422,
            f"{place}: must be an ISO 8601 date and time such as 2026-01-31T12:00:00,"
            f" not {excerpt(text)}",
        ) from None
