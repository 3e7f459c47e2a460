from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import BaseModel, Field

from langmem import errors
from langmem.testing import Service
from tests.integration.waiting import wait_for_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import Call
    from tests.server.live import Api

pytestmark = pytest.mark.anyio


class UserProfile(BaseModel):
    """What is known of a user."""

    name: str = Field(description="The user's name")
    age: int = Field(description="The user's age")


@pytest.fixture(params=["in memory", "over HTTP"])
def service(request: pytest.FixtureRequest) -> Iterator[Service | Api]:
    """The services of this module have no model; each test runs with one of either kind."""
    if request.param == "over HTTP":
        yield request.getfixturevalue("plain_service")
        return
    with Service(with_model=False) as service:
        yield service


def conversation(user_id: uuid.UUID) -> list[dict[str, Any]]:
    """The messages of the reference's basic usage."""
    will = {"role": "user", "name": "Will", "metadata": {"user_id": user_id}}
    return [
        will | {"content": "Did you know pikas make their own haypiles?"},
        {
            "role": "assistant",
            "content": "Yes! And did you know they're actually related to rabbits?",
        },
        will | {"content": "I did! More people should know this important knowledge."},
    ]


async def test_basic_usage(call: Call) -> None:
    """The reference's basic usage runs, and what the user said is found; nothing is made up."""
    function = await call(
        "create_memory_function", UserProfile, target_type="user_state", name="User Profile"
    )
    user, thread = uuid.uuid4(), uuid.uuid4()
    assert await call("add_messages", thread, conversation(user)) is None
    assert await call("trigger_all_for_thread", thread) is None
    runs = await wait_for_runs(call, "list_thread_runs", thread)
    assert {run["memory_function_name"]: run["status"] for run in runs} == {
        "SemanticUserMemory": "succeeded",
        "User Profile": "skipped",
    }
    assert await call("get_user_memory", user, memory_function_id=function["id"]) is None
    found = await call("query_user_memory", user, "pikas", k=1)
    [memory] = found["memories"]
    assert memory["text"] == "Will said Did you know pikas make their own haypiles?"
    assert memory["content"]["subject"] == "Will"


async def test_users(call: Call) -> None:
    """Users are created, read, changed, listed and erased."""
    user = uuid.uuid4()
    created = await call("create_user", user_id=user, name="Will", tags=["a"])
    assert created == {"id": str(user), "name": "Will", "tags": ["a"], "metadata": {}}
    assert await call("get_user", str(user)) == created
    changed = await call("update_user", user, name="William", metadata={"plan": "free"})
    assert changed == created | {"name": "William", "metadata": {"plan": "free"}}
    assert await call("list_users", id=[user], name=["William"]) == [changed]
    assert await call("list_users", id=[user], name=["Will"]) == []
    assert await call("delete_user", user) is None
    with pytest.raises(errors.NotFoundError, match="User not found"):
        await call("get_user", user)


async def test_memory_functions(call: Call) -> None:
    """Functions are created once, read, listed by target, changed and deleted."""
    name = str(uuid.uuid4())
    function = await call("create_memory_function", UserProfile, name=name)
    assert (await call("create_memory_function", UserProfile, name=name))["id"] == function["id"]
    assert await call("get_memory_function", function["id"]) == function
    by_target = {
        target: [f["id"] for f in await call("list_memory_functions", target_type=target)]
        for target in ("user", "thread")
    }
    assert function["id"] in by_target["user"]
    assert function["id"] not in by_target["thread"]
    changed = await call(
        "update_memory_function",
        function["id"],
        schema={"type": "object", "title": "New"},
        custom_instructions="Be brief.",
        status="disabled",
    )
    assert changed["schema"]["parameters"] == {"type": "object", "title": "New"}
    assert (changed["custom_instructions"], changed["status"]) == ("Be brief.", "disabled")
    assert await call("delete_memory_function", function["id"]) is None
    with pytest.raises(errors.NotFoundError):
        await call("get_memory_function", function["id"])


async def test_threads_and_messages(call: Call) -> None:
    """Threads are created with messages, listed, paged in both forms and orders, and erased."""
    thread, user = uuid.uuid4(), uuid.uuid4()
    created = await call(
        "create_thread", thread_id=thread, messages=conversation(user), metadata={"a": 1}
    )
    assert created == await call("get_thread", thread)
    await call("add_messages", thread, [{"role": "user", "content": "Bye", "name": "Jeanne"}])
    assert str(thread) in [item["id"] for item in await call("list_threads")]
    messages = await call("list_messages", thread, page_size=3)
    assert len(messages) == 4
    assert messages[:3] == created["messages"]
    assert messages[3]["name"] == "Jeanne"
    backwards = await call("list_messages", thread, ascending_order=False, page_size=1, limit=2)
    assert backwards == messages[:1:-1]
    other_form = await call("list_messages", thread, response_format="langmem")
    assert [message["user"]["role"] for message in other_form] == ["user", "ai", "user", "user"]
    assert await call("list_messages", uuid.uuid4()) == []
    assert await call("delete_thread", thread) is None
    with pytest.raises(errors.NotFoundError, match="Thread not found"):
        await call("get_thread", thread)


