from __future__ import annotations

import copy
import dataclasses
import enum
import json
import pickle
import sys
import traceback
import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import pydantic
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, computed_field

from langmem import typed
from langmem._schema_diff import SchemaChange, SchemaDiff, compare
from langmem._typed import Shape, shape
from langmem.errors import LangMemError, StoredValueError
from tests.client.test_schema import annotated_class, old_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langmem_api.types import Memory, MemoryFunction

TARGET = f"/users/{uuid.UUID(int=1)}"
MEMORY_ID = "9a1c6b1e-6a2e-4b52-8a3c-0d9f4a3a8f11"
SECRET = "the-users-own-words"


class Mood(enum.Enum):
    """How somebody feels."""

    GLAD = "glad"
    SAD = "sad"


@dataclasses.dataclass
class Pet:
    """An animal."""

    name: str
    born: date | None = None


class Profile(BaseModel):
    """What is known of a user."""

    name: str
    age: int = 0
    weight: float = 0.5
    nickname: str | None = "none given"
    seen: datetime | None = None
    account: uuid.UUID | None = None
    mood: Mood = Mood.GLAD
    pets: list[Pet] = []
    friends: dict[str, int] = {}
    pair: tuple[int, str] = (1, "one")
    words: set[str] = set()


@dataclasses.dataclass(frozen=True)
class Card:
    """What is known of a user."""

    name: Annotated[str, Field(description="The user's name")]
    born: date | None = None
    mood: Mood = Mood.GLAD
    pets: tuple[Pet, ...] = ()


def shape_of(cls: type[Any], **changes: Any) -> Shape[Any]:
    """The shape of a class, with what is given changed."""
    given: dict[str, Any] = dict.fromkeys(["name", "description", "custom_instructions"])
    return shape(cls, **(given | {"target_type": "user_state"} | changes))


def kept(shape: Shape[Any], **changes: Any) -> MemoryFunction:
    """The memory function that creating it for a shape makes, with what is given changed."""
    function: Any = {
        "id": "cb217ff7-963e-44fc-b222-01f01058d64b",
        "type": shape.target_type,
        "custom_instructions": shape.custom_instructions,
        "schema": {
            "name": shape.name,
            "description": shape.description,
            "parameters": copy.deepcopy(shape.parameters),
        },
        "status": "active",
        "target_type": "user",
    }
    function.update(changes)
    return function  # type: ignore[no-any-return]


def memory(content: dict[str, Any]) -> Memory:
    """A memory as a search finds it."""
    return {
        "id": MEMORY_ID,
        "created_at": "2026-01-31T12:00:00.000000Z",
        "last_accessed": "2026-02-01T12:00:00.000000Z",
        "text": SECRET,
        "content": content,
        "scores": {"recency": 0.5, "importance": 0.5, "relevance": 1.0},
    }


# Reading and writing

words = st.text(st.characters(codec="utf-8"), max_size=5)
pets = st.builds(Pet, name=words, born=st.none() | st.dates())
profiles = st.builds(
    Profile,
    name=words,
    age=st.integers(),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    nickname=st.none() | words,
    seen=st.none() | st.datetimes(timezones=st.just(UTC)),
    account=st.none() | st.uuids(),
    mood=st.sampled_from(Mood),
    pets=st.lists(pets, max_size=2),
    friends=st.dictionaries(words, st.integers(), max_size=2),
    pair=st.tuples(st.integers(), words),
    words=st.sets(words, max_size=2),
)
cards = st.builds(
    Card,
    name=words,
    born=st.none() | st.dates(),
    mood=st.sampled_from(Mood),
    pets=st.lists(pets, max_size=2).map(tuple),
)
PROFILE, CARD = shape_of(Profile), shape_of(Card)


@given(profiles | cards)
def test_what_is_written_is_read_again(value: Profile | Card) -> None:
    """A value comes back from JSON equal, whatever types its fields have."""
    used: Shape[Any] = PROFILE if isinstance(value, Profile) else CARD
    stored = json.loads(json.dumps(used.dump(value)))
    assert used.load(stored, TARGET) == value


