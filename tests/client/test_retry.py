from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem import _clock, _prepare, _retry, _settings, errors
from langmem._attempts import Attempts
from langmem._frames import without_frames
from langmem._settle import Answer

if TYPE_CHECKING:
    from langmem._call import Call
    from langmem._retry import Outcome

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
READ = _prepare.list_users(name=None, id=None)
WRITE = _prepare.delete_user(USER)
ROOT = Path(__file__).resolve().parents[2]
OWN_ERROR = b'{"detail": "Busy."}'


def answer(status: int, content: bytes = b"", /, **headers: str) -> Answer:
    """An answer; underscores in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, httpx.Headers(named), content)


def settings(**changes: Any) -> _settings.Settings:
    """Settings of a client."""
    return _settings.resolve("http://127.0.0.1:8100", "a-key", **changes)


@pytest.mark.parametrize(
    ("outcome", "repeated", "perhaps_done"),
    [
        (answer(200), False, False),
        (answer(302), False, False),
        (answer(404), False, False),
        (answer(408), True, False),
        (answer(409), False, False),
        (answer(409, x_should_retry="true"), True, False),
        (answer(429), True, False),
        (answer(500, OWN_ERROR), True, False),
        (answer(503, OWN_ERROR), True, False),
        (answer(500, b"Internal Server Error"), True, True),
        (answer(502, b"<h1>Bad Gateway</h1>"), True, True),
        (answer(503, b'{"detail": ["Busy."]}'), True, True),
        (answer(503, b"[" * 100_000), True, True),
        (answer(504), True, True),
        (httpx.ConnectError(""), True, False),
        (httpx.ConnectTimeout(""), True, False),
        (httpx.PoolTimeout(""), True, False),
        (httpx.ProxyError(""), True, False),
        (httpx.ReadError(""), True, True),
        (httpx.ReadTimeout(""), True, True),
        (httpx.WriteError(""), True, True),
        (httpx.WriteTimeout(""), True, True),
        (httpx.CloseError(""), True, True),
        (httpx.RemoteProtocolError(""), True, True),
        (httpx.TransportError(""), True, True),
        (httpx.DecodingError(""), False, True),
        (httpx.LocalProtocolError(""), False, False),
        (httpx.UnsupportedProtocol(""), False, False),
        (httpx.TooManyRedirects(""), False, False),
    ],
    ids=repr,
)
def test_what_is_tried_again_and_what_it_leaves_unknown(
    outcome: Outcome, repeated: bool, perhaps_done: bool
) -> None:
    """The rules of docs/errors.md, one by one."""
    assert _retry.may_repeat(outcome) is repeated
    assert _retry.may_have_been_done(outcome) is perhaps_done
    assert _retry.settles(outcome) is (isinstance(outcome, Answer) and not repeated)


@given(st.integers(0, 10_000))
def test_backoff_is_within_its_bound(retries: int) -> None:
    """The wait before a retry is drawn below 0.5 s doubled each time, and never above 8 s."""
    assert 0 <= _retry.backoff(retries) <= min(8, 0.5 * 2 ** min(retries, 4))


NOW = 1_700_000_000.25


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "3"}, 3),
        ({"retry_after": " 2.5 "}, 2.5),
        ({"retry_after": "9" * 5000}, float("inf")),
        ({"retry_after_ms": "250", "retry_after": "3"}, 0.25),
        ({"retry_after_ms": "soon", "retry_after": "3"}, 3),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "1e3"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": ""}, None),
        ({"retry_after": "Tue, 14 Nov 2023 22:13:30 GMT"}, 9.75),
        ({"retry_after": "Tue, 14 Nov 2023 22:13:30 -0000"}, 9.75),
        ({"retry_after": "Tue, 14 Nov 2023 23:13:30 +0100"}, 9.75),
        ({"retry_after": "Tue, 14 Nov 2023 22:13:10 GMT"}, 0),
        ({"retry_after": "Tue, 99 Nov 2023 22:13:30 GMT"}, None),
    ],
)
def test_how_long_a_service_asks_to_wait(
    headers: dict[str, str], seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Milliseconds, seconds and dates are read; what is none of them is not there."""
    monkeypatch.setattr(_clock, "time", lambda: NOW)
    assert _retry.asked_wait(answer(429, b"", **headers).headers) == seconds


