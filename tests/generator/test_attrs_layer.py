from __future__ import annotations

import asyncio
import copy
import importlib
import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import langmem_api
from langmem_api import AuthenticatedClient, Client
from langmem_api.api.memories import (
    delete_individual_memories,
    get_user_memory,
    trigger_all_for_user,
)
from langmem_api.api.users import get_user
from langmem_api.errors import UnexpectedStatus
from langmem_api.models import (
    LangMemMessage,
    ListMessagesResponse,
    MemoryFunction,
    MemoryFunctionType,
    OpenAIMessage,
    UpdateUserRequest,
    User,
)
from langmem_api.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(langmem_api.__file__).parent
SPEC = json.loads((PACKAGE / "openapi.json").read_text(encoding="utf-8"))
ID = UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")
KEY = "a-key-that-nobody-may-see"
FUNCTION: dict[str, Any] = {
    "id": str(ID),
    "type": "user_state",
    "custom_instructions": None,
    "schema": {"name": "Profile", "description": "", "parameters": {"type": "object"}},
    "status": "active",
    "target_type": "user",
}
ERROR_BODIES = {
    "page-of-a-proxy": b"<html><h1>Bad gateway</h1></html>",
    "nothing": b"",
    "list": b'[{"msg": "wrong"}]',
    "detail-as-a-list": b'{"detail": [{"loc": ["body"], "msg": "wrong"}]}',
    "documented-shape": b'{"detail": "wrong"}',
}


def client_of(
    status: int,
    content: bytes = b"",
    *,
    strict: bool = True,
    seen: list[httpx.Request] | None = None,
) -> AuthenticatedClient:
    """Return a client of a service that gives one answer to everything it sees."""

    def answer(request: httpx.Request) -> httpx.Response:
        (seen if seen is not None else []).append(request)
        return httpx.Response(status, content=content)

    return AuthenticatedClient(
        base_url="http://langmem.test",
        token=KEY,
        prefix="",
        auth_header_name="x-api-key",
        raise_on_unexpected_status=strict,
        httpx_args={"transport": httpx.MockTransport(answer)},
    )


