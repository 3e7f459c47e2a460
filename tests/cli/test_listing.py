from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.cli.command import Command
    from tests.cli.conftest import Shared

WILL, THREAD = uuid.uuid4(), uuid.uuid4()
SAID = "Did you know pikas make their own haypiles?"
PROFILE = {"type": "object", "properties": {"name": {"type": "string"}}}


class Known(NamedTuple):
    """What the service of a test knows."""

    profile: str
    semantic: str
    summary: str


@pytest.fixture
def known(shared: Shared) -> Known:
    """A user who has said something, what is remembered of it, and two memory functions."""
    client = shared.client
    created = client.create_user(user_id=WILL, name="Will", tags=["beta"])
    assert created["name"] == "Will"
    make = client.create_memory_function
    profile = make(PROFILE, name="Profile", description="Who it is", target_type="user_state")
    summary = make(PROFILE, name="Summary", description="What it is", target_type="thread_summary")
    messages: list[dict[str, Any]] = [
        {"role": "user", "name": "Will", "content": SAID, "metadata": {"user_id": WILL}},
        {"role": "assistant", "content": "No,\ttell\nme \\ \x1b[31m"},
    ]
    client.add_messages(THREAD, messages)
    client.trigger_all_for_thread(THREAD, wait=30)
    client.update_user_memory(WILL, memory_function_id=profile["id"], state={"name": "Will"})
    (semantic,) = [
        function["id"]
        for function in client.list_memory_functions()
        if function["type"] == "user_semantic_memory"
    ]
    return Known(profile["id"], semantic, summary["id"])


def test_users_are_rows_of_id_name_and_tags(langmem: Command, known: Known) -> None:
    """In a pipe a user is a line of fields with tabs between, and there is no heading."""
    assert langmem("users").rows == [[str(WILL), "Will", '["beta"]']]


def test_users_are_filtered_by_name(langmem: Command, shared: Shared, known: Known) -> None:
    """Names may be several; other users are left out."""
    ann = uuid.uuid4()
    shared.client.create_user(user_id=ann, name="Ann")
    shared.client.create_user(user_id=uuid.uuid4(), name="Bo")
    found = langmem("users", "--name", "Ann", "--name", "Will")
    assert {row[0] for row in found.rows} == {str(ann), str(WILL)}
    assert len(langmem("users", "--limit", 1).rows) == 1


def test_one_user_is_shown_key_by_key(langmem: Command, shared: Shared, known: Known) -> None:
    """A single thing is a line for each key, or in JSON one line."""
    rows = langmem("users", WILL).rows
    assert ["id", str(WILL)] in rows
    assert ["name", "Will"] in rows
    assert langmem("users", WILL, "--json").values == [shared.client.get_user(WILL)]


def test_threads_are_listed_and_shown(langmem: Command, shared: Shared, known: Known) -> None:
    """A list shows ids to go on with; one thread is the thread with its messages."""
    (row,) = langmem("threads").rows
    assert row[0] == str(THREAD)
    assert langmem("threads", THREAD, "--json").values == [shared.client.get_thread(THREAD)]
    assert langmem("threads", "--json").values == shared.client.list_threads()


@pytest.mark.parametrize("form", ["openai", "langmem"])
def test_a_message_is_one_line_whatever_it_holds(langmem: Command, known: Known, form: str) -> None:
    """Tabs, ends of lines, backslashes and control characters come as escapes."""
    rows = langmem("messages", THREAD, "--format", form).rows
    assert [row[3:] for row in rows] == [["Will", SAID], ["", r"No,\ttell\nme \\ \x1b[31m"]]


def test_messages_in_json_are_those_of_the_client(
    langmem: Command, shared: Shared, known: Known
) -> None:
    """A line is a message as the client returns it, in the form asked for."""
    mine = list(shared.client.list_messages(THREAD, response_format="langmem"))
    assert langmem("messages", THREAD, "--format", "langmem", "--json").values == mine
    newest = langmem("messages", THREAD, "--newest-first", "--limit", 1, "--json")
    assert newest.values == list(shared.client.list_messages(THREAD))[-1:]


def test_functions_are_listed_and_shown(langmem: Command, shared: Shared, known: Known) -> None:
    """The list may be held to a target; one function is the whole of it."""
    rows = langmem("functions", "--target", "thread").rows
    assert rows == [[known.summary, "Summary", "thread_summary", "active", "What it is"]]
    function = shared.client.get_memory_function(known.profile)
    assert langmem("functions", known.profile, "--json").values == [function]
    assert len(langmem("functions", "--limit", 2).rows) == 2


def test_memories_of_a_user_are_listed(langmem: Command, shared: Shared, known: Known) -> None:
    """Each output is a line: function, type, output."""
    rows = langmem("memories", "list", WILL).rows
    assert ["Profile", "user_state", '{"name": "Will"}'] in rows
    found = langmem("memories", "list", WILL, "--json").values
    assert found == shared.client.list_user_memory(WILL)
    assert len(found) == 2


def test_memories_of_a_thread_are_listed(langmem: Command, known: Known) -> None:
    """Without a model a thread has no summary, and an empty list is no failure."""
    done = langmem("memories", "list", "--thread", THREAD)
    assert (done.status, done.out, done.err) == (0, "", "")


def test_memories_are_searched(langmem: Command, shared: Shared, known: Known) -> None:
    """A query shows the best memories with their scores, of the functions asked for."""
    (row,) = langmem("memories", "query", WILL, "haypiles", "-k", 1).rows
    assert SAID in row[-1]
    found = langmem("memories", "query", WILL, "haypiles", "--json").values
    assert found == shared.client.query_user_memory(WILL, "haypiles")["memories"]
    asked = ["memories", "query", WILL, "x", "--function", known.semantic, "--json"]
    assert [memory["id"] for memory in langmem(*asked).values] == [found[0]["id"]]


def test_runs_are_listed_by_user_and_by_thread(langmem: Command, known: Known) -> None:
    """Runs show function, status and why; they can be held to a status and a number."""
    done = langmem("runs", "--user", WILL, "--json")
    assert {run["status"] for run in done.values} == {"succeeded", "skipped"}
    (row,) = langmem("runs", "--user", WILL, "--status", "skipped").rows
    assert row[1:3] == ["Profile", "skipped"]
    assert "no model" in row[-1]
    rows = langmem("runs", "--thread", THREAD).rows
    assert ["Summary", "skipped", str(THREAD), ""] in [row[1:5] for row in rows]
    assert langmem("runs", "--thread", THREAD, "--limit", 0).out == ""


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (["runs"], "Give either --user or --thread."),
        (["runs", "--user", WILL, "--thread", THREAD], "Give either --user or --thread."),
        (["memories", "list"], "Give either the id of a user or --thread."),
        (
            ["memories", "list", WILL, "--thread", THREAD],
            "Give either the id of a user or --thread.",
        ),
    ],
)
def test_one_of_user_and_thread_is_asked_for(
    langmem: Command, arguments: list[object], fix: str
) -> None:
    """None, or both, is misuse, and the message says what to give."""
    done = langmem(*arguments)
    assert (done.status, done.out, done.err) == (2, "", f"langmem: {fix}\n")
