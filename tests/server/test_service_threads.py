from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from langmem_server.service.threads import NEWEST_MESSAGES
from langmem_server.store import memories, runs
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from tests.server.live import Api

WILL = str(uuid4())
NOT_FOUND = {"detail": "Thread not found"}
NAIVE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
ZULU = re.compile(NAIVE.pattern + "Z")


def say(text: str = "Hi", **given: Any) -> dict[str, Any]:
    """Make a message of a guest, unless `metadata` says whose."""
    return {"role": "user", "content": text} | given


def post(api: Api, thread_id: str, *messages: dict[str, Any]) -> None:
    """Add messages to a thread."""
    answer = api.post(f"/threads/{thread_id}/add_messages", json={"messages": messages})
    assert (answer.status_code, answer.json()) == (200, None), answer.text


def listed(api: Api, thread_id: str, **query: Any) -> list[dict[str, Any]]:
    """List the messages of one page, which must be all."""
    page = api.get(f"/threads/{thread_id}/messages", params=query).json()
    assert page["next_cursor"] is None
    messages: list[dict[str, Any]] = page["messages"]
    return messages


def test_a_created_thread_is_what_was_sent(api: Api) -> None:
    """A thread is stored under the id chosen, or one made by the service, without messages."""
    chosen = uuid4()
    sent = {"id": chosen.hex, "messages": None, "metadata": {"topic": "animals"}}
    thread = api.post("/threads", json=sent).json()
    assert ZULU.fullmatch(thread.pop("created_at"))
    assert thread == {
        "id": str(chosen),
        "metadata": {"topic": "animals"},
        "last_message_timestamp": None,
        "last_message_batch_id": None,
        "messages": [],
    }
    made = api.post("/threads", json={}).json()
    assert made["metadata"] is None
    UUID(made["id"])


def test_a_thread_may_begin_with_messages(api: Api) -> None:
    """Messages given at creation are stored and due, as if they were added."""
    before = time.time()
    thread = api.post("/threads", json={"messages": [say("One"), say("Two")]}).json()
    assert [message["content"] for message in thread["messages"]] == ["One", "Two"]
    assert thread["last_message_batch_id"] == 0
    assert api.get(f"/threads/{thread['id']}").json() == thread
    assert ("default", thread["id"]) in api.db.read(lambda c: runs.due_threads(c, before + 61, 60))


def test_creating_again_adds(api: Api) -> None:
    """A second creation keeps the thread, replaces metadata that is given, and adds messages."""
    first = api.post("/threads", json={"metadata": {"a": 1}, "messages": [say("One")]}).json()
    again = api.post("/threads", json={"id": first["id"], "messages": [say("Two")]}).json()
    assert again["metadata"] == {"a": 1}
    assert again["created_at"] == first["created_at"]
    assert [message["content"] for message in again["messages"]] == ["One", "Two"]
    third = api.post("/threads", json={"id": first["id"], "metadata": {"b": 2}}).json()
    assert third["metadata"] == {"b": 2}
    assert third["last_message_batch_id"] == 1


def test_a_broken_message_stores_nothing(api: Api) -> None:
    """If one message cannot be read, no message and no thread is stored."""
    thread = str(uuid4())
    wrong = say("Two", metadata={"timestamp": "soon"})
    answer = api.post("/threads", json={"id": thread, "messages": [say("One"), wrong]})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body.messages[1].metadata.timestamp: ")
    assert api.get(f"/threads/{thread}").status_code == 404


def test_a_thread_shows_its_newest_messages(api: Api) -> None:
    """Of a long thread the newest hundred messages are shown, oldest first."""
    thread = str(uuid4())
    post(api, thread, *(say(str(number)) for number in range(NEWEST_MESSAGES + 5)))
    shown = api.get(f"/threads/{thread}").json()["messages"]
    assert [message["content"] for message in shown] == [str(n) for n in range(5, 105)]


def test_threads_are_listed_newest_first(fresh_api: Api) -> None:
    """Each has exactly id, time and count; the one last written to comes first."""
    first, second, empty = (str(uuid4()) for _ in range(3))
    post(fresh_api, first, say())
    post(fresh_api, second, say())
    fresh_api.post("/threads", json={"id": empty})
    post(fresh_api, first, say())
    threads = fresh_api.get("/threads").json()
    assert [thread["id"] for thread in threads] == [first, second, empty]
    assert [thread["last_message_batch_id"] for thread in threads] == [1, 0, None]
    assert list(threads[0]) == ["id", "last_message_timestamp", "last_message_batch_id"]
    assert ZULU.fullmatch(threads[0]["last_message_timestamp"])


