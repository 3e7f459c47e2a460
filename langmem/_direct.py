"""The short way: a request made by hand, given to the transport.

httpx merges URLs and headers, and keeps cookies, for each request; that costs more than all this
package does. So where nobody watches httpx at work, its transport is called directly. Whoever does
gets the long way: event hooks, cookies, redirects, its log, and tools that replace its `send`.
"""

from __future__ import annotations

import logging
from types import FunctionType
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langmem._settings import SecretHeaders

_HTTPX_LOG = logging.getLogger("httpx")

# What tools that record, trace or answer requests replace in httpx's clients: respx the last.
_REPLACED = ("send", "_send_single_request", "_transport_for_url")


class Target(httpx.URL):
    """A URL below another one, which is parsed only when somebody looks closer.

    Transports ask for the four parts below. To anything else that httpx keeps in a URL,
    `__getattr__` answers with that of the parsed one.
    """

    def __init__(self, base: Base, path: bytes) -> None:
        self._base = base
        self._path = path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base.url.copy_with(raw_path=self._path), name)

    @property
    def raw_scheme(self) -> bytes:
        """The scheme."""
        return self._base.raw_scheme

    @property
    def raw_host(self) -> bytes:
        """The host, without brackets."""
        return self._base.raw_host

    @property
    def port(self) -> int | None:
        """The port, None for the scheme's own."""
        return self._base.port

    @property
    def raw_path(self) -> bytes:
        """The path and the query."""
        return self._path


class Base:
    """What all requests to one service share, parsed once.

    Args:
        url: The service's URL.
        headers: What httpx adds to each request.
    """

    def __init__(self, url: httpx.URL, headers: httpx.Headers) -> None:
        self.url = url
        self.raw_scheme = url.raw_scheme
        self.raw_host = url.raw_host
        self.port = url.port
        self._prefix = url.raw_path.rstrip(b"/")
        self._given = headers.raw
        self._headers = httpx.Headers([(b"Host", url.netloc), *headers.raw])

    def is_of(self, client: httpx.Client | httpx.AsyncClient) -> bool:
        """Say whether the client is still as it was: programs may change its headers and URL."""
        return client.base_url is self.url and client.headers.raw == self._given

    def request(self, arguments: Mapping[str, Any]) -> httpx.Request:
        """Make the request of `Attempts.arguments`."""
        request = httpx.Request(
            arguments["method"],
            self.url,
            headers=self._headers,
            content=arguments["content"],
            extensions=arguments["extensions"],
        )
        request.url = self._target(arguments["url"], arguments["params"])
        request.headers.update(arguments["headers"])
        auth: SecretHeaders = arguments["auth"]
        auth.add_to(request)
        return request

    def _target(self, path: str, params: tuple[tuple[str, str], ...] | None) -> httpx.URL:
        raw_path = self._prefix + path.encode("ascii")
        if params is None:
            return Target(self, raw_path)
        return self.url.copy_with(raw_path=raw_path).copy_merge_params(params)


class Sender:
    """Sends requests for one httpx client, the short way or through it.

    Args:
        client: The client.
        transport: What the client was given to send with; None where it chooses by itself.
    """

    __slots__ = ("_base", "_transport", "client")

    def __init__(self, client: httpx.Client, transport: httpx.BaseTransport | None) -> None:
        self.client = client
        self._transport = transport
        self._base: Base | None = None

    def send(self, arguments: Mapping[str, Any]) -> httpx.Response:
        """Send the request of `Attempts.arguments`; return the response, to be read and closed."""
        client = self.client
        if self._transport is None or not _nobody_watches(client):
            return client.send(_built(client, arguments), auth=arguments["auth"], stream=True)
        if self._base is None or not self._base.is_of(client):
            self._base = Base(client.base_url, client.headers)
        request = self._base.request(arguments)
        with _Naming(request):
            response = self._transport.handle_request(request)
        return _completed(client, request, response)


class AsyncSender:
    """Sends requests for one asynchronous httpx client, the short way or through it.

    Args:
        client: The client.
        transport: What the client was given to send with; None where it chooses by itself.
    """

    __slots__ = ("_base", "_transport", "client")

    def __init__(
        self, client: httpx.AsyncClient, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self.client = client
        self._transport = transport
        self._base: Base | None = None

    async def send(self, arguments: Mapping[str, Any]) -> httpx.Response:
        """Send the request of `Attempts.arguments`; return the response, to be read and closed."""
        client = self.client
        if self._transport is None or not _nobody_watches(client):
            request = _built(client, arguments)
            return await client.send(request, auth=arguments["auth"], stream=True)
        if self._base is None or not self._base.is_of(client):
            self._base = Base(client.base_url, client.headers)
        request = self._base.request(arguments)
        with _Naming(request):
            response = await self._transport.handle_async_request(request)
        return _completed(client, request, response)


def proxies_are_set() -> bool:
    """Say whether the environment names a proxy, which is httpx's to choose and speak to."""
    return bool({"all", "http", "https"} & getproxies().keys())


def _built(client: httpx.Client | httpx.AsyncClient, arguments: Mapping[str, Any]) -> httpx.Request:
    given = {name: value for name, value in arguments.items() if name != "auth"}
    return client.build_request(**given)


class _Naming:
    """Tells an error of httpx which request it is about, as httpx does."""

    __slots__ = ("_request",)

    def __init__(self, request: httpx.Request) -> None:
        self._request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, httpx.RequestError):
            error.request = self._request


def _completed(
    client: httpx.Client | httpx.AsyncClient, request: httpx.Request, response: httpx.Response
) -> httpx.Response:
    response.request = request
    if "set-cookie" in response.headers:
        client.cookies.extract_cookies(response)
    return response


def _nobody_watches(client: httpx.Client | httpx.AsyncClient) -> bool:
    """Say whether the short way does all that the long one would."""
    hooks = client.event_hooks
    return not (
        hooks["request"]
        or hooks["response"]
        or client.cookies
        or client.follow_redirects
        or client.is_closed
        or _HTTPX_LOG.isEnabledFor(logging.INFO)
        or any(getattr(getattr(client, name, 0), "__func__", 0) not in _OWN for name in _REPLACED)
    )


def _is_httpxs(method: object) -> bool:
    # The exact type, for a wrapper may pass for a function.
    return type(method) is FunctionType and method.__globals__["__name__"] == "httpx._client"


_METHODS = (
    getattr(cls, name, None) for cls in (httpx.Client, httpx.AsyncClient) for name in _REPLACED
)
_OWN = {method for method in _METHODS if _is_httpxs(method)}
