from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from langmem_server import chat, llm
from langmem_server.llm import Model, ModelClosedError, ModelError
from langmem_server.settings import Settings
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-not-a-real-key-4711"
PROMPT = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "Hello, Wörld"}]
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}


@pytest.fixture
def endpoint() -> Iterator[ScriptedModel]:
    """An endpoint that says what the test tells it to."""
    with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture
def model(endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """A client of it that does not wait long between attempts."""
    monkeypatch.setattr(llm, "_BACKOFF", 0.01)
    made = Model(endpoint.base_url, "scripted", api_key=KEY, timeout=10.0)
    yield made
    made.close()


def ask(model: Model) -> chat.Answer:
    """Put the one question of these tests."""
    return model.complete(PROMPT, SCHEMA, "User Profile")


def test_a_question_reaches_the_endpoint(model: Model, endpoint: ScriptedModel) -> None:
    """A call is one POST with the model's name, the prompt, the schema and the key."""
    endpoint.reply('{"name": "Will"}', prompt_tokens=7, completion_tokens=3)
    answer = ask(model)
    [request] = endpoint.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.body == {
        "model": "scripted",
        "messages": PROMPT,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "User_Profile", "schema": SCHEMA, "strict": False},
        },
    }
    assert answer == chat.Answer(
        '{"name": "Will"}', attempts=1, prompt_tokens=7, completion_tokens=3
    )


def test_no_key_sends_no_authorization(endpoint: ScriptedModel) -> None:
    """Without a key there is no Authorization header."""
    model = Model(endpoint.base_url, "scripted", api_key=None, timeout=10.0)
    endpoint.reply({})
    ask(model)
    model.close()
    assert "authorization" not in endpoint.requests[0].headers


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(llm_model="m"), Settings(llm_base_url="http://127.0.0.1:9/v1")],
)
def test_without_settings_there_is_no_model(settings: Settings) -> None:
    """A model needs a name and a place."""
    assert Model.from_settings(settings) is None


def test_settings_make_a_model(endpoint: ScriptedModel) -> None:
    """Place, name, key and time limit come from the settings."""
    settings = Settings(
        llm_base_url=endpoint.base_url + "/", llm_model="m", llm_api_key=KEY, llm_timeout=9.0
    )
    model = Model.from_settings(settings)
    assert model is not None
    endpoint.reply({})
    ask(model)
    model.close()
    assert endpoint.requests[0].path == "/v1/chat/completions"
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert endpoint.requests[0].body["model"] == "m"


