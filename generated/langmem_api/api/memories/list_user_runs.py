# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_runs_response import ListRunsResponse
from ...models.run_status import RunStatus
from ...types import UNSET, Response, Unset


def _get_kwargs(
    user_id: UUID,
    *,
    status: RunStatus | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params["page_size"] = page_size

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/users/{user_id}/runs".format(
            user_id=quote(str(user_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListRunsResponse | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = ListRunsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ListRunsResponse]:
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
    status: RunStatus | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ListRunsResponse]:
    """List the runs made for a user

     Lists what each user-level memory function did with which messages of this user, newest
    first.

    Args:
        user_id (UUID):
        status (RunStatus | Unset): `queued`: waits for its turn. `running`: at work. `succeeded`:
            its output is stored.
            `failed`: gave up, see `error`. `skipped`: could not begin, see `error`.
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListRunsResponse]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        status=status,
        page_size=page_size,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    status: RunStatus | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ListRunsResponse | None:
    """List the runs made for a user

     Lists what each user-level memory function did with which messages of this user, newest
    first.

    Args:
        user_id (UUID):
        status (RunStatus | Unset): `queued`: waits for its turn. `running`: at work. `succeeded`:
            its output is stored.
            `failed`: gave up, see `error`. `skipped`: could not begin, see `error`.
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListRunsResponse
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        status=status,
        page_size=page_size,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    status: RunStatus | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[ListRunsResponse]:
    """List the runs made for a user

     Lists what each user-level memory function did with which messages of this user, newest
    first.

    Args:
        user_id (UUID):
        status (RunStatus | Unset): `queued`: waits for its turn. `running`: at work. `succeeded`:
            its output is stored.
            `failed`: gave up, see `error`. `skipped`: could not begin, see `error`.
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListRunsResponse]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        status=status,
        page_size=page_size,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    status: RunStatus | Unset = UNSET,
    page_size: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> ListRunsResponse | None:
    """List the runs made for a user

     Lists what each user-level memory function did with which messages of this user, newest
    first.

    Args:
        user_id (UUID):
        status (RunStatus | Unset): `queued`: waits for its turn. `running`: at work. `succeeded`:
            its output is stored.
            `failed`: gave up, see `error`. `skipped`: could not begin, see `error`.
        page_size (int | Unset):
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListRunsResponse
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            status=status,
            page_size=page_size,
            cursor=cursor,
        )
    ).parsed
