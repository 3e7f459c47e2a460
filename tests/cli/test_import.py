from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from langmem import Client
from langmem._cli import journal, lines
from langmem_server.settings import Settings
from tests.cli.command import PROGRAM, ROOT, in_a_process
from tests.cli.interrupted import stop
from tests.cli.records import THREADS, as_lines, contents, exported, plain_messages
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.command import Command
    from tests.cli.conftest import Shared

WILL = str(uuid.uuid4())
COUNT = 3_000
PROFILE = {"type": "object", "properties": {"name": {"type": "string"}}}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service behind a port, on a file of its own, which processes nothing."""
    settings = Settings(database=tmp_path / "langmem.db")
    with running(settings, process=False) as api, Client(api.url) as one:
        yield one


@pytest.fixture
def local(tmp_path: Path) -> str:
    """The URL of a service in this process, over a file."""
    return (tmp_path / "local.db").as_uri()


def url_of(client: Client) -> str:
    """Where a client's service is."""
    return str(client.client.base_url).rstrip("/")


def write(path: Path, *records: Any) -> Path:
    """Write records as JSON Lines."""
    path.write_text(as_lines(records), encoding="utf-8")
    return path


def message(content: str, thread: str = THREADS[0], **more: Any) -> dict[str, Any]:
    """A message of somebody's own data."""
    return {"type": "message", "thread_id": thread, "role": "user", "content": content, **more}


def messages_of(url: str) -> list[Any]:
    """What the messages of the first thread say, in a service that this process may open."""
    with Client(url) as client:
        return [message["content"] for message in client.list_messages(THREADS[0])]


def test_an_import_gives_the_same_answers(
    langmem: Command, shared: Shared, command: Command, tmp_path: Path, local: str
) -> None:
    """What is exported of one service and imported into another is remembered there."""
    profile = shared.client.create_memory_function(
        PROFILE, name="Profile", description="Who it is", target_type="user_state"
    )
    for said in ("Pikas make haypiles", "Bees make honey", "I keep bees and pikas"):
        spoken = {"role": "user", "content": said, "metadata": {"user_id": WILL}}
        shared.client.add_messages(THREADS[0], [spoken])
    shared.client.trigger_all_for_thread(THREADS[0], wait=30)
    shared.client.update_user_memory(WILL, memory_function_id=profile["id"], state={"name": "Will"})
    file = tmp_path / "all.jsonl"
    assert langmem("export", file).status == 0
    done = command("import", file, "--json", url=local)
    assert done.status == 0
    total = sum(done.values[0].values())
    assert total == len(file.read_bytes().splitlines())
    with Client(local) as target:
        assert list(exported(target)) == list(exported(shared.client))
        for text in ("pikas", "bees", ""):
            theirs = target.query_user_memory(WILL, text)["memories"]
            ours = shared.client.query_user_memory(WILL, text)["memories"]
            assert [memory["id"] for memory in theirs] == [memory["id"] for memory in ours]
            assert len(ours) == 3
    again = command("import", file, "--json", url=local)
    assert again.values == [{"created": 0, "updated": 0, "unchanged": total}]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_was_stopped_goes_on(
    client: Client, tmp_path: Path, kind: signal.Signals
) -> None:
    """After Ctrl-C or kill -9 the same command finishes: nothing twice, nothing missing."""
    records = plain_messages(COUNT)
    file = write(tmp_path / "in.jsonl", *records)
    state = tmp_path / "in.jsonl.imported.json"
    asked = ["import", file, "--url", url_of(client)]
    stopped = stop(*asked, when=state.exists, with_signal=kind)
    assert stopped.status == (130 if kind == signal.SIGINT else -kind)
    assert "Traceback" not in stopped.err
    done = journal.load(state, journal.Imported)
    assert done is not None
    assert 0 < done.lines < COUNT
    if kind == signal.SIGINT:
        assert f"All up to line {done.lines:,} is imported; the same command" in stopped.err
    again = in_a_process(*asked, "--json")
    assert (again.status, again.err) == (0, f"Going on after line {done.lines:,}.\n")
    assert sum(again.values[0].values()) == COUNT - done.lines
    assert contents(exported(client)) == contents(records)
    assert not state.exists()


