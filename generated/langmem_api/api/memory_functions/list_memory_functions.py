# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.query_memory_functions_request import QueryMemoryFunctionsRequest
from ...models.query_memory_functions_response import QueryMemoryFunctionsResponse
from ...types import Response


def _get_kwargs(
    *,
    body: QueryMemoryFunctionsRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/memory-functions/query",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> QueryMemoryFunctionsResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = QueryMemoryFunctionsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[QueryMemoryFunctionsResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: QueryMemoryFunctionsRequest,
) -> Response[QueryMemoryFunctionsResponse]:
    """List memory functions

     Lists a page of the memory functions, disabled ones too, oldest first. Follow `next_cursor`
    until it is null.

    Args:
        body (QueryMemoryFunctionsRequest): Filters on memory functions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryMemoryFunctionsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: QueryMemoryFunctionsRequest,
) -> QueryMemoryFunctionsResponse | None:
    """List memory functions

     Lists a page of the memory functions, disabled ones too, oldest first. Follow `next_cursor`
    until it is null.

    Args:
        body (QueryMemoryFunctionsRequest): Filters on memory functions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryMemoryFunctionsResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: QueryMemoryFunctionsRequest,
) -> Response[QueryMemoryFunctionsResponse]:
    """List memory functions

     Lists a page of the memory functions, disabled ones too, oldest first. Follow `next_cursor`
    until it is null.

    Args:
        body (QueryMemoryFunctionsRequest): Filters on memory functions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryMemoryFunctionsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: QueryMemoryFunctionsRequest,
) -> QueryMemoryFunctionsResponse | None:
    """List memory functions

     Lists a page of the memory functions, disabled ones too, oldest first. Follow `next_cursor`
    until it is null.

    Args:
        body (QueryMemoryFunctionsRequest): Filters on memory functions.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryMemoryFunctionsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
