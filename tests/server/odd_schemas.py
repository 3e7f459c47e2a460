"""Strategies for JSON Schemas: ordinary ones, and ones that nobody would write in good faith."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "c", "x-1", ""])
TEXTS = st.text("abc1 é", max_size=6)
NUMBERS = st.integers(-3, 12) | st.sampled_from([0.5, 1.0, 2.5])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
# Those that mean the same by Python's rules as by those of ECMA.
PATTERNS = st.sampled_from(
    ["^a", "b$", "^[abc]+$", "a|1", "^(?=.*a)[a-c]{2,4}$", "^(?!b).", "(ab)*c"]
)
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null"])
SIZES = st.integers(0, 4)


def _keywords(inner: st.SearchStrategy[Any], *refs: str) -> st.SearchStrategy[dict[str, Any]]:
    """Make schemas out of others, which may refer to some."""
    references = {"$ref": st.sampled_from(refs)} if refs else {}
    some = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(KEYS, inner, max_size=3)
    values: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        "minimum": NUMBERS,
        "exclusiveMaximum": NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": SIZES,
        "maxLength": SIZES,
        "pattern": PATTERNS,
        "items": inner,
        "prefixItems": some,
        "contains": inner,
        "minContains": SIZES,
        "minItems": SIZES,
        "maxItems": SIZES,
        "uniqueItems": st.booleans(),
        "properties": named,
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": inner,
        "required": st.lists(KEYS, max_size=2, unique=True),
        "minProperties": SIZES,
        "maxProperties": SIZES,
        "dependentRequired": st.dictionaries(KEYS, st.lists(KEYS, unique=True), max_size=2),
        "dependentSchemas": named,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "unevaluatedProperties": inner,
        "unevaluatedItems": inner,
        **references,
    }
    pairs = [st.tuples(st.just(name), value) for name, value in values.items()]
    return st.lists(st.one_of(pairs), max_size=4).map(dict)


def _parts(*refs: str) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.booleans() | st.just({}), lambda inner: _keywords(inner, *refs), max_leaves=8
    )


_PARTS = _parts()
_PARTS_OF_A = _parts("#/$defs/b", "#b")
_ROOTS = _keywords(_parts("#/$defs/a", "#/$defs/b", "#b"), "#/$defs/a")


@st.composite
def ordinary(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a valid schema of draft 2020-12 with definitions, which it may use: in no circle."""
    last = draw(_keywords(_PARTS)) | {"$anchor": "b"}
    return draw(_ROOTS) | {"$defs": {"a": draw(_PARTS_OF_A), "b": last}}


_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "(",
        "a{,9}",
        "^(a+)+$",
        "(a)\\1",
        "x" * 600,
        "\ud800",
        "\0",
        "#",
        "#/x",
        "#/$defs/a",
        "#/allOf/0",
        "#/allOf/a",
        "http://[",
        "http://127.0.0.1:9/s",
        "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft-04/schema#",
        1e-300,
        1e308,
        10**400,
        -1,
        [],
        {},
    ]
)
_NAMES = st.sampled_from(
    [
        *("$ref", "$dynamicRef", "$recursiveRef", "$id", "id", "$anchor", "$dynamicAnchor"),
        *("$schema", "$defs", "definitions", "$recursiveAnchor", "$vocabulary", "x"),
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "extends", "disallow"),
        *("properties", "patternProperties", "additionalProperties", "propertyNames"),
        *("items", "prefixItems", "additionalItems", "contains", "uniqueItems", "minContains"),
        *("unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "dependencies"),
        *("dependentRequired", "required", "type", "enum", "const", "pattern", "format"),
        *("multipleOf", "divisibleBy", "minimum", "exclusiveMinimum", "maxLength", "maxItems"),
    ]
)
DIALECTS = st.sampled_from(
    [
        *(f"http://json-schema.org/draft-0{number}/schema#" for number in (3, 4, 6, 7)),
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
        "https://example.com/unknown",
    ]
)
ODD_PARTS: st.SearchStrategy[Any] = st.recursive(
    _ODD | VALUES | _PARTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_NAMES, inner, max_size=4)
        | st.dictionaries(_NAMES | KEYS | PATTERNS, inner, max_size=3)
    ),
    max_leaves=20,
)
ODD_SCHEMAS = st.builds(
    lambda whole, dialect: whole | dialect,
    st.dictionaries(_NAMES, ODD_PARTS, min_size=1, max_size=5),
    st.fixed_dictionaries({}, optional={"$schema": DIALECTS}),
)
ODD_VALUES = st.recursive(
    _ODD | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
