from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.answers import MAX_OPERATIONS, AnswerError, check, parse, patched
from langmem_server.chat import Answer

PROFILE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "likes": {"type": "array", "items": {"type": "string"}},
    },
}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)
paths = st.one_of(
    st.text(),
    st.lists(st.sampled_from(["name", "likes", "0", "-", "1", "x", "~", "-1"]), max_size=3).map(
        lambda parts: "".join(f"/{part}" for part in parts)
    ),
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "test"]), "path": paths},
    optional={"value": json_values},
)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5, "é"]}',
        ' \n{"a": [1, 2.5, "é"]}\n',
        '```json\n{"a": [1, 2.5, "\\u00e9"]}\n```',
        'Sure! Here it is: {"a": [1, 2.5, "é"]} Anything else?',
    ],
)
def test_json_is_found_in_what_models_write(text: str) -> None:
    """Prose and code fences around the JSON do no harm."""
    assert parse(Answer(text)) == {"a": [1, 2.5, "é"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        '{"a": ',
        '{"a": NaN}',
        '{"a": 1e999}',
        '"\\ud800"',
        '{"a": "\\u0000"}',
        "[" * 9999 + "]",
    ],
)
def test_what_is_no_json_is_an_error(text: str) -> None:
    """No JSON, half of it, and numbers and text that could not be given out again are refused."""
    with pytest.raises(AnswerError, match="no valid JSON"):
        parse(Answer(text))


@pytest.mark.parametrize("text", ["{x" * 500_000, "[" * 1_000_000, "]" * 1_000_000 + "["])
def test_brackets_without_end_are_no_json(text: str) -> None:
    """A million brackets are looked through once, and not once for each of them."""
    with pytest.raises(AnswerError, match="no valid JSON"):
        parse(Answer(text))


def test_a_cut_off_answer_is_not_read() -> None:
    """An answer that was cut off is refused even where its JSON happens to be whole."""
    with pytest.raises(AnswerError, match="cut off"):
        parse(Answer("[]", cut_off=True))


@given(json_values)
def test_any_json_is_read_as_it_is(value: Any) -> None:
    """Whatever JSON a model writes comes back unchanged."""
    assert parse(Answer(json.dumps(value))) == value


def test_values_are_checked() -> None:
    """A value that fits comes back; others raise with their problems, and so does no object."""
    assert check({"name": "Will"}, PROFILE) == {"name": "Will"}
    with pytest.raises(AnswerError) as caught:
        check({"name": 1, "age": "x"}, PROFILE)
    assert len(caught.value.problems) == 2
    with pytest.raises(AnswerError, match="no JSON object"):
        check([], {})


def test_a_patch_changes_what_it_names() -> None:
    """Adding, replacing and removing work, at any depth, and nothing else changes."""
    document = {"name": "Will", "age": 9, "likes": ["tea"], "own": {"key": None}}
    before = copy.deepcopy(document)
    operations = [
        {"op": "replace", "path": "/age", "value": 10},
        {"op": "add", "path": "/likes/-", "value": "figs"},
        {"op": "remove", "path": "/name"},
    ]
    changed = patched({"patch": operations}, document, PROFILE)
    assert changed == {"age": 10, "likes": ["tea", "figs"], "own": {"key": None}}
    assert document == before


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ({}, "'patch' is a required property"),
        ({"patch": "none"}, "is not of type 'array'"),
        ({"patch": [{"op": "replace", "path": "", "value": {}}]}, "does not match"),
        ({"patch": [{"op": "test", "path": "/age", "value": 9}]}, "is not one of"),
        ({"patch": [{"op": "replace", "path": "/none", "value": 1}]}, "does not apply"),
        ({"patch": [{"op": "add", "path": "/none/deep", "value": 1}]}, "does not apply"),
        ({"patch": [{"op": "add", "path": "/age"}]}, "does not apply"),
        (
            {"patch": [{"op": "add", "path": "/age", "value": "ten"}]},
            "after the patch, .*'integer'",
        ),
    ],
)
def test_a_bad_patch_is_explained(patch: Any, reason: str) -> None:
    """What is no patch, does not apply, breaks the schema or replaces the whole says so."""
    with pytest.raises(AnswerError, match=reason):
        patched(patch, {"age": 9}, PROFILE)


def nested(depth: int) -> Any:
    """Make an object in an object, and so on."""
    return {"x": nested(depth - 1)} if depth else 1


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ([{"op": "add", "path": "/age", "value": 1}] * (MAX_OPERATIONS + 1), "is too long"),
        ([{"op": "remove", "path": "/" + "x" * 100_000}], "the patch is too large"),
        ([{"op": "add", "path": "/likes/" + "1" * 5000, "value": 1}], "does not apply"),
        (
            [
                {"op": "add", "path": "/own", "value": nested(90)},
                {"op": "add", "path": "/own" + "/x" * 89, "value": nested(90)},
            ],
            "is nested more than 100 deep",
        ),
    ],
    ids=range(4),
)
def test_a_monstrous_patch_is_refused(patch: list[Any], reason: str) -> None:
    """Patches have a size, also where each operation alone is harmless."""
    with pytest.raises(AnswerError, match=reason) as caught:
        patched({"patch": patch}, {"age": 9, "likes": []}, PROFILE)
    assert len(str(caught.value)) < 2500


def test_the_longest_patch_applies() -> None:
    """As many operations as are allowed are done."""
    add = {"op": "add", "path": "/likes/-", "value": "figs"}
    changed = patched({"patch": [add] * MAX_OPERATIONS}, {"likes": []}, PROFILE)
    assert changed == {"likes": ["figs"] * MAX_OPERATIONS}


def test_old_faults_do_not_count() -> None:
    """A document that did not fit before can still be patched."""
    assert patched(
        {"patch": [{"op": "add", "path": "/name", "value": "Will"}]}, {"age": "nine"}, PROFILE
    ) == {"age": "nine", "name": "Will"}


@given(st.lists(operations), st.dictionaries(st.sampled_from(["name", "likes", "x"]), json_values))
def test_any_patch_applies_or_is_explained(patch: list[Any], document: dict[str, Any]) -> None:
    """No patch, however odd, raises anything else or touches the document it was given."""
    before = copy.deepcopy(document)
    try:
        result = patched({"patch": patch}, document, {})
    except AnswerError:
        result = {}
    assert isinstance(result, dict)
    assert document == before
