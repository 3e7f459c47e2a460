"""Where the service is, who calls it and how: resolved once, from arguments and environment."""

from __future__ import annotations

import base64
import math
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import httpx

from langmem_api.types import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Generator

DEFAULT_TIMEOUT = httpx.Timeout(timeout=30.0, connect=10.0)
DEFAULT_MAX_RETRIES = 2

LOCAL_SCHEMES = ("memory", "file")

API_KEY = "x-api-key"
_AUTHORIZATION = "authorization"

# These belong to one request or to its connection, not to all requests of a client.
_NOT_YOURS = {"content-length", "content-type", "host", "idempotency-key", "transfer-encoding"}
_SOUNDS_SECRET = re.compile("auth|cookie|key|pass|secret|session|token")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Secret:
    """Text that nothing shows: not its repr, not its format, not a pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "'***'"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be pickled.")


class SecretHeaders(httpx.Auth):
    """Adds headers to a request when it is sent, so that no client, local or log holds them."""

    __slots__ = ("_headers",)

    def __init__(self, headers: Mapping[str, Secret]) -> None:
        self._headers = headers

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the headers, and have the request sent."""
        self.add_to(request)
        yield request

    def add_to(self, request: httpx.Request) -> None:
        """Add the headers, in place of httpx's own of the same names."""
        for name, value in self._headers.items():
            request.headers[name] = value.reveal()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client needs to reach the service.

    Attributes:
        url: The service's URL, without credentials.
        headers: What is sent with every request, the API key and the URL's credentials among it.
            Names are in lower case; no value is ever shown, for any of them may be a secret.
        timeout: How long one attempt may wait for each step of it.
        max_retries: How often a request that failed is sent again.
        deadline: Seconds that a whole call may take, retries and waits included, or None.
    """

    url: httpx.URL
    headers: Mapping[str, Secret]
    timeout: httpx.Timeout
    max_retries: int
    deadline: float | None

    @property
    def local(self) -> bool:
        """Whether the service is in this process."""
        return self.url.scheme in LOCAL_SCHEMES

    @property
    def address(self) -> str:
        """The URL as people write it; httpx leaves out the slashes before an empty host."""
        scheme, rest = str(self.url).split(":", 1)
        return f"{scheme}:{rest}" if rest.startswith("//") else f"{scheme}://{rest}"

    @property
    def base_url(self) -> httpx.URL:
        """Where requests go, in terms of HTTP."""
        return httpx.URL("http://localhost") if self.local else self.url

    @property
    def api_key(self) -> Secret | None:
        """The API key, or None."""
        return self.headers.get(API_KEY)

    @property
    def auth(self) -> httpx.Auth:
        """What adds the headers to a request of httpx's."""
        return SecretHeaders(self.headers)

    def changed(
        self,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset | None = UNSET,
    ) -> Settings:
        """Return settings with some changed, and with headers added to those there are.

        Raises:
            TypeError: A value is of a wrong type.
            ValueError: A value cannot be used; the message names the argument.
        """
        given: dict[str, Any] = {}
        if not isinstance(timeout, Unset):
            given["timeout"] = _timeout(timeout)
        if not isinstance(max_retries, Unset):
            given["max_retries"] = _max_retries(max_retries)
        if not isinstance(deadline, Unset):
            given["deadline"] = _deadline(deadline)
        if not isinstance(headers, Unset):
            given["headers"] = MappingProxyType({**self.headers, **_headers(headers)})
        return replace(self, **given)

    def without_key(self) -> dict[str, Any]:
        """Return what `restore` makes settings of, to be written down: no secret is in it.

        Raises:
            TypeError: There is a secret that could not be found again in the environment.
        """
        extra = {name: value for name, value in self.headers.items() if name != API_KEY}
        for name in filter(_SOUNDS_SECRET.search, extra):
            raise TypeError(
                f"A client with the header {name!r}, or with a password in its URL, cannot be "
                "pickled: a pickle holds no secret. Make the client where it is used."
            )
        return {
            "url": str(self.url),
            "has_key": self.api_key is not None,
            "headers": {name: value.reveal() for name, value in extra.items()},
            "timeout": self.timeout,
            "max_retries": self.max_retries,
            "deadline": self.deadline,
        }


def restore(state: Mapping[str, Any]) -> Settings:
    """Make settings of what `without_key` returned, with the key of this process's environment.

    Raises:
        ValueError: There was a key, and the environment has none.
    """
    key = _key(os.environ.get("LANGMEM_API_KEY") or "") if state["has_key"] else {}
    if state["has_key"] and not key:
        raise ValueError(
            "The pickled client had an API key, which a pickle does not hold: set LANGMEM_API_KEY."
        )
    return Settings(
        url=httpx.URL(state["url"]),
        headers=MappingProxyType({**_headers(state["headers"]), **key}),
        timeout=state["timeout"],
        max_retries=state["max_retries"],
        deadline=state["deadline"],
    )


