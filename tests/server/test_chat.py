from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server import chat


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({"type": "object", "properties": {}, "additionalProperties": False}, True),
        (
            {
                "type": "object",
                "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"anyOf": [{"type": "null"}]}},
                "required": ["b", "a"],
                "additionalProperties": False,
                "$defs": {"A": {"type": "array", "items": {"enum": [1, 2]}}},
            },
            True,
        ),
        ({"type": "object"}, False),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, False),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "additionalProperties": False,
            },
            False,
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array", "items": {"type": "object"}}},
                "required": ["a"],
                "additionalProperties": False,
            },
            False,
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string", "pattern": "x"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            False,
        ),
        (
            {
                "type": "object",
                "properties": {"a": {}},
                "required": ["a"],
                "additionalProperties": False,
            },
            False,
        ),
        ({"anyOf": [{"type": "string"}], "type": "object", "additionalProperties": False}, False),
        ({"type": "array", "items": {"type": "string"}}, False),
        ({}, False),
    ],
)
def test_strict_is_asked_only_of_schemas_it_can_express(
    schema: dict[str, Any], strict: bool
) -> None:
    """Strict mode wants a closed object, every property required, and no further keywords."""
    asked = chat.request("m", [], schema, "x")["response_format"]["json_schema"]
    assert asked["strict"] is strict
    assert asked["schema"] is schema


@given(st.text())
def test_schema_names_suit_the_api(name: str) -> None:
    """Whatever a function is called, the name sent is of the characters the API takes."""
    sent = chat.request("m", [], {}, name)["response_format"]["json_schema"]["name"]
    assert 1 <= len(sent) <= 64
    assert all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in sent)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["choices", "message", "content", "usage", "prompt_tokens"]), inner
            )
        ),
    )
)
def test_any_payload_is_an_answer_or_a_value_error(payload: Any) -> None:
    """No response body, however odd, raises anything but ValueError."""
    try:
        answer = chat.read_answer(payload)
    except ValueError:
        return
    assert isinstance(answer.text, str)


def test_retry_after_reads_seconds_and_dates() -> None:
    """Both forms of the header are read; nonsense is none, and the past is no wait."""
    now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    date = format_datetime(now + timedelta(seconds=9), usegmt=True)
    assert chat.retry_after(" 5 ") == 5.0
    assert chat.retry_after(date, now) == 9.0
    assert chat.retry_after(date, now + timedelta(hours=1)) == 0.0
    assert chat.retry_after(date.replace("GMT", "-0000"), now) == 9.0
    assert chat.retry_after("soon") is None
    assert chat.retry_after(None) is None


@pytest.mark.parametrize("tokens", [None, "7", 7.5, True, -1, 10**30, [7]])
def test_what_is_no_count_of_tokens_counts_nothing(tokens: object) -> None:
    """An endpoint that says nonsense of its tokens has still answered."""
    choice = {"message": {"content": "{}"}}
    usage = {"prompt_tokens": tokens, "completion_tokens": 5}
    answer = chat.read_answer({"choices": [choice], "usage": usage})
    assert (answer.prompt_tokens, answer.completion_tokens) == (0, 5)
