# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.create_thread_request import CreateThreadRequest
from ...models.thread import Thread
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: CreateThreadRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Thread | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = Thread.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Thread]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateThreadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Thread]:
    """Create a thread

     Stores a thread, with messages if there are any. If the thread exists already, metadata given
    here replaces the stored metadata and the messages are added. Posting messages to an unknown
    thread creates it too, so this is needed only for metadata or for an id made by the service.

    Args:
        idempotency_key (str | Unset):
        body (CreateThreadRequest): A thread to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Thread]
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
    body: CreateThreadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Thread | None:
    """Create a thread

     Stores a thread, with messages if there are any. If the thread exists already, metadata given
    here replaces the stored metadata and the messages are added. Posting messages to an unknown
    thread creates it too, so this is needed only for metadata or for an id made by the service.

    Args:
        idempotency_key (str | Unset):
        body (CreateThreadRequest): A thread to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Thread
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateThreadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Thread]:
    """Create a thread

     Stores a thread, with messages if there are any. If the thread exists already, metadata given
    here replaces the stored metadata and the messages are added. Posting messages to an unknown
    thread creates it too, so this is needed only for metadata or for an id made by the service.

    Args:
        idempotency_key (str | Unset):
        body (CreateThreadRequest): A thread to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Thread]
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
    body: CreateThreadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Thread | None:
    """Create a thread

     Stores a thread, with messages if there are any. If the thread exists already, metadata given
    here replaces the stored metadata and the messages are added. Posting messages to an unknown
    thread creates it too, so this is needed only for metadata or for an id made by the service.

    Args:
        idempotency_key (str | Unset):
        body (CreateThreadRequest): A thread to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Thread
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
