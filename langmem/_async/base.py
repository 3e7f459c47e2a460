"""What every method of the asynchronous client stands on: one HTTP client, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from langmem import _clock, _log
from langmem._async_pool import AsyncPool
from langmem._attempts import Attempts
from langmem._frames import cut_at_the_network, without_frames
from langmem._settings import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, resolve, restore
from langmem._settle import Answer, Pages, settle
from langmem_api.types import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from types import TracebackType

    from langmem._call import Call, Listing
    from langmem._settings import Settings
    from langmem.errors import OutcomeUnknownError

T = TypeVar("T")


class AsyncBase:
    """Holds the HTTP client, and closes it."""

    __slots__ = ("__weakref__", "_pool", "_settings")

    _pool: AsyncPool
    _settings: Settings

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
        try:
            settings = resolve(
                api_url,
                api_key,
                timeout=timeout,
                max_retries=max_retries,
                deadline=deadline,
                headers=headers,
            )
        except (TypeError, ValueError) as error:
            # What reports errors may print the variables of their frames: none shall hold a secret.
            del api_url, api_key, headers
            raise error.with_traceback(None) from None
        self._set_up(settings, AsyncPool(settings, transport))

    @property
    def client(self) -> httpx.AsyncClient:
        """The httpx client that sends: the running loop's own."""
        return self._pool.client

    @property
    def api_key(self) -> str | None:
        """The API key, or None."""
        key = self._settings.api_key
        return None if key is None else key.reveal()

    def __repr__(self) -> str:
        # An error of the constructor may be shown with a client that has no settings.
        settings = getattr(self, "_settings", None)
        shown = "" if settings is None else f"api_url={settings.address!r}"
        return f"{type(self).__name__}({shown})"

    def __copy__(self) -> Self:
        return self._like(self._settings, self._pool.another())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        if self._pool.transport is not None:
            raise TypeError(
                "A client with a transport of its own cannot be pickled, nor one of a service in "
                "this process. Make it where it is used."
            )
        return self._settings.without_key()

    def __setstate__(self, state: dict[str, Any]) -> None:
        try:
            settings = restore(state)
        except ValueError as error:
            raise error.with_traceback(None) from None
        self._set_up(settings, AsyncPool(settings))

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
        await self._pool.aclose()

    def _like(self, settings: Settings, pool: AsyncPool) -> Self:
        other = type(self).__new__(type(self))
        AsyncBase._set_up(other, settings, pool)
        return other

    def _set_up(self, settings: Settings, pool: AsyncPool) -> None:
        _log.configure()
        self._settings = settings
        self._pool = pool

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
    ) -> Self:
        """Return a client with other options that shares this one's connections.

        What is not given stays as it is. Closing either closes both.

        Args:
            timeout: Seconds that one attempt may wait for each of its steps, or an `httpx.Timeout`,
                or None to wait for ever.
            max_retries: How often a request that failed is sent again.
            deadline: Seconds that a whole call may take, retries and waits included, or None for
                no limit. Each page of a list is a call.
            headers: Headers to send besides those there are, in place of any of the same name. The
                API key is `x-api-key`.

        Returns:
            The client.

        Raises:
            TypeError: An option is of a wrong type.
            ValueError: An option cannot be used; the message names it.

        Example:
            >>> patient = client.with_options(deadline=120, max_retries=10)
            >>> await patient.trigger_all_for_thread(thread_id)
        """
        try:
            changed = self._settings.changed(
                timeout=timeout, max_retries=max_retries, deadline=deadline, headers=headers
            )
        except (TypeError, ValueError) as error:
            del headers
            raise error.with_traceback(None) from None
        return self._like(changed, self._pool)

    async def resume(self, error: OutcomeUnknownError) -> Any:
        """Send the write of an error again, with the same body under the same key.

        `error.resume()` does this with the client that raised it. An error that was copied, or
        came from another process, has none: give it to a client of the same service and API key.

        Args:
            error: The error.

        Returns:
            What the method that raised it would have returned.

        Raises:
            OutcomeUnknownError: It failed in the same way; this error can be resumed in turn.
            ValueError: The error is not one that a client has raised.

        Example:
            >>> from langmem.errors import OutcomeUnknownError
            >>> try:
            ...     await client.trigger_all_for_thread(thread_id)
            ... except OutcomeUnknownError as error:
            ...     await client.resume(error)
        """
        call, key = error.resumption()
        return settle(call, await self._request(call, key))

    async def _send(self, call: Call[T]) -> T:
        return settle(call, await self._request(call))

    async def _iterate(self, listing: Listing[T]) -> AsyncGenerator[T, None]:
        pages = Pages(listing)
        while call := pages.next():
            for item in pages.take(call, await self._request(call)):
                yield item

    async def _request(self, call: Call[Any], key: str | None = None) -> Answer:
        attempts = Attempts(call, self._settings, key)
        while (delay := attempts.next_delay(await self._attempt(attempts))) is not None:
            await _clock.asleep(delay)
        return attempts.finish(self)

    async def _attempt(self, attempts: Attempts) -> Answer | httpx.RequestError:
        try:
            sender = self._pool.sender
            given = self._settings.timeout
            # Programs of 2024 could set a timeout on the httpx client alone.
            timeout = sender.client.timeout if given is self._pool.timeout else given
            response = await sender.send(attempts.arguments(timeout))
            try:
                content = await self._read(response, attempts)
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            return without_frames(error)
        except BaseException as error:
            cut_at_the_network(error)
            raise
        return Answer(response.status_code, response.headers, content)

    async def _read(self, response: httpx.Response, attempts: Attempts) -> bytes:
        if self._settings.deadline is None:
            return await response.aread()
        content = bytearray()
        async for chunk in response.aiter_bytes():
            attempts.check_deadline()
            content += chunk
        return bytes(content)
