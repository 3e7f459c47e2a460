# Derived by scripts/unasync.py from tests/_async/test_wire.py: edit that instead.
from __future__ import annotations

import json
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pydantic
import pytest

from langmem import Client
from langmem.errors import (
    APIConnectionError,
    APITimeoutError,
    ConnectError,
    InternalServerError,
    ResponseDecodeError,
)
from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx


URL = "http://127.0.0.1:8100"
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
FUNCTION = "cb217ff7-963e-44fc-b222-01f01058d64b"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
RUN = "7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02"
SCHEMA = {"type": "object", "properties": {}}
MESSAGE = {"role": "user", "content": "Hi!"}

# One plain use of every method that makes one request.
CALLS: dict[str, Callable[[Client], Any]] = {
    "create_user": lambda client: client.create_user(user_id=USER, name="Will"),
    "get_user": lambda client: client.get_user(USER),
    "update_user": lambda client: client.update_user(USER, name="Bill"),
    "list_users": lambda client: client.list_users(),
    "delete_user": lambda client: client.delete_user(USER),
    "list_user_memory": lambda client: client.list_user_memory(USER),
    "trigger_all_for_user": lambda client: client.trigger_all_for_user(USER),
    "get_user_memory": lambda client: client.get_user_memory(USER, memory_function_id=FUNCTION),
    "update_user_memory": lambda client: client.update_user_memory(
        USER, memory_function_id=FUNCTION, state={}
    ),
    "delete_user_memory": lambda client: client.delete_user_memory(
        user_id=USER, memory_function_id=FUNCTION
    ),
    "query_user_memory": lambda client: client.query_user_memory(USER, "pikas"),
    "delete_individual_memories": lambda client: client.delete_individual_memories(
        USER, memories=["m-1"]
    ),
    "list_thread_memory": lambda client: client.list_thread_memory(THREAD),
    "get_thread_memory": lambda client: client.get_thread_memory(
        THREAD, memory_function_id=FUNCTION
    ),
    "trigger_all_for_thread": lambda client: client.trigger_all_for_thread(THREAD),
    "retry_run": lambda client: client.retry_run(RUN),
    "export_records": lambda client: client.export_records(),
    "import_records": lambda client: client.import_records([]),
    "create_memory_function": lambda client: client.create_memory_function(SCHEMA),
    "get_memory_function": lambda client: client.get_memory_function(FUNCTION),
    "update_memory_function": lambda client: client.update_memory_function(FUNCTION),
    "delete_memory_function": lambda client: client.delete_memory_function(FUNCTION),
    "create_thread": lambda client: client.create_thread(),
    "get_thread": lambda client: client.get_thread(THREAD),
    "list_threads": lambda client: client.list_threads(),
    "delete_thread": lambda client: client.delete_thread(THREAD),
    "add_messages": lambda client: client.add_messages(THREAD, [MESSAGE]),
    "add_thread_state": lambda client: client.add_thread_state(THREAD, {}),
    "get_thread_state": lambda client: client.get_thread_state(THREAD),
    "list_usage": lambda client: client.list_usage(),
    "get_readiness": lambda client: client.get_readiness(),
    "get_health": lambda client: client.get_health(),
}
TRIGGERS = ("trigger_all_for_user", "trigger_all_for_thread")  # there is nothing to return
LISTS = {"list_messages", "list_memory_functions", "list_thread_runs", "list_user_runs"}


def test_every_operation_is_a_method(client: Client) -> None:
    """The client has a method for each operation of the API, and these tests use every one."""
    assert CALLS.keys() | LISTS == OPERATIONS.keys()
    assert all(callable(getattr(client, name)) for name in OPERATIONS)