@given(profiles, st.sets(st.sampled_from(sorted(set(Profile.model_fields) - {"name"}))))
def test_what_is_not_known_yet_has_its_default(value: Profile, unknown: set[str]) -> None:
    """A property that is null, where the class takes no null, counts as one that is missing."""
    stored = PROFILE.dump(value)
    missing = {name: each for name, each in stored.items() if name not in unknown}
    null = stored | dict.fromkeys(unknown)
    nullable = {"nickname", "seen", "account"}
    assert PROFILE.load(missing | dict.fromkeys(unknown & nullable), TARGET) == PROFILE.load(
        null, TARGET
    )


def test_null_is_kept_where_the_class_takes_it() -> None:
    """Null for a field that may be None is a value, and not replaced by the default."""
    read = PROFILE.load({"name": "Will", "age": None, "nickname": None}, TARGET)
    assert (read.age, read.nickname) == (0, None)


def test_names_are_those_of_the_schema() -> None:
    """What is written bears the aliases that the schema has, and no computed field."""

    class Keeper(BaseModel):
        hives: int = Field(alias="hiveCount")

        @computed_field  # type: ignore[prop-decorator]
        @property
        def bees(self) -> int:
            return 40_000 * self.hives

    used = shape_of(Keeper)
    assert list(used.parameters["properties"]) == ["hiveCount"]
    assert used.dump(Keeper(hiveCount=3)) == {"hiveCount": 3}
    assert used.load({"hiveCount": 3}, TARGET) == Keeper(hiveCount=3)


def test_strict_classes_read_what_they_have_written() -> None:
    """A class that takes no text for a date still reads the date that JSON has as text."""

    class Strict(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid")
        born: date
        mood: Mood
        pair: tuple[int, str]

    value = Strict(born=date(2000, 2, 29), mood=Mood.SAD, pair=(1, "a"))
    used = shape_of(Strict)
    assert used.load(used.dump(value), TARGET) == value


def test_a_subclass_is_written_as_its_class() -> None:
    """What a subclass has besides does not go into a memory whose schema does not know it."""

    class More(Pet):
        pass

    class Bigger(Profile):
        shoe_size: int = 43

    assert "shoe_size" not in PROFILE.dump(Bigger(name="Will"))
    assert shape_of(Pet).dump(More("Rex")) == {"name": "Rex", "born": None}


@pytest.mark.parametrize("value", [{"name": "Will"}, Pet("Rex"), None, Profile])
def test_only_instances_of_the_class_are_written(value: object) -> None:
    """A dict, another class's value and the class itself are a TypeError that names the class."""
    with pytest.raises(TypeError, match=r"^value: expected an instance of Profile, not "):
        PROFILE.dump(value)


@pytest.mark.filterwarnings("error")
def test_a_value_that_breaks_its_own_rules_is_not_written() -> None:
    """Nothing is stored that could not be read again; the error says where and not what."""
    value = Profile(name="Will")
    value.age = SECRET  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match=r"^value: does not fit Profile: age: ") as caught:
        PROFILE.dump(value)
    assert SECRET not in str(caught.value)


def test_a_value_that_json_cannot_hold_is_not_written() -> None:
    """The error names the argument, and what in it cannot be sent."""

    class Loose(BaseModel):
        anything: Any

    with pytest.raises(TypeError, match=r"^value: cannot be sent as JSON: .*object"):
        shape_of(Loose).dump(Loose(anything=object()))
    with pytest.raises(TypeError, match=r'^value\["weight"\]: cannot be sent as JSON: '):
        PROFILE.dump(Profile(name="Will", weight=float("inf")))


# What does not fit