@given(st.text() | st.datetimes(timezones=st.just(UTC)).map(lambda d: format_datetime(d, True)))
def test_any_retry_after_is_seconds_or_nothing(text: str) -> None:
    """Whatever the header holds, there is a wait that can be kept or none, and no error."""
    seconds = _retry.asked_wait({"retry-after": text})
    assert seconds is None or seconds >= 0


@given(st.datetimes(datetime(1971, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_date_is_as_far_away_as_it_is(date: datetime) -> None:
    """A date is kept to the second, be it in the past or in the far future."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_clock, "time", lambda: NOW)
        asked = _retry.asked_wait({"retry-after": format_datetime(date, usegmt=True)})
    assert asked == max(0, date.replace(microsecond=0).timestamp() - NOW)


OUTCOMES = st.one_of(
    st.builds(
        answer,
        st.sampled_from([200, 404, 408, 409, 422, 429, 500, 502, 503]),
        st.sampled_from([b"", OWN_ERROR]),
    ),
    st.builds(
        lambda status, seconds: answer(status, OWN_ERROR, retry_after=str(seconds)),
        st.sampled_from([409, 429, 503]),
        st.integers(0, 100),
    ),
    st.builds(
        lambda cls: cls("lost"),
        st.sampled_from(
            [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.UnsupportedProtocol]
        ),
    ),
)


@dataclass
class Play:
    """A call against a service that follows a script, on a clock of its own."""

    script: list[tuple[Outcome, float]]
    now: float = 0.0
    sent: list[dict[str, Any]] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, attempts: Attempts) -> Answer:
        """Drive the attempts as a client does; the last item of the script goes on and on."""
        while True:
            self.began.append(self.now)
            self.sent.append(attempts.arguments(httpx.Timeout(30)))
            outcome, took = self.script[min(len(self.outcomes), len(self.script) - 1)]
            self.now += took
            self.outcomes.append(outcome)
            delay = attempts.next_delay(outcome)
            if delay is None:
                return attempts.finish(NoClient())
            self.delays.append(delay)
            self.now += delay


class NoClient:
    """What an error would ask to send again."""

    def resume(self, error: errors.OutcomeUnknownError) -> Any:
        """Never called here."""
        raise AssertionError


@given(
    st.sampled_from([READ, WRITE]),
    st.lists(st.tuples(OUTCOMES, st.floats(0, 5)), min_size=1, max_size=8),
    st.integers(0, 7),
    st.none() | st.floats(0.1, 100),
)
def test_every_call_keeps_the_rules(
    call: Call[Any],
    script: list[tuple[Outcome, float]],
    max_retries: int,
    deadline: float | None,
) -> None:
    """Whatever happens: no attempt too many, none after the deadline, all alike, and one end."""
    play = Play(script)
    ended: Answer | errors.LangMemError
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_clock, "monotonic", lambda: play.now)
        try:
            options = settings(max_retries=max_retries, deadline=deadline)
            ended = play.run(Attempts(call, options))
        except errors.LangMemError as error:
            ended = error
    tries = ended.attempts if isinstance(ended, errors.LangMemError) else ended.trace().attempts
    assert len(tries) == len(play.sent) <= 1 + max_retries
    assert all(_retry.may_repeat(outcome) for outcome in play.outcomes[:-1])
    check_delays(play, deadline)
    check_keys(call, play)
    check_end(call, play, ended)
    assert [each.delay for each in tries] == [0, *play.delays]


def check_delays(play: Play, deadline: float | None) -> None:
    """Each wait is the one asked for or within the backoff's bound, and leaves time to try."""
    for number, (delay, outcome) in enumerate(zip(play.delays, play.outcomes, strict=False)):
        asked = _retry.asked_wait(outcome.headers) if isinstance(outcome, Answer) else None
        assert delay == asked if asked is not None else 0 <= delay <= min(8, 0.5 * 2**number)
        assert deadline is not None or delay <= 60
    assert all(began == 0 or deadline is None or began < deadline for began in play.began)


def check_keys(call: Call[Any], play: Play) -> None:
    """A write has one key, a UUID, on each attempt; a read has none; nothing else changes."""
    first = play.sent[0]
    assert all(
        {**each, "extensions": None, "auth": None} == {**first, "extensions": None, "auth": None}
        for each in play.sent
    )
    key = first["headers"].get("Idempotency-Key")
    assert (key is not None) == call.idempotent_by_key
    assert key is None or uuid.UUID(key).version == 4


def check_end(call: Call[Any], play: Play, ended: Answer | errors.LangMemError) -> None:
    """The end is the last answer, or the error of the last attempt, or that nothing is known."""
    unknown = False
    for outcome in play.outcomes:
        final_answer = isinstance(outcome, Answer) and not _retry.may_repeat(outcome)
        unknown = _retry.may_have_been_done(outcome) or (unknown and not final_answer)
    last = play.outcomes[-1]
    if call is WRITE and unknown:
        assert isinstance(ended, errors.OutcomeUnknownError)
        assert ended.resumption() == (call, play.sent[0]["headers"]["Idempotency-Key"])
    elif isinstance(last, Answer):
        assert isinstance(ended, Answer)
        assert ended.status_code == last.status_code
    else:
        assert type(ended).__name__ == type(last).__name__
        assert isinstance(ended, type(last))
        assert ended.__cause__ is last


def test_each_call_has_a_key_of_its_own() -> None:
    """Keys are minted for calls; one given is kept, as resuming needs it."""
    first, second = (Attempts(WRITE, settings()).key for _ in range(2))
    assert first != second
    assert Attempts(WRITE, settings(), "kept").key == "kept"
    assert Attempts(READ, settings()).key is None


def test_nothing_ends_before_it_begins() -> None:
    """An end without an attempt is a mistake of the caller's, and is called one."""
    with pytest.raises(RuntimeError, match="nothing has been sent"):
        Attempts(READ, settings()).finish(NoClient())


def test_an_answer_is_given_up_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of an answer, time that is up is a timeout; without a deadline it never is."""
    now = 0.0
    monkeypatch.setattr(_clock, "monotonic", lambda: now)
    bounded, unbounded = Attempts(READ, settings(deadline=5)), Attempts(READ, settings())
    now = 4.9
    bounded.check_deadline()
    assert bounded.left(None) == pytest.approx(0.1)
    now = 5.0
    with pytest.raises(httpx.ReadTimeout, match="the deadline passed while the answer was coming"):
        bounded.check_deadline()
    assert bounded.left(30) == 0.001
    unbounded.check_deadline()
    assert unbounded.left(None) is None


def test_frames_go_from_all_that_led_to_an_error() -> None:
    """Causes, contexts and groups lose their frames, be they linked in a circle."""

    def raised(error: Exception) -> Exception:
        try:
            raise error  # only what was raised has frames
        except type(error) as caught:
            return caught

    parts = [raised(ValueError(str(number))) for number in range(4)]
    group = ExceptionGroup("all failed", parts[:2])
    parts[2].__cause__ = group
    parts[2].__context__ = parts[3]
    parts[3].__context__ = parts[2]
    error = httpx.ConnectError("refused", request=httpx.Request("GET", "http://127.0.0.1/x"))
    error.request.headers["x-api-key"] = "a-key"
    error.__cause__ = parts[2]
    assert without_frames(error) is error
    assert all(part.__traceback__ is None for part in parts)
    assert (error.request.url.path, "x-api-key" in error.request.headers) == ("/x", False)


def test_the_rules_are_written_down() -> None:
    """docs/errors.md has every class of error, and the numbers that are in force."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text))
    public = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.LangMemError)
    }
    assert public - {name for name in public if name.startswith("UnknownAfter")} <= named
    for number in (_retry.FIRST_BACKOFF, _retry.MAX_BACKOFF, _retry.MAX_WAIT):
        assert f"{number:g} s" in text
    assert f"max_retries={_settings.DEFAULT_MAX_RETRIES}" in text
