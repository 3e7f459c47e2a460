# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.create_memory_function_request import CreateMemoryFunctionRequest
from ...models.memory_function import MemoryFunction
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: CreateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/memory-functions",
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
    *,
    client: AuthenticatedClient | Client,
    body: CreateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[MemoryFunction]:
    """Create a memory function

     Stores a memory function. A function of the same type and schema name (or, with an empty
    name, of the same type and parameters) is the same function: it is updated, and its own id is
    returned in place of the one sent, so that a program may create its functions at each start.

    A new function is also run over the threads there are, after the processing delay.

    The function of type `user_semantic_memory` named `SemanticUserMemory` exists from the start.

    Args:
        idempotency_key (str | Unset):
        body (CreateMemoryFunctionRequest): A memory function to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MemoryFunction]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> MemoryFunction | None:
    """Create a memory function

     Stores a memory function. A function of the same type and schema name (or, with an empty
    name, of the same type and parameters) is the same function: it is updated, and its own id is
    returned in place of the one sent, so that a program may create its functions at each start.

    A new function is also run over the threads there are, after the processing delay.

    The function of type `user_semantic_memory` named `SemanticUserMemory` exists from the start.

    Args:
        idempotency_key (str | Unset):
        body (CreateMemoryFunctionRequest): A memory function to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MemoryFunction
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[MemoryFunction]:
    """Create a memory function

     Stores a memory function. A function of the same type and schema name (or, with an empty
    name, of the same type and parameters) is the same function: it is updated, and its own id is
    returned in place of the one sent, so that a program may create its functions at each start.

    A new function is also run over the threads there are, after the processing delay.

    The function of type `user_semantic_memory` named `SemanticUserMemory` exists from the start.

    Args:
        idempotency_key (str | Unset):
        body (CreateMemoryFunctionRequest): A memory function to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MemoryFunction]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateMemoryFunctionRequest,
    idempotency_key: str | Unset = UNSET,
) -> MemoryFunction | None:
    """Create a memory function

     Stores a memory function. A function of the same type and schema name (or, with an empty
    name, of the same type and parameters) is the same function: it is updated, and its own id is
    returned in place of the one sent, so that a program may create its functions at each start.

    A new function is also run over the threads there are, after the processing delay.

    The function of type `user_semantic_memory` named `SemanticUserMemory` exists from the start.

    Args:
        idempotency_key (str | Unset):
        body (CreateMemoryFunctionRequest): A memory function to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MemoryFunction
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
