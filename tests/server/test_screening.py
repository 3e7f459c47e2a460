from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from langmem_server.contract import Contract
from langmem_server.shapes import Shape
from tests.server.test_fuzz import VALUES, mutated

CONTRACT = Contract.load()
BODIES: dict[str, Shape] = {
    name: operation._body
    for name, operation in CONTRACT.operations.items()
    if operation._body is not None
}


def example(name: str) -> Any:
    """The example that the document gives of an operation's body."""
    operation = CONTRACT.operations[name]
    node = CONTRACT.document["paths"][operation.path][operation.method.lower()]
    return node["requestBody"]["content"]["application/json"]["example"]


@settings(max_examples=500)
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_what_passes_fits(name: str, data: st.DataObject) -> None:
    """The first look passes nothing that the long way would refuse."""
    value = data.draw(mutated(example(name)) | VALUES)
    shape = BODIES[name]
    if shape._screen.passes(value):
        assert list(shape._validator.iter_errors(value)) == []


@pytest.mark.parametrize("name", BODIES)
def test_what_the_document_shows_passes(name: str) -> None:
    """What people send takes the short way; else there would be no use in it."""
    assert BODIES[name]._screen.passes(example(name))


KINDS = {
    "anyOf": [
        {
            "type": "object",
            "required": ["role"],
            "properties": {"role": {"type": "string"}},
        },
        {"type": "object", "required": ["user"], "properties": {"user": {"type": "object"}}},
        {"type": "null"},
    ]
}


@pytest.mark.parametrize(
    ("value", "passes"),
    [
        ({"role": "user"}, True),
        ({"user": {}}, True),
        (None, True),
        ({"role": 5, "user": {}}, False),  # it is of the first kind, and that it does not fit
        ({}, False),
        (5, False),
        ({"role": "\ud800"}, True),  # for the store to refuse
        ({"role": "user", "more": 10**30}, True),
    ],
)
def test_a_union_is_read_as_its_author_means_it(value: Any, passes: bool) -> None:
    """The kind of object is told by its own keys, and not by trying one after the other."""
    shape = Shape(KINDS)
    assert shape._screen.passes(value) == passes
    if passes:
        assert list(shape._validator.iter_errors(value)) == []
