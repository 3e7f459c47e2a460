from __future__ import annotations

import typing

import pytest

import langmem
from langmem import client, errors, schemas

RESULTS = (
    "Health LangMemMessage Memory MemoryFunction MemoryOutput QueryUserMemoryResponse "
    "Run RunOutcomes Thread ThreadListItem User"
)
INPUTS = "GetThreadStateResponse Message Metadata OpenAIMessage UserForMessage UserMetadata"


def test_the_package_exports_what_programs_import() -> None:
    """The public names are sorted, present, and the same objects as in their modules."""
    assert langmem.__all__ == ["AsyncClient", "Client", "LangMemError", "errors", "schemas"]
    assert set(langmem.__all__) <= set(dir(langmem))
    assert langmem.Client is client.Client
    assert langmem.AsyncClient is client.AsyncClient
    assert langmem.LangMemError is errors.LangMemError
    assert (langmem.errors, langmem.schemas) == (errors, schemas)


def test_other_names_are_missing_as_in_any_module() -> None:
    """Lazy as it is, the package says which name it does not have."""
    with pytest.raises(AttributeError, match="module 'langmem' has no attribute 'Memory'"):
        langmem.Memory  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ImportError, match="cannot import name 'Memory'"):
        from langmem import Memory  # type: ignore[attr-defined]  # noqa: F401, PLC0415  # pyright: ignore[reportAttributeAccessIssue]


def test_the_clients_module_holds_what_it_always_held() -> None:
    """The reference's module path and names go on working."""
    assert client.__all__ == [
        "DEFAULT_TIMEOUT",
        "AsyncClient",
        "Client",
        "raise_for_status_with_text",
    ]
    assert all(hasattr(client, name) for name in client.__all__)


def test_schemas_hold_inputs_and_results() -> None:
    """Every type of the last SDK is there, and every result beside them; all can be examined."""
    names = {*RESULTS.split(), *INPUTS.split()}
    assert names < set(schemas.__all__)
    assert schemas.__all__ == sorted(schemas.__all__, key=lambda name: (not name.isupper(), name))
    for name in names:
        assert typing.get_type_hints(getattr(schemas, name))
    for name in INPUTS.split():
        assert not getattr(schemas, name).__required_keys__


def test_input_types_have_the_keys_of_the_last_sdk() -> None:
    """Programs name these keys."""
    keys = {name: set(typing.get_type_hints(getattr(schemas, name))) for name in INPUTS.split()}
    assert keys == {
        "GetThreadStateResponse": {"state"},
        "Message": {"id", "content", "timestamp", "user"},
        "Metadata": {"user_id", "user_name", "timestamp", "id"},
        "OpenAIMessage": {"content", "role", "name", "metadata"},
        "UserForMessage": {"user_id", "user_name", "role"},
        "UserMetadata": {"user_id", "user_name"},
    }
    assert typing.get_args(schemas.MESSAGE_LIKE)[:2] == (schemas.OpenAIMessage, schemas.Message)