def test_messages_come_back_in_the_openai_form(api: Api) -> None:
    """Without a format, messages have exactly role, content, name and metadata."""
    thread = str(uuid4())
    will = {"user_id": WILL.upper(), "timestamp": "2026-01-31T13:00:00+01:00", "lang": "en"}
    post(
        api,
        thread,
        say("I keep pikas.", name="Will", metadata=will, id="dropped"),
        {"role": "ai", "content": None, "tool_calls": [{"id": "1"}]},
        say("Hello", name="Jeanne"),
    )
    mine, reply, guest = listed(api, thread)
    UUID(mine["metadata"].pop("id"))
    assert mine == {
        "content": "I keep pikas.",
        "role": "user",
        "name": "Will",
        "metadata": {"user_id": WILL, "timestamp": "2026-01-31T12:00:00.000000", "lang": "en"},
    }
    assert list(reply) == ["content", "role", "name", "metadata"]
    assert (reply["content"], reply["role"], reply["name"]) == (None, "assistant", None)
    assert NAIVE.fullmatch(reply["metadata"]["timestamp"])
    assert (guest["name"], guest["metadata"]["user_id"]) == ("Jeanne", None)


def test_messages_come_back_in_the_langmem_form(api: Api) -> None:
    """In this form there is a user in place of role and name, and the assistant is `ai`."""
    thread = str(uuid4())
    post(
        api,
        thread,
        {"id": "m-1", "content": "Hi", "user": {"user_id": WILL, "user_name": "Will"}},
        {"role": "assistant", "content": [{"type": "text", "text": "Hello"}]},
    )
    mine, reply = listed(api, thread, response_format="langmem")
    assert mine["user"] == {"user_id": WILL, "user_name": "Will", "role": "user"}
    assert (mine["id"], mine["content"]) == ("m-1", "Hi")
    assert reply["user"] == {"user_id": None, "user_name": None, "role": "ai"}
    assert reply["content"] == [{"type": "text", "text": "Hello"}]
    assert list(reply) == ["id", "content", "timestamp", "user"]


@pytest.mark.parametrize("form", ["openai", "langmem"])
def test_what_was_listed_may_be_posted_again(api: Api, form: str) -> None:
    """Re-posting a whole conversation, as a checkpointer does, changes nothing."""
    thread = str(uuid4())
    post(api, thread, say("Hi", name="Will", metadata={"user_id": WILL}), say("Bye"))
    before = api.get(f"/threads/{thread}").json()
    post(api, thread, *listed(api, thread, response_format=form))
    assert api.get(f"/threads/{thread}").json() == before


def test_the_same_words_at_the_same_time_are_one_message(api: Api) -> None:
    """A message with a timestamp is known again however the time is written; others are new."""
    thread = str(uuid4())
    noon = {"timestamp": "2026-01-31T12:00:00"}
    post(api, thread, say(metadata=noon), say(metadata={"timestamp": "2026-01-31T14:00+02:00"}))
    assert len(listed(api, thread)) == 1
    post(api, thread, say(), say())
    assert len(listed(api, thread)) == 3


def test_adding_nothing_makes_an_empty_thread(api: Api) -> None:
    """An empty list is no error."""
    thread = str(uuid4())
    post(api, thread)
    assert api.get(f"/threads/{thread}").json()["messages"] == []


def test_an_unknown_thread_has_no_messages(api: Api) -> None:
    """Listing before the first post is empty, not 404, since chat bots ask first."""
    answer = api.get(f"/threads/{uuid4()}/messages")
    assert answer.json() == {"messages": [], "next_cursor": None}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12), st.integers(1, 5), st.sampled_from([None, True, False]))
def test_pages_show_each_message_once(
    api: Api, count: int, page_size: int, ascending: bool | None
) -> None:
    """Whatever the page size and order, the cursors lead through all messages exactly once."""
    thread = str(uuid4())
    post(api, thread, *(say(str(number)) for number in range(count)))
    query: dict[str, Any] = {"page_size": page_size}
    if ascending is not None:
        query["ascending_order"] = str(ascending).lower()
    seen: list[int] = []
    while True:
        page = api.get(f"/threads/{thread}/messages", params=query).json()
        assert len(page["messages"]) <= page_size
        seen += [int(message["content"]) for message in page["messages"]]
        if page["next_cursor"] is None:
            break
        assert len(page["messages"]) == page_size
        query["cursor"] = page["next_cursor"]
    numbers = list(range(count))
    assert seen == (numbers if ascending in {None, True} else numbers[::-1])


def test_a_page_that_is_full_and_last_says_so(api: Api) -> None:
    """No cursor leads to an empty page."""
    thread = str(uuid4())
    post(api, thread, say(), say())
    assert api.get(f"/threads/{thread}/messages?page_size=2").json()["next_cursor"] is None


