from __future__ import annotations

import json
import uuid
from contextlib import closing
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from langmem import AsyncClient, Client, errors
from langmem.testing import Service
from langmem.testing._spec import find, operations, strict
from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
URL = "http://localhost"
ID = {"x-request-id": "1"}


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that nobody looks over at the end."""
    with closing(Service()) as service:
        yield service


def test_every_operation_is_known() -> None:
    """The operations are those of the API, each found by its method and path, and by no other."""
    assert {each.id for each in operations()} == set(OPERATIONS)
    for name, route in OPERATIONS.items():
        path = route.path.replace("{", "").replace("}", "")
        found = find(route.method, path)
        assert found is not None
        assert found.id == name
        assert find("TRACE", path) is None
    assert find("GET", "/users/query") is None


def examples() -> Iterator[tuple[str, str, str, Any]]:
    """The method, path, status and example of every answer that the document shows."""
    document = json.loads(files("langmem_api").joinpath("openapi.json").read_bytes())
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            for status, response in item[method]["responses"].items():
                named = response.get("$ref", "").rpartition("/")[2]
                content = document["components"]["responses"].get(named, response)["content"]
                if "example" in content.get("application/json", {}):
                    yield method.upper(), path, status, content["application/json"]["example"]


def answer(status: str, value: Any) -> httpx.Response:
    """An answer in JSON."""
    headers = ID | {"content-type": "application/json"}
    return httpx.Response(int(status), content=json.dumps(value).encode(), headers=headers)


EXAMPLES = sorted(examples(), key=lambda example: example[:3])


def test_every_answer_that_is_documented_is_accepted() -> None:
    """The document's own examples follow it; with a key more, what names its keys does not."""
    assert len(EXAMPLES) > 100
    refused = 0
    for method, path, status, value in EXAMPLES:
        operation = find(method, path.replace("{", "").replace("}", ""))
        assert operation is not None
        assert operation.problems_of_response(answer(status, value)) == []
        if isinstance(value, dict):
            more = answer(status, value | {"unheard-of": 1})
            refused += bool(operation.problems_of_response(more))
    assert refused > 100


BAD_ANSWERS = [
    (httpx.Response(200, json={"id": USER}, headers=ID), "'name' is a required property"),
    (httpx.Response(200, text="{}", headers=ID), "header.content-type: must be application/json"),
    (httpx.Response(418, json={"detail": ""}, headers=ID), "status 418: is not documented"),
    (httpx.Response(404, json={"detail": 7}, headers=ID), "body.detail: 7 is not of type 'string'"),
    (httpx.Response(404, json={"detail": ""}), "header.x-request-id: is missing"),
    (
        httpx.Response(200, content=b"{", headers=ID | {"content-type": "application/json"}),
        "body: is no JSON",
    ),
]


@pytest.mark.parametrize(("response", "problem"), BAD_ANSWERS)
def test_an_answer_that_is_not_documented_is_found(response: httpx.Response, problem: str) -> None:
    """Each way in which an answer can leave the document is named."""
    operation = find("GET", f"/users/{USER}")
    assert operation is not None
    [found] = operation.problems_of_response(response)
    assert problem in found


def request(method: str, path: str, **kwargs: Any) -> httpx.Request:
    """A request of the service."""
    return httpx.Request(method, URL + path, **kwargs)


BAD_REQUESTS = [
    (request("GET", "/users/Will"), "path.user_id: 'Will' is not a 'uuid'"),
    (request("GET", f"/users/{USER}?verbose=1"), "query.verbose: is unknown"),
    (request("GET", f"/users/{USER}/runs?page_size=many"), "query.page_size: 'many' is not of"),
    (request("GET", f"/users/{USER}/runs?page_size=0"), "query.page_size: 0 is less than"),
    (
        request("GET", f"/threads/{USER}/messages?ascending_order=up"),
        "query.ascending_order: 'up' is not of type 'boolean'",
    ),
    (request("GET", f"/users/{USER}", content=b"{}"), "body: must not be sent"),
    (
        request("DELETE", f"/users/{USER}", headers={"Idempotency-Key": ""}),
        "header.Idempotency-Key: '' should be non-empty",
    ),
    (request("POST", "/users", content=b"{}"), "header.content-type: must be application/json"),
    (
        request("POST", "/users", content=b"{", headers={"content-type": "application/json"}),
        "body: is no JSON",
    ),
    (request("POST", "/users/query", json={"name": [7]}), "body.name[0]: 7 is not of type"),
    (request("DELETE", f"/users/{USER}/memory/individual"), "query.ids: is required"),
    (request("POST", "/users", json={"id": 7, "name": ""}), "body.id: 7 is not of type 'string'"),
    (request("POST", "/users", json={"name": "a" * 999, "tags": "b" * 999}), " ... "),
]


