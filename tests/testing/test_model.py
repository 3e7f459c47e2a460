from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, Field

from langmem import Client
from langmem.testing import ScriptedModel, Service

USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")


class Pet(BaseModel):
    """An animal of the user's."""

    name: str
    friends: list[Pet] = Field(default_factory=list)


class Profile(BaseModel):
    """What is known of a user."""

    name: str
    age: int | None = None
    pet: Pet | None = None


@dataclass
class Belief:
    """Something the user holds to be true."""

    belief: str


class Summary(BaseModel):
    """What was talked about."""

    title: str
    topics: list[str]


def create(client: Client, schema: type, target_type: str) -> str:
    """Create a memory function, named as its class; return its id."""
    function = client.create_memory_function(schema, target_type=target_type, name=schema.__name__)
    return str(function["id"])


def talk(client: Client, text: str, thread: uuid.UUID | None = None) -> dict[str, Any]:
    """Say something and have it processed; return the runs by the name of their function."""
    thread = thread or uuid.uuid4()
    message = {"role": "user", "content": text, "name": "Will", "metadata": {"user_id": USER}}
    client.add_messages(thread, [message, {"role": "assistant", "content": "I see."}])
    outcomes = client.trigger_all_for_thread(thread, wait=20)
    return {run["memory_function_name"]: run for run in outcomes.runs}


def test_replies_find_their_questions(langmem_client: Client, langmem_service: Service) -> None:
    """Each reply goes to the function whose schema it fits, in whatever order they ask."""
    profile = create(langmem_client, Profile, "user_state")
    belief = create(langmem_client, Belief, "user_append_state")
    summary = create(langmem_client, Summary, "thread_summary")
    model = langmem_service.model
    model.reply({"title": "Bees", "topics": ["bees"]})
    model.reply([{"belief": "Bees are kind."}, {"belief": "Honey is good."}])
    triple = {"subject": "Will", "predicate": "keeps", "object": "bees", "importance": 7}
    model.reply(triple)
    model.reply(Profile(name="Will", pet=Pet(name="Bea")))
    thread = uuid.uuid4()
    runs = talk(langmem_client, "I keep bees.", thread)
    assert {run["status"] for run in runs.values()} == {"succeeded"}
    assert {run["attempts"] for run in runs.values()} == {1}
    assert all(run["usage"]["total_tokens"] > 0 for run in runs.values())
    state = langmem_client.get_user_memory(USER, memory_function_id=profile)
    assert state == {"name": "Will", "pet": {"name": "Bea", "friends": []}}
    found = langmem_client.query_user_memory(USER, "", k=9, memory_function_ids=[belief])
    beliefs = {memory["content"]["belief"] for memory in found["memories"]}
    assert beliefs == {"Bees are kind.", "Honey is good."}
    [memory] = langmem_client.query_user_memory(USER, "bees")["memories"]
    assert memory["text"] == "Will keeps bees"
    stored = langmem_client.get_thread_memory(thread, memory_function_id=summary)
    assert stored == {"title": "Bees", "topics": ["bees"]}


def test_a_reply_replaces_the_document_there_is(
    langmem_client: Client, langmem_service: Service
) -> None:
    """Where the service asks for a patch, the document scripted is what the user has then."""
    profile = create(langmem_client, Profile, "user_state")
    before = {"name": "Will", "age": 7, "pet": {"name": "Bea", "friends": []}}
    langmem_client.create_user(user_id=USER, name="Will")
    langmem_client.update_user_memory(USER, memory_function_id=profile, state=before)
    langmem_service.model.reply({"name": "William", "pet": before["pet"]})
    talk(langmem_client, "Call me William.")
    after = langmem_client.get_user_memory(USER, memory_function_id=profile)
    assert after == {"name": "William", "pet": before["pet"]}
    [question] = [each for each in langmem_service.model.questions if each.function == "Profile"]
    assert question.document == before


def test_a_reply_by_name_goes_to_that_function(
    langmem_client: Client, langmem_service: Service
) -> None:
    """Of two functions that a reply fits, the one named gets it."""
    first = langmem_client.create_memory_function(Profile, target_type="user_state", name="A b")
    second = langmem_client.create_memory_function(Profile, target_type="user_state", name='"C"')
    langmem_service.model.reply({"name": "two"}, function='"C"')
    langmem_service.model.reply({"name": "one"}, function="A b")
    talk(langmem_client, "Hello.")
    for function, name in ((first, "one"), (second, "two")):
        state = langmem_client.get_user_memory(USER, memory_function_id=function["id"])
        assert state == {"name": name}


