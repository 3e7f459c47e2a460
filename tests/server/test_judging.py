from __future__ import annotations

import json
import sys
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from langmem_server import bounds
from langmem_server.bounds import MAX_STEPS, bounded, charge
from langmem_server.keywords import canonical
from langmem_server.schemas import Checker, SchemaError, check_references, only_known
from langmem_server.short import shortened
from tests.server.odd_schemas import VALUES

CHOICE: dict[str, Any] = {
    "if": {"properties": {"a": {"const": 1}}},
    "then": {"properties": {"b": {}}},
    "else": {"properties": {"c": {}}},
    "unevaluatedProperties": False,
}
LONG_NAMES = {"x" * 900 + str(n): n for n in range(2000)}
TOO_MUCH = f"takes more than {MAX_STEPS:,} steps"


def ladder(rungs: int) -> dict[str, Any]:
    """Make a schema that refers to the next one twice, and so on."""
    parts = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(rungs)}
    return {"$ref": "#/$defs/d0", "$defs": parts | {f"d{rungs}": {}}}


def row(count: int) -> dict[str, Any]:
    """Make an object with a list of numbers."""
    return {"a": list(range(count))}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (ladder(40), {}),
        (ladder(18) | {"unevaluatedProperties": False}, {"a": 1}),
        ({"items": {"anyOf": [{"type": "object"}] * 2000}}, [1] * 500),
        ({"items": {"anyOf": [False] * 2000}}, [1] * 500),
        ({"items": {"enum": ["x" * 100_000]}}, [1] * 2000),
        ({"items": {"anyOf": [{"required": [f"k{n}" for n in range(5000)]}]}}, [{}] * 100),
        ({"patternProperties": {f"^{n}$": True for n in range(999)}},
         {f"k{n}": n for n in range(999)}),
        ({"patternProperties": {f"^{n}(a?b?){{900}}$": True for n in range(99)}}, {"a": 1}),
        ({"properties": {"a": {"allOf": [{"items": True}] * 2000}}}, row(10_000)),
        ({"properties": {"a": {"allOf": [{"uniqueItems": True}] * 99}}}, row(400_000)),
        ({}, [[] for _ in range(MAX_STEPS)]),
    ],
    ids=range(11),
)  # fmt: skip
def test_work_without_end_is_ended(
    schema: dict[str, Any], value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever makes the work grow beyond all bounds is an error of the schema."""
    monkeypatch.setattr(bounds, "MAX_STEPS", MAX_STEPS // 5)
    with pytest.raises(SchemaError, match="takes more than 200,000 steps"):
        Checker(schema).problems(value)


@pytest.mark.parametrize(("rungs", "fits"), [(9, True), (13, False)])
def test_the_verdict_is_always_the_same(
    rungs: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged by once is judged by again, and what was refused once is refused again."""
    monkeypatch.setattr(bounds, "MAX_STEPS", MAX_STEPS // 10)
    for _ in range(2):
        if fits:
            assert Checker(ladder(rungs)).problems({}) == []
        else:
            with pytest.raises(SchemaError, match="takes more than 100,000 steps"):
                Checker(ladder(rungs)).problems({})


def test_a_large_document_takes_a_small_share() -> None:
    """An ordinary document of 200 kB needs no more than a quarter of the steps."""
    event = {
        "type": "object",
        "properties": {
            "what": {"type": "string", "maxLength": 500},
            "when": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
            "where": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "people": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        },
        "required": ["what", "when"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"events": {"type": "array", "items": {"$ref": "#/$defs/Event"}}},
        "$defs": {"Event": event},
    }
    one = {"what": "Went to the market and bought some figs", "when": "2026-01-31",
           "where": "Rome", "people": ["Jo", "Al"]}  # fmt: skip
    document = {"events": [one | {"where": f"Street {n}"} for n in range(1700)]}
    assert len(json.dumps(document)) > 200_000
    with bounded():
        charge(MAX_STEPS * 3 // 4)
        assert Checker(only_known(schema)).problems(document) == []


def test_blocks_inside_of_another_share_its_steps() -> None:
    """What is judged in one block counts as one piece of work."""
    checker = Checker({"items": {"type": "integer"}})
    with bounded():
        charge(MAX_STEPS - 30_000)
        checker.problems([1] * 3000)
        with pytest.raises(SchemaError, match=TOO_MUCH):
            checker.problems([1] * 3000)
    assert checker.problems([1] * 3000) == []


def test_counting_needs_a_block() -> None:
    """Work that nobody counts is a mistake of ours."""
    with pytest.raises(RuntimeError, match="bounded block"):
        charge(1)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"anyOf": [{"type": "integer"}] * 500}, {f"k{n}": "x" * 100 for n in range(20_000)}),
        ({"anyOf": [{"additionalProperties": False}] * 50}, LONG_NAMES),
        ({"anyOf": [{"unevaluatedProperties": False}] * 50}, LONG_NAMES),
        ({"items": {"enum": [["x" * 100] * 99]}}, [1] * 500),
        ({"additionalProperties": {"items": {"type": "string"}}}, {"x" * 1_000_000: [1] * 900}),
    ],
    ids=range(5),
)  # fmt: skip
def test_errors_do_not_repeat_long_values(
    schema: dict[str, Any], value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text that is written on the way is long, however long the value or the schema is."""
    longest = 0
    plain = jsonschema.ValidationError.__init__

    def measured(self: Any, message: str, *args: Any, **options: Any) -> None:
        nonlocal longest
        longest = max(longest, len(message))
        plain(self, message, *args, **options)

    monkeypatch.setattr(jsonschema.ValidationError, "__init__", measured)
    problems = Checker(schema).problems(value)
    assert problems
    assert all(len(problem) < 250 for problem in problems)
    assert 0 < longest < 5000


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        ({"additionalProperties": False}, {"b": 1, "a": 2},
         "$: Additional properties are not allowed ('a', 'b' were unexpected)"),
        ({"additionalProperties": False, "patternProperties": {"^x": {}}}, {"a": 1},
         "$: 'a' does not match any of the regexes: '^x'"),
        ({"additionalProperties": False, "patternProperties": {"^x": {}}}, {"a": 1, "b": 2},
         "$: 'a', 'b' do not match any of the regexes: '^x'"),
        ({"additionalProperties": False}, {f"k{n:02}": n for n in range(12)},
         ("$: Additional properties are not allowed ('k00', 'k01', 'k02', 'k03', 'k04', 'k05',"
          " 'k06', 'k07', 'k08', 'k09'... were unexpected)")),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, {"b": 1}, {"b": 1.0}]},
         "$.a: [1, {'b': 1}, {'b': 1.0}] has non-unique elements"),
        ({"prefixItems": [{}], "unevaluatedItems": False}, [1, 2],
         "$: Unevaluated items are not allowed (2 was unexpected)"),
        ({"unevaluatedProperties": False}, {"a": 1},
         "$: Unevaluated properties are not allowed ('a' was unexpected)"),
        ({"unevaluatedProperties": {"type": "string"}}, {"a": 1, "b": 2},
         ("$: Unevaluated properties are not valid under the given schema ('a', 'b' were"
          " unevaluated and invalid)")),
        ({"patternProperties": {"^a": {"pattern": "^x"}}}, {"ab": "y"},
         "$.ab: 'y' does not match '^x'"),
    ],
    ids=range(9),
)  # fmt: skip
def test_problems_say_what_jsonschema_says(schema: Any, value: Any, problem: str) -> None:
    """The keywords of our own explain themselves as those they replace."""
    assert Checker(schema).problems(value) == [problem]


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"items": [{}], "unevaluatedItems": False}, [1], True),
        ({"items": [{}], "unevaluatedItems": False}, [1, 2], False),
        ({"items": [{}], "additionalItems": {}, "unevaluatedItems": False}, [1, 2], True),
        ({"$recursiveAnchor": True, "properties": {"a": {"$recursiveRef": "#"}},
          "unevaluatedProperties": False}, {"a": {"a": {}}}, True),
        ({"$recursiveRef": "#/$defs/a", "$defs": {"a": {"properties": {"b": {}}}}}, {"b": 1}, None),
        (CHOICE, {"a": 1, "b": 2}, True),
        (CHOICE, {"a": 2, "c": 2}, False),
    ],
    ids=range(7),
)  # fmt: skip
def test_old_drafts_have_their_own_words(schema: Any, value: Any, fits: bool | None) -> None:
    """Lists of items and recursive references mean what they did in draft 2019-09."""
    old = {"$schema": "https://json-schema.org/draft/2019-09/schema"} | schema
    if fits is None:  # in circles: the reference is to the root whatever it says
        with pytest.raises(SchemaError):
            Checker(old).problems(value)
    else:
        assert (Checker(old).problems(value) == []) is fits


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"multipleOf": 0.1}, 10**400, "OverflowError"),
        ({"x": {"type": 5}, "$ref": "#/x"}, 1, "TypeError"),
        ({"x": 5, "$ref": "#/x"}, 1, "TypeError"),
        ({"$id": "http://["}, 1, "ValueError"),
        ({"$schema": "http://["}, 1, "ValueError"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "$ref": 5}, 1, "AttributeError"),
        ({"x": {"pattern": "("}, "$ref": "#/x"}, "a", "is no pattern that can be used here"),
        ({"pattern": "^.{1,255}$"}, "a" * 9999, "is too long for the pattern"),
    ],
    ids=range(8),
)
def test_what_goes_wrong_is_the_schemas_fault(schema: Any, value: Any, reason: str) -> None:
    """Arithmetic, places that hold no schema and odd addresses raise nothing else."""
    with pytest.raises(SchemaError, match=reason):
        Checker(schema).problems(value)


@pytest.mark.parametrize("reference", ["#/allOf/x", "http://[", "#/allOf/9"])
def test_references_that_cannot_be_read(reference: str) -> None:
    """A reference that is no address at all leads nowhere."""
    with pytest.raises(SchemaError, match="leads nowhere"):
        check_references({"allOf": [{}], "properties": {"a": {"$ref": reference}}})


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"a": {"pattern": r"\1("}}}, "$.properties.a.pattern"),
        ({"items": {"anyOf": [{}, {"pattern": "("}]}}, "$.items.anyOf[1].pattern"),
        ({"patternProperties": {"(": {}}}, "$.patternProperties"),
    ],
)
def test_bad_patterns_are_named(schema: dict[str, Any], place: str) -> None:
    """The text begins with where the pattern stands."""
    with pytest.raises(SchemaError) as caught:
        Checker(schema)
    assert str(caught.value).startswith(f"{place}: ")


def test_what_looks_like_a_pattern_may_be_none() -> None:
    """Properties and values of that name are nobody's pattern."""
    Checker({"properties": {"pattern": {"enum": [{"pattern": "("}]}}, "default": {"pattern": "("}})


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"patternProperties": {"^a": False}, "pattern": "^a", "uniqueItems": True}, 1, True),
        ({"additionalProperties": False, "unevaluatedProperties": False}, [1], True),
        ({"unevaluatedItems": False, "unevaluatedProperties": True}, {"a": 1}, True),
        ({"$recursiveRef": "#", "properties": {"a": {}}}, {"a": 1}, True),
        ({"uniqueItems": False}, [1, 1], True),
        ({"additionalProperties": {"type": "string"}}, {"a": "x"}, True),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}, False),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"a": {}}}}}, {"a": 1}, True),
        ({"$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a", "properties": {"a": {}}}}},
         {"a": 1}, True),
        ({"allOf": [{"properties": {"a": {}}}]}, {"a": 1}, True),
        ({"anyOf": [{"properties": {"a": False}}, {}]}, {"a": 1}, False),
        ({"anyOf": [True], "patternProperties": {"^a": {}}}, {"ab": 1}, True),
        ({"dependentSchemas": {"a": {"properties": {"a": {}}}, "b": False}}, {"a": 1}, True),
        ({"additionalProperties": {"type": "integer"}}, {"a": 1}, True),
    ],
    ids=range(14),
)  # fmt: skip
def test_properties_are_evaluated_wherever_they_are_named(
    schema: dict[str, Any], value: Any, fits: bool
) -> None:
    """Keywords pass values of other types, and what any part has judged counts as evaluated."""
    closed = {"unevaluatedProperties": False} | schema
    assert (Checker(closed).problems(value) == []) is fits
    assert jsonschema.Draft202012Validator(closed).is_valid(value) is fits


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"contains": {"type": "string"}}, ["a"], True),
        ({"contains": {"type": "string"}}, ["a", 1], False),
        ({"items": {}}, [1, 2], True),
        ({"allOf": [{"prefixItems": [{}, {}]}]}, [1, 2], True),
        ({"else": {"prefixItems": [{}]}, "if": False}, [1], True),
    ],
    ids=range(5),
)
def test_items_are_evaluated_wherever_they_are_named(
    schema: dict[str, Any], value: Any, fits: bool
) -> None:
    """Items that any part has judged count as evaluated."""
    closed = {"unevaluatedItems": False} | schema
    assert (Checker(closed).problems(value) == []) is fits


