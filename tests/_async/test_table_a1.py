"""How sixteen clients of other services fail was measured by these columns; so fails this one."""

from __future__ import annotations

import pickle
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from langmem import AsyncClient, _clock, errors
from tests.scripted_server import Act, Reply, ScriptedServer, elsewhere, reply

if TYPE_CHECKING:
    import respx

    from tests._async.conftest import Waits

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:8100"
USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
MESSAGES = [{"role": "user", "content": "I keep bees."}]
HTML = "<html><h1>Bad Gateway</h1></html>"


@pytest.mark.parametrize("status", [408, 429, 500, 501, 502, 503, 504, 520, 599])
async def test_passing_statuses_are_tried_three_times(
    client: AsyncClient, respx_mock: respx.MockRouter, status: int
) -> None:
    """Retried statuses: 408, 429 and 5xx; three attempts in all."""
    mock = respx_mock.get(f"{URL}/health").respond(status)
    with pytest.raises(errors.APIStatusError) as caught:
        await client.get_health()
    assert mock.call_count == 3
    assert [each.status_code for each in caught.value.attempts] == [status] * 3


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 405, 409, 413, 418, 422, 451])
async def test_other_statuses_are_tried_once(
    client: AsyncClient, respx_mock: respx.MockRouter, status: int
) -> None:
    """Retried statuses: an answer that would be the same again is final."""
    mock = respx_mock.get(f"{URL}/health").respond(status)
    with pytest.raises(errors.APIStatusError):
        await client.get_health()
    assert mock.call_count == 1


async def test_a_conflict_is_tried_again_where_the_service_says_so(
    client: AsyncClient, respx_mock: respx.MockRouter
) -> None:
    """Retried statuses: 409 with `x-should-retry: true`, and not without."""
    mock = respx_mock.get(f"{URL}/health")
    mock.side_effect = [
        httpx.Response(409, headers={"x-should-retry": "true"}),
        httpx.Response(409, headers={"x-should-retry": "false"}),
    ]
    with pytest.raises(errors.ConflictError):
        await client.get_health()
    assert mock.call_count == 2


