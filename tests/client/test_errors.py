from __future__ import annotations

import copy
import inspect
import pickle
import re
import subprocess

import httpx
import pytest

from langmem import _prepare, errors
from langmem._evidence import Attempt, SentRequest

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, errors.LangMemError)
]


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize(
    "again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy]
)
def test_errors_survive_pickle_and_copy(cls: type[errors.LangMemError], again: object) -> None:
    """An error of a worker process arrives whole: class, message, evidence and notes."""
    error = cls("gone", method="GET", path="/users/1", status_code=404, body={"detail": "gone"})
    error.add_note("while testing")
    copied = again(error)  # type: ignore[operator]
    assert type(copied) is cls
    assert str(copied) == str(error) == "404 Not Found from GET /users/1: gone"
    assert vars(copied) == vars(error)
    assert copied.args == error.args


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.LangMemError("Broken."), "Broken."),
        (
            errors.NotFoundError("User not found", method="GET", path="/users/1", status_code=404),
            "404 Not Found from GET /users/1: User not found",
        ),
        (errors.NotFoundError("User not found", status_code=404), "404 Not Found: User not found"),
        (
            errors.InternalServerError("", method="GET", path="/health", status_code=520),
            "520 from GET /health",
        ),
        (
            errors.ConnectError("refused", method="POST", path="/threads"),
            "POST /threads: refused",
        ),
    ],
)
def test_an_error_prints_what_happened_where(error: errors.LangMemError, text: str) -> None:
    """The message holds status, request and detail, as far as they are known."""
    assert str(error) == text


def test_the_tree_is_drawn_as_it_is() -> None:
    """The drawing in the module's docstring names every class, below its parent."""
    drawn = [line for line in (errors.__doc__ or "").splitlines() if line.startswith("    ")]
    parents: list[str] = []
    seen = {}
    for line in drawn:
        indent, names = re.match(r"    ([│├└─ ]*)(.*?)(?:  .*)?$", line).groups()  # type: ignore[union-attr]
        depth = len(indent) // 4
        for name in names.split(", "):
            seen[name] = parents[depth - 1] if depth else "Exception"
        parents[depth:] = [names]
    assert seen == {cls.__name__: cls.__mro__[1].__name__ for cls in CLASSES}


def test_status_and_connection_errors_are_httpx_errors() -> None:
    """Programs that catch httpx's errors go on working; what is not about HTTP is ours alone."""
    assert {cls.__name__ for cls in CLASSES if not issubclass(cls, httpx.HTTPError)} == {
        "LangMemError",
        "LocalServiceError",
        "PaginationError",
        "StoredValueError",
        "WaitTimeoutError",
    }


def test_an_error_keeps_no_request() -> None:
    """A request holds the API key in its headers; the error has its method and path alone."""
    error = errors.ReadTimeout("late", method="GET", path="/health")
    with pytest.raises(RuntimeError):
        _ = error.request


SENT = SentRequest(
    method="POST",
    base_url="http://127.0.0.1:8100/v1/",
    path="/threads/1/add_messages",
    params=(("ids", "a b"), ("ids", "c&d")),
    headers=(("Content-Type", "application/json"), ("Idempotency-Key", "k-1")),
    secrets=("x-api-key", "authorization", "x-team.name"),
    content='{"content": "It\'s $5 `now`, \\"Ada\\"!\\n@🐝"}'.encode(),
)


def test_an_error_gives_the_command_that_sends_its_request() -> None:
    """A shell reads the command as curl's arguments: the same request, secrets from variables."""
    command = errors.ReadTimeout("late", sent=SENT).curl()
    assert command is not None
    script = 'curl() { printf "%s\\0" "$@"; }\n' + command
    variables = {"LANGMEM_API_KEY": "a-key", "AUTHORIZATION": "Basic x", "X_TEAM_NAME": "bees"}
    run = subprocess.run(["bash", "-c", script], env=variables, capture_output=True, check=True)
    assert run.stdout.decode().split("\0")[:-1] == [
        *("-X", "POST"),
        "http://127.0.0.1:8100/v1/threads/1/add_messages?ids=a+b&ids=c%26d",
        *("-H", "Content-Type: application/json"),
        *("-H", "Idempotency-Key: k-1"),
        *("-H", "x-api-key: a-key"),
        *("-H", "authorization: Basic x"),
        *("-H", "x-team.name: bees"),
        *("--data-raw", (SENT.content or b"").decode()),
    ]


def test_what_is_not_known_cannot_be_sent() -> None:
    """An error of a request that nobody has seen gives no command."""
    assert errors.LangMemError("Broken.").curl() is None


def test_a_body_is_shown_on_demand_alone() -> None:
    """The text of a user is neither in an error's message nor among its attributes as printed."""
    error = errors.ReadTimeout("late", sent=SENT)
    assert "Ada" not in str(error) + repr(error) + repr(vars(error))
    assert "Ada" in str(error.curl())


TRIED = (Attempt(503, None, 0.0, 0.2), Attempt(None, "ReadError", 0.5, 0.7))


@pytest.mark.parametrize(
    ("request_id", "attempts", "end"),
    [
        (None, (), "Busy."),
        (None, TRIED[:1], "Busy."),
        ("abc", TRIED[:1], "Busy. (request id abc)"),
        (None, TRIED, "Busy. (2 attempts in 1.4 s)"),
        ("abc", TRIED, "Busy. (request id abc, 2 attempts in 1.4 s)"),
    ],
)
def test_an_error_says_how_to_find_it_and_how_hard_it_was_tried(
    request_id: str | None, attempts: tuple[Attempt, ...], end: str
) -> None:
    """The request id is for the service's log; the attempts tell why it took so long."""
    error = errors.InternalServerError(
        "Busy.",
        method="GET",
        path="/health",
        status_code=503,
        request_id=request_id,
        attempts=attempts,
    )
    assert str(error) == f"503 Service Unavailable from GET /health: {end}"


class Resumed:
    """What an error knows of a client."""

    def resume(self, error: errors.OutcomeUnknownError) -> str:
        """Tell what would be sent again."""
        call, key = error.resumption()
        return f"{call.operation} {key}"


def test_an_error_that_travelled_is_resumed_by_a_client() -> None:
    """A copy knows what to send under which key, and says whom to give it to."""
    error = errors.UnknownAfterReadTimeout(
        "late", idempotency_key="k-1", call=_prepare.list_threads(), client=Resumed()
    )
    assert error.resume() == "list_threads k-1"
    for travelled in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(travelled) is errors.UnknownAfterReadTimeout
        with pytest.raises(RuntimeError, match=r"use client\.resume\(error\)"):
            travelled.resume()
        assert Resumed().resume(travelled) == "list_threads k-1"


def test_each_leaf_is_named_for_what_it_is_as_well() -> None:
    """`UnknownAfterReadTimeout` is a ReadTimeout, and so are the others what their names say."""
    for leaf in errors.OutcomeUnknownError.__subclasses__():
        name = leaf.__name__.removeprefix("UnknownAfter")
        also = leaf.__bases__[1].__name__
        assert also in (name, f"API{name}", f"API{name}Error", f"Internal{name}")
