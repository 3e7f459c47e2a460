from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from langmem_server.store import memories
from langmem_server.store.records import NewMemory
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from tests.server.live import Api

OLD = "2025-01-01T12:00:00.000000Z"
NEW = "2026-01-01T12:00:00.000000Z"
ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def new_function(api: Api, type_: str) -> str:
    """Create a memory function; return the id."""
    schema = {"name": str(uuid4()), "description": "", "parameters": {"type": "object"}}
    answer = api.post("/memory-functions", json={"type": type_, "schema": schema})
    function_id: str = answer.json()["id"]
    return function_id


def speak(api: Api, user_id: str, thread_id: str | None = None) -> str:
    """Post a message of a user; return the thread's id."""
    thread_id = thread_id or str(uuid4())
    message = {"role": "user", "content": "Hi", "metadata": {"user_id": user_id}}
    api.post(f"/threads/{thread_id}/add_messages", json={"messages": [message]})
    return thread_id


def remember(
    api: Api, user_id: str, *found: NewMemory, function: str = SEMANTIC_FUNCTION_ID, at: str = NEW
) -> None:
    """Store memories as if a function had made them at a moment."""
    source = (user_id, function, speak(api, user_id))
    api.db.write(lambda c: memories.remember(c, "default", source, found, at))


def triple(subject: str, predicate: str, object_: str, importance: int | None = 5) -> NewMemory:
    """Make an unstructured memory."""
    content = {"subject": subject, "predicate": predicate, "object": object_}
    return NewMemory(f"{subject} {predicate} {object_}", content, importance)


