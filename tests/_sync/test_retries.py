# Derived by scripts/unasync.py from tests/_async/test_retries.py: edit that instead.
from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from langmem import Client, errors
from tests.scripted_server import Act, Reply, ScriptedServer, reply

if TYPE_CHECKING:
    import respx

    from tests._async.conftest import Waits


URL = "http://127.0.0.1:8100"
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
MESSAGES = [{"role": "user", "content": "I keep bees."}]
BUSY = reply(503, {"detail": "The database is busy."})
IMPATIENT = httpx.Timeout(10, read=0.05)


def lose(client: Client) -> errors.OutcomeUnknownError:
    """Post messages of which nothing is heard again."""
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        client.add_messages(THREAD, MESSAGES)
    return caught.value


@pytest.mark.parametrize(
    ("act", "ours", "theirs"),
    [
        (Act.HANG, errors.ReadTimeout, httpx.ReadTimeout),
        (Act.RESET, errors.ReadError, httpx.ReadError),
        (Reply(502, b"<h1>Bad Gateway</h1>"), errors.InternalServerError, httpx.HTTPError),
    ],
)
def test_a_lost_write_can_be_resumed(
    server: ScriptedServer,
    act: Act | Reply,
    ours: type[errors.LangMemError],
    theirs: type[httpx.HTTPError],
) -> None:
    """When no retry is left, the error keeps what it was, and sends the same write again."""
    server.script = [act, act, act, reply(200)]
    with Client(server.url, timeout=IMPATIENT) as client:
        error = lose(client)
        assert isinstance(error, ours)
        assert isinstance(error, theirs)
        assert len(error.attempts) == 3
        assert error.resume() is None
    assert {each.headers["idempotency-key"] for each in server.asked} == {error.idempotency_key}
    assert len({(each.method, each.path, each.body) for each in server.asked}) == 1
    assert len(server.asked) == 4


@pytest.mark.parametrize("refusal", [BUSY, reply(429, {"detail": "Slow down."}), Act.RESET])
def test_a_resumption_that_is_refused_leaves_the_outcome_unknown(
    server: ScriptedServer, refusal: Reply | Act
) -> None:
    """A refusal speaks of its own request: what the tries before did stays in doubt."""
    server.script = [Act.RESET] * 3 + [refusal] * 3 + [reply(200)]
    with Client(server.url, timeout=IMPATIENT) as client:
        error = lose(client)
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            error.resume()
        assert caught.value.idempotency_key == error.idempotency_key
        assert caught.value.resume() is None
    assert {each.headers["idempotency-key"] for each in server.asked} == {error.idempotency_key}


def test_what_is_lost_again_can_be_resumed_again(server: ScriptedServer) -> None:
    """Resuming fails as the call did, under the same key, until the service answers."""
    server.script = [Act.RESET, Act.RESET, reply(200)]
    with Client(server.url, max_retries=0) as client:
        error = lose(client)
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            error.resume()
        assert caught.value.idempotency_key == error.idempotency_key
        caught.value.resume()
        with pytest.raises(ValueError, match="that a client has raised can be resumed"):
            client.resume(errors.OutcomeUnknownError("made by hand"))


def test_an_answer_settles_what_was_unknown(server: ScriptedServer) -> None:
    """After a lost attempt a final answer tells what became of the write; a passing one does not.

    The service's 503 says that its own request stored nothing, and no more.
    """
    with Client(server.url, max_retries=1) as client:
        server.script = [Act.RESET, reply(422, {"detail": "No."})]
        with pytest.raises(errors.UnprocessableEntityError):
            client.add_messages(THREAD, MESSAGES)
        server.script = [Act.RESET, BUSY]
        error = lose(client)
    assert isinstance(error, errors.UnknownAfterReadError)
    assert [(each.error, each.status_code) for each in error.attempts] == [
        ("ReadError", None),
        (None, 503),
    ]


def test_the_services_own_errors_leave_nothing_unknown(server: ScriptedServer) -> None:
    """An error in the service's form means that nothing was stored: it is raised as it is."""
    server.script = [BUSY]
    with Client(server.url) as client:
        with pytest.raises(errors.InternalServerError) as caught:
            client.add_messages(THREAD, MESSAGES)
    assert type(caught.value) is errors.InternalServerError
    assert len(server.asked) == 3


def test_reads_are_never_of_unknown_outcome(server: ScriptedServer) -> None:
    """A query that is lost has changed nothing, POST or not, and bears no key."""
    server.script = [Act.RESET]
    with Client(server.url) as client:
        for call in (
            lambda: client.query_user_memory(USER, "bees"),
            client.list_threads,
        ):
            with pytest.raises(errors.ReadError) as caught:
                call()
            assert type(caught.value) is errors.ReadError
    assert len(server.asked) == 6
    assert not any("idempotency-key" in each.headers for each in server.asked)


@pytest.mark.parametrize("act", [Act.HANG, Act.DRIP])
def test_a_deadline_ends_a_call_whatever_the_service_does(server: ScriptedServer, act: Act) -> None:
    """Silence or an answer that trickles in: the call is over, and is the timeout it looks like."""
    server.script = [act]
    with Client(server.url, timeout=None, deadline=0.1) as client:
        with pytest.raises(
            errors.APITimeoutError, match="timeout and deadline arguments"
        ) as caught:
            client.get_health()
    (attempt,) = caught.value.attempts
    assert 0.09 < attempt.elapsed < 2


