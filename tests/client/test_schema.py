from __future__ import annotations

import copy
import dataclasses
import sys
import typing
import warnings
from collections.abc import Callable  # noqa: TC003  # a model below has a field of this type
from typing import Annotated, Any, ClassVar, NamedTuple, NotRequired, TypedDict

import attrs
import pydantic
import pytest
import typing_extensions
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from langmem._schema import function_schema, json_schema

with warnings.catch_warnings():
    # pydantic's first version, as programs of 2024 may still have it.
    warnings.simplefilter("ignore")
    from pydantic import v1

NAME = {"description": "The user's name", "title": "Name", "type": "string"}
TAGS = {"items": {"type": "string"}, "title": "Tags", "type": "array"}
EXPECTED = {
    "title": "UserProfile",
    "description": "What we know.",
    "type": "object",
    "properties": {"name": NAME, "tags": {**TAGS, "default": []}},
    "required": ["name"],
}


def model() -> Any:
    """A model of pydantic."""

    class UserProfile(pydantic.BaseModel):
        """What we know."""

        name: str = Field(description="The user's name")
        tags: list[str] = []

    return UserProfile


def old_model() -> Any:
    """A model of pydantic's first version."""

    class UserProfile(v1.BaseModel):
        """What we know."""

        name: str = v1.Field(description="The user's name")
        tags: typing.List[str] = []  # noqa: UP006  # as programs of its time say it

    return UserProfile


def data_class() -> Any:
    """A dataclass."""

    @dataclasses.dataclass
    class UserProfile:
        """What we know."""

        name: Annotated[str, Field(description="The user's name")]
        tags: list[str] = Field(default=[])  # noqa: RUF009  # pydantic's way

    return UserProfile


def annotated_class() -> Any:
    """A class with annotations."""

    class UserProfile:
        """What we know."""

        name: str = Field(description="The user's name")
        tags: list[str] = []  # noqa: RUF012  # the form the documentation shows

    return UserProfile


def typed_dict() -> Any:
    """A TypedDict."""

    class UserProfile(TypedDict):
        """What we know."""

        name: Annotated[str, Field(description="The user's name")]
        tags: NotRequired[list[str]]

    return UserProfile


def extended_typed_dict() -> Any:
    """A TypedDict of typing_extensions."""

    class UserProfile(typing_extensions.TypedDict, total=False):
        """What we know."""

        name: typing_extensions.Required[Annotated[str, Field(description="The user's name")]]
        tags: list[str]

    return UserProfile


@pytest.mark.parametrize(
    "make", [model, old_model, data_class, annotated_class, typed_dict, extended_typed_dict]
)
def test_every_form_of_a_class_gives_the_same_schema(make: Callable[[], Any]) -> None:
    """A program may say what to remember in the form it has; the service sees no difference."""
    schema = json_schema(make(), "parameters")
    schema["properties"]["tags"].setdefault("default", [])  # type: ignore[index, union-attr, call-overload]
    assert schema == EXPECTED


def test_instances_stand_for_their_class() -> None:
    """A model or a dataclass may be given as an example of itself."""
    for make in (model, old_model, data_class):
        assert json_schema(make()(name="Will"), "parameters") == EXPECTED


def test_a_function_takes_title_and_description_out_of_its_schema() -> None:
    """Where no name is given, title and description move to where the service looks for them."""
    assert function_schema(model(), None, "") == {
        "name": "UserProfile",
        "description": "What we know.",
        "parameters": {k: v for k, v in EXPECTED.items() if k not in ("title", "description")},
    }


def test_a_name_that_is_given_leaves_the_title_inside() -> None:
    """As the client of 2024 sent it: what is not used as the name stays in the schema."""
    assert function_schema(EXPECTED, "User Profile", "About.") == {
        "name": "User Profile",
        "description": "About.",
        "parameters": EXPECTED,
    }


def test_a_schema_without_title_has_an_empty_name() -> None:
    """A schema needs no title and no description."""
    assert function_schema({"type": "object"}, None, None) == {
        "name": "",
        "description": "",
        "parameters": {"type": "object"},
    }


keys = st.sampled_from(["title", "description", "type", "properties", "items", "x"])
schemas = st.dictionaries(
    keys,
    st.recursive(st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(keys, inner)),
)