@pytest.mark.parametrize(
    ("api_key", "sent"), [(None, "Basic d2lsbDpwaWthcw=="), (KEY, f"Bearer {KEY}")]
)
def test_a_url_may_hold_a_password_and_a_query(
    endpoint: ScriptedModel, caplog: pytest.LogCaptureFixture, api_key: str | None, sent: str
) -> None:
    """Both are used as meant, a key goes before a password, and the log shows no password."""
    place = endpoint.base_url.replace("//", "//will:pikas@") + "?api-version=1"
    model = Model(place, "m", api_key=api_key, timeout=9.0)
    endpoint.reply({})
    with caplog.at_level("DEBUG"):
        ask(model)
    model.close()
    assert endpoint.requests[0].path == "/v1/chat/completions?api-version=1"
    assert endpoint.requests[0].headers["authorization"] == sent
    assert "pikas" not in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_without_end_is_not_read(
    model: Model, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """An answer is read up to a limit; one that is longer fails at once, whatever its status."""
    monkeypatch.setattr(llm, "MAX_ANSWER_BYTES", 100_000)
    endpoint.send(b" " * 10_000_000, status=status)
    with pytest.raises(ModelError, match=r"answered with more than 100,000 bytes") as caught:
        ask(model)
    assert (caught.value.attempts, caught.value.status) == (1, status)
    endpoint.reply("x" * 50_000)
    assert ask(model).text == "x" * 50_000


def test_answers_are_asked_for_as_they_are(model: Model, endpoint: ScriptedModel) -> None:
    """No endpoint is invited to compress, which could make a small answer a large one."""
    endpoint.reply({})
    ask(model)
    assert endpoint.requests[0].headers["accept-encoding"] == "identity"


def test_cut_off_answers_say_so(model: Model, endpoint: ScriptedModel) -> None:
    """An answer that ended at the length limit is marked as cut off."""
    endpoint.cut_off('{"name": "Wi')
    assert ask(model).cut_off


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_busy_endpoint_is_asked_again(model: Model, endpoint: ScriptedModel, status: int) -> None:
    """Time-outs, rate limits and server errors are tried again; the attempts are counted."""
    endpoint.refuse(status)
    endpoint.refuse(status)
    endpoint.reply({"name": "Will"})
    assert ask(model).attempts == 3


def test_retry_after_is_waited_for(model: Model, endpoint: ScriptedModel) -> None:
    """The endpoint decides how long to wait."""
    endpoint.refuse(429, retry_after="1")
    endpoint.reply({})
    begun = time.monotonic()
    ask(model)
    assert 1.0 <= time.monotonic() - begun < 8.0


def test_retry_after_has_a_limit(
    model: Model, endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint that asks for an hour is asked again after the longest wait."""
    monkeypatch.setattr(llm, "MAX_WAIT", 0.05)
    endpoint.refuse(503, retry_after="3600")
    endpoint.reply({})
    assert ask(model).attempts == 2


def test_giving_up_tells_the_reason_and_the_attempts(model: Model, endpoint: ScriptedModel) -> None:
    """After three requests the last error is raised, with the endpoint's own words."""
    for _ in range(3):
        endpoint.refuse(500, text="the GPU is on fire")
    with pytest.raises(ModelError, match=r"status 500.*the GPU is on fire") as caught:
        ask(model)
    assert caught.value.attempts == 3
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize("status", [307, 404, 409])
def test_other_refusals_are_final(model: Model, endpoint: ScriptedModel, status: int) -> None:
    """An error that asking again cannot mend is raised at once."""
    endpoint.refuse(status, text="no such model")
    with pytest.raises(ModelError, match=f"status {status}.*no such model") as caught:
        ask(model)
    assert caught.value.attempts == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_the_variable(
    model: Model, endpoint: ScriptedModel, status: int
) -> None:
    """A refused key leads to the setting, and the endpoint's echo of the key is not repeated."""
    endpoint.refuse(status, text=f"Incorrect API key provided: {KEY[:9]}")
    with pytest.raises(ModelError, match="LANGMEM_LLM_API_KEY") as caught:
        ask(model)
    assert KEY[:9] not in str(caught.value)


def test_an_echoed_key_is_masked(model: Model, endpoint: ScriptedModel) -> None:
    """An endpoint that repeats the key in an error cannot carry it into ours."""
    endpoint.refuse(404, text=f"no route for {KEY} here")
    with pytest.raises(ModelError, match=r"no route for \*\*\* here") as caught:
        ask(model)
    assert KEY not in repr(caught.value)


def test_an_empty_refusal_is_still_a_sentence(endpoint: ScriptedModel) -> None:
    """An error status without a body says that there was no more, with and without a key."""
    model = Model(endpoint.base_url, "scripted", api_key=None, timeout=10.0)
    endpoint.refuse(404)
    with pytest.raises(ModelError, match="status 404: no more was said"):
        ask(model)
    model.close()


@pytest.mark.parametrize("status", [400, 422])
def test_an_endpoint_without_schemas_is_asked_without(
    model: Model, endpoint: ScriptedModel, status: int
) -> None:
    """A refusal of the response format is answered by leaving it out."""
    endpoint.refuse(status, text="response_format is not supported")
    endpoint.reply({"name": "Will"})
    assert ask(model).attempts == 2
    assert "response_format" in endpoint.requests[0].body
    assert "response_format" not in endpoint.requests[1].body


def test_a_bad_request_without_schema_is_final(model: Model, endpoint: ScriptedModel) -> None:
    """When the request is refused without its schema too, that was not the reason."""
    endpoint.refuse(400)
    endpoint.refuse(400, text="context length exceeded")
    with pytest.raises(ModelError, match="context length exceeded") as caught:
        ask(model)
    assert caught.value.attempts == 2


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>",
        b"[]",
        b"\xff",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": [1]}}]}',
        b'{"choices": [{"message"',
        b"[" * 99_999,
    ],
)
def test_unreadable_answers_are_asked_for_again(
    model: Model, endpoint: ScriptedModel, payload: bytes
) -> None:
    """A 200 that is no chat completion counts as a failed attempt."""
    endpoint.send(payload)
    endpoint.reply({"name": "Will"})
    assert ask(model).attempts == 2


def test_a_dropped_connection_is_asked_again(model: Model, endpoint: ScriptedModel) -> None:
    """A connection closed in mid-body counts as a failed attempt; three of them are an error."""
    endpoint.drop()
    endpoint.reply({"name": "Will"})
    assert ask(model).attempts == 2
    for _ in range(3):
        endpoint.drop()
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:\d+ could not be reached"):
        ask(model)


def test_nobody_listening_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is tried three times, and the error names host and port."""
    monkeypatch.setattr(llm, "_BACKOFF", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    model = Model(f"http://user:secret@127.0.0.1:{port}/v1", "m", api_key=KEY, timeout=5.0)
    with pytest.raises(ModelError, match=f"127.0.0.1:{port} could not be reached") as caught:
        ask(model)
    model.close()
    assert caught.value.attempts == 3
    assert "secret" not in str(caught.value)


def test_a_key_no_header_can_hold_is_not_shown(
    endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key with a line break is an error, whose text and chain do not hold the key."""
    monkeypatch.setattr(llm, "_BACKOFF", 0.01)
    model = Model(endpoint.base_url, "m", api_key=f"{KEY}\nx", timeout=5.0)
    with pytest.raises(ModelError, match="LocalProtocolError") as caught:
        ask(model)
    model.close()
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_slow_drip_meets_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is for the attempt as a whole, also when bytes keep coming."""
    monkeypatch.setattr(llm, "TRIES", 1)
    done = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not done.wait(0.05):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        model = Model(
            f"http://127.0.0.1:{listener.getsockname()[1]}", "m", api_key=None, timeout=0.5
        )
        with pytest.raises(ModelError, match=r"did not answer within 0\.5 seconds"):
            ask(model)
        done.set()
        thread.join()
        model.close()


def test_closing_cuts_a_hanging_call_short(model: Model, endpoint: ScriptedModel) -> None:
    """A call that hangs ends when the model is closed from another thread; later ones too."""
    endpoint.default(lambda _: {})
    endpoint.hang()
    seen: list[BaseException] = []

    def call() -> None:
        try:
            ask(model)
        except ModelClosedError as error:
            seen.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    endpoint.wait_for(1)
    begun = time.monotonic()
    model.close()
    thread.join()
    assert time.monotonic() - begun < 3.0
    assert len(seen) == 1
    with pytest.raises(ModelClosedError):
        ask(model)
    model.close()
