"""Where the service is and who calls it: resolved once, from arguments and environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

import httpx

DEFAULT_TIMEOUT = httpx.Timeout(timeout=30.0, connect=10.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client needs to reach the service; the secret parts stay out of the repr."""

    url: httpx.URL
    api_key: str | None = field(repr=False)
    auth: tuple[str, str] | None = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.api_key is None else {"x-api-key": self.api_key}


def resolve(api_url: str | None, api_key: str | None) -> Settings:
    """Take each setting from its argument, else from the environment; empty counts as not given."""
    url = _url(api_url or os.environ.get("LANGMEM_API_URL") or "")
    key = _key(api_key or os.environ.get("LANGMEM_API_KEY") or "")
    # httpx logs the URLs it requests, so a password in the URL travels as credentials instead.
    auth = (url.username, url.password) if url.userinfo else None
    return Settings(url.copy_with(userinfo=b""), key, auth)


def _url(text: str) -> httpx.URL:
    if not text.strip():
        raise ValueError(
            "The URL of the LangMem service is missing: pass api_url, or set LANGMEM_API_URL."
        )
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise _bad_url(text) from error
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise _bad_url(text)
    return url


def _bad_url(text: str) -> ValueError:
    shown = re.sub(r"//.*@", "//", text)
    return ValueError(
        f"{shown!r} is not the URL of a service: api_url (or LANGMEM_API_URL) takes one such as "
        "'http://127.0.0.1:8100', without query or fragment."
    )


def _key(text: str) -> str | None:
    key = text.strip()
    # An HTTP library that refuses such a header shows its value; so this comes first, and does not.
    if not (key.isascii() and key.isprintable()):
        raise ValueError(
            "api_key (or LANGMEM_API_KEY) holds a character that a header cannot carry: "
            "it must be printable ASCII."
        )
    return key or None