@pytest.mark.parametrize(("sent", "problem"), BAD_REQUESTS)
def test_a_request_that_is_not_documented_is_found(sent: httpx.Request, problem: str) -> None:
    """Each way in which a request can leave the document is named, briefly."""
    operation = find(sent.method, sent.url.path)
    assert operation is not None
    found = operation.problems_of_request(sent)
    assert any(problem in each for each in found), found
    assert all(len(each) < 400 for each in found)


GOOD_REQUESTS = [
    request("GET", f"/users/{USER.replace('-', '').upper()}"),
    request("GET", f"/users/{USER}/runs?page_size=5&cursor=a&status=failed"),
    request("GET", f"/threads/{USER}/messages?ascending_order=true"),
    request("DELETE", f"/users/{USER}/memory/individual?ids=a&ids=b"),
    request("POST", "/users/query", json={}, headers={"x-other": "1"}),
]


@pytest.mark.parametrize("sent", GOOD_REQUESTS)
def test_a_documented_request_is_accepted(sent: httpx.Request) -> None:
    """Parameters are read as what they are: ids in any form, numbers, booleans and lists."""
    operation = find(sent.method, sent.url.path)
    assert operation is not None
    assert operation.problems_of_request(sent) == []


def test_keys_may_be_free() -> None:
    """Where a schema lets any key come, the strict one does, too."""
    schema = {"items": [{"properties": {"a": {"properties": {}}}, "additionalProperties": True}]}
    inner = {"properties": {}, "additionalProperties": False}
    assert strict(schema) == {"items": [schema["items"][0] | {"properties": {"a": inner}}]}


def test_a_wrong_request_fails_where_it_is_sent(service: Service) -> None:
    """A request made by hand that the API does not know fails at once, and at the end again."""
    client = Client(service.url)
    with pytest.raises(AssertionError, match=r"The request POST /users does not follow .*'name'"):
        client.client.post("/users", json={"user_id": USER})
    with pytest.raises(AssertionError, match=r"GET /nothing .*: no operation has this method"):
        client.client.get("/nothing")
    with pytest.raises(AssertionError) as caught:
        service.verify()
    assert str(caught.value).count("does not follow openapi.yaml") == 2
    assert [(sent.operation, sent.status) for sent in service.requests] == [
        ("create_user", None),
        (None, None),
    ]


@pytest.mark.anyio
async def test_a_wrong_request_of_an_asynchronous_client(service: Service) -> None:
    """A wrong request fails in the other colour as well."""
    async with AsyncClient(service.url) as client:
        with pytest.raises(AssertionError, match=r"path\.user_id: 'Will' is not a 'uuid'"):
            await client.client.get("/users/Will")


def tampered(
    change: Callable[[httpx.Response], httpx.Response],
    handle: Callable[[httpx.Request], httpx.Response],
) -> Callable[[httpx.Request], httpx.Response]:
    """A service's `handle` whose answers are changed."""
    return lambda request: change(handle(request))


TAMPERINGS: list[tuple[Callable[[httpx.Response], httpx.Response], str]] = [
    (lambda real: answer("200", real.json() | {"mood": "fine"}), "'mood' was unexpected"),
    (lambda real: answer("201", real.json()), "status 201: is not documented"),
]


@pytest.mark.parametrize(("change", "problem"), TAMPERINGS)
def test_a_wrong_answer_fails_where_it_arrives(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[httpx.Response], httpx.Response],
    problem: str,
) -> None:
    """A service that answers in another way than the document says fails the test."""
    real = service._service
    monkeypatch.setattr(real, "handle", tampered(change, real.handle))
    with pytest.raises(AssertionError, match=r"The answer 20\d to GET /health ") as caught:
        Client(service.url).get_health()
    assert problem in str(caught.value)
    with pytest.raises(AssertionError, match="The answer 20"):
        service.verify()


def test_a_check_can_be_left_out(langmem_service: Service, langmem_client: Client) -> None:
    """A test may send on purpose what the service refuses, within the block that says so."""
    with langmem_service.unchecked():
        assert langmem_client.client.get("/users/Will").status_code == 422
        assert langmem_client.client.get("/nothing").status_code == 404
    with pytest.raises(errors.NotFoundError):
        langmem_client.get_user(uuid.UUID(USER))
