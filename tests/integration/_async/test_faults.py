"""What a client makes of a service that fails, answers late, or is lost in the middle."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pytest

from langmem import AsyncClient, errors

if TYPE_CHECKING:
    from langmem.testing import Service

pytestmark = pytest.mark.anyio

USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")


def statuses(service: Service) -> list[int | None]:
    """The statuses of what was answered, None where nothing was."""
    return [request.status for request in service.requests]


async def test_a_write_whose_answer_is_lost_is_done_once(langmem_service: Service) -> None:
    """The write is done, the connection breaks, and the retry under the same key adds nothing."""
    thread = uuid.uuid4()
    langmem_service.drop_after_write()
    async with AsyncClient(langmem_service.url) as client:
        assert await client.list_threads() == []  # a read is let pass
        await client.add_messages(thread, [{"role": "user", "content": "Hello"}])
        assert statuses(langmem_service) == [200, None, 200]
        assert len([message async for message in client.list_messages(thread)]) == 1


async def test_a_write_without_an_answer_has_an_unknown_outcome(langmem_service: Service) -> None:
    """With no try left the client says that it does not know; resumed, the write is done once."""
    langmem_service.drop_after_write(operation="create_user")
    async with AsyncClient(langmem_service.url, max_retries=0) as client:
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            await client.create_user(user_id=USER, name="Will")
        assert isinstance(caught.value, errors.RemoteProtocolError)
        created = await caught.value.resume()
        assert created["name"] == "Will"
        assert await client.list_users() == [created]


async def test_a_refused_connection_is_tried_again(langmem_service: Service) -> None:
    """A request that did not come through is not done, and is tried again, while it may."""
    langmem_service.refuse_connection()
    async with AsyncClient(langmem_service.url) as client:
        await client.create_user(user_id=USER, name="Will")
        assert statuses(langmem_service) == [None, 200]
        langmem_service.refuse_connection(times=None)
        with pytest.raises(errors.ConnectError):
            await client.with_options(max_retries=0).list_users()


async def test_a_busy_service_is_asked_again_when_it_says(langmem_service: Service) -> None:
    """An answer that asks to wait is obeyed, and the next try is done."""
    langmem_service.fail(429, retry_after=0.2, operation="create_user")
    langmem_service.fail(503, retry_after=0.2, operation="create_user")
    began = time.monotonic()
    async with AsyncClient(langmem_service.url) as client:
        await client.create_user(user_id=USER, name="Will")
    assert time.monotonic() - began >= 0.4
    assert statuses(langmem_service) == [429, 503, 200]


async def test_a_late_answer_meets_the_clients_timeout(langmem_service: Service) -> None:
    """A client whose timeout is shorter gives up in time, and the write is done all the same."""
    langmem_service.delay(60)
    began = time.monotonic()
    async with AsyncClient(langmem_service.url, timeout=0.05, max_retries=0) as client:
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            await client.create_user(user_id=USER, name="Will")
        assert isinstance(caught.value, errors.ReadTimeout)
        assert len(await client.with_options(timeout=30).list_users()) == 1
    assert time.monotonic() - began < 30


async def test_a_deadline_ends_a_late_answer(langmem_service: Service) -> None:
    """A client's deadline holds against a service that answers late."""
    langmem_service.delay(60, times=None)
    began = time.monotonic()
    client = AsyncClient(langmem_service.url, deadline=0.1)
    with pytest.raises(errors.APITimeoutError):
        await client.list_users()
    await client.aclose()
    assert time.monotonic() - began < 30
