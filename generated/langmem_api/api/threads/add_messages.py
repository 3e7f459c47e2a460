# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.add_messages_request import AddMessagesRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    thread_id: UUID,
    *,
    body: AddMessagesRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/add_messages".format(
            thread_id=quote(str(thread_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> None | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = cast(None, response.json())
        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[None]:
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
    body: AddMessagesRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[None]:
    """Add messages to a thread

     Stores the messages at the end of the thread, creating the thread if it is unknown. A message
    with `metadata.user_id` creates that user and binds them to the thread; a message without one
    comes from a guest, is kept, and makes no memories.

    A message posted before is passed over: one with the same id, or with the same sender,
    content, tool calls and timestamp where the sender gave a timestamp.

    When the call has answered, the messages are stored for good. The memory functions run over
    them after the processing delay (60 seconds unless the operator chose otherwise), or at once
    on `trigger_all_for_thread`.

    Args:
        thread_id (UUID):
        idempotency_key (str | Unset):
        body (AddMessagesRequest): Messages to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[None]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: AddMessagesRequest,
    idempotency_key: str | Unset = UNSET,
) -> None | None:
    """Add messages to a thread

     Stores the messages at the end of the thread, creating the thread if it is unknown. A message
    with `metadata.user_id` creates that user and binds them to the thread; a message without one
    comes from a guest, is kept, and makes no memories.

    A message posted before is passed over: one with the same id, or with the same sender,
    content, tool calls and timestamp where the sender gave a timestamp.

    When the call has answered, the messages are stored for good. The memory functions run over
    them after the processing delay (60 seconds unless the operator chose otherwise), or at once
    on `trigger_all_for_thread`.

    Args:
        thread_id (UUID):
        idempotency_key (str | Unset):
        body (AddMessagesRequest): Messages to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        None
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: AddMessagesRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[None]:
    """Add messages to a thread

     Stores the messages at the end of the thread, creating the thread if it is unknown. A message
    with `metadata.user_id` creates that user and binds them to the thread; a message without one
    comes from a guest, is kept, and makes no memories.

    A message posted before is passed over: one with the same id, or with the same sender,
    content, tool calls and timestamp where the sender gave a timestamp.

    When the call has answered, the messages are stored for good. The memory functions run over
    them after the processing delay (60 seconds unless the operator chose otherwise), or at once
    on `trigger_all_for_thread`.

    Args:
        thread_id (UUID):
        idempotency_key (str | Unset):
        body (AddMessagesRequest): Messages to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[None]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: AddMessagesRequest,
    idempotency_key: str | Unset = UNSET,
) -> None | None:
    """Add messages to a thread

     Stores the messages at the end of the thread, creating the thread if it is unknown. A message
    with `metadata.user_id` creates that user and binds them to the thread; a message without one
    comes from a guest, is kept, and makes no memories.

    A message posted before is passed over: one with the same id, or with the same sender,
    content, tool calls and timestamp where the sender gave a timestamp.

    When the call has answered, the messages are stored for good. The memory functions run over
    them after the processing delay (60 seconds unless the operator chose otherwise), or at once
    on `trigger_all_for_thread`.

    Args:
        thread_id (UUID):
        idempotency_key (str | Unset):
        body (AddMessagesRequest): Messages to add.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        None
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