def search(api: Api, user_id: str, **body: Any) -> dict[str, Any]:
    """Search; it must succeed."""
    answer = api.post(f"/users/{user_id}/memory/query", json={"text": ""} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def texts(api: Api, user_id: str, **body: Any) -> list[str]:
    """Search; return the texts found."""
    return [memory["text"] for memory in search(api, user_id, **body)["memories"]]


def refusal(api: Api, user_id: str, **body: Any) -> tuple[int, str]:
    """Return the status and text of a search that is refused."""
    answer = api.post(f"/users/{user_id}/memory/query", json={"text": ""} | body)
    return answer.status_code, answer.json()["detail"]


def test_an_unknown_user_has_no_memories(api: Api) -> None:
    """Before the first message the answer is empty, not 404."""
    user = uuid4()
    assert search(api, user.hex) == {
        "user_id": str(user),
        "memories": [],
        "state": None,
        "thread_summaries": None,
    }


def test_a_memory_has_exactly_its_keys(api: Api) -> None:
    """A memory shows text, content, dates and scores; a single one scores 0.5 throughout."""
    user = str(uuid4())
    remember(api, user, triple("Will", "knows", "pikas"))
    [memory] = search(api, user, text="pikas")["memories"]
    assert list(memory) == ["id", "created_at", "last_accessed", "text", "content", "scores"]
    assert memory["text"] == "Will knows pikas"
    assert memory["content"] == {"subject": "Will", "predicate": "knows", "object": "pikas"}
    assert memory["scores"] == {"recency": 0.5, "importance": 0.5, "relevance": 0.5}
    assert ZULU.fullmatch(memory["created_at"])


def test_memories_come_by_their_weighted_scores(api: Api) -> None:
    """Each weight moves its own best memory to the top, and scores run from 0 to 1."""
    user = str(uuid4())
    remember(api, user, triple("Will", "owns", "a pika", 1), at=OLD)
    remember(api, user, triple("Will", "fears", "heights", 10), at=OLD)
    remember(api, user, triple("Will", "bought", "boots", 1), at=NEW)
    best = {"relevance": "a pika", "importance": "heights", "recency": "boots"}
    for name, object_ in best.items():
        weights = dict.fromkeys(best, 0) | {name: 1}
        first, *rest = search(api, user, text="pika", weights=weights)["memories"]
        assert first["content"]["object"] == object_
        assert first["scores"][name] == 1.0
        assert {memory["scores"][name] for memory in rest} == {0.0}


def test_a_weight_left_out_is_one(api: Api) -> None:
    """Without weights the three scores count the same, as they do when each is 1."""
    user = str(uuid4())
    remember(api, user, triple("Will", "owns", "a pika", 1), at=OLD)
    remember(api, user, triple("Will", "fears", "heights", 10), at=NEW)
    ones = {"relevance": 1, "recency": 1.0, "importance": 1}
    expected = ["Will fears heights", "Will owns a pika"]
    for weights in (None, {}, {"recency": 1}, ones):
        assert texts(api, user, text="pika", weights=weights) == expected
    assert texts(api, user, text="pika", weights={"relevance": 3}) == expected[::-1]


def test_k_limits_the_memories(api: Api) -> None:
    """At most k memories come back, best first; the default shows 200."""
    user = str(uuid4())
    remember(api, user, *(triple("Will", "counts", f"number{n}") for n in range(210)))
    assert len(texts(api, user)) == 200
    assert len(texts(api, user, k=1000)) == 210
    assert texts(api, user, text="number7", k=1.0) == ["Will counts number7"]


def test_without_functions_only_the_unstructured_memory_is_searched(api: Api) -> None:
    """Null means the semantic functions, disabled ones too; appended memories must be asked for."""
    user = str(uuid4())
    append, semantic = (
        new_function(api, "user_append_state"),
        new_function(api, "user_semantic_memory"),
    )
    api.patch(f"/memory-functions/{semantic}", json={"status": "disabled"})
    remember(api, user, triple("Will", "knows", "pikas"))
    remember(api, user, triple("Will", "likes", "rabbits"), function=semantic)
    remember(api, user, NewMemory("event: moved", {"event": "moved"}, None), function=append)
    unstructured = {"Will knows pikas", "Will likes rabbits"}
    assert set(texts(api, user)) == set(texts(api, user, memory_function_ids=None)) == unstructured
    assert texts(api, user, memory_function_ids=[append]) == ["event: moved"]
    assert texts(api, user, memory_function_ids=[semantic]) == ["Will likes rabbits"]
    everything = [append, semantic, SEMANTIC_FUNCTION_ID]
    assert len(texts(api, user, memory_function_ids=everything)) == 3
    assert texts(api, user, memory_function_ids=[]) == []


def test_memories_of_others_are_never_found(api: Api) -> None:
    """A search stays inside its user."""
    user, other = str(uuid4()), str(uuid4())
    remember(api, user, triple("Will", "knows", "pikas"))
    remember(api, other, triple("Jo", "knows", "pikas"))
    assert texts(api, user, text="pikas") == ["Will knows pikas"]


@pytest.mark.parametrize(
    "text", ['"pikas"', "pika*", "NEAR(pikas)", "owner:x", "-pikas AND OR (", "'; DROP TABLE", "%"]
)
def test_a_search_text_is_words_and_no_syntax(api: Api, text: str) -> None:
    """Whatever the text holds, it is searched for, and never an error."""
    user = str(uuid4())
    remember(api, user, triple("Will", "knows", "pikas"))
    assert texts(api, user, text=text) == ["Will knows pikas"]


def test_states_come_in_the_order_asked(api: Api) -> None:
    """States are bare, null where there is none yet, and an empty list for an empty request."""
    user = str(uuid4())
    api.post("/users", json={"id": user, "name": "Will"})
    profile, diet = new_function(api, "user_state"), new_function(api, "user_state")
    api.put(f"/users/{user}/memory/{diet}/state", json={"state": {"eats": "grass"}})
    assert search(api, user, state=[profile, diet])["state"] == [None, {"eats": "grass"}]
    assert search(api, user, state=[diet, profile])["state"] == [{"eats": "grass"}, None]
    assert search(api, user, state=[])["state"] == []
    assert search(api, user, state=None)["state"] is None
    assert search(api, str(uuid4()), state=[diet])["state"] == [None]


def test_summaries_come_function_by_function(api: Api) -> None:
    """For each function, the threads last written to first, at most k of them."""
    user = str(uuid4())
    titles, moods = new_function(api, "thread_summary"), new_function(api, "thread_summary")
    threads = [speak(api, user) for _ in range(12)]
    elsewhere = speak(api, str(uuid4()))
    for function in (titles, moods):
        for thread in (*threads, elsewhere):
            put = partial(
                memories.put_thread_output,
                tenant="default",
                thread_id=thread,
                function_id=function,
                output={"of": thread},
            )
            api.db.write(put)

    def asked(**query: Any) -> list[tuple[str, str]]:
        outputs = search(api, user, thread_query=query)["thread_summaries"]
        assert all(output["output"] == {"of": output["target"][9:]} for output in outputs)
        return [(output["memory_function_id"], output["target"]) for output in outputs]

    targets = [f"/threads/{thread}" for thread in reversed(threads)]
    newest = [(titles, target) for target in targets]
    assert asked(memory_function_ids=[titles], k=2) == newest[:2]
    assert asked(memory_function_ids=[titles], k=1000) == newest
    for k in (None, [titles], []):
        assert asked(memory_function_ids=[titles], k=k) == newest[:10]
    assert asked(memory_function_ids=[titles]) == newest[:10]
    assert asked(memory_function_ids=[moods, titles], k=1) == [(moods, targets[0]), newest[0]]
    assert asked(memory_function_ids=[]) == []


def test_a_function_that_is_not_there_is_404(api: Api) -> None:
    """An unknown function is named by its place, wherever it is asked for."""
    user, unknown = str(uuid4()), str(uuid4())
    for body, place in (
        ({"memory_function_ids": [SEMANTIC_FUNCTION_ID, unknown]}, "body.memory_function_ids[1]"),
        ({"state": [unknown]}, "body.state[0]"),
        (
            {"thread_query": {"memory_function_ids": [unknown]}},
            "body.thread_query.memory_function_ids[0]",
        ),
    ):
        assert refusal(api, user, **body) == (404, f"Memory function not found: {place}")


def test_a_function_of_the_wrong_type_is_refused(api: Api) -> None:
    """Asking a function for what its type does not keep is a 422 that says so."""
    user = str(uuid4())
    state, summary = new_function(api, "user_state"), new_function(api, "thread_summary")
    assert refusal(api, user, memory_function_ids=[state]) == (
        422,
        (
            "body.memory_function_ids[0]: must be a memory function of type user_append_state or"
            " user_semantic_memory, not user_state"
        ),
    )
    assert refusal(api, user, state=[summary])[0] == 422
    assert refusal(api, user, thread_query={"memory_function_ids": [state]})[0] == 422
