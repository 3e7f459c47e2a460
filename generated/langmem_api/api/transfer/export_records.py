# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.export_page import ExportPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    user_id: UUID | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_user_id: str | Unset = UNSET
    if not isinstance(user_id, Unset):
        json_user_id = str(user_id)
    params["user_id"] = json_user_id

    params["page_size"] = page_size

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/export",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ExportPage | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = ExportPage.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ExportPage]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    user_id: UUID | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ExportPage]:
    """Export a page of records

     Everything stored, as records that `import_records` takes: memory functions, users, threads,
    thread states, user states, memories of users, memories of threads, messages, in this order.
    A record comes after those it needs, and messages last, so that nothing is processed before
    all that was made of earlier messages is there. Follow `next_cursor` until it is null. An
    export can be resumed at any of its cursors, at any time.

    The service may be written to in the meantime. What exists from the first page to the last
    comes once; what comes or goes in between may be there or not. Of memory functions made
    after the first page nothing is exported. A page holds less than `page_size` records where
    these are large.

    Not exported are the runs: a thread's record says up to which message each memory function
    has processed it. What runs have yet to do, or failed to, is done where it is imported.

    With `user_id`, one user's share: the user; their states and memories; the threads they have
    spoken in; and the memory functions that made any of it. Of a thread in which nobody else
    speaks (neither another user nor a guest: messages without a user of the roles `assistant`,
    `developer`, `function`, `system` and `tool` are nobody's) all is exported. Of any other it
    is the user's own messages, and the thread without its metadata.

    Args:
        user_id (UUID | Unset):
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportPage]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        page_size=page_size,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    user_id: UUID | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ExportPage | None:
    """Export a page of records

     Everything stored, as records that `import_records` takes: memory functions, users, threads,
    thread states, user states, memories of users, memories of threads, messages, in this order.
    A record comes after those it needs, and messages last, so that nothing is processed before
    all that was made of earlier messages is there. Follow `next_cursor` until it is null. An
    export can be resumed at any of its cursors, at any time.

    The service may be written to in the meantime. What exists from the first page to the last
    comes once; what comes or goes in between may be there or not. Of memory functions made
    after the first page nothing is exported. A page holds less than `page_size` records where
    these are large.

    Not exported are the runs: a thread's record says up to which message each memory function
    has processed it. What runs have yet to do, or failed to, is done where it is imported.

    With `user_id`, one user's share: the user; their states and memories; the threads they have
    spoken in; and the memory functions that made any of it. Of a thread in which nobody else
    speaks (neither another user nor a guest: messages without a user of the roles `assistant`,
    `developer`, `function`, `system` and `tool` are nobody's) all is exported. Of any other it
    is the user's own messages, and the thread without its metadata.

    Args:
        user_id (UUID | Unset):
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportPage
    """

    return sync_detailed(
        client=client,
        user_id=user_id,
        page_size=page_size,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    user_id: UUID | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ExportPage]:
    """Export a page of records

     Everything stored, as records that `import_records` takes: memory functions, users, threads,
    thread states, user states, memories of users, memories of threads, messages, in this order.
    A record comes after those it needs, and messages last, so that nothing is processed before
    all that was made of earlier messages is there. Follow `next_cursor` until it is null. An
    export can be resumed at any of its cursors, at any time.

    The service may be written to in the meantime. What exists from the first page to the last
    comes once; what comes or goes in between may be there or not. Of memory functions made
    after the first page nothing is exported. A page holds less than `page_size` records where
    these are large.

    Not exported are the runs: a thread's record says up to which message each memory function
    has processed it. What runs have yet to do, or failed to, is done where it is imported.

    With `user_id`, one user's share: the user; their states and memories; the threads they have
    spoken in; and the memory functions that made any of it. Of a thread in which nobody else
    speaks (neither another user nor a guest: messages without a user of the roles `assistant`,
    `developer`, `function`, `system` and `tool` are nobody's) all is exported. Of any other it
    is the user's own messages, and the thread without its metadata.

    Args:
        user_id (UUID | Unset):
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportPage]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        page_size=page_size,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    user_id: UUID | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ExportPage | None:
    """Export a page of records

     Everything stored, as records that `import_records` takes: memory functions, users, threads,
    thread states, user states, memories of users, memories of threads, messages, in this order.
    A record comes after those it needs, and messages last, so that nothing is processed before
    all that was made of earlier messages is there. Follow `next_cursor` until it is null. An
    export can be resumed at any of its cursors, at any time.

    The service may be written to in the meantime. What exists from the first page to the last
    comes once; what comes or goes in between may be there or not. Of memory functions made
    after the first page nothing is exported. A page holds less than `page_size` records where
    these are large.

    Not exported are the runs: a thread's record says up to which message each memory function
    has processed it. What runs have yet to do, or failed to, is done where it is imported.

    With `user_id`, one user's share: the user; their states and memories; the threads they have
    spoken in; and the memory functions that made any of it. Of a thread in which nobody else
    speaks (neither another user nor a guest: messages without a user of the roles `assistant`,
    `developer`, `function`, `system` and `tool` are nobody's) all is exported. Of any other it
    is the user's own messages, and the thread without its metadata.

    Args:
        user_id (UUID | Unset):
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportPage
    """

    return (
        await asyncio_detailed(
            client=client,
            user_id=user_id,
            page_size=page_size,
            cursor=cursor,
        )
    ).parsed
