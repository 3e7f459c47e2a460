# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.query_user_memory_request import QueryUserMemoryRequest
from ...models.query_user_memory_response import QueryUserMemoryResponse
from ...types import Response


def _get_kwargs(
    user_id: UUID,
    *,
    body: QueryUserMemoryRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/users/{user_id}/memory/query".format(
            user_id=quote(str(user_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> QueryUserMemoryResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = QueryUserMemoryResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[QueryUserMemoryResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: QueryUserMemoryRequest,
) -> Response[QueryUserMemoryResponse]:
    """Search a user's memories

     Ranks the user's memories by relevance to `text`, recency and importance. The most relevant
    memories, at least 30 and three for each one asked for, form a pool (memories that share no
    word with `text` fill it up, newest first). Inside the pool each of the three scores is
    scaled so that the least is 0 and the greatest 1; where all are equal each is 0.5. The `k`
    memories with the greatest weighted sum are returned, greatest first.

    An unknown user has no memories: the answer is empty rather than 404, since a chat bot asks
    before the first message.

    Args:
        user_id (UUID):
        body (QueryUserMemoryRequest): A search.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryUserMemoryResponse]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: QueryUserMemoryRequest,
) -> QueryUserMemoryResponse | None:
    """Search a user's memories

     Ranks the user's memories by relevance to `text`, recency and importance. The most relevant
    memories, at least 30 and three for each one asked for, form a pool (memories that share no
    word with `text` fill it up, newest first). Inside the pool each of the three scores is
    scaled so that the least is 0 and the greatest 1; where all are equal each is 0.5. The `k`
    memories with the greatest weighted sum are returned, greatest first.

    An unknown user has no memories: the answer is empty rather than 404, since a chat bot asks
    before the first message.

    Args:
        user_id (UUID):
        body (QueryUserMemoryRequest): A search.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryUserMemoryResponse
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: QueryUserMemoryRequest,
) -> Response[QueryUserMemoryResponse]:
    """Search a user's memories

     Ranks the user's memories by relevance to `text`, recency and importance. The most relevant
    memories, at least 30 and three for each one asked for, form a pool (memories that share no
    word with `text` fill it up, newest first). Inside the pool each of the three scores is
    scaled so that the least is 0 and the greatest 1; where all are equal each is 0.5. The `k`
    memories with the greatest weighted sum are returned, greatest first.

    An unknown user has no memories: the answer is empty rather than 404, since a chat bot asks
    before the first message.

    Args:
        user_id (UUID):
        body (QueryUserMemoryRequest): A search.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[QueryUserMemoryResponse]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: QueryUserMemoryRequest,
) -> QueryUserMemoryResponse | None:
    """Search a user's memories

     Ranks the user's memories by relevance to `text`, recency and importance. The most relevant
    memories, at least 30 and three for each one asked for, form a pool (memories that share no
    word with `text` fill it up, newest first). Inside the pool each of the three scores is
    scaled so that the least is 0 and the greatest 1; where all are equal each is 0.5. The `k`
    memories with the greatest weighted sum are returned, greatest first.

    An unknown user has no memories: the answer is empty rather than 404, since a chat bot asks
    before the first message.

    Args:
        user_id (UUID):
        body (QueryUserMemoryRequest): A search.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        QueryUserMemoryResponse
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            body=body,
        )
    ).parsed
