from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from langmem import Client
from langmem._cli import export, journal
from langmem_server.settings import Settings
from tests.cli.command import PROGRAM, ROOT, in_a_process
from tests.cli.interrupted import stop
from tests.cli.records import exported, plain_messages
from tests.scripted_server import reply, serving
from tests.server.live import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.command import Command
    from tests.cli.conftest import Shared

WILL = uuid.uuid4()
COUNT = 5_000


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a service with many messages."""
    settings = Settings(database=tmp_path_factory.mktemp("full") / "langmem.db")
    with running(settings, process=False) as api, Client(api.url) as client:
        messages = plain_messages(COUNT)
        for start in range(0, COUNT, 1000):
            client.import_records(messages[start : start + 1000])
        yield api.url


@pytest.fixture
def some(shared: Shared) -> list[Any]:
    """What a service has to which two users have spoken."""
    for name in (WILL, uuid.uuid4()):
        message = {"role": "user", "content": "Zoë's\u2028 pikas", "metadata": {"user_id": name}}
        shared.client.add_messages(uuid.uuid4(), [message])
    return list(exported(shared.client))


def read(file: Path) -> list[Any]:
    """The records of a file."""
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def test_everything_is_written(
    langmem: Command, some: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has each record on its line, and nothing is left beside it."""
    monkeypatch.setattr(export, "PAGE_SIZE", 2)
    file = tmp_path / "out.jsonl"
    done = langmem("export", file, "--json")
    assert read(file) == some
    size = file.stat().st_size
    assert done.values == [{"file": str(file), "records": len(some), "bytes": size}]
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_users_share_is_written(
    langmem: Command, shared: Shared, some: list[Any], tmp_path: Path
) -> None:
    """With --user it is what the service says is theirs."""
    file = tmp_path / "out.jsonl"
    assert langmem("export", file, "--user", WILL).status == 0
    assert read(file) == list(exported(shared.client, WILL))
    assert len(read(file)) < len(some)


def test_an_unknown_user_does_not_stop_the_next_export(langmem: Command, tmp_path: Path) -> None:
    """Status 3, and nothing is left that would be gone on with."""
    assert langmem("export", tmp_path / "out.jsonl", "--user", WILL).status == 3
    assert langmem("export", tmp_path / "out.jsonl").status == 0


def test_standard_output_can_be_piped_on(langmem: Command, some: list[Any]) -> None:
    """With - the records go to standard output, and nothing else does."""
    done = langmem("export", "-")
    assert [json.loads(line) for line in done.out.split("\n")[:-1]] == some
    assert done.err == ""


def test_a_file_that_is_there_is_kept(langmem: Command, some: list[Any], tmp_path: Path) -> None:
    """Another file of that name is not overwritten, unless asked for."""
    file = tmp_path / "out.jsonl"
    file.write_text("mine")
    done = langmem("export", file)
    assert (done.status, done.err) == (2, f"langmem: {file} exists; --force replaces it.\n")
    assert file.read_text() == "mine"
    assert langmem("export", file, "--force").status == 0
    assert read(file) == some


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_an_export_that_was_stopped_goes_on(
    full: str, tmp_path: Path, kind: signal.Signals
) -> None:
    """After Ctrl-C or kill -9 the same command finishes; each record is there once."""
    whole, file, state = (tmp_path / name for name in ("all", "out", "out.part.json"))
    assert in_a_process("export", whole, "--url", full).status == 0
    stopped = stop("export", file, "--url", full, when=state.exists, with_signal=kind)
    assert stopped.status == (130 if kind == signal.SIGINT else -kind)
    assert "Traceback" not in stopped.err
    assert not file.exists()
    done = journal.load(state, journal.Exported)
    assert done is not None
    assert 0 < done.records < COUNT
    said = "Stopped; the same command goes on where it was.\n"
    assert stopped.err == (said if kind == signal.SIGINT else "")
    again = in_a_process("export", file, "--url", full)
    assert (again.status, again.err) == (0, f"Going on after {done.records:,} records.\n")
    assert file.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "out"]


def unfinished(file: Path, url: str, **more: Any) -> Path:
    """Leave an unfinished export of two lines, and half of a third that does not count."""
    part, state = (file.with_name(file.name + end) for end in (".part", ".part.json"))
    part.write_bytes(b"{}\n{}\n{")
    journal.save(state, journal.Exported(url, **{"user": None, "size": 6, "records": 2, **more}))
    return part


def test_what_does_not_count_is_written_anew(tmp_path: Path, command: Command) -> None:
    """A page that was cut off is asked for again, at its cursor."""
    file = tmp_path / "out"
    with serving() as server:
        unfinished(file, server.url, cursor="c2")
        server.script = [reply(200, {"records": [{"type": "user"}], "next_cursor": None})]
        assert command("export", file, url=server.url).status == 0
    assert file.read_bytes() == b'{}\n{}\n{"type":"user"}\n'
    assert "cursor=c2" in server.asked[0].path


def test_an_export_that_lacks_its_name_alone_gets_it(tmp_path: Path, command: Command) -> None:
    """Stopped after the last page, it is not asked for again, least of all from the start."""
    file = tmp_path / "out"
    with serving() as server:
        unfinished(file, server.url, finished=True)
        assert command("export", file, url=server.url).status == 0
        assert server.asked == []
    assert file.read_bytes() == b"{}\n{}\n"


@pytest.mark.parametrize("other", [{"user": str(WILL)}, {"service": "http://127.0.0.1:1"}])
def test_an_unfinished_export_of_something_else_is_kept(
    langmem: Command, shared: Shared, tmp_path: Path, other: dict[str, str]
) -> None:
    """Two exports are not mixed; the message says what is there and what to do."""
    file = tmp_path / "out"
    service = other.get("service", shared.url)
    part = unfinished(file, service, user=other.get("user"))
    done = langmem("export", file)
    assert done.status == 2
    assert str(part) in done.err
    assert service in done.err
    assert "--force" in done.err
    assert part.read_bytes() == b"{}\n{}\n{"
    assert langmem("export", file, "--force").status == 0
    assert all(record["type"] for record in read(file))


@pytest.mark.parametrize("fault", ["part is gone", "part is short", "state is broken"])
def test_what_cannot_be_gone_on_with_begins_anew(
    langmem: Command, shared: Shared, tmp_path: Path, fault: str
) -> None:
    """State that does not fit the file is no state."""
    file = tmp_path / "out"
    part = unfinished(file, shared.url, cursor="nonsense")
    if fault == "part is gone":
        part.unlink()
    elif fault == "part is short":
        part.write_bytes(b"{}\n")
    else:
        part.with_name("out.part.json").write_text("{")
    assert langmem("export", file).status == 0
    assert read(file) == list(exported(shared.client))


def test_a_folder_that_is_not_there(langmem: Command, tmp_path: Path) -> None:
    """A file that cannot be written is a sentence and status 1."""
    file = tmp_path / "missing" / "out"
    done = langmem("export", file)
    assert (done.status, done.err) == (
        1,
        f"langmem: Cannot write {file}: no such file or directory.\n",
    )


def test_a_reader_that_goes_ends_the_export_quietly(full: str) -> None:
    """`langmem export - | head -1` ends without a word."""
    with subprocess.Popen(
        [*PROGRAM, "export", "-", "--url", full],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["type"] == "memory_function"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
