from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import NoneType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

import langmem_api
from langmem_api import api, models, types

PACKAGE = Path(langmem_api.__file__).parent
SCHEMAS = json.loads((PACKAGE / "openapi.json").read_text(encoding="utf-8"))["components"][
    "schemas"
]
OBJECTS = sorted(name for name, schema in SCHEMAS.items() if schema.get("properties"))
ENUMS = sorted(name for name, schema in SCHEMAS.items() if "enum" in schema)
SNIPPET = """
from langmem_api import AuthenticatedClient, Clinet  # error
from langmem_api.api import OPERATIONS
from langmem_api.models import User as UserModel, Usre  # error
from langmem_api.types import CreateUserRequest, MemoryFunction, Message  # error
from langmem_api.types import User


def read(user: User, function: MemoryFunction, model: UserModel) -> None:
    user["id"].upper()
    user["nmae"]  # error
    number: int = user["id"]  # error
    tags: list[str] | None = user.get("tags")
    user["name"].upper()  # error
    user["metadata"] = {"any": ["JSON"]}
    function["type"] = "user_state"
    function["type"] = "a type of tomorrow"
    function["type"] = 1  # error
    function["schema"]["parameters"]["anything"]
    model.id.upper()
    model.nmae  # error
    path: str = OPERATIONS["get_user"].path
    print(number, tags, path, AuthenticatedClient, Clinet, Usre, Message)


complete: CreateUserRequest = {"id": "1", "name": "Will"}
incomplete: CreateUserRequest = {"id": "1"}  # error
"""


@pytest.mark.parametrize("name", OBJECTS)
def test_typed_dict_has_the_keys_of_its_schema(name: str) -> None:
    """Each schema has a TypedDict with its keys, and those keys are optional that it lets out."""
    typed_dict = getattr(types, name)
    assert is_typeddict(typed_dict)
    required = set(SCHEMAS[name].get("required", ()))
    assert typed_dict.__required_keys__ == required
    assert typed_dict.__optional_keys__ == SCHEMAS[name]["properties"].keys() - required
    assert hasattr(models, name)


@pytest.mark.parametrize("name", OBJECTS)
def test_typed_dict_allows_null_where_its_schema_does(name: str) -> None:
    """A value may be None exactly where the schema allows null, and each name resolves."""
    for key, hint in get_type_hints(getattr(types, name), include_extras=True).items():
        value = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        may_be_none = value is Any or NoneType in get_args(value)
        assert may_be_none == allows_null(SCHEMAS[name]["properties"][key]), key


def allows_null(schema: dict[str, Any]) -> bool:
    """Return whether a schema lets null through."""
    if "$ref" in schema:
        return allows_null(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if alternatives := schema.get("anyOf", []) + schema.get("oneOf", []):
        return any(allows_null(alternative) for alternative in alternatives)
    kind = schema.get("type")
    return kind is None or kind == "null" or (isinstance(kind, list) and "null" in kind)


@pytest.mark.parametrize("name", ENUMS)
def test_enum_is_a_literal_of_its_values(name: str) -> None:
    """Each named enum exists as a type with its values, in the order of the document."""
    assert list(get_args(getattr(types, name))) == SCHEMAS[name]["enum"]


@pytest.mark.parametrize("module", ["langmem_api", "langmem_api.api", "langmem_api.types"])
def test_light_modules_import_no_client_and_no_model(module: str) -> None:
    """Routes and types cost neither httpx nor attrs nor a model at import."""
    program = f"import sys, {module}; print(*sys.modules)"
    loaded = run(sys.executable, "-c", program).stdout.split()
    heavy = {"httpx", "attr", "attrs", "langmem_api.client", "langmem_api.models"}
    assert not heavy & set(loaded)


def test_one_model_does_not_import_the_others() -> None:
    """A model is imported when it is asked for, and only with what it holds."""
    program = "import sys; from langmem_api.models import User; print(*sys.modules)"
    loaded = run(sys.executable, "-c", program).stdout.split()
    assert "langmem_api.models.user" in loaded
    assert "langmem_api.models.memory_function" not in loaded


@pytest.mark.parametrize("package", [langmem_api, models])
def test_lazy_names_behave_like_imported_ones(package: Any) -> None:
    """Every public name resolves and is listed; any other is an AttributeError that names it."""
    for name in package.__all__:
        assert getattr(package, name).__name__ == name
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'Nix'"):
        package.Nix  # noqa: B018


def test_operations_are_plain_records() -> None:
    """An operation unpacks into method, path, query, headers and body type."""
    assert api.OPERATIONS["list_messages"] == (
        "GET",
        "/threads/{thread_id}/messages",
        ("response_format", "page_size", "ascending_order", "cursor"),
        (),
        None,
    )


@pytest.mark.parametrize(
    "checker",
    [
        pytest.param(("mypy", "--strict", "--cache-dir"), id="mypy"),
        pytest.param(("pyright", "--pythonpath", sys.executable), id="pyright"),
    ],
)
def test_type_checkers_find_the_mistakes_and_nothing_else(
    checker: tuple[str, ...], tmp_path: Path
) -> None:
    """A misspelt key or name and a wrong type are errors; an enum value of tomorrow is not."""
    program = tmp_path / "program.py"
    program.write_text(SNIPPET, encoding="utf-8")
    executable = Path(sys.executable).with_name(checker[0])
    cache = [tmp_path / "cache"] if checker[0] == "mypy" else []
    output = run(executable, *checker[1:], *cache, program, expect=1).stdout
    marked = {number for number, line in enumerate(SNIPPET.split("\n"), 1) if "# error" in line}
    found = {
        int(line.split("program.py:")[1].split(":")[0])
        for line in output.splitlines()
        if "program.py:" in line and "error" in line
    }
    assert found == marked, output


def run(*command: str | Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and check its exit status."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == expect, result.stdout + result.stderr
    return result
