from __future__ import annotations

import httpx
import pytest

from langmem import AsyncClient, Client
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
        "file:///x",
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


def test_the_timeouts_are_those_of_the_reference() -> None:
    """Thirty seconds for an answer, ten to connect."""
    assert PUBLIC_TIMEOUT is DEFAULT_TIMEOUT
    assert httpx.Timeout(connect=10, read=30, write=30, pool=30) == DEFAULT_TIMEOUT
