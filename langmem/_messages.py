"""Messages as programs have them, brought into the form they are sent in. Pure.

Nothing of another library is imported: a message is known by the names it has. What has a `role`
or a `user` is sent as it stands, as programs of the reference rely on; an object as it dumps
itself. Only what could not be told from its own names is translated: LangChain's messages, which
have a `type` in place of a role, and the tool calls of OpenAI's Responses API, which are items of
their own there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from langmem._json import JSONValue, a_type, dumper, to_json

_EXAMPLE: Final = '{"role": "user", "content": "..."}'

_PLAIN: Final = (
    "role", "content", "name", "metadata", "timestamp", "tool_calls", "tool_call_id",
)  # fmt: skip
# Not `artifact`: it may be any object of the program's, and is no part of what was said.
_LANGCHAIN: Final = (
    "type", "role", "content", "name", "id", "additional_kwargs", "response_metadata",
    "tool_calls", "invalid_tool_calls", "tool_call_id", "status", "usage_metadata",
)  # fmt: skip
_ROLES: Final = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "function",
}
_CALLS: Final = ("tool_calls", "invalid_tool_calls")
_KEPT: Final = ("tool_call_id", "response_metadata", "usage_metadata")

# A message may do without content where it has one of these, as model APIs have it.
_INSTEAD: Final = frozenset({"tool_calls", "function_call", "refusal", "audio"})
# What programs pass by mistake, and where in it the messages are.
_INSIDE: Final = {"choices": "choices[0].message", "messages": "messages", "output": "output"}


def messages(values: object, argument: str) -> JSONValue:
    """Read one message, or an iterable of them, once.

    Args:
        values: The messages: mappings or objects.
        argument: What to call them in an error.

    Returns:
        The messages as they are sent, in order; they share nothing with what was given.

    Raises:
        TypeError: Something is no message, or cannot be sent as JSON.
        ValueError: A message lacks its role or its content.

    Example:
        >>> from langmem._messages import messages
        >>> messages({"type": "human", "content": "I keep bees."}, "messages")
        [{'role': 'user', 'content': 'I keep bees.', 'metadata': {}}]
    """
    if _is_one(values):
        return [_message(values, argument)]
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | bytearray):
        raise TypeError(
            f"{argument}: expected a message such as {_EXAMPLE}, or a list of messages, "
            f"not {a_type(values)}"
        )
    return [_message(value, f"{argument}[{i}]") for i, value in enumerate(values)]


def _is_one(value: object) -> bool:
    """Tell a message from a list of them, though pydantic's models can be iterated too."""
    if isinstance(value, Mapping) or _has(value, "role", "content"):
        return True
    return dumper(value) is not None and not isinstance(value, Sequence)


def _has(value: object, *names: str) -> bool:
    return not isinstance(value, type) and all(hasattr(value, name) for name in names)


def _message(value: object, place: str) -> dict[str, Any]:
    message = _fields(value, place)
    if _is_langchain(message):
        message = _from_langchain(message, place)
    elif "role" not in message and "call_id" in message:
        message = _from_tool_item(message)
    _check(message, place)
    return message


def _fields(value: object, place: str) -> dict[str, Any]:
    """Read what a message consists of, as JSON values that are its own."""
    opened = value
    if not isinstance(value, Mapping):
        if _has(value, "type", "content", "additional_kwargs"):
            opened = _attributes(value, _LANGCHAIN)
        elif dumper(value) is None and _has(value, "role", "content"):
            opened = _attributes(value, _PLAIN)
    fields = to_json(opened, place)
    if not isinstance(fields, dict):
        raise TypeError(f"{place}: expected a message such as {_EXAMPLE}, not {a_type(value)}")
    return fields