def test_what_does_not_fit_is_at_hand_with_the_reasons() -> None:
    """The error has the raw value, pydantic's errors, and says in words what is wrong where."""
    raw = {"age": SECRET, "pets": [{"name": 3}]}
    with pytest.raises(StoredValueError) as caught:
        PROFILE.load(raw, TARGET)
    error = caught.value
    assert isinstance(error, LangMemError)
    assert str(error) == (
        f"what is stored for {TARGET} does not fit Profile: name: Field required; age: Input should"
        " be a valid integer, unable to parse string as an integer; pets.0.name: Input should be a"
        " valid string"
    )
    assert error.raw is raw
    assert [(each["loc"], each["type"]) for each in error.errors] == [
        (("name",), "missing"),
        (("age",), "int_parsing"),
        (("pets", 0, "name"), "string_type"),
    ]
    assert (error.class_name, error.target, error.memory_id) == ("Profile", TARGET, None)


def test_an_error_shows_no_text_of_a_user() -> None:
    """Neither message, repr nor anything it is chained to shows a value; logs may have those."""
    with pytest.raises(StoredValueError) as caught:
        PROFILE.load({"age": SECRET}, TARGET)
    error = caught.value
    assert SECRET not in f"{error} {error!r}"
    assert error.__cause__ is None
    assert error.__context__ is None


def test_many_errors_are_counted() -> None:
    """A message stays short: three faults, and how many more there are."""
    with pytest.raises(StoredValueError, match=r"; and 2 more$") as caught:
        PROFILE.load({"name": 1, "age": "x", "weight": "x", "mood": "x", "pair": 1}, TARGET)
    assert len(caught.value.errors) == 5


def test_a_class_with_a_rule_for_the_whole_says_so() -> None:
    """A fault of no field has no place in the message."""

    class Keeper(BaseModel):
        hives: int

        @pydantic.model_validator(mode="after")
        def has_hives(self) -> Keeper:
            if not self.hives:
                raise ValueError("a keeper has hives")
            return self

    with pytest.raises(
        StoredValueError, match=r"Keeper: Value error, a keeper has hives$"
    ) as found:
        shape_of(Keeper).load({"hives": 0}, TARGET)
    travelled = pickle.loads(pickle.dumps(found.value))
    assert travelled.errors == found.value.errors
    assert travelled.raw == {"hives": 0}


def test_null_alone_is_told_as_it_is_stored() -> None:
    """A required property that is null is reported as null, and not as missing."""
    with pytest.raises(StoredValueError) as caught:
        PROFILE.load({"name": None}, TARGET)
    [error] = caught.value.errors
    assert (error["loc"], error["type"], error["input"]) == (("name",), "string_type", None)


def test_one_memory_that_does_not_fit_is_told_apart() -> None:
    """It is among the results with its raw content, and raises where its value is asked for."""
    pet = shape_of(Pet, target_type="user_append_state")
    good, bad = (pet.load_memory(memory(raw), TARGET) for raw in ({"name": "Rex"}, {"nam": SECRET}))
    assert (good.ok, good.value, good.error) == (True, Pet("Rex"), None)
    assert (bad.ok, bad.raw, bad.text) == (False, {"nam": SECRET}, SECRET)
    for _ in range(2):
        with pytest.raises(
            StoredValueError, match=rf"memory {MEMORY_ID} of {TARGET} does"
        ) as found:
            _ = bad.value
        assert found.value is bad.error
        assert found.value.memory_id == MEMORY_ID
        assert len(traceback.extract_tb(found.value.__traceback__)) == 2
    assert bad.scores["relevance"] == 1.0
    assert (bad.created_at, bad.last_accessed) < ("2026-02", "2026-03")


def test_a_memory_shows_no_text_of_a_user() -> None:
    """A list of memories can be printed into a log."""
    shown = repr(shape_of(Pet).load_memory(memory({"name": SECRET}), TARGET))
    assert shown == (
        f"TypedMemory(id='{MEMORY_ID}', ok=True, "
        "scores={'recency': 0.5, 'importance': 0.5, 'relevance': 1.0})"
    )


# Classes


