"""Who calls: an API key stands for its tenant; a service without keys serves this machine alone.

A service is open until its first key is made. While it is, whoever can reach it may do everything,
so it answers only requests from a loopback address that were meant for one: a web page elsewhere
can have a browser send requests to 127.0.0.1, either as a page of another origin or, by DNS
rebinding, under a name of its own. Browsers tell of both, in `Origin` and `Host`.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias
from urllib.parse import urlsplit

from langmem_server.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from langmem_server.store.records import ApiKey

DEFAULT_TENANT: Final = "default"
APPLICATION: Final = "application"
METRICS: Final = "metrics"
_PREFIX: Final = "lmk_"  # by which a scan for secrets knows one
_NO_KEY: Final = "A valid API key is needed: send one as x-api-key"


class Caller(NamedTuple):
    """Whom a request comes from: its tenant, and the id of its key, None where it needs none."""

    tenant: str
    key_id: str | None = None


def new_key() -> str:
    """Make an API key: 256 random bits.

    Example:
        >>> new_key().startswith("lmk_")
        True
    """
    return _PREFIX + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Return what is kept of a key.

    Example:
        >>> digest("lmk_example")[:8]
        'd3d91184'
    """
    return sha256(key.encode()).hexdigest()


class Keys(Protocol):
    """The keys there are; see `gate.KeyRing`."""

    any_made: bool

    def find(self, digest: str) -> ApiKey | None:
        """Return the key with a digest, unless it was revoked."""
        ...


Policy: TypeAlias = "Callable[[Request, Keys], Caller]"


def application(request: Request, keys: Keys) -> Caller:
    """Return the caller of an operation.

    Args:
        request: The request.
        keys: The keys there are.

    Raises:
        RequestError: 401: there are keys, and the request has none of them, or a revoked one, or
            one of another scope. 403: there are none, and it does not come from this machine.
    """
    return _caller(request, keys, request.headers.getlist("x-api-key"), APPLICATION)


def metrics(request: Request, keys: Keys) -> Caller:
    """Return the caller of `/metrics`; see `application`.

    The key may come as a bearer token, since Prometheus sends no header of its own:
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    """
    bearer = [
        value.removeprefix("Bearer ")
        for value in request.headers.getlist("authorization")
        if value.startswith("Bearer ")
    ]
    return _caller(request, keys, request.headers.getlist("x-api-key") or bearer, METRICS)


def anybody(request: Request, keys: Keys) -> Caller:
    """Return the caller of an operation that needs no key.

    Raises:
        RequestError: 403: there are no keys, and the request does not come from this machine.
    """
    if not keys.any_made:
        _check_loopback(request)
    return Caller(DEFAULT_TENANT)


def _caller(request: Request, keys: Keys, given: list[str], scope: str) -> Caller:
    # Two keys are none: which of them counts would be anybody's guess.
    found = keys.find(digest(given[0])) if len(given) == 1 else None
    if found is not None and found.scope == scope:
        return Caller(found.tenant, found.id)
    if keys.any_made:
        raise RequestError(401, _refusal(found, scope), {"WWW-Authenticate": "ApiKey"})
    _check_loopback(request)
    return Caller(DEFAULT_TENANT)


def _refusal(found: ApiKey | None, scope: str) -> str:
    if found is None:
        return _NO_KEY
    return f"This API key is of scope {found.scope}: use one of scope {scope}"


def _check_loopback(request: Request) -> None:
    if request.client is not None and not is_loopback(request.client.host):
        raise RequestError(403, "This service has no keys yet, so it serves its own machine alone")
    hosts = [f"http://{host}" for host in request.headers.getlist("host")]
    for name, urls in (("Host", hosts), ("Origin", request.headers.getlist("origin"))):
        if not all(map(_is_local, urls)):
            raise RequestError(
                403,
                f"header.{name}: names another machine, and this service has no keys yet: call it"
                " as 127.0.0.1 or localhost, or create a key",
            )


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:
        return False
    if parts.username is not None:
        return False
    return name == "localhost" or name.endswith(".localhost") or is_loopback(name)


def is_loopback(text: str) -> bool:
    """Tell whether a text is an address of this machine alone.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("10.0.0.1")
        (True, True, False)
    """
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
