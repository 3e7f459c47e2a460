from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem import _prepare, errors
from langmem._evidence import Trace
from langmem._settle import (
    Answer,
    Pages,
    connection_error,
    outcome_unknown,
    raise_for_status_with_text,
    settle,
)

if TYPE_CHECKING:
    from langmem._call import Call

GET = _prepare.list_threads()
USERS = _prepare.list_users(name=None, id=None)


def answer(status: int, **rest: Any) -> Answer:
    """What a client keeps of a response."""
    response = httpx.Response(status, **rest)
    return Answer(response.status_code, response.headers, response.content)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"null", None),
        (b'{"id": "x", "name": null}', {"id": "x", "name": None}),
        (b"[]", []),
        (b"\xef\xbb\xbf[1]", [1]),
        (b"", None),
        (b" \n", None),
    ],
)
def test_success_is_the_json_value(content: bytes, value: object) -> None:
    """The value of a success is what its body says; an empty body is None."""
    assert settle(GET, answer(200, content=content)) == value


def test_no_content_is_none() -> None:
    """204 is a success without a value, for a list that comes wrapped too."""
    assert settle(GET, answer(204)) is None
    assert settle(USERS, answer(204)) is None


def test_a_wrapped_list_is_unwrapped() -> None:
    """The users are the value, not the object around them."""
    wrapped = answer(200, json={"users": [{"id": "x"}]})
    assert settle(USERS, wrapped) == [{"id": "x"}]


@pytest.mark.parametrize(
    ("call", "content", "detail", "body"),
    [
        (GET, b"<html>", "the body is not JSON: Expecting value", "<html>"),
        (GET, b"\xff", "the body is not JSON: 'utf-8' codec", "\ufffd"),
        (GET, b"[" * 100_000, "the body is not JSON: maximum recursion", "[" * 100_000),
        (USERS, b"[]", "the body is not an object with 'users'", []),
        (USERS, b"{}", "the body is not an object with 'users'", {}),
    ],
    ids=["html", "bytes", "bottomless", "list", "empty object"],
)
def test_a_success_that_cannot_be_read(
    call: Call[Any], content: bytes, detail: str, body: object
) -> None:
    """A success whose body is not what was agreed is our error, never one of the JSON library."""
    with pytest.raises(errors.ResponseDecodeError) as caught:
        settle(call, answer(200, content=content))
    error = caught.value
    assert error.detail.startswith(detail)
    assert (error.method, error.path) == (call.method, call.path)
    assert (error.status_code, error.body) == (200, body)


STATUSES = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    413: errors.PayloadTooLargeError,
    422: errors.UnprocessableEntityError,
    429: errors.RateLimitError,
    500: errors.InternalServerError,
    503: errors.InternalServerError,
    520: errors.InternalServerError,
    599: errors.InternalServerError,
    100: errors.APIStatusError,
    304: errors.APIStatusError,
    307: errors.APIStatusError,
    402: errors.APIStatusError,
    418: errors.APIStatusError,
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_each_status_has_its_class(status: int, expected: type[errors.APIStatusError]) -> None:
    """A status that is not success raises the class of that status, and remains httpx's error."""
    with pytest.raises(httpx.HTTPError) as caught:
        settle(GET, answer(status, json={"detail": "No."}))
    error = caught.value
    assert type(error) is expected
    assert isinstance(error, errors.LangMemError)
    assert (error.status_code, error.method, error.path) == (status, "GET", "/threads")
    assert (error.detail, error.body) == ("No.", {"detail": "No."})


@pytest.mark.parametrize(
    ("content", "detail", "body"),
    [
        (b'{"detail": "User not found"}', "User not found", {"detail": "User not found"}),
        (b'{"detail": [{"loc": ["k"]}]}', '[{"loc": ["k"]}]', {"detail": [{"loc": ["k"]}]}),
        (b'{"error": "x"}', '{"error": "x"}', {"error": "x"}),
        (b'{"detail": null}', "", {"detail": None}),
        (b'"plain"', "plain", "plain"),
        (b"null", "", None),
        (b"", "", ""),
        (b"<h1>502</h1>\n", "<h1>502</h1>", "<h1>502</h1>\n"),
        (b"\xff oh", "\ufffd oh", "\ufffd oh"),
        (b"[" * 100_000, "[" * 500 + "...", "[" * 100_000),
    ],
    ids=[
        "detail",
        "list",
        "object",
        "null-detail",
        "text",
        "null",
        "empty",
        "html",
        "bytes",
        "long",
    ],
)
def test_the_detail_of_an_error_is_what_the_body_says(
    content: bytes, detail: str, body: object
) -> None:
    """Whatever a body holds, the status is told, with as much of the body as a line can hold."""
    with pytest.raises(errors.InternalServerError) as caught:
        settle(GET, answer(502, content=content))
    assert caught.value.detail == detail
    assert caught.value.body == body


