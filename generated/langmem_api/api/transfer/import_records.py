# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.import_records_request import ImportRecordsRequest
from ...models.import_result import ImportResult
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ImportRecordsRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/import",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImportResult | None:
    if response.is_success and not response.content:
        return None
    if response.status_code == 200:
        response_200 = ImportResult.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ImportResult]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ImportRecordsRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ImportResult]:
    """Import records

     Stores records, all of them or, if one is refused, none. A record is stored under its id: it
    is created, or it updates the one there, or changes nothing; so records may be sent again.
    What a record leaves out stays as it is, and has its default in a new one; what it gives
    replaces what is there, null included. Of a thread the greater numbers and the later time
    stay.

    Users and threads that a record names are created if they are unknown, as messages create
    them. An unknown memory function is refused with 422: its record comes first.

    A message with `seq`, as exports have it, is stored at its place in the thread. It is
    processed by the memory functions that have not processed it yet, according to the thread's
    record, after the processing delay. Another message at its place is refused with 409: the
    thread has been written to in both services. Any other message is taken as `add_messages`
    takes it, at the end of its thread; those of one thread in one call are one batch. A message
    posted before is passed over, by the rules of `add_messages`. Within a request messages
    without `seq` are stored after all other records.

    A memory of a user with the text that another memory of this user and function has is the
    same memory, and keeps its id.

    A memory function is refused with 409 if its name belongs to another one of its type, or its
    id to one of another type: import before your program creates its memory functions, or
    delete those.

    Args:
        idempotency_key (str | Unset):
        body (ImportRecordsRequest): Records to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResult]
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
    body: ImportRecordsRequest,
    idempotency_key: str | Unset = UNSET,
) -> ImportResult | None:
    """Import records

     Stores records, all of them or, if one is refused, none. A record is stored under its id: it
    is created, or it updates the one there, or changes nothing; so records may be sent again.
    What a record leaves out stays as it is, and has its default in a new one; what it gives
    replaces what is there, null included. Of a thread the greater numbers and the later time
    stay.

    Users and threads that a record names are created if they are unknown, as messages create
    them. An unknown memory function is refused with 422: its record comes first.

    A message with `seq`, as exports have it, is stored at its place in the thread. It is
    processed by the memory functions that have not processed it yet, according to the thread's
    record, after the processing delay. Another message at its place is refused with 409: the
    thread has been written to in both services. Any other message is taken as `add_messages`
    takes it, at the end of its thread; those of one thread in one call are one batch. A message
    posted before is passed over, by the rules of `add_messages`. Within a request messages
    without `seq` are stored after all other records.

    A memory of a user with the text that another memory of this user and function has is the
    same memory, and keeps its id.

    A memory function is refused with 409 if its name belongs to another one of its type, or its
    id to one of another type: import before your program creates its memory functions, or
    delete those.

    Args:
        idempotency_key (str | Unset):
        body (ImportRecordsRequest): Records to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResult
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ImportRecordsRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ImportResult]:
    """Import records

     Stores records, all of them or, if one is refused, none. A record is stored under its id: it
    is created, or it updates the one there, or changes nothing; so records may be sent again.
    What a record leaves out stays as it is, and has its default in a new one; what it gives
    replaces what is there, null included. Of a thread the greater numbers and the later time
    stay.

    Users and threads that a record names are created if they are unknown, as messages create
    them. An unknown memory function is refused with 422: its record comes first.

    A message with `seq`, as exports have it, is stored at its place in the thread. It is
    processed by the memory functions that have not processed it yet, according to the thread's
    record, after the processing delay. Another message at its place is refused with 409: the
    thread has been written to in both services. Any other message is taken as `add_messages`
    takes it, at the end of its thread; those of one thread in one call are one batch. A message
    posted before is passed over, by the rules of `add_messages`. Within a request messages
    without `seq` are stored after all other records.

    A memory of a user with the text that another memory of this user and function has is the
    same memory, and keeps its id.

    A memory function is refused with 409 if its name belongs to another one of its type, or its
    id to one of another type: import before your program creates its memory functions, or
    delete those.

    Args:
        idempotency_key (str | Unset):
        body (ImportRecordsRequest): Records to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResult]
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
    body: ImportRecordsRequest,
    idempotency_key: str | Unset = UNSET,
) -> ImportResult | None:
    """Import records

     Stores records, all of them or, if one is refused, none. A record is stored under its id: it
    is created, or it updates the one there, or changes nothing; so records may be sent again.
    What a record leaves out stays as it is, and has its default in a new one; what it gives
    replaces what is there, null included. Of a thread the greater numbers and the later time
    stay.

    Users and threads that a record names are created if they are unknown, as messages create
    them. An unknown memory function is refused with 422: its record comes first.

    A message with `seq`, as exports have it, is stored at its place in the thread. It is
    processed by the memory functions that have not processed it yet, according to the thread's
    record, after the processing delay. Another message at its place is refused with 409: the
    thread has been written to in both services. Any other message is taken as `add_messages`
    takes it, at the end of its thread; those of one thread in one call are one batch. A message
    posted before is passed over, by the rules of `add_messages`. Within a request messages
    without `seq` are stored after all other records.

    A memory of a user with the text that another memory of this user and function has is the
    same memory, and keeps its id.

    A memory function is refused with 409 if its name belongs to another one of its type, or its
    id to one of another type: import before your program creates its memory functions, or
    delete those.

    Args:
        idempotency_key (str | Unset):
        body (ImportRecordsRequest): Records to store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResult
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
