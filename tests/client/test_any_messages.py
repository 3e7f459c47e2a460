"""Messages of any shape, made by hypothesis."""

from __future__ import annotations

import copy
import json
import types
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage

from langmem._messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
parts = st.fixed_dictionaries({"type": st.sampled_from(["text", "image_url"]), "text": st.text()})
contents = st.none() | st.text() | st.lists(parts | st.text(max_size=5), max_size=3)
metadata = st.dictionaries(st.text(max_size=5), json_values, max_size=3)
ROLES = ["user", "assistant", "tool", "critic"]
openai_messages = st.fixed_dictionaries(
    {"role": st.sampled_from(ROLES), "content": contents},
    optional={"name": st.none() | st.text(), "metadata": st.none() | metadata, "x": json_values},
)
calls = st.fixed_dictionaries({"name": st.text(), "args": metadata, "id": st.none() | st.text()})
langchain_messages = st.fixed_dictionaries(
    {"type": st.sampled_from(["human", "ai", "tool", "AIMessageChunk"]), "content": contents},
    optional={
        "additional_kwargs": metadata,
        "id": st.none() | st.text(),
        "tool_calls": st.lists(calls, max_size=2),
        "metadata": metadata,
    },
)
KEYS = [
    "role", "type", "content", "name", "user", "metadata", "additional_kwargs", "tool_calls",
    "invalid_tool_calls", "call_id", "output", "choices", "id", "status",
]  # fmt: skip
TYPES = ["human", "ai", "remove", "function_call", "function_call_output"]
anything = st.dictionaries(
    st.sampled_from(KEYS), json_values | st.sampled_from(TYPES), max_size=len(KEYS)
)


def sent(values: object) -> list[dict[str, Any]]:
    """What is sent for one message or for many."""
    result: Any = messages(values, "messages")
    return list(result)


@given(st.lists(openai_messages | langchain_messages, max_size=4))
def test_what_is_sent_would_be_sent_again(values: list[dict[str, Any]]) -> None:
    """Reading is done once: what was read stays as it is, in order, and what was given too."""
    before = copy.deepcopy(values)
    result = sent(values)
    assert values == before
    assert sent(result) == result
    assert [message for value in values for message in sent(value)] == result


@given(st.lists(openai_messages, max_size=4))
def test_a_dict_with_a_role_is_sent_as_it_is(values: list[dict[str, Any]]) -> None:
    """Nothing is added to a message of model APIs, nothing taken away, and text stays text."""
    for given_message, message in zip(values, sent(iter(values)), strict=True):
        assert message | {"content": None} == given_message | {"content": None}
        said = given_message["content"]
        if isinstance(said, list):
            said = [{"type": "text", "text": p} if isinstance(p, str) else p for p in said]
        assert message["content"] == said


@given(st.lists(calls, min_size=1))
def test_a_call_of_a_tool_keeps_its_arguments(values: list[dict[str, Any]]) -> None:
    """LangChain's calls are written in the form of model APIs, where arguments are text."""
    [message] = sent(AIMessage("", tool_calls=values))
    for given_call, call in zip(values, message["metadata"]["tool_calls"], strict=True):
        assert call["id"] == given_call["id"]
        assert call["function"]["name"] == given_call["name"]
        assert json.loads(call["function"]["arguments"]) == given_call["args"]


def shapes(value: dict[str, Any]) -> Iterator[object]:
    """The same fields as a dict, in a list, and as an object."""
    yield value
    yield [value]
    yield types.SimpleNamespace(**value)


@given(anything)
def test_any_shape_is_a_message_or_an_error_that_names_it(value: dict[str, Any]) -> None:
    """Nothing but a TypeError or a ValueError comes of a strange message, and it says where."""
    for shape in shapes(value):
        before = copy.deepcopy(shape)
        try:
            messages(shape, "messages")
        except (TypeError, ValueError) as error:
            assert str(error).startswith("messages")  # noqa: PT017  # not every shape is wrong
        assert shape == before
