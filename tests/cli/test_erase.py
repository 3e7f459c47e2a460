from __future__ import annotations

import os
import pty
import subprocess
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from langmem import Client
from langmem.errors import NotFoundError
from tests.cli.command import PROGRAM, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.command import Command
    from tests.cli.conftest import Shared

WILL, ANN = uuid.uuid4(), uuid.uuid4()
PROFILE = {"type": "object", "properties": {"name": {"type": "string"}}}
GOING = {
    "user": str(WILL),
    "name": "Will",
    "messages": 3,
    "states": 1,
    "memories": 3,
    "threads spoken in": 2,
}


def speak(client: Client) -> None:
    """Have two users speak in one thread, and one of them in another, and remember it."""
    both, own = uuid.uuid4(), uuid.uuid4()
    said: list[dict[str, Any]] = [
        {"role": "user", "content": f"{name} {n}", "name": name, "metadata": {"user_id": user}}
        for n in range(2)
        for name, user in (("Will", WILL), ("Ann", ANN))
    ]
    client.add_messages(both, [*said, {"role": "assistant", "content": "Oh!"}])
    client.add_messages(own, [{**said[0], "content": "alone"}])
    for thread in (both, own):
        client.trigger_all_for_thread(thread, wait=30)
    profile = client.create_memory_function(PROFILE, name="P", description="P")
    client.update_user_memory(WILL, memory_function_id=profile["id"], state={"name": "Will"})


def test_what_went_is_shown(langmem: Command, shared: Shared) -> None:
    """With --yes the user goes at once, others stay, and the counts are those of what went."""
    speak(shared.client)
    done = langmem("erase", WILL, "--yes", "--json")
    assert (done.status, done.values) == (0, [GOING])
    with pytest.raises(NotFoundError):
        shared.client.get_user(WILL)
    assert shared.client.get_user(ANN)["name"] == "Ann"
    kept = [
        str(message["content"])
        for thread in shared.client.list_threads()
        for message in shared.client.list_messages(thread["id"])
    ]
    assert sorted(kept) == ["Ann 0", "Ann 1", "Oh!"]


def test_nobody_to_ask_erases_nothing(langmem: Command, shared: Shared) -> None:
    """Without a terminal a script must say --yes."""
    speak(shared.client)
    done = langmem("erase", WILL)
    assert (done.status, done.out) == (2, "")
    assert "--yes" in done.err
    assert shared.client.get_user(WILL)["name"] == "Will"


def test_an_unknown_user_is_status_3(langmem: Command) -> None:
    """Nobody is asked about somebody who is not there."""
    assert langmem("erase", uuid.uuid4()).status == 3


def test_a_user_without_a_name_can_be_erased(langmem: Command, shared: Shared) -> None:
    """Somebody known by their id alone is no exception."""
    message = {"role": "user", "content": "Hi!", "metadata": {"user_id": WILL}}
    shared.client.add_messages(uuid.uuid4(), [message])
    (gone,) = langmem("erase", WILL, "--yes", "--json").values
    assert (gone["name"], gone["messages"]) == (None, 1)


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [("n\n", 1, "langmem: Nothing was erased.\n"), ("y\n", 0, ""), ("\x04", 130, "\n")],
    ids=["no", "yes", "end of input"],
)
def test_a_person_is_asked(tmp_path: Path, answer: str, status: int, said: str) -> None:
    """At a terminal what will go is shown first, and it stays unless the answer is yes."""
    url = (tmp_path / "langmem.db").as_uri()
    with Client(url) as client:
        speak(client)
    terminal, inside = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, "erase", str(WILL), "--url", url],
        cwd=ROOT,
        stdin=inside,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(terminal, answer.encode())
        out, err = process.communicate(timeout=60)
    os.close(inside)
    os.close(terminal)
    assert process.returncode == status
    asked = f"Will ({WILL}): 3 messages, 1 states, 3 memories, 2 threads spoken in."
    question, _, after = err.partition("Erase them for good? [y/N]:")
    assert (question, after) == (f"{asked}\n", said)
    assert ("messages\t3" in out) == (status == 0)
    with Client(url) as client:
        assert len(client.list_users(id=[WILL])) == bool(status)
