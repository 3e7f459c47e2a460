# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.memory_function import MemoryFunction
from ...models.update_memory_function_request import UpdateMemoryFunctionRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    memory_function_id: UUID,
    *,
    body: UpdateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/memory-functions/{memory_function_id}".format(
            memory_function_id=quote(str(memory_function_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MemoryFunction | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = MemoryFunction.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[MemoryFunction]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[MemoryFunction]:
    """Update a memory function

     Replaces the properties given and leaves the others as they are. What was remembered under
    the old schema stays as it is; later runs follow the new one. A name that another function of
    the type has, or a change of type once there are memories, is refused with 409.

    Args:
        memory_function_id (UUID):
        idempotency_key (str | Unset):
        body (UpdateMemoryFunctionRequest): What to change of a memory function.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MemoryFunction]
    """

    kwargs = _get_kwargs(
        memory_function_id=memory_function_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> MemoryFunction | None:
    """Update a memory function

     Replaces the properties given and leaves the others as they are. What was remembered under
    the old schema stays as it is; later runs follow the new one. A name that another function of
    the type has, or a change of type once there are memories, is refused with 409.

    Args:
        memory_function_id (UUID):
        idempotency_key (str | Unset):
        body (UpdateMemoryFunctionRequest): What to change of a memory function.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MemoryFunction
    """

    return sync_detailed(
        memory_function_id=memory_function_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[MemoryFunction]:
    """Update a memory function

     Replaces the properties given and leaves the others as they are. What was remembered under
    the old schema stays as it is; later runs follow the new one. A name that another function of
    the type has, or a change of type once there are memories, is refused with 409.

    Args:
        memory_function_id (UUID):
        idempotency_key (str | Unset):
        body (UpdateMemoryFunctionRequest): What to change of a memory function.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MemoryFunction]
    """

    kwargs = _get_kwargs(
        memory_function_id=memory_function_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> MemoryFunction | None:
    """Update a memory function

     Replaces the properties given and leaves the others as they are. What was remembered under
    the old schema stays as it is; later runs follow the new one. A name that another function of
    the type has, or a change of type once there are memories, is refused with 409.

    Args:
        memory_function_id (UUID):
        idempotency_key (str | Unset):
        body (UpdateMemoryFunctionRequest): What to change of a memory function.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MemoryFunction
    """

    return (
        await asyncio_detailed(
            memory_function_id=memory_function_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