def success_examples() -> Iterator[tuple[str, str, Any]]:
    """Yield tag, operationId and the example answer of each operation that shows one."""
    for item in SPEC["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            response = operation["responses"]["200"]
            if "$ref" in response:
                response = SPEC["components"]["responses"][response["$ref"].rpartition("/")[2]]
            media = response["content"]["application/json"]
            examples = [media["example"]] if "example" in media else []
            examples += [example["value"] for example in media.get("examples", {}).values()]
            for example in examples:
                yield operation["tags"][0].replace("-", "_"), operation["operationId"], example


def as_json(value: Any) -> Any:
    """Return what a parsed answer stands for."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


@pytest.mark.parametrize(
    "module",
    sorted(
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
    ),
)
def test_every_module_can_be_imported(module: str) -> None:
    """Each generated module imports, those of operations that answer null included."""
    assert importlib.import_module(module)


@pytest.mark.parametrize(("tag", "operation", "example"), list(success_examples()))
def test_every_example_answer_survives_the_round_trip(
    tag: str, operation: str, example: Any
) -> None:
    """What the API document shows as an answer is parsed and gives the same JSON again."""
    module = importlib.import_module(f"langmem_api.api.{tag}.{operation}")
    response = httpx.Response(200, json=example)
    assert as_json(module._parse_response(client=client_of(200), response=response)) == example


@pytest.mark.parametrize("status", [404, 422, 500, 499, 520, 561])
@pytest.mark.parametrize("body", ERROR_BODIES.values(), ids=ERROR_BODIES.keys())
def test_every_error_raises_with_its_status_and_body(status: int, body: bytes) -> None:
    """Whatever an error's status and body, the strict client raises UnexpectedStatus with both."""
    with pytest.raises(UnexpectedStatus) as sync_error:
        get_user.sync(ID, client=client_of(status, body))
    with pytest.raises(UnexpectedStatus) as async_error:
        asyncio.run(get_user.asyncio(ID, client=client_of(status, body)))
    for caught in (sync_error, async_error):
        assert (caught.value.status_code, caught.value.content) == (status, body)


def test_status_520_is_a_plain_number_to_the_lenient_client() -> None:
    """A status that http.HTTPStatus does not know is reported, with nothing parsed."""
    response = get_user.sync_detailed(ID, client=client_of(520, b"<html>", strict=False))
    assert (response.status_code, response.content, response.parsed) == (520, b"<html>", None)


@pytest.mark.parametrize(("status", "body"), [(200, b""), (204, b""), (200, b"null")])
def test_success_without_a_body_is_none(status: int, body: bytes) -> None:
    """An operation with nothing to say may say `null` or nothing at all."""
    client = client_of(status, body)
    response = trigger_all_for_user.sync_detailed(ID, client=client)
    assert (response.status_code, response.parsed) == (status, None)
    assert get_user_memory.sync(ID, ID, client=client) is None
    assert asyncio.run(get_user_memory.asyncio(ID, ID, client=client)) is None


@given(kind=st.text())
def test_unknown_enum_values_stay_as_they_came(kind: str) -> None:
    """A value of tomorrow is kept as text, and no value changes on its way through."""
    function = MemoryFunction.from_dict({**FUNCTION, "type": kind, "status": kind})
    assert function.type_ == kind
    assert function.to_dict() == {**FUNCTION, "type": kind, "status": kind}


def test_known_enum_values_become_members() -> None:
    """A value of today is the member of its enum."""
    assert MemoryFunction.from_dict(FUNCTION).type_ is MemoryFunctionType.USER_STATE


def test_unknown_fields_are_kept() -> None:
    """A field of tomorrow can be read and goes back out."""
    function = MemoryFunction.from_dict({**FUNCTION, "colour": {"red": 1}})
    assert function["colour"] == {"red": 1}
    assert function.to_dict() == {**FUNCTION, "colour": {"red": 1}}


@pytest.mark.parametrize(
    "user",
    [
        {"id": str(ID), "name": None},
        {"id": str(ID), "name": None, "tags": None, "metadata": None},
        {"id": str(ID), "name": "Will", "tags": [], "metadata": {"plan": None}},
    ],
)
def test_nulls_and_missing_fields_differ_and_survive(user: dict[str, Any]) -> None:
    """A null stays a null and a missing optional field stays missing."""
    assert User.from_dict(user).to_dict() == user


def test_missing_optional_field_is_unset() -> None:
    """A field that the service left out is UNSET, which is not None."""
    assert User.from_dict({"id": str(ID), "name": None}).tags is UNSET


def test_both_forms_of_a_message_are_told_apart() -> None:
    """A page may hold messages of either form, and each becomes its own class."""
    openai = {
        "role": "user",
        "content": "hi",
        "name": None,
        "metadata": {"user_id": None, "timestamp": "2026-01-31T12:00:00", "id": "1"},
    }
    langmem = {
        "id": "1",
        "content": None,
        "timestamp": "2026-01-31T12:00:00",
        "user": {"user_id": None, "user_name": None, "role": "ai"},
    }
    page = ListMessagesResponse.from_dict({"messages": [openai, langmem], "next_cursor": None})
    assert [type(message) for message in page.messages] == [OpenAIMessage, LangMemMessage]
    assert page.to_dict() == {"messages": [openai, langmem], "next_cursor": None}


def test_unset_stays_one_object() -> None:
    """Copies and pickles of UNSET are UNSET itself."""
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy(UNSET) is UNSET
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET


def test_copied_model_sends_only_what_was_set() -> None:
    """A field never set does not appear in the JSON of a copied or unpickled model."""
    change = UpdateUserRequest(tags=["beta"])
    assert copy.deepcopy(change).to_dict() == {"tags": ["beta"]}
    assert pickle.loads(pickle.dumps(change)).to_dict() == {"tags": ["beta"]}


def test_key_is_sent_and_never_shown() -> None:
    """The key travels in its header, and no repr of the client shows it, before or after."""
    seen: list[httpx.Request] = []
    client = client_of(200, b"null", seen=seen)
    assert KEY not in repr(client)
    trigger_all_for_user.sync_detailed(ID, client=client)
    assert seen[0].headers["x-api-key"] == KEY
    assert KEY not in repr(client)
    assert KEY not in repr(Client(base_url="http://langmem.test", headers={"x-api-key": KEY}))


def test_list_parameter_is_repeated_in_the_query() -> None:
    """Each id of a list travels as a parameter of its own."""
    seen: list[httpx.Request] = []
    client = client_of(200, b"null", seen=seen)
    delete_individual_memories.sync_detailed(ID, client=client, ids=["a", "b&c"])
    assert seen[0].url.params.get_list("ids") == ["a", "b&c"]
    assert seen[0].url.path == f"/users/{ID}/memory/individual"