def test_draft_3_is_judged_by_too() -> None:
    """The oldest draft, which nothing quick knows, is checked and judged by as well."""
    old: dict[str, Any] = {"$schema": "http://json-schema.org/draft-03/schema#"}
    assert Checker(old | {"properties": {"a": {"required": True}}}).problems({}) == [
        "$.a: 'a' is a required property"
    ]
    with pytest.raises(SchemaError, match=r"\$\.required"):
        Checker(old | {"required": ["a"]})


def test_another_dialect_inside_changes_nothing() -> None:
    """A `$schema` within a schema is passed over: it would choose a judge that does not count."""
    part = {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "^(a|aa)+$"}
    assert Checker({"items": part}).problems(["a" * 60 + "!"])


def test_old_definitions_may_be_anything() -> None:
    """What a dialect does not know as definitions does not stop the schema from being relaxed."""
    old: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/$defs/T",
    }
    assert only_known(old | {"$defs": 5}) == old | {"$defs": 5}
    assert only_known(old | {"$defs": {"T": {"properties": 5}}})["properties"] == 5


@given(VALUES, VALUES)
def test_equal_values_are_the_same_text(one: Any, other: Any) -> None:
    """Values are the same text if and only if `enum` takes them for equal."""
    judge = jsonschema.Draft202012Validator({"const": one})
    assert (canonical(one) == canonical(other)) is judge.is_valid(other)


@given(VALUES)
def test_short_values_are_shown_as_they_are(value: Any) -> None:
    """A copy is equal to its original, and a short one looks the same."""
    copy = shortened(value, lambda _: None)
    assert copy == value
    assert repr(copy) == repr(value)


def test_long_values_are_shown_in_part() -> None:
    """Of long texts the ends are shown, of long lists and objects the beginning."""
    text, items, members = (
        repr(shortened(value, lambda _: None))
        for value in ("a" * 900 + "b" * 900, list(range(900)), {f"k{n}": n for n in range(900)})
    )
    assert text.startswith("'aaa")
    assert text.endswith("bbb'")
    assert items.startswith("[0, 1, 2, ")
    assert items.endswith(", ...]")
    assert members.startswith("{'k0': 0, 'k1': 1, ")
    assert members.endswith(", ...}")
    assert max(map(len, (text, items, members))) < 300
    assert sys.getsizeof(text) < 400
