from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest

from langmem._cli.failures import sentence_of, status_of
from langmem.errors import LangMemError, UnknownAfterReadTimeout
from tests.cli.command import PROGRAM, ROOT, in_a_process
from tests.scripted_server import Act, reply, serving
from tests.server.live import wait_for

if TYPE_CHECKING:
    from tests.cli.command import Command

KEY = "lm-a-secret"


def test_what_is_not_there_is_status_3(langmem: Command) -> None:
    """An id that the service does not know is told in a sentence."""
    user = uuid.uuid4()
    done = langmem("users", user)
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(f"langmem: 404 Not Found from GET /users/{user}: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_status_4(
    command: Command, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The fix is named, the key is not."""
    monkeypatch.setenv("LANGMEM_API_KEY", KEY)
    with serving() as server:
        server.script = [reply(status, {"detail": "The key is not valid."})]
        done = command("users", url=server.url)
    assert (done.status, done.out) == (4, "")
    assert done.err.endswith("; set LANGMEM_API_KEY to a key of this service.\n")
    assert KEY not in done.err


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_what_the_service_does_not_take_is_status_2(command: Command, status: int) -> None:
    """A request that was refused for what is in it is misuse: to try again is no use."""
    with serving() as server:
        server.script = [reply(status, {"detail": "limit: too large"})]
        done = command("users", url=server.url)
    assert (done.status, done.out) == (2, "")
    assert "limit: too large" in done.err


def test_a_service_that_is_not_there_is_status_1(command: Command) -> None:
    """The sentence leads to `langmem doctor`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    done = command("users", url=f"http://127.0.0.1:{port}")
    assert (done.status, done.out) == (1, "")
    assert done.err.endswith("; `langmem doctor` shows what is wrong.\n")


def test_a_service_that_fails_is_status_1(command: Command) -> None:
    """The sentence says to try again later."""
    with serving() as server:
        server.script = [reply(501, {"detail": "Broken."})]
        done = command("users", url=server.url)
    assert done.status == 1
    assert done.err.endswith("try again later.\n")


def test_a_url_that_is_none_is_status_2(command: Command) -> None:
    """The message names the option and the variable, and shows no password."""
    done = command("users", url="ftp://me:a-password@example.invalid")
    assert done.status == 2
    assert "--url (or LANGMEM_API_URL)" in done.err
    assert "a-password" not in done.err
    assert "pass --url, or set LANGMEM_API_URL" in command("users").err


@pytest.mark.parametrize("arguments", [["users", "Will"], ["nonsense"], ["users", "--nonsense"]])
def test_a_wrong_command_line_is_status_2(command: Command, arguments: list[str]) -> None:
    """What cannot be understood is told on stderr, without boxes where that is no terminal."""
    done = command(*arguments)
    assert (done.status, done.out) == (2, "")
    assert "Error: " in done.err
    assert "╭" not in done.err


def test_a_service_in_this_process_that_cannot_start(command: Command) -> None:
    """A file that cannot be used is a sentence and status 1."""
    done = command("users", url="file:///no/such/directory/langmem.db")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("langmem: The directory /no/such/directory does not exist")


def test_a_service_in_this_process_without_its_libraries(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to install is a sentence and status 1."""
    monkeypatch.setitem(sys.modules, "langmem_server.local", None)
    done = command("users", url="memory://")
    assert (done.status, done.out) == (1, "")
    assert done.err.endswith('pip install "langmem[server]"\n')


def test_an_unknown_outcome_tells_to_repeat_the_command() -> None:
    """What to do in a shell differs from what a program does."""
    error = UnknownAfterReadTimeout("timed out; resume()", method="DELETE", path="/users/1")
    assert status_of(error) == 1
    assert sentence_of(error) == (
        "No answer came to DELETE /users/1, so it may have been done or not; run the same command"
        " again, which does nothing twice."
    )


def test_a_sentence_ends_once() -> None:
    """A sentence of the service's gets no second full stop."""
    assert sentence_of(LangMemError("It is broken.")) == "It is broken."


def test_ctrl_c_is_status_130_without_a_traceback() -> None:
    """An interrupted command says nothing and ends as shells expect."""
    with serving() as server:
        server.script = [Act.HANG]
        with subprocess.Popen(
            [*PROGRAM, "users", "--url", server.url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            wait_for(lambda: bool(server.asked), "the command to ask")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "")


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    """`langmem users | head` ends without a word, and with the status of a broken pipe."""
    users = [{"id": str(uuid.uuid4()), "name": "x" * 1000} for _ in range(1000)]
    with serving() as server:
        server.script = [reply(200, {"users": users})]
        read, write = os.pipe()
        os.close(read)
        try:
            done = subprocess.run(
                [*PROGRAM, "users", "--url", server.url],
                cwd=ROOT,
                stdout=write,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_text_that_the_terminal_cannot_write_is_escaped() -> None:
    """An odd encoding of the output is no reason to fail."""
    with serving() as server:
        server.script = [reply(200, {"users": [{"id": "1", "name": "Zoë"}]})]
        done = in_a_process("users", "--url", server.url, PYTHONIOENCODING="ascii")
    assert (done.status, done.rows) == (0, [["1", "Zo\\xeb", ""]])
