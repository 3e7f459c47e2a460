from __future__ import annotations

import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem.testing._question import MisfitError, Question, fit, list_key, read

KEYS = st.text(alphabet="ab/~ é", max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([1.0, "a", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


def question(schema: dict[str, Any], document: dict[str, Any] | None = None) -> Question:
    """A question for something of a schema."""
    prompt = ({"role": "system", "content": ""}, {"role": "user", "content": ""})
    return Question("F", (), schema=schema, document=document, prompt=prompt)


@given(DOCUMENTS, DOCUMENTS)
def test_a_patch_makes_the_new_document(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Whatever there was and shall be, the patch leads from one to the other, as JSON has it."""
    answer = fit(new, question({"type": "object"}, document=old))
    patched = jsonpatch.apply_patch(old, answer["patch"])
    assert json.dumps(patched, sort_keys=True) == json.dumps(new, sort_keys=True)
    assert all(operation["path"] for operation in answer["patch"])


@pytest.mark.parametrize(
    ("schema", "key"),
    [
        ({"properties": {"memories": {"items": {}}}, "required": ["memories"]}, "memories"),
        ({"properties": {"triples": {"items": {}}}, "required": ["triples"]}, "triples"),
        ({"properties": {"memories": {"items": {}}}}, None),
        ({"properties": {"memories": {"anyOf": [{"type": "array"}]}}, "required": []}, None),
        ({"properties": {"memories": {"items": {}}, "a": {}}, "required": ["memories"]}, None),
        ({"type": "object"}, None),
    ],
)
def test_lists_are_told_from_documents(schema: dict[str, Any], key: str | None) -> None:
    """A list is asked for by an object of one list; anything else is a document."""
    assert list_key(question(schema)) == key


LIST = {
    "properties": {"memories": {"type": "array", "items": {"$ref": "#/$defs/Pet"}}},
    "required": ["memories"],
    "$defs": {"Pet": {"properties": {"name": {"type": "string"}}, "required": ["name"]}},
}


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Bea"},
        [{"name": "Bea"}],
        {"memories": [{"name": "Bea"}]},
    ],
)
def test_memories_may_be_given_in_any_form(value: Any) -> None:
    """One memory, a list, and the list as the model would write it are the same answer."""
    assert fit(value, question(LIST)) == {"memories": [{"name": "Bea"}]}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"age": 7}, "the schema does not name 'age'"),
        ([{"name": 7}], "$.memories[0].name: 7 is not of type 'string'"),
        ([7], "this is no object"),
        ([{}], "'name' is a required property"),
    ],
)
def test_memories_of_another_kind_do_not_fit(value: Any, problem: str) -> None:
    """What the schema does not name or allow is refused, with the place, in a list as well."""
    with pytest.raises(MisfitError) as caught:
        fit(value, question(LIST))
    assert problem in str(caught.value)


def test_a_schema_that_takes_any_key_takes_any_key() -> None:
    """Where a schema says that there may be more, a reply may hold more."""
    schema = {"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}
    assert fit({"b": 1}, question(schema)) == {"b": 1}
    with pytest.raises(MisfitError, match="is not of type 'integer'"):
        fit({"b": "c"}, question(schema))


def test_requests_of_others_are_refused() -> None:
    """A chat that is no question of the service's is not taken for one."""
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello"}]
    with pytest.raises(ValueError, match="no question of the service's"):
        read({"messages": messages})