@given(st.integers(100, 599), st.binary(max_size=200))
def test_no_response_raises_anything_else(status: int, content: bytes) -> None:
    """Whatever comes back, there is a value or an error of ours with the status."""
    response = answer(status, content=content)
    try:
        settle(GET, response)
    except errors.LangMemError as caught:
        error = caught
    else:
        error = errors.LangMemError("", status_code=status)
        assert response.is_success
    assert error.status_code == status
    assert str(error).startswith(str(status))


def test_the_old_function_raises_the_same_errors() -> None:
    """`raise_for_status_with_text` tells the request where the response knows it."""
    request = httpx.Request("GET", "http://127.0.0.1/prefix/users/1?x=1")
    with pytest.raises(errors.NotFoundError) as caught:
        raise_for_status_with_text(httpx.Response(404, text="gone", request=request))
    assert str(caught.value) == "404 Not Found from GET /prefix/users/1: gone"
    with pytest.raises(errors.NotFoundError) as caught:
        raise_for_status_with_text(httpx.Response(404, text="gone"))
    assert str(caught.value) == "404 Not Found: gone"
    raise_for_status_with_text(httpx.Response(204))


def family(cls: type[httpx.RequestError]) -> list[type[httpx.RequestError]]:
    """A class of httpx and all of httpx's classes below it."""
    below = [each for each in cls.__subclasses__() if each.__module__.startswith("httpx")]
    return [cls, *itertools.chain.from_iterable(map(family, below))]


@pytest.mark.parametrize("cls", family(httpx.RequestError))
def test_every_error_of_httpx_has_a_counterpart(cls: type[httpx.RequestError]) -> None:
    """Whatever httpx raises about a request is caught as httpx's class, and as ours."""
    error = connection_error(GET, cls("went wrong"), Trace())
    assert isinstance(error, cls)
    assert (error.method, error.path, error.status_code) == ("GET", "/threads", None)
    assert error.detail.startswith("went wrong")
    if family(cls) == [cls] and cls not in (httpx.TooManyRedirects, httpx.DecodingError):
        assert isinstance(error, errors.APIConnectionError)
        assert type(error).__name__ == cls.__name__


def test_an_error_without_words_is_named() -> None:
    """Many timeouts of httpx have no message; ours says what it was and what to do."""
    error = connection_error(GET, httpx.ReadTimeout(""), Trace())
    assert isinstance(error, errors.APITimeoutError)
    assert str(error) == (
        "GET /threads: ReadTimeout; the client's timeout argument sets how long to wait"
    )
    assert connection_error(GET, httpx.PoolTimeout("full"), Trace(), "wait").detail == "full; wait"


def test_errors_of_a_transport_of_ones_own_count_too() -> None:
    """A class that extends one of httpx's is raised as that one's counterpart."""

    class TunnelError(httpx.ConnectError):
        pass

    error = connection_error(GET, TunnelError("the tunnel is shut"), Trace())
    assert type(error) is errors.ConnectError


@pytest.mark.parametrize(
    "cls", [each for each in family(httpx.RequestError) if each is not httpx.TooManyRedirects]
)
def test_an_unknown_outcome_is_also_what_it_came_from(cls: type[httpx.RequestError]) -> None:
    """Whatever class caught the error before outcomes were told apart catches it now."""
    cause = connection_error(GET, cls("went wrong"), Trace())
    error = outcome_unknown(cause, GET, "a-key", Client())
    assert isinstance(error, errors.OutcomeUnknownError)
    near = next(base for base in type(cause).__mro__ if base in type(error).__mro__)
    assert near in (type(cause), *type(cause).__bases__)
    assert error.detail.startswith("went wrong")
    assert "resume() sends it again without doing it twice" in error.detail


class Client:
    """What an error knows of a client."""

    def resume(self, error: errors.OutcomeUnknownError) -> str:
        """Tell what would be sent again."""
        return "resumed " + error.resumption()[1]


FUNCTIONS = _prepare.list_memory_functions(target_type=None)


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"[]", "the body is not an object with a list of 'memory_functions'"),
        (b'{"memory_functions": 3}', "the body is not an object with a list of"),
        (b'{"memory_functions": [], "next_cursor": 3}', "the next_cursor is not text"),
        (b"<html>", "the body is not JSON"),
    ],
)
def test_a_page_that_is_none(content: bytes, detail: str) -> None:
    """A page in another form is our error, and says what is wrong with it."""
    pages = Pages(FUNCTIONS)
    call = pages.next()
    assert call is not None
    with pytest.raises(errors.ResponseDecodeError) as caught:
        pages.take(call, answer(200, content=content))
    assert caught.value.detail.startswith(detail)


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b'{"memory_functions": []}'])
def test_an_empty_page_without_a_cursor_is_the_end(content: bytes) -> None:
    """A list may be empty in several ways, and then ends."""
    pages = Pages(FUNCTIONS)
    call = pages.next()
    assert call is not None
    assert pages.take(call, answer(200, content=content)) == []
    assert pages.next() is None