async def test_backoff_doubles_up_to_a_bound(
    client: AsyncClient,
    respx_mock: respx.MockRouter,
    waits: Waits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Backoff seen: full jitter, here at its most, below 0.5 s, 1 s, 2 s and so on up to 8 s."""
    drawn = []

    def most(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    monkeypatch.setattr(_clock, "uniform", most)
    respx_mock.get(f"{URL}/health").respond(503)
    with pytest.raises(errors.InternalServerError):
        await client.with_options(max_retries=6).get_health()
    assert waits == [0.5, 1, 2, 4, 8, 8]
    assert drawn == [(0, bound) for bound in waits]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "59.5"}, 59.5),
    ],
)
async def test_a_wait_that_is_asked_for_is_kept(
    client: AsyncClient,
    respx_mock: respx.MockRouter,
    waits: Waits,
    headers: dict[str, str],
    expected: float,
) -> None:
    """Retry-After: in seconds, and in milliseconds, which are more exact."""
    respx_mock.get(f"{URL}/health").side_effect = [
        httpx.Response(429, headers=headers),
        httpx.Response(200, json={"status": "ok"}),
    ]
    assert (await client.get_health())["status"] == "ok"
    assert waits == [expected]


async def test_a_date_to_come_back_at_is_kept(
    client: AsyncClient, respx_mock: respx.MockRouter, waits: Waits
) -> None:
    """Retry-After: a date; one that is over means at once."""
    dates = [datetime.now(UTC) + timedelta(seconds=20), datetime.now(UTC) - timedelta(days=1)]
    respx_mock.get(f"{URL}/health").side_effect = [
        *(
            httpx.Response(503, headers={"retry-after": format_datetime(date, usegmt=True)})
            for date in dates
        ),
        httpx.Response(200, json={"status": "ok"}),
    ]
    assert (await client.get_health())["status"] == "ok"
    assert 15 < waits[0] <= 20
    assert waits[1] == 0


@pytest.mark.parametrize(("deadline", "asked"), [(None, "500"), (5, "6")])
async def test_nobody_sleeps_for_long(
    client: AsyncClient,
    respx_mock: respx.MockRouter,
    waits: Waits,
    deadline: float | None,
    asked: str,
) -> None:
    """Retry-After: "come back in 500 s", or after the deadline, is an error at once."""
    mock = respx_mock.get(f"{URL}/health").respond(429, headers={"retry-after": asked})
    with pytest.raises(errors.RateLimitError):
        await client.with_options(deadline=deadline).get_health()
    assert (mock.call_count, waits) == (1, [])


@pytest.mark.parametrize("act", [Act.HANG, Act.RESET])
async def test_timeouts_and_resets_are_tried_again(server: ScriptedServer, act: Act) -> None:
    """Timeout and reset retried: yes, and then the answer is as if nothing had been."""
    server.script = [act, act, reply(200, {"status": "ok"})]
    async with AsyncClient(server.url, timeout=httpx.Timeout(10, read=0.05)) as client:
        assert (await client.get_health())["status"] == "ok"
    assert len(server.asked) == 3


@pytest.mark.parametrize("act", [Act.HANG, Act.RESET, Reply(502, HTML.encode())])
async def test_a_write_is_repeated_under_one_key(server: ScriptedServer, act: Act | Reply) -> None:
    """POST dup risk: none; every attempt of a call has the same body and Idempotency-Key."""
    server.script = [act, act, reply(200)]
    async with AsyncClient(server.url, timeout=httpx.Timeout(10, read=0.05)) as client:
        await client.add_messages(THREAD, MESSAGES)
        await client.add_messages(THREAD, MESSAGES)
    keys = [each.headers["idempotency-key"] for each in server.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert len({each.body for each in server.asked}) == 1


async def test_not_found_is_an_error_of_its_own_with_evidence(
    client: AsyncClient, respx_mock: respx.MockRouter
) -> None:
    """Error type for 404: NotFoundError, with status, request, body, request id and attempts."""
    respx_mock.get(f"{URL}/users/{USER}").respond(
        404, json={"detail": "User not found"}, headers={"x-request-id": "abc"}
    )
    with pytest.raises(errors.NotFoundError) as caught:
        await client.get_user(USER)
    error = caught.value
    assert (error.status_code, error.method, error.path) == (404, "GET", f"/users/{USER}")
    assert (error.detail, error.body) == ("User not found", {"detail": "User not found"})
    assert error.request_id == "abc"
    (attempt,) = error.attempts
    assert (attempt.status_code, attempt.error, attempt.delay) == (404, None, 0)
    assert attempt.elapsed >= 0
    assert str(error) == (f"404 Not Found from GET /users/{USER}: User not found (request id abc)")
    assert error.curl() == f'curl -X GET {URL}/users/{USER} -H "x-api-key: $LANGMEM_API_KEY"'


async def test_a_timeout_is_ours_and_httpx_s(server: ScriptedServer) -> None:
    """Timeout raises: APITimeoutError, which is httpx.ReadTimeout; its attempts say so too."""
    server.script = [Act.HANG]
    async with AsyncClient(server.url, timeout=0.05) as client:
        with pytest.raises(errors.APITimeoutError) as caught:
            await client.get_health()
    assert isinstance(caught.value, httpx.ReadTimeout)
    assert [each.error for each in caught.value.attempts] == ["ReadTimeout"] * 3


async def test_a_refused_connection_is_ours_and_httpx_s(closed_port: int) -> None:
    """Refused raises: ConnectError, ours and httpx's, for reads and writes alike."""
    async with AsyncClient(f"http://127.0.0.1:{closed_port}") as client:
        for call in (client.get_health, lambda: client.delete_user(USER)):
            with pytest.raises(errors.ConnectError) as caught:
                await call()
            assert isinstance(caught.value, httpx.ConnectError)
            assert not isinstance(caught.value, errors.OutcomeUnknownError)
            assert [each.error for each in caught.value.attempts] == ["ConnectError"] * 3


async def test_html_with_200_is_an_error(client: AsyncClient, respx_mock: respx.MockRouter) -> None:
    """HTML 200: ResponseDecodeError with the text, in place of a str that looks like a result."""
    mock = respx_mock.get(f"{URL}/users/{USER}").respond(html=HTML)
    with pytest.raises(errors.ResponseDecodeError) as caught:
        await client.get_user(USER)
    assert (caught.value.status_code, caught.value.body) == (200, HTML)
    assert mock.call_count == len(caught.value.attempts) == 1


async def test_html_with_502_is_an_error_of_the_gateway(
    client: AsyncClient, respx_mock: respx.MockRouter
) -> None:
    """HTML 502: InternalServerError with the text; for a write, with its outcome unknown."""
    respx_mock.route().respond(502, html=HTML)
    with pytest.raises(errors.InternalServerError) as caught:
        await client.get_user(USER)
    assert (type(caught.value), caught.value.body) == (errors.InternalServerError, HTML)
    with pytest.raises(errors.InternalServerError) as caught:
        await client.delete_user(USER)
    assert (type(caught.value), caught.value.body) == (errors.UnknownAfterServerError, HTML)


@pytest.mark.parametrize("value", [7, "text", [1], {"id": 7, "name": ["Will"], "new": None}])
async def test_values_are_what_the_service_says(
    client: AsyncClient, respx_mock: respx.MockRouter, value: Any
) -> None:
    """Wrong types in 200: results are the service's own JSON, unchecked, as the docs say."""
    respx_mock.get(f"{URL}/users/{USER}").respond(json=value)
    assert await client.get_user(USER) == value


async def test_errors_of_real_calls_survive_pickle(server: ScriptedServer) -> None:
    """Errors pickle: with their class, message and evidence, causes being left behind."""
    server.script = [reply(404, {"detail": "No."}, x_request_id="abc")]
    async with AsyncClient(server.url, "a-key", timeout=0.05) as client:
        found = []
        for script in ([reply(404, {"detail": "No."}, x_request_id="abc")], [Act.HANG]):
            server.script = list(script)
            with pytest.raises(errors.LangMemError) as caught:
                await client.add_messages(THREAD, MESSAGES)
            found.append(caught.value)
    for error in found:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert (again.attempts, again.curl()) == (error.attempts, error.curl())
        assert b"a-key" not in pickle.dumps(error)


async def ask(client: AsyncClient) -> Any:
    """Make one request."""
    return await client.get_health()


async def test_one_client_in_two_loops(server: ScriptedServer) -> None:
    """Same client in two loops: it works in each, and in two threads, retries or not."""
    server.script = [reply(200, {"status": "ok"})]
    async with AsyncClient(server.url, max_retries=0) as client:
        assert elsewhere(ask, client) == {"status": "ok"}
        assert elsewhere(ask, client) == {"status": "ok"}
        assert await ask(client) == {"status": "ok"}


@pytest.mark.parametrize("by", ["argument", "environment", "headers", "options"])
async def test_the_key_is_shown_nowhere(
    closed_port: int, by: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Key in repr: neither there nor in logs, errors, tracebacks with locals, or curl."""
    caplog.set_level("DEBUG")
    url, key = f"http://127.0.0.1:{closed_port}", "a-very-secret-key"
    if by == "environment":
        monkeypatch.setenv("LANGMEM_API_KEY", key)
    headers = {"X-Api-Key": key} if by == "headers" else None
    client = AsyncClient(url, key if by == "argument" else None, headers=headers)
    if by == "options":
        client = client.with_options(headers={"X-API-Key": key})
    with pytest.raises(errors.ConnectError) as caught:
        await client.delete_user(USER)
    await client.aclose()
    assert client.api_key == key
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # The test's own frame holds the key, as it should.
    shown.stack[:] = [frame for frame in shown.stack if frame.name != caught.traceback[0].name]
    texts = [*shown.format(), repr(client), repr(vars(caught.value)), caught.value.curl()]
    assert key not in "".join(map(str, texts)) + caplog.text
    assert "$LANGMEM_API_KEY" in str(caught.value.curl())
