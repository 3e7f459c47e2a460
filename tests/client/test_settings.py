from __future__ import annotations

import math
import re
import ssl
from functools import cache
from typing import Any

import httpx
import pytest

from langmem import AsyncClient, Client, _pool
from langmem._settings import DEFAULT_TIMEOUT, Secret, resolve
from langmem.client import DEFAULT_TIMEOUT as PUBLIC_TIMEOUT

URL = "http://127.0.0.1:8100"


def test_arguments_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given in code wins; what is not comes from the environment."""
    monkeypatch.setenv("LANGMEM_API_URL", "https://memory.example")
    monkeypatch.setenv("LANGMEM_API_KEY", "from-environment")
    settings = resolve(URL, "given")
    assert (settings.url, settings.api_key) == (httpx.URL(URL), Secret("given"))
    settings = resolve(None, None)
    assert (settings.url, settings.api_key) == (
        httpx.URL("https://memory.example"),
        Secret("from-environment"),
    )
    settings = resolve("", "")
    assert (settings.url, settings.api_key) == (
        httpx.URL("https://memory.example"),
        Secret("from-environment"),
    )


def test_without_a_key_no_header_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and an empty key are the same: the service decides whether it needs one."""
    assert resolve(URL, None).headers == {}
    monkeypatch.setenv("LANGMEM_API_KEY", " ")
    settings = resolve(URL, "")
    assert (settings.api_key, settings.headers) == (None, {})


