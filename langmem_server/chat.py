"""The wire format of chat completions: what is sent, and how an answer is read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What OpenAI's strict mode understands and others copied; any other keyword may be an error there.
_STRICT_KEYWORDS = frozenset(
    {
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "const",
        "description",
        "enum",
        "items",
        "properties",
        "required",
        "title",
        "type",
    }
)

MAX_TOKENS: Final = 10**9
"""The most tokens of one answer that are believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model answered.

    Attributes:
        text: The answer, as written.
        cut_off: Whether the model stopped at its length limit, before its end.
        attempts: How many requests it took, at least 1.
        prompt_tokens: Tokens read, as the endpoint counts them; 0 when it does not say.
        completion_tokens: Tokens written, likewise.
    """

    text: str
    cut_off: bool = False
    attempts: int = 1
    prompt_tokens: int = 0
    completion_tokens: int = 0


def request(
    model: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], name: str
) -> dict[str, Any]:
    """Write the body of a request for an answer in JSON.

    `strict` is set only for a schema that strict mode can express: every object closed, every
    property required, no keyword beyond the basic ones.

    Args:
        model: The model's name.
        messages: `role` and `content` of each message of the prompt.
        schema: The JSON Schema of the answer.
        name: What the schema describes; characters the API refuses become `_`.

    Returns:
        The body, ready for JSON.

    Example:
        >>> request("m", [], {"type": "object"}, "User Profile")["response_format"]["json_schema"]
        {'name': 'User_Profile', 'schema': {'type': 'object'}, 'strict': False}
    """
    at_root = schema.get("type") == "object" and "anyOf" not in schema
    return {
        "model": model,
        "messages": [dict(message) for message in messages],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64] or "answer",
                "schema": schema,
                "strict": at_root and _is_strict(schema),
            },
        },
    }


def without_format(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body for an endpoint that knows no `response_format`.

    Example:
        >>> without_format({"model": "m", "response_format": {}})
        {'model': 'm'}
    """
    return {key: value for key, value in body.items() if key != "response_format"}


def read_answer(payload: Any) -> Answer:
    """Read a chat completion.

    Args:
        payload: The decoded JSON of the response.

    Returns:
        The first choice; no content at all is the empty text.

    Raises:
        ValueError: It is no chat completion.

    Example:
        >>> read_answer({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]})
        Answer(text='{}', cut_off=False, attempts=1, prompt_tokens=0, completion_tokens=0)
    """
    try:
        choice = payload["choices"][0]
        text = choice["message"].get("content") or ""
        cut_off = choice.get("finish_reason") == "length"
        usage = payload.get("usage") or {}
        prompt, completion = (_count(usage.get(f"{k}_tokens")) for k in ("prompt", "completion"))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError("this is no chat completion") from None
    if not isinstance(text, str):
        raise ValueError("this is no chat completion")  # noqa: TRY004 - the JSON's type, not ours
    return Answer(text, cut_off, prompt_tokens=prompt, completion_tokens=completion)


def _count(tokens: Any) -> int:
    """Read a number of tokens; one that no model can have used counts as not said."""
    return tokens if type(tokens) is int and 0 <= tokens <= MAX_TOKENS else 0


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Read a `Retry-After` header: seconds or an HTTP date.

    Returns:
        Seconds from `now`, at least 0.0, or None when there is no header that can be read.

    Example:
        >>> retry_after("7")
        7.0
    """
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - (now or datetime.now(UTC))).total_seconds())


def _is_strict(schema: Any) -> bool:
    if not isinstance(schema, dict) or not schema or schema.keys() - _STRICT_KEYWORDS:
        return False
    properties = schema.get("properties", {})
    if properties or "object" in schema.get("type", ()):
        closed = schema.get("additionalProperties") is False
        if not closed or set(schema.get("required", ())) != set(properties):
            return False
    parts = [*properties.values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", ())]
    if "items" in schema:
        parts.append(schema["items"])
    return all(_is_strict(part) for part in parts)