@given(schemas, st.none() | st.just("Name"), st.none() | st.just("About."))
def test_the_callers_schema_is_never_changed(
    schema: dict[str, Any], name: str | None, description: str | None
) -> None:
    """A schema can be used again and again, and its owner's changes do not reach what was made."""
    before = copy.deepcopy(schema)
    first = function_schema(schema, name, description)
    assert schema == before
    assert function_schema(schema, name, description) == first
    schema["type"] = {"changed": True}
    assert function_schema(before, name, description) == first


def test_what_a_class_keeps_for_itself_is_no_field() -> None:
    """Class variables and private names are not remembered."""

    class Profile:
        count: ClassVar[int] = 3
        bare: ClassVar = 3
        _secret: str = "x"
        name: str

    assert list(json_schema(Profile, "schema")["properties"]) == ["name"]  # type: ignore[arg-type]


def test_field_names_of_every_kind_are_allowed() -> None:
    """Names that pydantic's own models use, and names of dict's methods, are fields like others."""

    class Profile:
        schema: str
        model_name: str = "x"
        json: str = "y"

    class Basket(TypedDict):
        items: list[str]
        keys: NotRequired[str]

    profile = json_schema(Profile, "schema")
    assert profile["required"] == ["schema"]
    basket = json_schema(Basket, "schema")
    assert (basket["required"], list(basket["properties"])) == (["items"], ["items", "keys"])  # type: ignore[arg-type]


def test_inherited_fields_count() -> None:
    """A class has the fields of the classes it extends."""

    class Child(Person):
        age: int

    assert json_schema(Child, "schema")["required"] == ["name", "age"]


def test_fields_that_are_held_in_slots_have_no_default() -> None:
    """Classes of attrs and named tuples keep a descriptor where others keep a default."""

    @attrs.define
    class Profile:
        name: str

    class Pair(NamedTuple):
        left: str

    assert json_schema(Profile, "schema")["required"] == ["name"]
    assert json_schema(Pair, "schema")["required"] == ["left"]


class Person:
    """A class with a field."""

    name: str


@pytest.mark.parametrize(
    "source",
    [None, 3, "UserProfile", ["a"], int, list[int], object(), Person(), type("A", (), {})],
)
def test_other_values_are_no_schema(source: object) -> None:
    """What is neither a schema nor a class with fields is a TypeError that lists what is."""
    with pytest.raises(TypeError, match=r"^parameters: expected a pydantic model, a JSON Schema"):
        function_schema(source, None, None)


def test_a_schema_must_be_json() -> None:
    """A schema that holds something else is a TypeError that names its place."""
    with pytest.raises(TypeError, match=r'^schema\["default"\]: a set cannot be sent'):
        json_schema({"default": {1}}, "schema")


def test_what_describes_itself_must_give_a_schema() -> None:
    """Something with the right method and a wrong answer is a TypeError about the argument."""

    class Odd:
        def model_json_schema(self) -> list[int]:
            return []

    with pytest.raises(TypeError, match=r"^schema: expected a pydantic model.*, not an Odd$"):
        json_schema(Odd(), "schema")


def test_annotations_must_be_readable() -> None:
    """A name that only a function knows cannot be looked up; the error says which."""

    class Profile:
        pet: Unknown  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]

    with pytest.raises(TypeError, match=r"^schema: the annotations of Profile .*'Unknown'"):
        json_schema(Profile, "schema")


def test_a_class_that_pydantic_cannot_describe_is_named() -> None:
    """What pydantic says is passed on, as a TypeError about the argument."""

    class Profile(pydantic.BaseModel):
        call: Callable[[], int]

    with pytest.raises(TypeError, match=r"^schema: the class Profile cannot be turned into a JSON"):
        json_schema(Profile, "schema")


@pytest.mark.parametrize("make", [data_class, annotated_class, typed_dict])
def test_without_pydantic_the_error_says_what_to_install(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing requires pydantic; classes that only it can read say so."""
    source = make()
    monkeypatch.setitem(sys.modules, "pydantic", None)
    with pytest.raises(ImportError, match=r"needs pydantic: pip install pydantic$"):
        json_schema(source, "schema")


def test_without_pydantic_schemas_and_models_of_others_still_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A dict, and anything that can write its own schema, needs no pydantic."""

    class OfAnotherLibrary:
        def model_json_schema(self) -> dict[str, Any]:
            return {"type": "object"}

    monkeypatch.setitem(sys.modules, "pydantic", None)
    assert json_schema({"type": "object"}, "schema") == {"type": "object"}
    assert json_schema(OfAnotherLibrary(), "schema") == {"type": "object"}
