"""What every method of the asynchronous client stands on: one HTTP client, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from langmem._settings import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, resolve
from langmem._settle import Pages, connection_errors, settle

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from types import TracebackType

    from langmem._call import Call, Listing
    from langmem._settings import Settings

T = TypeVar("T")


class AsyncBase:
    """Holds the HTTP client, and closes it."""

    __slots__ = ("_settings", "client")

    _settings: Settings
    client: httpx.AsyncClient

    def __init__(
        self,
        api_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = resolve(
            api_url,
            api_key,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
            headers=headers,
        )
        self.client = httpx.AsyncClient(
            base_url=self._settings.url,
            auth=self._settings.auth,
            timeout=self._settings.timeout,
            transport=transport,
        )

    @property
    def api_key(self) -> str | None:
        """The API key, or None."""
        key = self._settings.api_key
        return None if key is None else key.reveal()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(api_url={str(self._settings.url)!r})"

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
