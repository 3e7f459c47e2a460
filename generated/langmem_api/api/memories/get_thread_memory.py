# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_thread_memory_response_200 import GetThreadMemoryResponse200
from ...types import Response


def _get_kwargs(
    thread_id: UUID,
    memory_function_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/memory/{memory_function_id}/state".format(
            thread_id=quote(str(thread_id), safe=""),
            memory_function_id=quote(str(memory_function_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetThreadMemoryResponse200 | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = GetThreadMemoryResponse200.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetThreadMemoryResponse200]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    thread_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetThreadMemoryResponse200]:
    """Get what a memory function remembers of a thread

     The output of a thread-level memory function for this thread, bare. 404 means that the
    thread or the function is unknown, or that there is no output yet; `detail` says which.

    Args:
        thread_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetThreadMemoryResponse200]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        memory_function_id=memory_function_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> GetThreadMemoryResponse200 | None:
    """Get what a memory function remembers of a thread

     The output of a thread-level memory function for this thread, bare. 404 means that the
    thread or the function is unknown, or that there is no output yet; `detail` says which.

    Args:
        thread_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetThreadMemoryResponse200
    """

    return sync_detailed(
        thread_id=thread_id,
        memory_function_id=memory_function_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    thread_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetThreadMemoryResponse200]:
    """Get what a memory function remembers of a thread

     The output of a thread-level memory function for this thread, bare. 404 means that the
    thread or the function is unknown, or that there is no output yet; `detail` says which.

    Args:
        thread_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetThreadMemoryResponse200]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        memory_function_id=memory_function_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> GetThreadMemoryResponse200 | None:
    """Get what a memory function remembers of a thread

     The output of a thread-level memory function for this thread, bare. 404 means that the
    thread or the function is unknown, or that there is no output yet; `detail` says which.

    Args:
        thread_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetThreadMemoryResponse200
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            memory_function_id=memory_function_id,
            client=client,
        )
    ).parsed