def test_retries_end_with_the_deadline(
    client: Client, respx_mock: respx.MockRouter, waits: Waits
) -> None:
    """However many retries are allowed, no wait begins that the deadline does not leave."""
    mock = respx_mock.get(f"{URL}/health").respond(503, headers={"retry-after": "3"})
    with pytest.raises(errors.InternalServerError) as caught:
        client.with_options(max_retries=100, deadline=10).get_health()
    assert (mock.call_count, waits) == (4, [3, 3, 3])
    assert str(caught.value).startswith(
        "503 Service Unavailable from GET /health (4 attempts in 9."
    )


def test_each_step_may_take_what_the_deadline_leaves(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """Timeouts grow shorter from attempt to attempt, but never longer than they were."""
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        steps = request.extensions["timeout"]
        seen.append({step: steps.get(step) for step in steps} | {"by index": steps["read"]})
        return httpx.Response(503, headers={"retry-after": "6"})

    respx_mock.get(f"{URL}/health").mock(side_effect=answer)
    hasty = client.with_options(timeout=httpx.Timeout(8, connect=1, pool=None), deadline=13)
    with pytest.raises(errors.InternalServerError):
        hasty.get_health()
    first, second, third = seen
    assert (first["read"], first["connect"]) == (8, 1)
    assert 12 < first["pool"] <= 13
    assert 6 < second["read"] <= 7
    assert second["by index"] == pytest.approx(second["read"], abs=0.1)
    assert 0 < third["write"] <= 1


def test_options_hold_for_the_view_alone(client: Client, respx_mock: respx.MockRouter) -> None:
    """A client with other options sends by the same connections; the first stays as it was."""
    mock = respx_mock.get(f"{URL}/health").respond(503)
    once = client.with_options(max_retries=0, headers={"x-team": "bees"}, timeout=3)
    with pytest.raises(errors.InternalServerError) as caught:
        once.with_options(headers={"x-trace": "7"}).get_health()
    assert mock.call_count == 1
    sent = mock.calls.last.request
    assert (sent.headers["x-team"], sent.headers["x-trace"]) == ("bees", "7")
    assert sent.headers["x-api-key"] == "a-key"
    assert sent.extensions["timeout"]["read"] == 3
    assert once.client is client.client
    assert caught.value.curl() == (
        f'curl -X GET {URL}/health -H "x-api-key: $LANGMEM_API_KEY" '
        '-H "x-team: $X_TEAM" -H "x-trace: $X_TRACE"'
    )
    with pytest.raises(errors.InternalServerError):
        client.get_health()
    assert mock.call_count == 4
    assert "x-team" not in mock.calls.last.request.headers


def test_a_timeout_set_on_the_httpx_client_holds(
    client: Client, respx_mock: respx.MockRouter
) -> None:
    """Programs of 2024 could set it there alone; one given to `with_options` comes before it."""
    mock = respx_mock.get(f"{URL}/health").respond(json={"status": "ok"})
    client.client.timeout = httpx.Timeout(4)
    client.get_health()
    assert mock.calls.last.request.extensions["timeout"]["read"] == 4
    client.with_options(timeout=30).get_health()
    assert mock.calls.last.request.extensions["timeout"]["read"] == 30


def test_pages_are_tried_again_too(
    client: Client, respx_mock: respx.MockRouter, waits: Waits
) -> None:
    """A list goes on where a page failed in passing: nothing is missing and nothing comes twice."""
    pages = iter(
        [
            httpx.Response(200, json={"messages": [{"content": "a"}], "next_cursor": "2"}),
            httpx.Response(429),
            httpx.Response(200, json={"messages": [{"content": "b"}], "next_cursor": None}),
        ]
    )
    mock = respx_mock.get(f"{URL}/threads/{THREAD}/messages")
    mock.side_effect = lambda _: next(pages)
    found = [message["content"] for message in client.list_messages(THREAD)]
    assert found == ["a", "b"]
    assert len(waits) == 1


def test_every_attempt_is_a_line_of_the_log(
    client: Client, respx_mock: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has status, times and request id of each attempt, and no text of a user."""
    caplog.set_level(logging.DEBUG, "langmem")
    respx_mock.post(f"{URL}/threads/{THREAD}/add_messages").side_effect = [
        httpx.ConnectError("refused"),
        httpx.Response(503, headers={"x-request-id": "abc", "retry-after": "2"}),
        httpx.Response(200, headers={"x-request-id": "def"}),
    ]
    client.add_messages(THREAD, MESSAGES)
    lines = [record for record in caplog.records if record.name == "langmem"]
    assert [record.levelname for record in lines] == ["INFO", "INFO", "DEBUG"]
    first, second, third = (record.getMessage() for record in lines)
    assert first.startswith(f"POST /threads/{THREAD}/add_messages: attempt 1: ConnectError in ")
    assert second.endswith(", request id abc; again in 2.00 s")
    assert "attempt 3: 200 in " in third
    assert "bees" not in caplog.text


def test_what_led_to_an_error_holds_no_request(server: ScriptedServer) -> None:
    """The causes keep their types and messages; frames and requests, which hold the key, go."""
    server.script = [Act.RESET]
    with Client(server.url, "a-key", max_retries=0) as client:
        with pytest.raises(errors.ReadError) as caught:
            client.get_health()
    cause: BaseException | None = caught.value.__cause__
    assert isinstance(cause, httpx.ReadError)
    assert cause.request.url == f"{server.url}/health"
    assert "x-api-key" not in cause.request.headers
    seen = []
    while cause is not None:
        assert cause.__traceback__ is None
        seen.append(type(cause).__module__.partition(".")[0])
        cause = cause.__cause__ or cause.__context__
    assert seen[:2] in (["httpx", "httpcore"], ["httpx", "aiohttp"])
