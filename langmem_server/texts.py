"""Plain text of what is stored as JSON: the content of messages and of memories. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where the words are in those parts of a message that are words. What a tool answered and what a
# model thought are not: nobody in the conversation said it.
_WORDS: Final = {
    "text": "text",
    "input_text": "text",
    "output_text": "text",
    "refusal": "refusal",
}

_MAX_LABEL: Final = 200


def said(content: Any) -> str:
    """Return the words of a message and nothing else.

    Args:
        content: A string, or a list of parts as model APIs know them, or None.

    Returns:
        The string, or the text parts joined by newlines; the empty text when there are none.

    Example:
        >>> said([{"type": "text", "text": "Look!"}, {"type": "image_url", "image_url": {}}])
        'Look!'
    """
    return "\n".join(text for text in map(_part_text, _parts(content)) if text is not None)


def shown(content: Any) -> str:
    """Return a message as a reader should see it: words, and other parts by their type.

    Example:
        >>> shown([{"type": "image_url", "image_url": {}}])
        '[image_url]'
    """
    lines = []
    for part in _parts(content):
        text = _part_text(part)
        lines.append(_part_type(part) if text is None else text)
    return "\n".join(lines)


def readable(content: Any) -> str:
    """Write a memory's content as one line, for a prompt and for the text index.

    Args:
        content: Any JSON value; usually an object of a user's own schema.

    Returns:
        `name: value` of every leaf that says something, joined by `; `. The names of nested
        objects are put one after the other, lists of plain values are joined by commas.

    Example:
        >>> readable({"event": "moved", "where": {"city": "Rome"}, "with": ["Jo", "Al"], "x": None})
        'event: moved; where city: Rome; with: Jo, Al'
    """
    return "; ".join(_leaves(content, ""))


def _parts(content: Any) -> list[Any]:
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def _part_text(part: Any) -> str | None:
    text = part.get(_WORDS.get(_kind(part))) if isinstance(part, dict) else part
    return text if isinstance(text, str) else None


def _part_type(part: Any) -> str:
    return f"[{_kind(part) if isinstance(part, dict) else 'part'}]"


def _kind(part: dict[str, Any]) -> str:
    kind = part.get("type", "text")
    return kind if isinstance(kind, str) else "part"


def _leaves(value: Any, label: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{label} {key}".strip()[-_MAX_LABEL:])
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for item in value:
            yield from _leaves(item, label)
    else:
        items = value if isinstance(value, list) else [value]
        text = ", ".join(filter(None, map(_scalar, items)))
        if text:
            yield f"{label}: {text}" if label else text


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()