@pytest.mark.parametrize("name", CALLS)
def test_a_method_makes_its_operations_request(
    client: Client, respx_mock: respx.MockRouter, name: str
) -> None:
    """Each method makes one request, by its operation's method and path, and returns the value."""
    route = OPERATIONS[name]
    path = route.path.format(
        user_id=USER, memory_function_id=FUNCTION, thread_id=THREAD, run_id=RUN
    )
    value = {"users": [{"id": USER}], "days": [{"runs": 1}], "id": "x"}
    mock = respx_mock.request(route.method, f"{URL}{path}").respond(json=value)
    results = {"list_users": value["users"], "list_usage": value["days"]} | dict.fromkeys(TRIGGERS)
    assert CALLS[name](client) == results.get(name, value)
    (call,) = mock.calls
    assert call.request.headers["x-api-key"] == "a-key"
    assert call.request.headers.get("content-type") == route.body
    assert bool(call.request.content) == (route.body is not None)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_success_is_none(
    client: Client, respx_mock: respx.MockRouter, name: str, status: int
) -> None:
    """A success without a body is None, whichever operation it answers."""
    respx_mock.route().respond(status)
    assert CALLS[name](client) is None


@pytest.mark.parametrize("name", CALLS)
def test_every_method_raises_on_an_error_status(
    client: Client, respx_mock: respx.MockRouter, name: str
) -> None:
    """No method takes an error for a value; the error says which request it was."""
    respx_mock.route().respond(500, json={"detail": "Out of order."})
    with pytest.raises(InternalServerError) as caught:
        CALLS[name](client)
    error = caught.value
    assert (error.method, error.status_code) == (OPERATIONS[name].method, 500)
    assert ": Out of order. (3 attempts in " in str(error)


def test_an_unreadable_success_is_our_error(client: Client, respx_mock: respx.MockRouter) -> None:
    """A page of HTML in place of JSON, as a proxy may send it, is no error of the JSON library."""
    respx_mock.route().respond(html="<h1>Welcome</h1>")
    with pytest.raises(ResponseDecodeError, match="200 OK from GET /threads: the body is not"):
        client.list_threads()


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
def test_a_broken_connection_is_our_error_and_httpx_s(
    client: Client, respx_mock: respx.MockRouter, error: type[httpx.RequestError]
) -> None:
    """Old programs catch httpx's class, new ones ours; it is the same error."""
    respx_mock.route().mock(side_effect=error)
    with pytest.raises(error) as caught:
        client.get_user(USER)
    assert isinstance(caught.value, APIConnectionError)
    assert caught.value.path == f"/users/{USER}"


def test_a_refused_connection_is_our_error(closed_port: int) -> None:
    """Where nobody listens, the real network says so through our error."""
    client = Client(f"http://127.0.0.1:{closed_port}")
    with pytest.raises(ConnectError, match=r"^GET /health: "):
        client.get_health()
    client.close()


def test_a_slow_answer_is_a_timeout(silent_server: str) -> None:
    """The timeout given to the client holds for each request."""
    client = Client(silent_server, timeout=0.05)
    with pytest.raises(APITimeoutError, match="timeout argument sets how long to wait"):
        client.get_health()
    client.close()


def test_a_body_is_json_in_utf_8(client: Client, respx_mock: respx.MockRouter) -> None:
    """Values of the program's own kinds travel as the JSON they stand for."""

    class State(pydantic.BaseModel):
        peer: uuid.UUID

    mock = respx_mock.route().respond(json=None)
    state = {"peers": (State(peer=uuid.UUID(USER)),), "since": date(2024, 4, 6), "animal": "🐭"}
    client.add_thread_state(uuid.UUID(THREAD), state)
    request = mock.calls.last.request
    assert request.headers["content-type"] == "application/json"
    assert "🐭".encode() in request.content
    assert json.loads(request.content) == {
        "state": {"peers": [{"peer": USER}], "since": "2024-04-06", "animal": "🐭"},
        "key": None,
    }


def test_results_are_plain_json(client: Client, respx_mock: respx.MockRouter) -> None:
    """A result can be written as JSON again, keys this client does not know included."""
    user = {"id": USER, "name": None, "invented": [1, {"later": True}]}
    respx_mock.get(f"{URL}/users/{USER}").respond(json=user)
    assert json.loads(json.dumps(client.get_user(USER))) == user