async def test_thread_state(call: Call) -> None:
    """A program's own state is kept by key, and is null before it is written."""
    thread = uuid.uuid4()
    assert await call("get_thread_state", thread) == {"state": None}
    await call("add_thread_state", thread, {"step": 3})
    await call("add_thread_state", thread, {"step": 4, "user": thread}, key="other")
    assert await call("get_thread_state", thread) == {"state": {"step": 3}}
    other = await call("get_thread_state", thread, key="other")
    assert other == {"state": {"step": 4, "user": str(thread)}}


async def test_memories(call: Call) -> None:
    """What was remembered is listed and deleted, one by one and by function; states are put."""
    user, thread = uuid.uuid4(), uuid.uuid4()
    await call("add_messages", thread, conversation(user))
    await call("trigger_all_for_user", user)
    await wait_for_runs(call, "list_user_runs", user)
    listed = await call("list_user_memory", user)
    assert [output["memory_function_type"] for output in listed] == ["user_semantic_memory"] * 2
    found = await call("query_user_memory", user, "", weights={"recency": 0})
    first, second = found["memories"]
    await call("delete_individual_memories", user, memories=[first["id"], uuid.uuid4()])
    assert (await call("query_user_memory", user, ""))["memories"][0]["id"] == second["id"]
    function_id = listed[0]["memory_function_id"]
    await call("delete_user_memory", user_id=user, memory_function_id=function_id)
    assert await call("list_user_memory", user) == []

    profile = await call("create_memory_function", UserProfile, name=str(uuid.uuid4()))
    state = {"name": "Will", "age": 7}
    target = {"memory_function_id": profile["id"]}
    assert await call("update_user_memory", user, **target, state=state) is None
    assert await call("get_user_memory", user, **target) == state
    found = await call("query_user_memory", user, "", states_to_return=[profile["id"]])
    assert found["state"] == [state]
    await call("delete_user_memory", user_id=user, **target)
    assert await call("get_user_memory", user, **target) is None


async def test_runs_are_paged(call: Call) -> None:
    """Runs of a user and of a thread are listed page after page, and by status."""
    user, thread = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        await call("add_messages", thread, conversation(user))
        await call("trigger_all_for_thread", thread)
    runs = await wait_for_runs(call, "list_thread_runs", thread)
    assert len(runs) >= 2
    assert await call("list_user_runs", user, page_size=1) == runs
    succeeded = [run for run in runs if run["status"] == "succeeded"]
    assert await call("list_thread_runs", thread, status="succeeded", page_size=1) == succeeded
    assert await call("list_user_runs", user, limit=1) == runs[:1]


async def test_health(call: Call) -> None:
    """The service says that it works and has no model."""
    health = await call("get_health")
    assert (health["status"], health["model_configured"]) == ("ok", False)


async def test_errors(call: Call) -> None:
    """What the service refuses is raised as what it is, with its words, and as httpx's error."""
    user, unknown = uuid.uuid4(), uuid.uuid4()
    await call("create_user", user_id=user, name="Will")
    function = await call("create_memory_function", UserProfile, name=str(uuid.uuid4()))
    other = await call("create_memory_function", UserProfile, name=str(uuid.uuid4()))
    cases: list[tuple[type[Exception], str, tuple[Any, ...], dict[str, Any]]] = [
        (errors.NotFoundError, "get_user", (unknown,), {}),
        (errors.NotFoundError, "get_thread_memory", (unknown,), target(function)),
        (errors.NotFoundError, "trigger_all_for_user", (unknown,), {}),
        (errors.NotFoundError, "query_user_memory", (user, ""), {"states_to_return": [unknown]}),
        (
            errors.UnprocessableEntityError,
            "update_user_memory",
            (user,),
            target(function) | {"state": {"age": "seven"}},
        ),
        (
            errors.UnprocessableEntityError,
            "create_memory_function",
            ({"type": "array", "title": "T"},),
            {},
        ),
        (
            errors.ConflictError,
            "update_memory_function",
            (other["id"],),
            {"name": function["schema"]["name"]},
        ),
        (
            errors.PayloadTooLargeError,
            "add_thread_state",
            (unknown, {"text": "x" * 11_000_000}),
            {},
        ),
    ]
    for kind, method, args, kwargs in cases:
        with pytest.raises(kind) as caught:
            await call(method, *args, **kwargs)
        assert isinstance(caught.value, httpx.HTTPError)
        assert isinstance(caught.value, errors.APIStatusError)
        assert caught.value.body == {"detail": caught.value.detail}


def target(function: dict[str, Any]) -> dict[str, Any]:
    """Name a memory function as the client's methods do."""
    return {"memory_function_id": function["id"]}