def test_space_around_settings_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or URL read from a file often ends in a line break."""
    monkeypatch.setenv("LANGMEM_API_KEY", "a-key\n")
    settings = resolve(f" {URL}\n", None)
    assert (settings.url, settings.headers) == (httpx.URL(URL), {"x-api-key": Secret("a-key")})


@pytest.mark.parametrize("url", [None, "", "  "])
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_missing_url_says_how_to_give_it(
    client: type[Client | AsyncClient], url: str | None
) -> None:
    """Without a URL there is no service to fall back to; the error names both ways to give it."""
    with pytest.raises(ValueError, match=r"pass api_url, or set LANGMEM_API_URL"):
        client(url)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8100",
        "localhost",
        "ftp://x",
        "http://",
        "http://x:y",
        "http://x?y",
        "http://x#y",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    """What cannot be the URL of a service is named, with one that can."""
    with pytest.raises(ValueError, match=r"is not the URL of a service: api_url") as caught:
        resolve(url, None)
    assert str(caught.value).startswith(repr(url))


@pytest.mark.parametrize("url", ["ftp://will:s3cret@x", "http://will:s3cret@x:y"])
def test_a_refused_url_is_shown_without_its_password(url: str) -> None:
    """A message ends up in logs, where a password does not belong."""
    with pytest.raises(ValueError, match="is not the URL") as caught:
        resolve(url, None)
    assert "s3cret" not in str(caught.value)


def test_a_password_in_the_url_travels_apart_from_it() -> None:
    """URLs are logged by httpx; the credentials of one are sent apart from it, as a header."""
    settings = resolve("http://will:s3%40cret@x/api", None)
    assert settings.url == httpx.URL("http://x/api")
    assert settings.headers == {"authorization": Secret("Basic d2lsbDpzM0BjcmV0")}
    assert "s3" not in repr(settings)
    assert "d2ls" not in repr(settings)


@pytest.mark.parametrize("key", ["kéy", "a\nb", "a\x00b", "a\x7fb"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(key: str) -> None:
    """The HTTP library would show such a key in its error; ours comes first and does not."""
    with pytest.raises(ValueError, match=r"api_key \(or LANGMEM_API_KEY\) holds a char") as caught:
        resolve(URL, key)
    assert key not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_hide_their_secrets() -> None:
    """The key is in no text that settings or clients show of themselves."""
    assert "a-key" not in repr(resolve(URL, "a-key"))
    with Client(URL, "a-key") as client:
        assert repr(client) == f"Client(api_url='{URL}')"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"timeout": 0}, ValueError, "timeout: must be more than 0 seconds, or None, not 0."),
        ({"timeout": math.nan}, ValueError, "timeout: must be more than 0 seconds"),
        ({"timeout": "30"}, TypeError, "timeout: must be a number of seconds or None, not str."),
        ({"timeout": True}, TypeError, "timeout: must be a number of seconds or None, not bool."),
        ({"deadline": -1.5}, ValueError, "deadline: must be more than 0 seconds, or None"),
        ({"deadline": math.inf}, ValueError, "deadline: must be more than 0 seconds, or None"),
        ({"deadline": httpx.Timeout(1)}, TypeError, "deadline: must be a number of seconds"),
        ({"max_retries": -1}, ValueError, "max_retries: must be 0 or more, not -1."),
        ({"max_retries": 2.0}, TypeError, "max_retries: must be a whole number, not float."),
        ({"max_retries": None}, TypeError, "max_retries: must be a whole number, not NoneType."),
        ({"max_retries": True}, TypeError, "max_retries: must be a whole number, not bool."),
        ({"headers": [("x", "y")]}, TypeError, "headers: must be a mapping of names to text"),
        ({"headers": {1: "y"}}, TypeError, "headers: a name must be text, not int."),
        ({"headers": {"a b": "y"}}, ValueError, "headers: 'a b' is not the name of a header."),
        ({"headers": {"": "y"}}, ValueError, "headers: '' is not the name of a header."),
        ({"headers": {"x": b"y"}}, TypeError, "headers['x']: must be text, not bytes."),
        ({"headers": {"x": "a\nb"}}, ValueError, "headers['x']: holds a character"),
        ({"headers": {"Idempotency-Key": "1"}}, ValueError, "the client sets it itself"),
        ({"headers": {"Content-Type": "x"}}, ValueError, "the client sets it itself"),
    ],
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_setting_that_cannot_be_used_is_refused(
    client: type[Client | AsyncClient],
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    """The error names the argument; the constructor and `with_options` raise the same."""
    with pytest.raises(error, match=re.escape(message)):
        client(URL, **arguments)
    with pytest.raises(error, match=re.escape(message)):
        client(URL).with_options(**arguments)


def test_settings_are_what_was_given() -> None:
    """Each setting is held in one form, whatever it was given in."""
    settings = resolve(URL, None, timeout=5, max_retries=0, deadline=7, headers={"X-A": " b "})
    assert settings.timeout == httpx.Timeout(5)
    assert (settings.max_retries, settings.deadline) == (0, 7.0)
    assert settings.headers == {"x-a": Secret("b")}
    assert resolve(URL, None, timeout=None).timeout == httpx.Timeout(None)
    assert resolve(URL, None).max_retries == 2
    assert resolve(URL, None).deadline is None


def test_settings_change_one_by_one() -> None:
    """What is not named stays; headers are added, and replace those of the same name."""
    settings = resolve(URL, "a-key", deadline=7, headers={"X-A": "1", "X-B": "2"})
    changed = settings.changed(deadline=None, headers={"x-b": "3", "X-API-KEY": "other"})
    assert (changed.deadline, changed.timeout) == (None, settings.timeout)
    assert changed.headers == {
        "x-api-key": Secret("other"),
        "x-a": Secret("1"),
        "x-b": Secret("3"),
    }
    assert changed.api_key == Secret("other")
    assert settings.api_key == Secret("a-key")
    assert settings.changed() == settings


def test_the_key_may_be_one_of_the_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An `x-api-key` among the headers is the API key; two of them in one call are one too many."""
    monkeypatch.setenv("LANGMEM_API_KEY", "from-environment")
    assert Client(URL, headers={"X-Api-Key": "from-headers"}).api_key == "from-headers"
    with pytest.raises(ValueError, match="The API key is given twice"):
        Client(URL, "given", headers={"X-Api-Key": "from-headers"})


def test_settings_cannot_change() -> None:
    """Settings are frozen, headers included."""
    settings = resolve(URL, "a-key")
    with pytest.raises(AttributeError):
        settings.max_retries = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.headers["x"] = Secret("y")  # type: ignore[index]


def test_a_plain_url_loads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them takes long; it happens once in a process, and only where TLS is spoken."""
    made: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def counting(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        made.append(create(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", counting)
    monkeypatch.setattr(_pool, "_tls", cache(_pool._tls.__wrapped__))
    for client in (Client, AsyncClient):
        assert client(URL).client
    assert made == []
    secure = [client("https://memory.example") for client in (Client, AsyncClient, Client)]
    assert made == []
    assert all(client.client for client in secure)
    assert len(made) == 1


def test_the_timeouts_are_those_of_the_reference() -> None:
    """Thirty seconds for an answer, ten to connect."""
    assert PUBLIC_TIMEOUT is DEFAULT_TIMEOUT
    assert httpx.Timeout(connect=10, read=30, write=30, pool=30) == DEFAULT_TIMEOUT