def test_nothing_is_sent_when_an_argument_is_wrong(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """Wrong arguments are found before the request."""
    with pytest.raises(ValueError, match=r"^user_id: "):
        client.get_user("Will")
    with pytest.raises(ValueError, match=r"^thread_id: "):
        client.list_thread_memory("general")
    with pytest.raises(ValueError, match=r"^page_size: "):
        client.list_messages(THREAD, page_size=0)
    with pytest.raises(ValueError, match=r"^memories: "):
        client.delete_individual_memories(USER, memories=[])
    assert not respx_mock.calls


def test_messages_are_given_by_position_or_by_name(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """The reference shows one in its examples and the other in its signature."""
    mock = respx_mock.post(f"{URL}/threads/{THREAD}/add_messages").respond(json=None)
    assert client.add_messages(THREAD, [MESSAGE]) is None  # type: ignore[func-returns-value]
    assert client.add_messages(thread_id=THREAD, messages=[MESSAGE]) is None  # type: ignore[func-returns-value]
    first, second = (call.request.content for call in mock.calls)
    assert first == second


def test_the_urls_path_is_kept(respx_mock: respx.MockRouter) -> None:
    """A service behind a proxy may live below a path."""
    mock = respx_mock.get("https://proxy.example/memory/v1/health").respond(json={"status": "ok"})
    for url in ("https://proxy.example/memory/v1", "https://proxy.example/memory/v1/"):
        with Client(url) as client:
            assert (client.get_health())["status"] == "ok"
    assert mock.call_count == 2


def test_credentials_in_the_url_are_sent_and_not_shown(
    respx_mock: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    """A URL with a password works as it does in httpx, and no log holds the password or the key."""
    caplog.set_level("DEBUG")
    mock = respx_mock.get(f"{URL}/health").respond(json={"status": "ok"})
    with Client("http://will:s3cret@127.0.0.1:8100", "a-key") as client:
        client.get_health()
    assert mock.calls.last.request.headers["authorization"] == "Basic d2lsbDpzM2NyZXQ="
    assert f"{URL}/health" in caplog.text
    assert "s3cret" not in caplog.text + repr(client)
    assert "a-key" not in caplog.text + repr(client)


def test_without_a_key_no_header_is_sent(respx_mock: respx.MockRouter) -> None:
    """An empty key is no key, for both clients."""
    mock = respx_mock.get(f"{URL}/health").respond(json={"status": "ok"})
    with Client(URL, "") as client:
        client.get_health()
    assert client.api_key is None
    assert "x-api-key" not in mock.calls.last.request.headers


def test_a_client_closes(client: Client) -> None:
    """Closing ends the httpx client, twice does no harm, and a block closes by itself."""
    assert not client.client.is_closed
    client.close()
    client.close()
    assert client.client.is_closed
    with Client(URL) as other:
        pass
    assert other.client.is_closed


def test_settings_reach_the_httpx_client() -> None:
    """Timeouts are the reference's unless given; the transport given is the one that sends."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"status": "mocked"}))
    with Client(URL, transport=transport) as client:
        assert client.client.timeout == httpx.Timeout(30, connect=10)
        assert (client.get_health())["status"] == "mocked"
    with Client(URL, timeout=None) as client:
        assert client.client.timeout == httpx.Timeout(None)


def test_the_environment_is_enough(
    respx_mock: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs of the reference make their clients without arguments."""
    monkeypatch.setenv("LANGMEM_API_URL", URL)
    monkeypatch.setenv("LANGMEM_API_KEY", "from-environment")
    mock = respx_mock.get(f"{URL}/health").respond(json={"status": "ok"})
    with Client() as client:
        client.get_health()
    assert client.api_key == "from-environment"
    assert mock.calls.last.request.headers["x-api-key"] == "from-environment"
