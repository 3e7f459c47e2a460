"""One call under way: what each try came to, and what to do next. The clients do the I/O."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httpx

from langmem import _clock, _log, _retry
from langmem._evidence import Attempt, SentRequest, Trace
from langmem._settle import connection_error, outcome_unknown, status_error

if TYPE_CHECKING:
    from langmem._call import Call
    from langmem._retry import Outcome
    from langmem._settings import Settings
    from langmem._settle import Answer
    from langmem.errors import LangMemError, Resumes

_DEADLINE_ADVICE = "the client's timeout and deadline arguments set how long to wait"

# A timeout of zero means "do not block" to a socket; it shall mean that time is up.
_LEAST_TIMEOUT = 0.001


class Attempts:
    """The tries of one call.

    Send what `arguments` says, tell `next_delay` what came of it, wait as long as it says, and so
    on until it says None. Then `finish` gives the answer or raises.

    Args:
        call: What is asked.
        settings: How often and how long to try.
        key: The key of a write that was sent before. By default a write gets a new one, which all
            of its tries bear.
    """

    def __init__(self, call: Call[Any], settings: Settings, key: str | None = None) -> None:
        self.call = call
        self.key = key or (str(uuid.uuid4()) if call.idempotent_by_key else None)
        self._settings = settings
        self._started = self._began = _clock.monotonic()
        self._tries: list[Attempt] = []
        self._delay = 0.0
        self._final: Outcome | None = None
        self._unknown: Outcome | None = None
        self._resumed = key is not None

    def arguments(self, timeout: httpx.Timeout) -> dict[str, Any]:
        """Return what to give httpx for the next try, which begins now.

        Args:
            timeout: How long each of its steps may take; the deadline may leave less.
        """
        self._began = _clock.monotonic()
        steps = timeout.as_dict()
        return {
            "method": self.call.method,
            "url": self.call.path,
            "params": self.call.params or None,
            "content": self.call.content,
            "headers": self._headers(),
            "auth": self._settings.auth,
            "extensions": {"timeout": steps if self._left() is None else _Shortened(steps, self)},
        }

    def check_deadline(self) -> None:
        """Give up in the middle of an answer.

        Raises:
            httpx.ReadTimeout: The deadline has passed.
        """
        left = self._left()
        if left is not None and left <= 0:
            raise httpx.ReadTimeout("the deadline passed while the answer was coming")

    def next_delay(self, outcome: Outcome) -> float | None:
        """Note what a try came to; return the seconds to wait before the next, or None at the end.

        Args:
            outcome: The answer, or httpx's error.
        """
        delay = self._delay_after(outcome)
        tried = self._tried(outcome)
        self._tries.append(tried)
        if _retry.may_have_been_done(outcome):
            self._unknown = outcome
        elif _retry.settles(outcome):
            self._unknown = None
        self._final, self._delay = outcome, delay or 0.0
        request_id = None if isinstance(outcome, httpx.RequestError) else outcome.request_id
        name = f"{self.call.method} {self.call.path}"
        _log.attempt(name, len(self._tries), tried, request_id, delay)
        return delay

    def finish(self, client: Resumes) -> Answer:
        """Return the last answer, whatever its status.

        Args:
            client: What can send a write again.

        Raises:
            OutcomeUnknownError: A write may have been done.
            LangMemError: No answer came.
        """
        final, unknown = self._final, self._unknown
        if final is None:
            raise RuntimeError("nothing has been sent")
        if self._resumed and unknown is None and not _retry.settles(final):
            unknown = final  # it speaks of these tries alone; what came before is still in doubt
        if self.key is not None and unknown is not None:
            cause = self._error(unknown)
            error = outcome_unknown(cause, self.call, self.key, client)
            raise error from (unknown if isinstance(unknown, httpx.RequestError) else None)
        if isinstance(final, httpx.RequestError):
            raise self._error(final) from final
        return self._traced(final)

    def left(self, seconds: float | None) -> float | None:
        """Return how long a step may take that is allowed some seconds."""
        left = self._left()
        if left is None:
            return seconds
        return max(_LEAST_TIMEOUT, left if seconds is None else min(seconds, left))

    def _left(self) -> float | None:
        deadline = self._settings.deadline
        return None if deadline is None else self._started + deadline - _clock.monotonic()

    def _tried(self, outcome: Outcome) -> Attempt:
        elapsed = _clock.monotonic() - self._began
        if isinstance(outcome, httpx.RequestError):
            return Attempt(None, type(outcome).__name__, self._delay, elapsed)
        return Attempt(outcome.status_code, None, self._delay, elapsed)

    def _delay_after(self, outcome: Outcome) -> float | None:
        retries = len(self._tries)
        if retries >= self._settings.max_retries or not _retry.may_repeat(outcome):
            return None
        asked = None
        if not isinstance(outcome, httpx.RequestError):
            asked = _retry.asked_wait(outcome.headers)
        delay = _retry.backoff(retries) if asked is None else asked
        left = self._left()
        fits = delay <= _retry.MAX_WAIT if left is None else delay < left
        return delay if fits else None

    def _headers(self) -> dict[str, str]:
        return self.call.headers | ({} if self.key is None else {"Idempotency-Key": self.key})

    def _error(self, outcome: Outcome) -> LangMemError:
        trace = self._trace()
        if not isinstance(outcome, httpx.RequestError):
            return status_error(self._traced(outcome), self.call.method, self.call.path)
        advice = "" if self._settings.deadline is None else _DEADLINE_ADVICE
        return connection_error(self.call, outcome, trace, advice)

    def _traced(self, answer: Answer) -> Answer:
        # Not by `_replace`, at each call of which CPython keeps one tuple more for later use.
        return type(answer)(answer.status_code, answer.headers, answer.content, self._trace)

    def _trace(self) -> Trace:
        call = self.call
        sent = SentRequest(
            method=call.method,
            base_url=self._settings.address,
            path=call.path,
            params=call.params,
            headers=tuple(self._headers().items()),
            secrets=tuple(self._settings.headers),
            content=call.content,
        )
        return Trace(sent, tuple(self._tries))


class _Shortened(dict[str, float | None]):
    """Timeouts of an attempt's steps that read as less the closer the deadline is.

    The steps begin one after the other, and each is asked for when it does.
    """

    def __init__(self, steps: dict[str, float | None], attempts: Attempts) -> None:
        super().__init__(steps)
        self._attempts = attempts

    def __getitem__(self, step: str) -> float | None:
        return self._attempts.left(super().__getitem__(step))

    def get(self, step: str, default: Any = None) -> Any:
        return self._attempts.left(super().get(step, default))
