from __future__ import annotations

import copy
import inspect
import pickle
import re

import httpx
import pytest

from langmem import errors

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
        "PaginationError",
        "WaitTimeoutError",
    }


def test_an_error_keeps_no_request() -> None:
    """A request holds the API key in its headers; the error has its method and path alone."""
    error = errors.ReadTimeout("late", method="GET", path="/health")
    with pytest.raises(RuntimeError):
        _ = error.request
