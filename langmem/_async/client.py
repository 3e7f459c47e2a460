"""The asynchronous client, composed of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langmem import _prepare

from .runs import AsyncRuns
from .threads import AsyncThreads
from .transfer import AsyncTransfer
from .typed import AsyncTypedMemories
from .users import AsyncUsers

if TYPE_CHECKING:
    from langmem_api.types import Health, Readiness


class AsyncClient(
    AsyncUsers,
    AsyncTypedMemories,
    AsyncThreads,
    AsyncRuns,
    AsyncTransfer,
):
    """The asynchronous client of a LangMem service.

    Results are the plain JSON values the service sent. Ids may be `uuid.UUID` or text; values may
    hold UUIDs, dates, dataclasses and pydantic models at any depth. Wrong arguments raise
    ValueError or TypeError before anything is sent; whatever goes wrong afterwards is a
    `langmem.errors.LangMemError`. Requests that fail in passing are sent again, writes under one
    key that makes it safe (docs/errors.md).

    One client serves many requests at a time: from any thread, in any event loop, and in a forked
    child, which connects anew. Copies have connections of their own. A pickle holds the options
    but no connection and no API key, which the client then takes from LANGMEM_API_KEY; a client
    with another secret, or with a transport of its own, cannot be pickled.

    A service can also run in this process, behind the same methods: `memory://` is one of this
    client's own, which begins with nothing and ends with it; `memory://name` one that all clients
    of the process share; `file:///path/langmem.db` one over a file, which one process has at a
    time. They need the packages of `langmem[server]`, and heed the variables of langmem-server.

    Args:
        api_url: The service's URL. Without it, the environment variable LANGMEM_API_URL.
        api_key: The API key. Without it, LANGMEM_API_KEY; without that, none is sent.
        timeout: Seconds that one attempt may wait for each of its steps, or an `httpx.Timeout`, or
            None to wait for ever. By default 30 seconds, and 10 to connect.
        max_retries: How often a request that failed in passing is sent again. 0 never does.
        deadline: Seconds that a whole call may take, retries and waits included, or None for no
            limit. Each page of a list is a call.
        headers: Headers to send with every request; their values are never shown. An `x-api-key`
            among them is the API key.
        transport: An httpx transport to send with, such as one that calls an application in the
            same process. It is used in every thread, loop and process as it is. By default, the
            network.

    Attributes:
        client: The httpx client that sends: this event loop's or process's own.
        api_key: The API key, or None.

    Raises:
        TypeError: An argument is of a wrong type.
        ValueError: The URL is missing or is not one of a service, or an argument or the variable
            LANGMEM_LOG cannot be used; the message names it.
        ImportError: A service in this process needs packages that are not installed.
        LocalServiceError: A service in this process cannot have its file, or cannot use it.

    Example:
        >>> import uuid
        >>> from langmem import AsyncClient
        >>> user_id, thread_id = uuid.uuid4(), uuid.uuid4()
        >>> messages = [
        ...     {
        ...         "role": "user",
        ...         "content": "Did you know pikas make their own haypiles?",
        ...         "name": "Will",
        ...         "metadata": {"user_id": user_id},
        ...     }
        ... ]
        >>> async with AsyncClient("http://127.0.0.1:8100") as client:
        ...     await client.add_messages(thread_id, messages)
        ...     await client.trigger_all_for_thread(thread_id)
        ...     found = await client.query_user_memory(user_id, "pikas", k=1)
    """

    __slots__ = ()

    async def get_health(self) -> Health:
        """Get the service's health. The service of 2024 had no such operation.

        Returns:
            Its status, its version, and whether functions that need a model can run.

        Raises:
            APIConnectionError: The service does not answer.

        Example:
            >>> health = await client.get_health()
            >>> health["status"]
            'ok'
        """
        return await self._send(_prepare.get_health())

    async def get_readiness(self) -> Readiness:
        """Ask whether the service is ready for work. The service of 2024 had no such operation.

        Returns:
            Its status, always `ready`.

        Raises:
            InternalServerError: It is not (status 503); the text says why.
            APIConnectionError: The service does not answer.

        Example:
            >>> readiness = await client.get_readiness()
            >>> readiness["status"]
            'ready'
        """
        return await self._send(_prepare.get_readiness())
