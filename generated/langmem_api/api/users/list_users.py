# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.query_users_request import QueryUsersRequest
from ...models.query_users_response import QueryUsersResponse
from ...types import Response


def _get_kwargs(
    *,
    body: QueryUsersRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/users/query",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> QueryUsersResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = QueryUsersResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[QueryUsersResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: QueryUsersRequest,
) -> Response[QueryUsersResponse]:
    """List users

     Lists the users that match every filter given; `null` or a missing filter matches all. Users
    come ordered by name, then by id. The answer is not paged.

    Args:
        body (QueryUsersRequest): Filters on users.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryUsersResponse]
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
    body: QueryUsersRequest,
) -> QueryUsersResponse | None:
    """List users

     Lists the users that match every filter given; `null` or a missing filter matches all. Users
    come ordered by name, then by id. The answer is not paged.

    Args:
        body (QueryUsersRequest): Filters on users.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryUsersResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: QueryUsersRequest,
) -> Response[QueryUsersResponse]:
    """List users

     Lists the users that match every filter given; `null` or a missing filter matches all. Users
    come ordered by name, then by id. The answer is not paged.

    Args:
        body (QueryUsersRequest): Filters on users.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryUsersResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: QueryUsersRequest,
) -> QueryUsersResponse | None:
    """List users

     Lists the users that match every filter given; `null` or a missing filter matches all. Users
    come ordered by name, then by id. The answer is not paged.

    Args:
        body (QueryUsersRequest): Filters on users.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryUsersResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
