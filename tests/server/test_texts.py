from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.texts import readable, said, shown

PARTS = [
    {"type": "text", "text": "Look at"},
    {"type": "image_url", "image_url": {"url": "data:..."}},
    {"type": "text", "text": "this."},
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("content", "words", "view"),
    [
        ("Hello", "Hello", "Hello"),
        (PARTS, "Look at\nthis.", "Look at\n[image_url]\nthis."),
        (None, "", ""),
        ([], "", ""),
        (["plain", {"text": "untyped"}], "plain\nuntyped", "plain\nuntyped"),
        ([{"type": "text"}, {"type": 7}, 7], "", "[text]\n[part]\n[part]"),
        (
            [
                {"type": "input_text", "text": "Do you"},
                {"type": "output_text", "text": "know?"},
                {"type": "refusal", "refusal": "No."},
            ],
            "Do you\nknow?\nNo.",
            "Do you\nknow?\nNo.",
        ),
        (
            [
                {"type": "thinking", "thinking": "Hm."},
                {"type": "tool_use", "name": "look_up", "input": {"text": "pika"}},
                {"type": "tool_result", "content": [{"type": "text", "text": "A mammal."}]},
            ],
            "",
            "[thinking]\n[tool_use]\n[tool_result]",
        ),
    ],
)
def test_messages_are_strings_or_parts(content: Any, words: str, view: str) -> None:
    """Words of every model API are joined; other parts are named, and nobody's words."""
    assert said(content) == words
    assert shown(content) == view


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"event": "moved", "impact": "lonely"}, "event: moved; impact: lonely"),
        ({"where": {"city": "Rome", "zip": 187}}, "where city: Rome; where zip: 187"),
        ({"likes": ["tea", "figs"], "age": 0}, "likes: tea, figs; age: 0"),
        ({"pets": [{"name": "Rex"}, {"name": "Tom"}]}, "pets name: Rex; pets name: Tom"),
        ({"a": None, "b": "", "c": [], "d": {}, "e": [None]}, ""),
        ({"vegan": True}, "vegan: true"),
        (["x", 1.5], "x, 1.5"),
        ("plain", "plain"),
    ],
)
def test_content_reads_as_a_line(content: Any, text: str) -> None:
    """Every value that says something is named and written; empty ones are left out."""
    assert readable(content) == text


@given(json_values)
def test_any_json_has_a_text(value: Any) -> None:
    """Whatever a model or an application puts into JSON can be written as text."""
    assert isinstance(readable(value), str)
    assert isinstance(said(value), str)
    assert isinstance(shown(value), str)


def test_names_are_cut() -> None:
    """A long name of many values is not repeated as a whole for each of them."""
    text = readable({"n" * 100_000: {f"k{n}": n for n in range(1000)}})
    assert len(text) < 250_000
    assert text.startswith("n" * 197 + " k0: 0; ")