def resolve(
    api_url: str | None,
    api_key: str | None,
    *,
    timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
    max_retries: int = DEFAULT_MAX_RETRIES,
    deadline: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> Settings:
    """Take each setting from its argument, else from the environment; empty counts as not given.

    Raises:
        TypeError: A value is of a wrong type.
        ValueError: The URL is missing, or a value cannot be used; the message names the argument.
    """
    url = _url(api_url or os.environ.get("LANGMEM_API_URL") or "")
    extra = _headers(headers)
    own = {} if API_KEY in extra else _key(api_key or os.environ.get("LANGMEM_API_KEY") or "")
    if API_KEY in extra and api_key:
        raise ValueError("The API key is given twice: pass api_key, or headers with 'x-api-key'.")
    # httpx logs the URLs it requests, so a password in the URL travels as a header instead.
    return Settings(
        url=url.copy_with(userinfo=b""),
        headers=MappingProxyType({**_credentials(url), **own, **extra}),
        timeout=_timeout(timeout),
        max_retries=_max_retries(max_retries),
        deadline=_deadline(deadline),
    )


def _url(text: str) -> httpx.URL:
    if not text.strip():
        raise ValueError(
            "The URL of the LangMem service is missing: pass api_url, or set LANGMEM_API_URL; "
            "'memory://' needs no service."
        )
    url = None
    with suppress(httpx.InvalidURL):  # its words may be part of a password
        url = httpx.URL(text.strip())
    if url is not None and url.scheme in LOCAL_SCHEMES:
        return _local_url(url)
    if url is None or not _is_a_services(url):
        shown = re.sub(r"//.*@", "//", text)
        raise ValueError(
            f"{shown!r} is not the URL of a service: api_url (or LANGMEM_API_URL) takes one such "
            "as 'http://127.0.0.1:8100', without query or fragment, 'memory://', or a file's such "
            "as 'file:///data/langmem.db'."
        )
    return url


def _is_a_services(url: httpx.URL) -> bool:
    return url.scheme in ("http", "https") and bool(url.host) and not (url.query or url.fragment)


def _local_url(url: httpx.URL) -> httpx.URL:
    more = bool(url.userinfo or url.port or url.query or url.fragment)
    if url.scheme == "memory" and (more or url.path not in ("", "/")):
        raise ValueError(
            "api_url (or LANGMEM_API_URL): what is in memory has a name at most, as in "
            "'memory://' or 'memory://name'."
        )
    if url.scheme == "file" and (more or url.host or url.path.endswith("/")):
        raise ValueError(
            "api_url (or LANGMEM_API_URL): a file's URL is 'file://' and an absolute path, as in "
            f"'{(Path.cwd() / 'langmem.db').as_uri()}'."
        )
    return url


def _credentials(url: httpx.URL) -> dict[str, Secret]:
    if not url.userinfo:
        return {}
    token = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    return {_AUTHORIZATION: Secret(f"Basic {token}")}


def _key(text: str) -> dict[str, Secret]:
    key = text.strip()
    if not _sendable(key):
        raise ValueError(
            "api_key (or LANGMEM_API_KEY) holds a character that a header cannot carry: "
            "it must be printable ASCII."
        )
    return {API_KEY: Secret(key)} if key else {}


def _headers(given: Mapping[str, str] | None) -> dict[str, Secret]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f"headers: must be a mapping of names to text, not {_kind(given)}.")
    return {_name(name): _value(name, value) for name, value in given.items()}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"headers: a name must be text, not {_kind(name)}.")
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"headers: {name!r} is not the name of a header.")
    if name.lower() in _NOT_YOURS:
        raise ValueError(f"headers: {name!r} cannot be set here; the client sets it itself.")
    return name.lower()


def _value(name: str, value: object) -> Secret:
    if not isinstance(value, str):
        raise TypeError(f"headers[{name!r}]: must be text, not {_kind(value)}.")
    if not _sendable(value.strip()):
        raise ValueError(
            f"headers[{name!r}]: holds a character that a header cannot carry: "
            "it must be printable ASCII."
        )
    return Secret(value.strip())


def _sendable(text: str) -> bool:
    # An HTTP library that refuses such a header shows its value; so this comes first, and does not.
    return text.isascii() and text.isprintable()


def _timeout(given: object) -> httpx.Timeout:
    if given is None or isinstance(given, httpx.Timeout):
        return httpx.Timeout(given)
    return httpx.Timeout(_seconds("timeout", given))


def _deadline(given: object) -> float | None:
    return None if given is None else _seconds("deadline", given)


def _seconds(argument: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError(f"{argument}: must be a number of seconds or None, not {_kind(given)}.")
    if not 0 < given < math.inf:
        raise ValueError(f"{argument}: must be more than 0 seconds, or None, not {given}.")
    return float(given)


def _max_retries(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError(f"max_retries: must be a whole number, not {_kind(given)}.")
    if given < 0:
        raise ValueError(f"max_retries: must be 0 or more, not {given}.")
    return given


def _kind(value: object) -> str:
    return type(value).__name__