def test_a_class_gives_its_name_and_docstring() -> None:
    """As `create_memory_function` reads them, unless others are given."""
    assert (PROFILE.name, PROFILE.description) == ("Profile", "What is known of a user.")
    other = shape_of(Card, name="User", description="Who speaks.")
    assert (other.name, other.description) == ("User", "Who speaks.")

    class Untitled(BaseModel):
        model_config = ConfigDict(json_schema_extra=without_title)

    assert shape_of(Untitled).name == "Untitled"


def without_title(schema: dict[str, Any]) -> None:
    """Take the title out of a schema."""
    del schema["title"]


class Keys(TypedDict):
    """A class that pydantic gives no instances of."""

    name: str


@pytest.mark.parametrize(
    "cls",
    [Profile(name="Will"), Pet("Rex"), {"type": "object"}, int, Keys, annotated_class(), "Profile"],
)
def test_other_forms_have_no_values(cls: Any) -> None:
    """A schema, an instance or a class that validates nothing is a TypeError."""
    with pytest.raises(TypeError, match=r"^parameters: expected a pydantic model or a dataclass, "):
        shape_of(cls)


def test_models_of_the_first_pydantic_are_refused() -> None:
    """They cannot read JSON as the models of today do."""
    with pytest.raises(TypeError, match=r"not the class UserProfile; create_memory_function takes"):
        shape_of(old_model())


