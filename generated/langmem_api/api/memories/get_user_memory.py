# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_user_memory_response_200_type_0 import GetUserMemoryResponse200Type0
from ...types import Response


def _get_kwargs(
    user_id: UUID,
    memory_function_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/users/{user_id}/memory/{memory_function_id}/state".format(
            user_id=quote(str(user_id), safe=""),
            memory_function_id=quote(str(memory_function_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetUserMemoryResponse200Type0 | None | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:

        def _parse_response_200(data: object) -> GetUserMemoryResponse200Type0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = GetUserMemoryResponse200Type0.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GetUserMemoryResponse200Type0 | None, data)

        response_200 = _parse_response_200(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetUserMemoryResponse200Type0 | None]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetUserMemoryResponse200Type0 | None]:
    """Get a user's state

     The state that a `user_state` function keeps for this user, bare: its keys are the schema's
    properties. Properties not known yet are missing or null. `null` means that nothing has been
    computed yet.

    Args:
        user_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetUserMemoryResponse200Type0 | None]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        memory_function_id=memory_function_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> GetUserMemoryResponse200Type0 | None | None:
    """Get a user's state

     The state that a `user_state` function keeps for this user, bare: its keys are the schema's
    properties. Properties not known yet are missing or null. `null` means that nothing has been
    computed yet.

    Args:
        user_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetUserMemoryResponse200Type0 | None
    """

    return sync_detailed(
        user_id=user_id,
        memory_function_id=memory_function_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    user_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetUserMemoryResponse200Type0 | None]:
    """Get a user's state

     The state that a `user_state` function keeps for this user, bare: its keys are the schema's
    properties. Properties not known yet are missing or null. `null` means that nothing has been
    computed yet.

    Args:
        user_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetUserMemoryResponse200Type0 | None]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        memory_function_id=memory_function_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: UUID,
    memory_function_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> GetUserMemoryResponse200Type0 | None | None:
    """Get a user's state

     The state that a `user_state` function keeps for this user, bare: its keys are the schema's
    properties. Properties not known yet are missing or null. `null` means that nothing has been
    computed yet.

    Args:
        user_id (UUID):
        memory_function_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetUserMemoryResponse200Type0 | None
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            memory_function_id=memory_function_id,
            client=client,
        )
    ).parsed