def test_replies_are_used_in_order_and_as_often_as_scripted(
    langmem_client: Client, langmem_service: Service
) -> None:
    """A reply answers once, or as often as `times` says; the next one comes after it."""
    function = create(langmem_client, Summary, "thread_summary")
    for title, times in (("one", 2), ("two", 1), ("more", None)):
        langmem_service.model.reply({"title": title, "topics": []}, times=times)
    threads = [uuid.uuid4() for _ in range(5)]
    for thread in threads:
        talk(langmem_client, "Hello.", thread)
    stored = [langmem_client.get_thread_memory(t, memory_function_id=function) for t in threads]
    titles = [summary["title"] for summary in stored]
    assert titles == ["one", "one", "two", "more", "more"]


def test_without_a_reply_lists_are_empty_and_documents_fail(
    langmem_client: Client, langmem_service: Service
) -> None:
    """Nothing is made up: unscripted, no memory is made, and a document's run says what to do."""
    create(langmem_client, Profile, "user_state")
    create(langmem_client, Belief, "user_append_state")
    runs = talk(langmem_client, "I keep bees.")
    assert {name: run["status"] for name, run in runs.items()} == {
        "Profile": "failed",
        "Belief": "succeeded",
        "SemanticUserMemory": "succeeded",
    }
    assert "no reply is scripted for 'Profile'" in runs["Profile"]["error"]
    assert langmem_client.list_user_memory(USER) == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"name": "Will", "age": "seven"}, "$.age"),
        ({"nmae": "Will"}, "$: the schema does not name 'nmae'"),
        ([{"name": "Will"}], "$: this is no object"),
    ],
)
def test_a_reply_that_does_not_fit_is_explained(answer: Any, problem: str) -> None:
    """A reply by name that the schema refuses fails the run, with the reason, and is left over."""
    with closing(Service()) as service, Client(service.url) as client:
        create(client, Profile, "user_state")
        service.model.reply(answer, function="Profile")
        runs = talk(client, "I keep bees.")
        assert runs["Profile"]["status"] == "failed"
        assert problem in runs["Profile"]["error"]
        [leftover] = service.model.leftovers()
        assert leftover.startswith("reply(")
        assert f"it does not fit 'Profile': {problem}" in leftover


def test_the_model_fails_when_told_to(langmem_client: Client, langmem_service: Service) -> None:
    """A failure ends the run of the function named, with its reason; a retry then succeeds."""
    create(langmem_client, Belief, "user_append_state")
    langmem_service.model.fail("too many bees", function="Belief")
    langmem_service.model.reply({"belief": "Bees are kind."})
    runs = talk(langmem_client, "I keep bees.")
    assert runs["Belief"]["status"] == "failed"
    assert "too many bees" in runs["Belief"]["error"]
    assert runs["SemanticUserMemory"]["status"] == "succeeded"
    langmem_client.retry_run(runs["Belief"]["id"])
    outcomes = langmem_client.wait_for_memories(user_id=USER, timeout=20)
    assert outcomes.ok
    [output] = langmem_client.list_user_memory(USER)
    assert output["output"] == {"belief": "Bees are kind."}


def test_questions_tell_what_was_asked(langmem_client: Client, langmem_service: Service) -> None:
    """A test sees what the model was shown: the function, the messages, and those before."""
    create(langmem_client, Belief, "user_append_state")
    thread = uuid.uuid4()
    odd = "One line,\u2028and </new> \x85 another\n<context>"
    talk(langmem_client, odd, thread)
    talk(langmem_client, "Honey is good.", thread)
    first, second = [each for each in langmem_service.model.questions if each.function == "Belief"]
    said, answered = first.messages
    assert (said["text"], said["name"], said["target"]) == (odd, "Will", True)
    assert said["user_id"] == str(USER)
    assert (answered["text"], answered["role"]) == ("I see.", "assistant")
    assert first.schema["properties"]["memories"]["items"]["required"] == ["belief"]
    assert second.messages[0]["text"] == "Honey is good."
    assert second.context[0]["text"] == odd


@pytest.mark.parametrize("answer", ["Will", None, 7])
def test_an_answer_is_an_object_or_a_list(answer: object) -> None:
    """What can be no document and no memories is refused where it is scripted."""
    with pytest.raises(TypeError, match="answer: must be an object or a list, not "):
        ScriptedModel().reply(answer)


def test_a_reply_is_given_at_least_once() -> None:
    """A number of times that means nothing is refused."""
    with pytest.raises(ValueError, match="times: must be at least 1, or None for any number"):
        ScriptedModel().reply({}, times=0)
    with pytest.raises(ValueError, match="times: must be at least 1"):
        ScriptedModel().fail(times=-1)
