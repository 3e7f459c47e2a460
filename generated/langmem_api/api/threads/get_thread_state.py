# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_thread_state_request import GetThreadStateRequest
from ...models.get_thread_state_response import GetThreadStateResponse
from ...types import Response


def _get_kwargs(
    thread_id: UUID,
    *,
    body: GetThreadStateRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/thread_state/query".format(
            thread_id=quote(str(thread_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetThreadStateResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = GetThreadStateResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetThreadStateResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: GetThreadStateRequest,
) -> Response[GetThreadStateResponse]:
    """Get a thread's state

     Returns what `add_thread_state` stored under the key. `state` is null where nothing is
    stored, an unknown thread included: a checkpointer reads before it first writes.

    Args:
        thread_id (UUID):
        body (GetThreadStateRequest): Which state to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetThreadStateResponse]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: GetThreadStateRequest,
) -> GetThreadStateResponse | None:
    """Get a thread's state

     Returns what `add_thread_state` stored under the key. `state` is null where nothing is
    stored, an unknown thread included: a checkpointer reads before it first writes.

    Args:
        thread_id (UUID):
        body (GetThreadStateRequest): Which state to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetThreadStateResponse
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: GetThreadStateRequest,
) -> Response[GetThreadStateResponse]:
    """Get a thread's state

     Returns what `add_thread_state` stored under the key. `state` is null where nothing is
    stored, an unknown thread included: a checkpointer reads before it first writes.

    Args:
        thread_id (UUID):
        body (GetThreadStateRequest): Which state to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetThreadStateResponse]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: GetThreadStateRequest,
) -> GetThreadStateResponse | None:
    """Get a thread's state

     Returns what `add_thread_state` stored under the key. `state` is null where nothing is
    stored, an unknown thread included: a checkpointer reads before it first writes.

    Args:
        thread_id (UUID):
        body (GetThreadStateRequest): Which state to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetThreadStateResponse
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
        )
    ).parsed
