from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from langmem import Client, _log
from langmem._evidence import Attempt

if TYPE_CHECKING:
    from collections.abc import Generator

OK = Attempt(200, None, 0.0, 0.25)
GONE = Attempt(404, None, 0.0, 0.25)
LOST = Attempt(None, "ReadTimeout", 0.0, 30.0)


@pytest.fixture(autouse=True)
def _logger_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """What a test does to the logger ends with it."""
    monkeypatch.setattr(_log.LOGGER, "handlers", [])
    level = _log.LOGGER.level
    yield
    _log.LOGGER.setLevel(level)


@pytest.mark.parametrize(
    ("level", "attempts"),
    [
        ("debug", ["attempt 1: 200", "attempt 2: 404", "attempt 3: ReadTimeout"]),
        ("INFO", ["attempt 2: 404", "attempt 3: ReadTimeout"]),
        ("", []),
    ],
)
def test_the_environment_turns_the_log_on(
    level: str,
    attempts: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`debug` shows every attempt, `info` those that failed; without the variable all is silent."""
    monkeypatch.setenv("LANGMEM_LOG", level)
    # Here and not in a fixture, for pytest adds handlers of its own when the test begins.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    for _ in range(2):  # more clients do not make more lines
        Client("http://127.0.0.1:8100").close()
    for number, tried in enumerate([OK, GONE, LOST], 1):
        _log.attempt("GET /x", number, tried, None, None)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(attempts)
    assert all(attempt in line for attempt, line in zip(attempts, lines, strict=True))
    assert all(" langmem: GET /x: " in line for line in lines)


def test_a_program_that_logs_gets_the_lines_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a program has set up logging, its handlers alone write, and no line comes twice."""
    monkeypatch.setenv("LANGMEM_LOG", "debug")
    _log.configure()
    own = io.StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(own)])
    _log.attempt("GET /x", 1, OK, "abc", None)
    assert own.getvalue() == "GET /x: attempt 1: 200 in 0.250 s, request id abc\n"
    assert capsys.readouterr().err == ""


def test_another_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error in the variable is told where a client is made."""
    monkeypatch.setenv("LANGMEM_LOG", "verbose")
    with pytest.raises(ValueError, match="LANGMEM_LOG is 'verbose'; set it to 'debug' or 'info'"):
        Client("http://127.0.0.1:8100")


def test_a_line_tells_what_comes_next(caplog: pytest.LogCaptureFixture) -> None:
    """A line of an attempt that is followed by another says when."""
    caplog.set_level(logging.DEBUG, "langmem")
    _log.attempt("POST /x", 2, LOST, None, 0.5)
    assert caplog.messages == [
        "POST /x: attempt 2: ReadTimeout in 30.000 s, request id unknown; again in 0.50 s"
    ]
