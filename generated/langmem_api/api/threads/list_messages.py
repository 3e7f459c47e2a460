# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_messages_response import ListMessagesResponse
from ...models.message_format import MessageFormat
from ...types import UNSET, Response, Unset


def _get_kwargs(
    thread_id: UUID,
    *,
    response_format: MessageFormat | Unset = UNSET,
    page_size: int | Unset = UNSET,
    ascending_order: bool | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_response_format: str | Unset = UNSET
    if not isinstance(response_format, Unset):
        json_response_format = response_format.value

    params["response_format"] = json_response_format

    params["page_size"] = page_size

    params["ascending_order"] = ascending_order

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/messages".format(
            thread_id=quote(str(thread_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListMessagesResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = ListMessagesResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ListMessagesResponse]:
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
    response_format: MessageFormat | Unset = UNSET,
    page_size: int | Unset = UNSET,
    ascending_order: bool | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ListMessagesResponse]:
    """List a thread's messages

     Lists a page of messages. Follow `next_cursor` until it is null, with the other parameters
    unchanged. An unknown thread has no messages: the answer is empty rather than 404, since a
    chat bot asks before the first message.

    Args:
        thread_id (UUID):
        response_format (MessageFormat | Unset): `openai`: role, content and name at the top, the
            rest in `metadata`. `langmem`: id,
            timestamp and `user`.
        page_size (int | Unset):
        ascending_order (bool | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListMessagesResponse]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        response_format=response_format,
        page_size=page_size,
        ascending_order=ascending_order,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    response_format: MessageFormat | Unset = UNSET,
    page_size: int | Unset = UNSET,
    ascending_order: bool | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ListMessagesResponse | None:
    """List a thread's messages

     Lists a page of messages. Follow `next_cursor` until it is null, with the other parameters
    unchanged. An unknown thread has no messages: the answer is empty rather than 404, since a
    chat bot asks before the first message.

    Args:
        thread_id (UUID):
        response_format (MessageFormat | Unset): `openai`: role, content and name at the top, the
            rest in `metadata`. `langmem`: id,
            timestamp and `user`.
        page_size (int | Unset):
        ascending_order (bool | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListMessagesResponse
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        response_format=response_format,
        page_size=page_size,
        ascending_order=ascending_order,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    response_format: MessageFormat | Unset = UNSET,
    page_size: int | Unset = UNSET,
    ascending_order: bool | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ListMessagesResponse]:
    """List a thread's messages

     Lists a page of messages. Follow `next_cursor` until it is null, with the other parameters
    unchanged. An unknown thread has no messages: the answer is empty rather than 404, since a
    chat bot asks before the first message.

    Args:
        thread_id (UUID):
        response_format (MessageFormat | Unset): `openai`: role, content and name at the top, the
            rest in `metadata`. `langmem`: id,
            timestamp and `user`.
        page_size (int | Unset):
        ascending_order (bool | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListMessagesResponse]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        response_format=response_format,
        page_size=page_size,
        ascending_order=ascending_order,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    response_format: MessageFormat | Unset = UNSET,
    page_size: int | Unset = UNSET,
    ascending_order: bool | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ListMessagesResponse | None:
    """List a thread's messages

     Lists a page of messages. Follow `next_cursor` until it is null, with the other parameters
    unchanged. An unknown thread has no messages: the answer is empty rather than 404, since a
    chat bot asks before the first message.

    Args:
        thread_id (UUID):
        response_format (MessageFormat | Unset): `openai`: role, content and name at the top, the
            rest in `metadata`. `langmem`: id,
            timestamp and `user`.
        page_size (int | Unset):
        ascending_order (bool | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListMessagesResponse
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            response_format=response_format,
            page_size=page_size,
            ascending_order=ascending_order,
            cursor=cursor,
        )
    ).parsed