def _attributes(value: object, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def _is_langchain(message: Mapping[str, Any]) -> bool:
    if "additional_kwargs" in message and "type" in message:
        return True
    return "content" in message and not {"role", "user"} & message.keys() and _role(message) != ""


def _role(message: Mapping[str, Any]) -> str:
    """Return the role of LangChain's type of message, chunks included; "" for another type."""
    kind = message.get("type")
    short = kind.removesuffix("MessageChunk").lower() if isinstance(kind, str) else ""
    return _ROLES.get(short, "")


def _from_langchain(message: Mapping[str, Any], place: str) -> dict[str, Any]:
    metadata = {"id": message["id"]} if message.get("id") else {}
    metadata |= _given(message, "additional_kwargs", dict, place)
    role = message.get("role") or metadata.pop("__openai_role__", None) or _role(message)
    if not role:
        raise TypeError(
            f"{place}: a message of type {message['type']!r} is nothing that was said; leave it out"
        )
    calls = [_call(call) for key in _CALLS for call in _given(message, key, list, place)]
    metadata |= {"tool_calls": calls} if calls else {}
    metadata |= {key: message[key] for key in _KEPT if message.get(key)}
    metadata |= {"status": "error"} if message.get("status") == "error" else {}
    metadata |= _given(message, "metadata", dict, place)
    said = {"content": message["content"]} if "content" in message else {}
    said |= {"name": message["name"]} if message.get("name") else {}
    return {"role": role, **said, "metadata": metadata}


def _given(
    message: Mapping[str, Any], key: str, kind: type[dict[Any, Any] | list[Any]], place: str
) -> Any:
    value = message.get(key) or kind()
    if not isinstance(value, kind):
        raise TypeError(f"{place}.{key}: expected {a_type(kind())}, not {a_type(value)}")
    return value


def _call(call: Any) -> Any:
    """Write LangChain's call of a tool in the form of model APIs; another form stays."""
    if not isinstance(call, dict) or "args" not in call:
        return call
    args = call["args"]
    # The arguments of an invalid call are the text that the model wrote.
    text = args if isinstance(args, str) else json.dumps(args, ensure_ascii=False)
    function = {"name": call.get("name"), "arguments": text}
    return {"id": call.get("id"), "type": "function", "function": function}


def _from_tool_item(item: dict[str, Any]) -> dict[str, Any]:
    """Make messages of a tool's call, and of its output, which the Responses API has as items."""
    also = {"metadata": item["metadata"]} if "metadata" in item else {}
    if item.get("type") == "function_call":
        function = {"name": item.get("name"), "arguments": item.get("arguments")}
        calls = [{"id": item["call_id"], "type": "function", "function": function}]
        return {"role": "assistant", "content": None, "tool_calls": calls} | also
    if item.get("type") == "function_call_output" and "output" in item:
        spoken = {"role": "tool", "content": item["output"], "tool_call_id": item["call_id"]}
        return spoken | also
    return item


def _check(message: dict[str, Any], place: str) -> None:
    """Refuse what the service would; it is also the one to judge what has no name of a message."""
    speaks = "role" in message or "user" in message
    if "content" not in message:
        if not speaks:
            _check_inside(message, place)
            return
        if not _INSTEAD & message.keys():
            raise ValueError(f"{place}.content: missing; give the text, a list of parts or None")
        message["content"] = None
    if not speaks:
        raise ValueError(f'{place}.role: missing; say who speaks, such as "user"')
    if "role" in message and not isinstance(message["role"], str):
        given = a_type(message["role"])
        raise TypeError(f'{place}.role: expected text such as "user", not {given}')
    message["content"] = _content(message["content"], f"{place}.content")


def _check_inside(message: Mapping[str, Any], place: str) -> None:
    for name, path in _INSIDE.items():
        if isinstance(message.get(name), list):
            raise TypeError(
                f"{place}: expected a message such as {_EXAMPLE}; what was given has it in {path}"
            )


def _content(content: Any, place: str) -> Any:
    if content is None or isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise TypeError(f"{place}: expected text or a list of parts, not {a_type(content)}")
    return [_part(part, f"{place}[{i}]") for i, part in enumerate(content)]


def _part(part: Any, place: str) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if not isinstance(part, dict):
        raise TypeError(
            f'{place}: expected a part such as {{"type": "text", "text": "..."}}, '
            f"not {a_type(part)}"
        )
    return part