def test_a_class_without_a_schema_is_refused() -> None:
    """What pydantic says of it is passed on."""

    class Odd(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        anything: SchemaChange | type[Any]
        thing: st.SearchStrategy[int]

    with pytest.raises(TypeError, match=r"^parameters: the class Odd cannot be turned into a JSON"):
        shape_of(Odd)


def test_a_dataclass_needs_pydantic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the error says what to install."""
    monkeypatch.setitem(sys.modules, "pydantic", None)
    with pytest.raises(ImportError, match=r"^parameters: .*needs pydantic: pip install pydantic$"):
        shape_of(Pet)


def test_the_type_of_function_must_have_a_class() -> None:
    """Triples have a form of their own, and others do not exist."""
    for wrong in ("user_semantic_memory", "user", "", None):
        with pytest.raises(ValueError, match=r"^target_type: expected one of user_state, user_app"):
            shape_of(Pet, target_type=wrong)


@pytest.mark.parametrize("argument", ["name", "description", "custom_instructions"])
def test_texts_must_be_text(argument: str) -> None:
    """The error names the argument."""
    with pytest.raises(TypeError, match=rf"^{argument}: expected text, not an int$"):
        shape_of(Pet, **{argument: 3})


# Differences

keys = st.sampled_from(["title", "description", "required", "properties", "type", "a", "b"])
scalars = st.none() | st.booleans() | st.integers(-1, 1) | st.floats(-1, 1) | st.sampled_from("ab")
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)
schemas = st.dictionaries(keys, values, max_size=4)


def canonical(value: Any, key: str = "") -> Any:
    """A JSON value with what is required as a set of names."""
    if isinstance(value, dict):
        return {name: canonical(each, name) for name, each in value.items()}
    named = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return dict.fromkeys(value, True) if named and key == "required" else value


def same(left: Any, right: Any) -> bool:
    """Whether two values are one in JSON, where true is not 1."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def applied(service: Any, changes: Iterable[SchemaChange]) -> Any:
    """Change a schema as the changes say, each of which must find what it says is there."""
    result = copy.deepcopy(canonical(service))
    for change in changes:
        place = result
        for step in change.path[:-1]:
            place = place[step]
        key = change.path[-1]
        assert (key in place) == (change.kind != "added")
        if change.kind != "added":
            assert same(place[key], canonical(change.service, key))
        if change.kind == "removed":
            del place[key]
        else:
            place[key] = canonical(change.local, key)
    return result


@given(schemas, schemas)
@example({"a": True}, {"a": 1})
@example({"required": ["a", "b"]}, {"required": [["a"]]})
def test_the_changes_lead_from_one_schema_to_the_other(
    service: dict[str, Any], local: dict[str, Any]
) -> None:
    """Nothing that differs is left out, and nothing is named that does not."""
    changes = list(compare(service, local))
    assert same(applied(service, changes), canonical(local))
    assert bool(changes) == (not same(canonical(service), canonical(local)))
    assert len({change.path for change in changes}) == len(changes)


@given(schemas)
def test_a_schema_does_not_differ_from_itself(schema: dict[str, Any]) -> None:
    """Not by the order of its keys either, nor of what it requires."""
    names = schema | {"required": ["a", "b"]}
    turned = dict(reversed(schema.items())) | {"required": ["b", "a"]}
    assert list(compare(schema, schema)) == []
    assert list(compare(names, turned)) == []


@pytest.mark.parametrize("cls", [Profile, Card, Pet])
@pytest.mark.parametrize("given_", [{}, {"name": "Other", "description": "d"}])
def test_a_function_just_made_does_not_differ(cls: type, given_: dict[str, str]) -> None:
    """Whatever is given besides the class, and whatever title another program has left in it."""
    made = shape_of(cls, **given_)
    function = kept(made)
    assert not made.diff(function)
    function["schema"]["parameters"]["title"] = "Else"
    assert not made.diff(function)


def test_each_kind_of_change_is_told() -> None:
    """Fields added, removed and changed, what is required, the description, the instructions."""

    class Old(BaseModel):
        """Old."""

        name: str = Field(description="The name")
        pet: str
        pets: list[Pet]

    class New(BaseModel):
        """New."""

        name: str = Field(description="The user's name")
        pets: list[Pet]
        age: int

    old = shape_of(Old)
    function = kept(old, custom_instructions="Be brief.")
    function["schema"]["parameters"]["$defs"]["Pet"]["properties"]["name"]["type"] = "integer"
    diff = shape_of(New, name="Old", custom_instructions="Be exact.").diff(function)
    assert str(diff).splitlines() == [
        "Old: 8 changes from the service's schema to the class",
        '~ description: "Old." -> "New."',
        '~ parameters.$defs.Pet.properties.name.type: "integer" -> "string"',
        '~ parameters.properties.name.description: "The name" -> "The user\'s name"',
        '+ parameters.properties.age: {"title": "Age", "type": "integer"}',
        '- parameters.properties.pet: {"title": "Pet", "type": "string"}',
        "+ parameters.required.age: true",
        "- parameters.required.pet: true",
        '~ custom_instructions: "Be brief." -> "Be exact."',
    ]
    assert SchemaChange("added", ("parameters", "required", "age"), None, True) in diff.changes
    assert diff


def test_instructions_that_are_not_given_do_not_differ() -> None:
    """A program that has no opinion on them does not undo what another has set."""
    assert not PROFILE.diff(kept(PROFILE, custom_instructions="Be brief."))
    assert shape_of(Profile, custom_instructions="").diff(kept(PROFILE)).changes == (
        SchemaChange("changed", ("custom_instructions",), None, ""),
    )


def test_no_difference_is_false_and_says_so() -> None:
    """A program may write `if profile.diff(): ...`, and a person read it."""
    diff = SchemaDiff("Profile", ())
    assert not diff
    assert str(diff) == "Profile: the service's schema is that of the class"


def test_a_function_is_known_by_type_and_name() -> None:
    """One of the same name and another type is another function."""
    assert PROFILE.is_kept_by(kept(PROFILE))
    assert not PROFILE.is_kept_by(kept(PROFILE, type="thread_summary"))
    assert not PROFILE.is_kept_by(kept(CARD))


def test_the_public_module_holds_what_programs_name() -> None:
    """The handles of both colours, and what they return and raise, have public names."""
    assert typed.__all__ == sorted(typed.__all__)
    assert all(hasattr(typed, name) for name in typed.__all__)
    for name in ("UserState", "UserAppendState", "ThreadSummary"):
        assert issubclass(getattr(typed, name), typed.TypedFunction)
        assert issubclass(getattr(typed, f"Async{name}"), typed.AsyncTypedFunction)
