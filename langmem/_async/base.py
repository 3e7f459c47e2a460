"""What every method of the asynchronous client stands on: one HTTP client, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from langmem import _settings
from langmem._settle import Pages, connection_errors, settle

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from types import TracebackType

    from langmem._call import Call, Listing

T = TypeVar("T")


class AsyncBase:
    """Holds the HTTP client, and closes it."""

    __slots__ = ("api_key", "client")

    api_key: str | None
    client: httpx.AsyncClient

    def __init__(
        self,
        api_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float | httpx.Timeout | None = _settings.DEFAULT_TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        settings = _settings.resolve(api_url, api_key)
        self.api_key = settings.api_key
        self.client = httpx.AsyncClient(
            base_url=settings.url,
            headers=settings.headers,
            auth=settings.auth,
            timeout=timeout,
            transport=transport,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(api_url={str(self.client.base_url)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The client cannot be used afterwards; closing twice is harmless.

        Example:
            >>> await client.aclose()
        """
        await self.client.aclose()

    async def _send(self, call: Call[T]) -> T:
        return settle(call, await self._request(call))

    async def _iterate(self, listing: Listing[T]) -> AsyncGenerator[T, None]:
        pages = Pages(listing)
        while call := pages.next():
            for item in pages.take(call, await self._request(call)):
                yield item

    async def _request(self, call: Call[Any]) -> httpx.Response:
        with connection_errors(call):
            return await self.client.request(
                call.method,
                call.path,
                params=call.params or None,
                content=call.content,
                headers=call.headers,
            )