def test_a_broken_cursor_is_refused(api: Api) -> None:
    """A cursor that no page gave is a 422 naming it, and an empty one is none."""
    url = f"/threads/{uuid4()}/messages"
    answer = api.get(url, params={"cursor": "x"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("query.cursor: ")
    assert api.get(url, params={"cursor": ""}).status_code == 200


def test_thread_state_is_kept_by_key(api: Api) -> None:
    """Each key is a slot of its own, the nameless one too, and a second write replaces."""
    url = f"/threads/{uuid4()}/thread_state"

    def state(key: str | None) -> Any:
        return api.post(f"{url}/query", json={"key": key}).json()["state"]

    assert state(None) is None
    for key in (None, "", "checkpoint"):
        answer = api.post(url, json={"state": {"old": 1}, "key": key})
        assert (answer.status_code, answer.json()) == (200, None)
        api.post(url, json={"state": {"key": key, "deep": [{"x": None}]}, "key": key})
    for key in (None, "", "checkpoint"):
        assert state(key) == {"key": key, "deep": [{"x": None}]}
    assert api.post(f"{url}/query", json={}).json()["state"]["key"] is None
    assert api.get(url.removesuffix("/thread_state")).status_code == 200


def test_an_erased_thread_is_gone(api: Api) -> None:
    """Messages, state, memories and runs of a thread go with it."""
    thread = str(uuid4())
    post(api, thread, say("I keep pikas.", metadata={"user_id": WILL}))
    api.post(f"/threads/{thread}/thread_state", json={"state": {"a": 1}})
    api.post(f"/threads/{thread}/trigger-all")
    answer = api.delete(f"/threads/{thread}")
    assert (answer.status_code, answer.json()) == (200, None)
    assert listed(api, thread) == []
    assert api.post(f"/threads/{thread}/thread_state/query", json={}).json() == {"state": None}
    for path in ("", "/memory", "/runs"):
        assert api.get(f"/threads/{thread}{path}").json() == NOT_FOUND
    assert api.get(f"/users/{WILL}/runs").json()["runs"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/memory"),
        ("GET", f"/memory/{SEMANTIC_FUNCTION_ID}/state"),
        ("POST", "/trigger-all"),
        ("GET", "/runs"),
    ],
)
def test_an_unknown_thread_is_404(api: Api, method: str, path: str) -> None:
    """Operations on what a thread has want a thread there is."""
    answer = api.request(method, f"/threads/{uuid4()}{path}")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_the_memory_of_a_thread(api: Api) -> None:
    """Outputs are listed with their function, and one is shown bare; each 404 says why."""
    thread = str(uuid4())
    post(api, thread, say())
    schema = {"name": "Summary", "description": "", "parameters": {"type": "object"}}
    function = api.post(
        "/memory-functions", json={"type": "thread_summary", "schema": schema}
    ).json()["id"]
    url = f"/threads/{thread}/memory"
    assert api.get(url).json() == []
    answer = api.get(f"{url}/{function}/state")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("The memory function has no output for this thread")
    output = {"title": "Pikas"}
    api.db.write(lambda c: memories.put_thread_output(c, "default", thread, function, output))
    assert api.get(f"{url}/{function}/state").json() == output
    assert api.get(url).json() == [
        {
            "memory_function_id": function,
            "memory_function_name": "Summary",
            "memory_function_type": "thread_summary",
            "target": f"/threads/{thread}",
            "output": output,
        }
    ]
    answer = api.get(f"{url}/{SEMANTIC_FUNCTION_ID}/state")
    assert answer.status_code == 404
    assert "is of type user_semantic_memory" in answer.json()["detail"]
    assert api.get(f"{url}/{uuid4()}/state").json() == {"detail": "Memory function not found"}


def test_a_trigger_queues_runs_and_shows_them(api: Api) -> None:
    """A trigger plans a run for each function and user, newest first, each exactly once."""
    thread, ann, bob = (str(uuid4()) for _ in range(3))
    post(api, thread, say("A", metadata={"user_id": ann}), say("B", metadata={"user_id": bob}))
    ids = [message["metadata"]["id"] for message in listed(api, thread)]
    for _ in range(2):
        answer = api.post(f"/threads/{thread}/trigger-all")
        assert (answer.status_code, answer.json()) == (200, None)
    found = api.get(f"/threads/{thread}/runs").json()
    assert found["next_cursor"] is None
    users = [run for run in found["runs"] if run["memory_function_id"] == SEMANTIC_FUNCTION_ID]
    assert {run["user_id"] for run in users} == {ann, bob}
    assert len(users) == 2
    for run in users:
        assert (run["thread_id"], run["status"], run["error"]) == (thread, "queued", None)
        assert (run["started_at"], run["finished_at"], run["attempts"]) == (None, None, 0)
        assert run["message_ids"] == ids
        assert run["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    mine = api.get(f"/users/{ann}/runs").json()["runs"]
    assert mine == [run for run in found["runs"] if run["user_id"] == ann]


def test_runs_come_in_pages_and_by_status(api: Api) -> None:
    """Pages of runs show each run once; a status shows those of this status alone."""
    thread = str(uuid4())
    speakers = [say("Hi", metadata={"user_id": str(uuid4())}) for _ in range(3)]
    post(api, thread, *speakers)
    api.post(f"/threads/{thread}/trigger-all")
    url = f"/threads/{thread}/runs"
    everything = api.get(url).json()["runs"]
    query: dict[str, Any] = {"page_size": 1, "status": "queued"}
    seen: list[Any] = []
    while True:
        page = api.get(url, params=query).json()
        seen += page["runs"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == everything
    assert len(everything) >= 3
    assert api.get(url, params={"status": "failed"}).json()["runs"] == []
