from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from langmem_server.schemas import Checker, SchemaError, check_references, list_of, only_known

if TYPE_CHECKING:
    from collections.abc import Callable

NODE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "child": {"$ref": "#"},
        "tag": {"$ref": "#/$defs/T"},
    },
    "required": ["name"],
    "$defs": {"T": {"enum": ["a", "b"]}},
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "text"},
        {"properties": []},
        {"required": "name"},
        {"$schema": ["x"]},
        {"pattern": "("},
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": 7},
    ],
)
def test_what_is_no_schema_is_refused(schema: dict[str, Any]) -> None:
    """A schema that is not one raises, naming the place."""
    with pytest.raises(SchemaError, match=r"\$"):
        Checker(schema)


@pytest.mark.parametrize(
    "dialect", ["https://example.com/unknown", "http://json-schema.org/schema#"]
)
def test_an_unknown_dialect_is_read_as_the_newest(dialect: str) -> None:
    """A `$schema` nobody knows does not stop a run."""
    assert Checker({"$schema": dialect, "type": "string"}).problems(1)


@pytest.mark.parametrize(
    "ref",
    [
        "http://127.0.0.1:9/schema.json",
        "https://json-schema.org/draft/2099-12/schema",
        "other.json",
    ],
)
def test_nothing_is_fetched(ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference out of the schema is an error, and no connection is tried."""

    def no_network(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("urllib.request.urlopen", no_network)
    with pytest.raises(SchemaError, match="leads nowhere inside the schema"):
        Checker({"$ref": ref}).problems({})


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"$ref": "#/$defs/none"}, {}, "leads nowhere"),
        ({"$ref": "#"}, {}, "nested too deeply"),
    ],
)
def test_a_schema_may_prove_unusable_late(schema: dict[str, Any], value: Any, reason: str) -> None:
    """Dead ends and circles are the schema's fault, not the value's."""
    with pytest.raises(SchemaError, match=reason):
        Checker(schema).problems(value)


@pytest.mark.parametrize(
    "schema",
    [
        NODE,
        {"properties": {"a": True, "b": {"$ref": "#/properties/a"}}},
        {"$defs": {"n": {"$dynamicAnchor": "n"}}, "items": {"$dynamicRef": "#n"}},
        {"const": {"$ref": "not a reference"}},
    ],
)
def test_references_inside_a_schema_are_found(schema: dict[str, Any]) -> None:
    """Pointers, anchors and the root itself may be referred to."""
    check_references(schema)


@pytest.mark.parametrize("place", ["#/$defs/none", "other.json", "https://example.com/x.json"])
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_references_out_of_a_schema_are_found_without_a_value(place: str, keyword: str) -> None:
    """A reference that leads nowhere is an error wherever it stands."""
    with pytest.raises(SchemaError, match="leads nowhere inside the schema"):
        check_references({"properties": {"a": {"items": {"anyOf": [{keyword: place}]}}}})


def test_problems_name_the_place_and_are_short() -> None:
    """At most five problems, each with its place, and long values cut in the middle."""
    schema = {"type": "object", "properties": {"n": {"type": "array", "items": {"maxLength": 3}}}}
    value = {"n": ["x" * 9999, *("abcd" for _ in range(9))]}
    problems = Checker(schema).problems(value)
    assert len(problems) == 5
    assert problems[0].startswith("$.n[0]: 'xxx")
    assert problems[0].endswith("xxx' is too long")
    assert " ... " in problems[0]
    assert all(len(problem) < 250 for problem in problems)
    assert problems[1] == "$.n[1]: 'abcd' is too long"


def test_formats_are_not_checked() -> None:
    """A date may be written as people write it."""
    assert Checker({"type": "string", "format": "date-time"}).problems("last spring") == []


def test_choices_are_explained_by_their_best_match() -> None:
    """For anyOf the problem names what is wrong inside, not the whole value."""
    pet = {"type": "object", "properties": {"age": {"type": "integer"}}}
    schema = {"properties": {"pet": {"anyOf": [pet, {"type": "null"}]}}}
    [problem] = Checker(schema).problems({"pet": {"age": "nine"}})
    assert problem == "$.pet.age: 'nine' is not of type 'integer'"


def test_only_known_accepts_what_is_known() -> None:
    """A relaxed schema takes missing and null properties, and still checks the others."""
    checker = Checker(only_known(NODE))
    assert checker.problems({}) == []
    assert checker.problems({"name": None, "tag": "a"}) == []
    assert checker.problems({"tag": "c"})
    assert NODE["required"] == ["name"], "the original is not changed"
    assert only_known({"$ref": "#/$defs/T"}) == {"$ref": "#/$defs/T"}


@pytest.mark.parametrize(
    ("items", "fits"),
    [
        ([], True),
        ([{"name": "x", "child": {"name": "y"}, "tag": "a"}], True),
        ([{"name": "x", "child": {"name": 1}}], False),
        ([{"name": "x", "tag": "c"}], False),
    ],
)
def test_lists_keep_references_working(items: list[Any], fits: bool) -> None:
    """In the schema of a list, recursion and definitions mean what they meant."""
    schema = list_of(NODE, "memories")
    assert (Checker(schema).problems({"memories": items}) == []) is fits
    assert Checker(schema).problems({}) != []
    assert schema["$defs"] == NODE["$defs"]


def test_lists_keep_the_dialect() -> None:
    """Definitions of older drafts move too, and their dialect stays at the root."""
    old = "http://json-schema.org/draft-07/schema#"
    item: dict[str, Any] = {
        "$schema": old,
        "definitions": {"T": {"type": "integer"}},
        "allOf": [{"$ref": "#/definitions/T"}],
    }
    schema = list_of(item, "x")
    assert schema["$schema"] == old
    assert "$schema" not in schema["properties"]["x"]["items"]
    assert Checker(schema).problems({"x": [1]}) == []
    assert Checker(schema).problems({"x": ["1"]}) != []


@pytest.mark.parametrize("change", [only_known, lambda schema: list_of(schema, "x")])
def test_changed_schemas_are_still_schemas(change: Callable[[Any], dict[str, Any]]) -> None:
    """What is sent to the model is a JSON Schema itself."""
    jsonschema.Draft202012Validator.check_schema(change(NODE))