def test_messages_are_imported_once_however_they_come(
    local: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages without ids may be imported again, from file or pipe, and the file may grow."""
    said = ["Hi!", "Hi!", "Bye!"]
    file = write(tmp_path / "in.jsonl", *map(message, said))
    for _ in range(2):
        assert command("import", file, url=local).status == 0
        assert messages_of(local) == said
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    done = command("import", "-", "--json", url=local)
    assert done.values == [{"created": 0, "updated": 0, "unchanged": 3}]
    write(file, *map(message, [*said, "Hi!"]))
    assert command("import", file, "--json", url=local).values[0]["created"] == 1
    assert messages_of(local) == [*said, "Hi!"]


def test_a_refused_line_is_named_and_can_be_mended(
    local: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of its batch is imported; what is before stays, and comes no second time."""
    monkeypatch.setattr(lines, "MAX_RECORDS", 2)
    good = [message(f"{n}") for n in range(7)]
    bad = [*good[:3], {**good[3], "role": 7}, *good[4:]]
    file = write(tmp_path / "in.jsonl", *bad)
    done = command("import", file, url=local)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("langmem: line 4: role")
    assert done.err.endswith(
        " All up to line 2 is imported; the same command goes on from there.\n"
    )
    assert messages_of(local) == ["0", "1"]
    write(file, *good[:3], *good[4:])
    done = command("import", file, "--json", url=local)
    assert done.err == "Going on after line 2.\n"
    assert done.values == [{"created": 4, "updated": 0, "unchanged": 0}]
    assert messages_of(local) == ["0", "1", "2", "4", "5", "6"]


def test_a_line_that_is_no_json_is_named(local: str, command: Command, tmp_path: Path) -> None:
    """Nothing of the batch that it would have been in is imported."""
    file = tmp_path / "in.jsonl"
    file.write_text(as_lines([message("0")]) + "{oops}\n")
    done = command("import", file, url=local)
    assert done.status == 2
    assert done.err.startswith(f"langmem: {file}, line 2: not JSON: ")
    assert "All up to line 0 is imported" in done.err
    assert messages_of(local) == []


def test_an_unknown_memory_function_is_refused(
    local: str, command: Command, tmp_path: Path
) -> None:
    """A record that needs another is named by its line and field."""
    state = {"type": "user_state", "user_id": WILL, "state": {}}
    file = write(tmp_path / "in.jsonl", {**state, "memory_function_id": str(uuid.uuid4())})
    done = command("import", file, url=local)
    assert done.status == 2
    assert done.err.startswith("langmem: line 1: memory_function_id")


def test_a_file_that_has_changed_is_begun_anew(
    local: str, command: Command, tmp_path: Path
) -> None:
    """What is said to be imported counts only if it is still what the file begins with."""
    file = write(tmp_path / "in.jsonl", message("0"), message("1"))
    size = len(as_lines([message("0")]))
    state = tmp_path / "in.jsonl.imported.json"
    journal.save(state, journal.Imported(local, size, 1, "another digest"))
    done = command("import", file, url=local)
    assert (done.status, done.err) == (0, f"{file} has changed; beginning anew.\n")
    assert messages_of(local) == ["0", "1"]


def test_another_service_gets_all_of_the_file(local: str, command: Command, tmp_path: Path) -> None:
    """How far one service has it says nothing of another."""
    text = as_lines([message("0")])
    file = write(tmp_path / "in.jsonl", message("0"), message("1"))
    (first, *_) = lines.batches(lines.Lines(io.BytesIO(text.encode()), ""))
    state = tmp_path / "in.jsonl.imported.json"
    journal.save(state, first.after("http://127.0.0.1:1"))
    assert command("import", file, url=local).err == ""
    assert messages_of(local) == ["0", "1"]
    journal.save(state, first.after(local))
    done = command("import", file, "--json", url=local)
    assert done.err == "Going on after line 1.\n"
    assert done.values == [{"created": 0, "updated": 0, "unchanged": 1}]


def test_a_service_in_memory_begins_anew_each_time(
    langmem: Command, shared: Shared, tmp_path: Path
) -> None:
    """What forgets is not said to have anything."""
    file = write(tmp_path / "in.jsonl", message("0"), {"type": "nonsense"})
    done = langmem("import", file)
    assert done.status == 2
    assert done.err.endswith("the same command doubles nothing.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    said = [message["content"] for message in shared.client.list_messages(THREADS[0])]
    assert said == ["0"]


def test_a_file_that_is_not_there(command: Command, tmp_path: Path, local: str) -> None:
    """A file that cannot be read is a sentence and status 1."""
    file = tmp_path / "missing"
    done = command("import", file, url=local)
    assert (done.status, done.err) == (
        1,
        f"langmem: Cannot read {file}: no such file or directory.\n",
    )


def test_state_that_cannot_be_written_does_not_stop_it(
    command: Command, tmp_path: Path, local: str
) -> None:
    """A folder that one may only read is no reason to fail, and it is told once."""
    file = write(tmp_path / "in.jsonl", {"type": "user", "id": WILL}, message("0"), message("1"))
    (tmp_path / "in.jsonl.imported.json.new").mkdir()
    done = command("import", file, "--json", url=local)
    assert done.values == [{"created": 3, "updated": 0, "unchanged": 0}]
    assert done.err == (f"Cannot write {file}.imported.json: is a directory; a stop begins anew.\n")


def test_a_service_that_is_not_there(command: Command, tmp_path: Path) -> None:
    """How far it came is told with what went wrong."""
    file = write(tmp_path / "in.jsonl", message("0"))
    done = command("import", file, url="http://127.0.0.1:9")
    assert done.status == 1
    assert "`langmem doctor`" in done.err
    assert "All up to line 0 is imported" in done.err


def test_a_pipe_is_read_as_it_comes(local: str, tmp_path: Path) -> None:
    """A named pipe, which knows no size and cannot be sought in, is read to its end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    file = write(tmp_path / "in.jsonl", message("0"), message("1"))
    with subprocess.Popen(["sh", "-c", 'cat "$0" > "$1"', file, pipe]):
        done = in_a_process("import", pipe, "--json", "--url", local)
    assert done.values == [{"created": 2, "updated": 0, "unchanged": 0}]
    assert messages_of(local) == ["0", "1"]


def test_standard_input_leaves_nothing_behind(local: str, tmp_path: Path) -> None:
    """A file that is redirected is a pipe like any other: no state of it is kept."""
    file = write(tmp_path / "in.jsonl", message("0"), {"type": 1})
    folder = tmp_path / "folder"
    folder.mkdir()
    with file.open("rb") as given:
        done = subprocess.run(
            [*PROGRAM, "import", "-", "--url", local],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=given,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("langmem: standard input, line 2: type: missing")
    assert list(folder.iterdir()) == []


def test_an_empty_file_is_no_failure(local: str, command: Command, tmp_path: Path) -> None:
    """Nothing to import is done at once."""
    file = write(tmp_path / "in.jsonl")
    done = command("import", file, url=local)
    assert done.rows == [["created", "0"], ["updated", "0"], ["unchanged", "0"]]
    assert json.loads(command("import", file, "--json", url=local).out)["created"] == 0
