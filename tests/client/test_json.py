# ruff: noqa: D101, D102  # the classes are examples of values
from __future__ import annotations

import collections
import dataclasses
import enum
import json
import types
import uuid
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import attrs
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem._codec import encode
from langmem._json import to_json

USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")

with warnings.catch_warnings():
    # pydantic's first version, as programs of 2024 may still have it.
    warnings.simplefilter("ignore")
    from pydantic import v1


class Colour(enum.Enum):
    RED = "red"


class Role(enum.StrEnum):
    USER = "user"


class Level(enum.IntEnum):
    HIGH = 3


class Nested(enum.Enum):
    ROLE = Role.USER


class Point(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Owner:
    id: uuid.UUID
    since: date


class Profile(pydantic.BaseModel):
    owner: uuid.UUID
    tags: set[str]


class Old(v1.BaseModel):
    owner: uuid.UUID


@attrs.define
class Model:
    owner: uuid.UUID

    def to_dict(self) -> dict[str, Any]:
        return {"owner": self.owner}


@attrs.define
class Plain:
    owner: uuid.UUID


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2.5, 2.5),
        ("pika 🐭", "pika 🐭"),
        (USER, str(USER)),
        (datetime(2024, 4, 6, 12, 30, tzinfo=UTC), "2024-04-06T12:30:00+00:00"),
        (
            datetime(2024, 4, 6, 12, 30, 0, 5, tzinfo=timezone(timedelta(hours=2))),
            "2024-04-06T12:30:00.000005+02:00",
        ),
        (datetime(2024, 4, 6, 12, 30), "2024-04-06T12:30:00"),  # noqa: DTZ001  # users have them
        (date(2024, 4, 6), "2024-04-06"),
        (Colour.RED, "red"),
        (Role.USER, "user"),
        (Level.HIGH, 3),
        (Nested.ROLE, "user"),
        ((1, (2,)), [1, [2]]),
        (Point(1, 2), [1, 2]),
        (range(3), [0, 1, 2]),
        (collections.deque([1]), [1]),
        (types.MappingProxyType({"a": (USER,)}), {"a": [str(USER)]}),
        (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (Owner(USER, date(2024, 4, 6)), {"id": str(USER), "since": "2024-04-06"}),
        (Profile(owner=USER, tags={"a"}), {"owner": str(USER), "tags": ["a"]}),
        (Old(owner=USER), {"owner": str(USER)}),
        (Model(USER), {"owner": str(USER)}),
        ([{"deep": [Model(USER)]}], [{"deep": [{"owner": str(USER)}]}]),
        ({3: 1, None: 2, True: 3, 2.5: 4}, {"3": 1, "null": 2, "true": 3, "2.5": 4}),
        ({USER: 1, Role.USER: 2, date(2024, 4, 6): 3}, {str(USER): 1, "user": 2, "2024-04-06": 3}),
    ],
)  # fmt: skip
def test_value_becomes_json(value: object, expected: object) -> None:
    """Each kind of value that can be sent has the JSON form a reader expects."""
    assert to_json(value, "metadata") == expected


def circle() -> list[Any]:
    """A list that holds itself."""
    value: list[Any] = [1]
    value.append({"again": value})
    return value


def deep(levels: int) -> list[Any]:
    """A list in a list in a list."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@dataclasses.dataclass
class Chain:
    next: Any = None


def chain() -> Chain:
    """An object that leads to itself."""
    value = Chain()
    value.next = value
    return value


class Bottomless:
    def dict(self) -> dict[str, Any]:
        return {"again": Bottomless()}


class Broken:
    def dict(self) -> dict[str, Any]:
        raise RuntimeError("not today")


@pytest.mark.parametrize(
    ("value", "place", "reason"),
    [
        ({1, 2}, "m", "a set cannot be sent as JSON; send text"),
        ([{"metadata": {"user_id": {1}}}], 'm[0]["metadata"]["user_id"]', "a set cannot be sent"),
        ({"a": b"raw"}, 'm["a"]', "a bytes cannot be sent"),
        ([object()], "m[0]", "an object cannot be sent"),
        ([Profile], "m[0]", "the class Profile cannot be sent"),
        (Plain(USER), "m", "a Plain cannot be sent"),
        ((item for item in "a"), "m", "a generator cannot be sent"),
        ({"a": float("nan")}, 'm["a"]', "not JSON compliant"),
        ([1.0, float("-inf")], "m[1]", "not JSON compliant"),
        ({"a": "half \ud83d"}, 'm["a"]', "surrogates not allowed"),
        pytest.param(10**5000, "m", "limit", id="a number of 5000 digits"),
        (circle(), 'm[1]["again"]', "holds itself"),
        (chain(), 'm["next"]', "holds itself"),
        (deep(250), f"m{'[0]' * 100}", "nested deeper than 100 levels"),
        (Bottomless(), "m", "nested deeper than 100 levels"),
        ({"b": Broken()}, 'm["b"]', "a Broken cannot be sent as JSON: not today"),
        ({(1, 2): 3}, "m", "a tuple cannot be a key"),
        ({b"raw": 3}, "m", "a bytes cannot be sent"),
        ({1: "a", "1": "b"}, "m", "two of its keys are both '1'"),
        ({'q"uote': {1}}, 'm["q\\"uote"]', "a set cannot be sent"),
        (Owner(USER, {1}), 'm["since"]', "a set cannot be sent"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_named_with_its_place(
    value: object, place: str, reason: str
) -> None:
    """A value that JSON cannot hold is a TypeError that begins with where it sits."""
    with pytest.raises(TypeError) as caught:
        to_json(value, "m")
    assert str(caught.value).startswith(place)
    assert reason in str(caught.value)


def test_the_same_value_twice_is_no_circle() -> None:
    """A value that sits in two places is sent twice; only one inside itself has no end."""
    shared = {"a": 1}
    assert to_json([shared, [shared]], "m") == [shared, [shared]]


def test_the_result_shares_nothing_with_the_value() -> None:
    """What is prepared stays as it is when the caller changes the value afterwards."""
    value = {"a": [1, {"b": 2}]}
    result = to_json(value, "m")
    value["a"][1]["b"] = 3  # type: ignore[index]
    assert result == {"a": [1, {"b": 2}]}


text = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | text
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20
)


@given(values)
def test_json_survives_the_way_over_the_wire(value: Any) -> None:
    """Whatever is JSON already is read back from its bytes unchanged."""
    assert json.loads(encode(to_json(value, "m"))) == value


@st.composite
def hidden(draw: st.DrawFn) -> tuple[Any, str]:
    """A value with one set somewhere inside, and the place of that set."""
    value: Any = {1}
    place = ""
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            before = draw(st.lists(values, max_size=3))
            value, place = [*before, value], f"[{len(before)}]{place}"
        else:
            key = draw(text)
            others = draw(st.dictionaries(text, values, max_size=3))
            value, place = others | {key: value}, f"[{json.dumps(key, ensure_ascii=False)}]{place}"
    return value, place


@given(hidden())
def test_a_set_is_found_wherever_it_hides(case: tuple[Any, str]) -> None:
    """The place named leads from the argument to the value that cannot be sent."""
    value, place = case
    with pytest.raises(TypeError) as caught:
        to_json(value, "state")
    assert str(caught.value).startswith(f"state{place}: a set cannot be sent as JSON")
