from __future__ import annotations

import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from langmem import Client, errors
from langmem.testing import RecordedRequest, Service

if TYPE_CHECKING:
    from collections.abc import Callable

USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")


def statuses(service: Service) -> list[int | None]:
    """The statuses of what was answered, None where nothing was."""
    return [request.status for request in service.requests]


def test_a_failure_is_answered_and_tried_again(
    langmem_client: Client, langmem_service: Service
) -> None:
    """The client sees the status once, waits as asked, and its next try reaches the service."""
    langmem_service.fail(429, retry_after=0.2)
    began = time.monotonic()
    langmem_client.create_user(user_id=USER, name="Will")
    assert time.monotonic() - began >= 0.2
    assert statuses(langmem_service) == [429, 200]
    assert [user["name"] for user in langmem_client.list_users()] == ["Will"]


def test_a_failure_is_raised_with_what_the_service_would_say(langmem_service: Service) -> None:
    """An error that lasts comes as the client's exception, with its header, and nothing is done."""
    langmem_service.fail(429, retry_after=2)
    client = Client(langmem_service.url, max_retries=0)
    with pytest.raises(errors.RateLimitError, match="Too Many Requests"):
        client.create_user(user_id=USER, name="Will")
    assert client.list_users() == []
    langmem_service.fail(503, retry_after=2)
    assert client.client.get("/health").headers["retry-after"] == "2"


def test_a_fault_is_for_its_operation(langmem_client: Client, langmem_service: Service) -> None:
    """A fault that names an operation leaves all others alone, and lasts as long as it says."""
    langmem_service.fail(404, operation="list_users", times=2)
    langmem_client.list_threads()
    for _ in range(2):
        with pytest.raises(errors.NotFoundError):
            langmem_client.list_users()
    assert langmem_client.list_users() == []


def test_an_answer_is_late(langmem_client: Client, langmem_service: Service) -> None:
    """A delayed answer comes, later, and only as often as scripted."""
    langmem_service.delay(0.2, operation="list_users")
    began = time.monotonic()
    langmem_client.list_users()
    assert time.monotonic() - began >= 0.2
    langmem_client.list_users()


def test_a_late_failure(langmem_client: Client, langmem_service: Service) -> None:
    """A request meets one delay and one other fault at a time."""
    langmem_service.delay(0.1, times=None)
    langmem_service.fail(404)
    began = time.monotonic()
    with pytest.raises(errors.NotFoundError):
        langmem_client.list_users()
    assert time.monotonic() - began >= 0.1


def test_requests_are_recorded(langmem_client: Client, langmem_service: Service) -> None:
    """A test sees each request that came: what it was, what it held, and how it ended."""
    langmem_client.create_user(user_id=USER, name="Will")
    langmem_client.get_health()
    first, second = langmem_service.requests
    assert (first.json["id"], first.json["name"]) == (str(USER), "Will")
    assert (first.method, first.path, first.operation) == ("POST", "/users", "create_user")
    assert second == RecordedRequest("GET", "/health", "get_health", None, 200)


def test_what_does_not_happen_is_left_over() -> None:
    """Faults that no request met are named when the service is looked over."""
    with closing(Service()) as service:
        service.fail(429, times=2)
        service.drop_after_write()
        service.refuse_connection(times=None)
        Client(service.url, max_retries=0).client.get("/health")
        with pytest.raises(AssertionError) as caught:
            service.verify()
    text = str(caught.value)
    assert "fail(429) (1 left): no such request came" in text
    assert "drop_after_write() (1 left): no such request came" in text
    assert "refuse_connection" not in text


WRONG: list[tuple[Callable[[Service], Any], str]] = [
    (lambda service: service.fail(200), "status: must be an error's, 400 to 599, not 200"),
    (lambda service: service.fail(429, retry_after=-1), "retry_after: must be 0 or more"),
    (lambda service: service.fail(429, times=0), "times: must be at least 1"),
    (lambda service: service.fail(429, operation="add"), "operation: 'add' is none"),
    (lambda service: service.delay(0), "seconds: must be more than 0"),
    (lambda service: service.delay(float("nan")), "seconds: must be more than 0"),
    (lambda service: service.drop_after_write(operation="get_user"), "'get_user' writes nothing"),
    (lambda service: service.drop_after_write(operation="put"), "operation: 'put' is none"),
]


@pytest.mark.parametrize(("script", "problem"), WRONG)
def test_a_fault_that_cannot_be_is_refused(
    langmem_service: Service, script: Callable[[Service], Any], problem: str
) -> None:
    """Wrong arguments are refused where they are written."""
    with pytest.raises(ValueError, match=problem):
        script(langmem_service)
