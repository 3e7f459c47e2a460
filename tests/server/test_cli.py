from __future__ import annotations

import contextlib
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

import langmem_server
from langmem_server import cli
from langmem_server.__main__ import main as command
from langmem_server.settings import Settings
from tests.server.live import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STOP_SECONDS = 15
GREETING = re.compile(r"LangMem at (http://\S+:\d+), database (\S+), (.+)\n")


@contextlib.contextmanager
def process(*arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Run `python -m langmem_server` until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "langmem_server", *arguments],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def greeting(running: subprocess.Popen[str]) -> tuple[str, str, str]:
    """Read the one line the service prints: URL, database, model."""
    assert running.stdout is not None
    found = GREETING.fullmatch(running.stdout.readline())
    assert found is not None, running.communicate(timeout=STOP_SECONDS)
    return found[1], found[2], found[3]


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the status and the words of a start that fails."""
    status = cli.main(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return status, err.removeprefix("langmem-server: ").strip()


def test_the_service_says_where_it_is_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    """One line names URL, database and how to get a model; Ctrl-C ends it with status 0."""
    database = str(tmp_path / "memory.db")
    with process("--port", "0", "--database", database) as running:
        url, shown, model = greeting(running)
        assert url.startswith("http://127.0.0.1:")
        assert shown == database
        assert model.startswith("no model: set LANGMEM_LLM_MODEL and LANGMEM_LLM_BASE_URL")
        assert httpx.get(f"{url}/health").json()["status"] == "ok"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=STOP_SECONDS)
    assert (running.returncode, out, err) == (0, "", "")


def test_the_environment_is_read(tmp_path: Path) -> None:
    """What the options leave out comes from the environment; the key is not shown."""
    settings = {
        "LANGMEM_PORT": "0",
        "LANGMEM_HOST": "localhost",
        "LANGMEM_DATABASE": str(tmp_path / "memory.db"),
        "LANGMEM_LLM_MODEL": "small",
        "OPENAI_API_KEY": "a-secret",
    }
    with process(**settings) as running:
        url, _, model = greeting(running)
        assert url.startswith("http://localhost:")
        assert model == "model small"
        assert httpx.get(f"{url}/health").json()["model_configured"] is True
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=STOP_SECONDS)
    assert "a-secret" not in out + err


def test_a_waiting_connection_does_not_hold_the_service_up(tmp_path: Path) -> None:
    """With an idle connection and half a request open, the service stops all the same."""
    with process("--port", "0", "--database", str(tmp_path / "memory.db")) as running:
        url = httpx.URL(greeting(running)[0])
        address = (url.host, url.port or 0)
        with (
            httpx.Client(base_url=url) as idle,
            socket.create_connection(address, timeout=10) as half,
        ):
            assert idle.get("/health").status_code == 200
            half.sendall(b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            assert idle.get("/health").status_code == 200
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=STOP_SECONDS)
    assert running.returncode == 0


def test_no_request_is_logged(tmp_path: Path) -> None:
    """Neither paths nor queries nor bodies reach the output."""
    with process("--port", "0", "--database", str(tmp_path / "memory.db")) as running:
        url = greeting(running)[0]
        secret = str(uuid4())
        httpx.get(f"{url}/threads/{secret}/messages", params={"cursor": secret})
        httpx.post(f"{url}/users", json={"id": secret, "name": secret})
        httpx.post(f"{url}/users", json={"id": secret, "name": [secret]})
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=STOP_SECONDS)
    assert (out, err) == ("", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1"])
def test_without_keys_only_loopback_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    """Any other host is refused with a sentence and status 2, until there is a key."""
    database = str(tmp_path / "memory.db")
    status, words = refusal(capsys, "--host", host, "--database", database)
    assert status == 2
    assert words == (
        f"--host: {host} would serve other machines, and there is no API key yet: create one"
        " first, with langmem-server keys create NAME, or use 127.0.0.1."
    )


def test_with_a_key_every_host_is_served(tmp_path: Path) -> None:
    """Once there is a key the service listens where it is told to."""
    database = str(tmp_path / "memory.db")
    assert cli.main(["keys", "create", "web", "--database", database]) == 0
    with process("--host", "0.0.0.0", "--port", "0", "--database", database) as running:
        url, _, _ = greeting(running)
        assert url.startswith("http://0.0.0.0:")
        here = url.replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(f"{here}/threads").status_code == 401
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=STOP_SECONDS) == ("", "")


def test_a_bad_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is none is status 2, by the name of the option."""
    assert refusal(capsys, "--port", "http") == (
        2,
        "--port: give a whole number from 0 to 65535, not 'http'.",
    )


def test_a_port_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that another program has is one sentence and status 1."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        database = str(tmp_path / "memory.db")
        status, words = refusal(capsys, "--port", port, "--database", database)
    assert status == 1
    assert words == (
        f"Cannot listen on 127.0.0.1 port {port}: address already in use; choose another with"
        " --port."
    )


def test_a_directory_that_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database that cannot be made is one sentence naming it, and status 1."""
    path = tmp_path / "missing" / "memory.db"
    status, words = refusal(capsys, "--port", "0", "--database", str(path))
    assert status == 1
    assert words.startswith(f"The directory {path.parent} does not exist: ")


def test_a_file_that_is_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program's file is left alone."""
    path = tmp_path / "notes.txt"
    path.write_text("My notes, which are no database. " * 100)
    status, words = refusal(capsys, "--port", "0", "--database", str(path))
    assert status == 1
    assert words.startswith(f"The database {path} is not a SQLite database")
    assert path.read_text().startswith("My notes")


def test_the_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m langmem_server` does what `langmem-server` does, and passes its status on."""
    monkeypatch.setattr(sys, "argv", ["langmem-server", "--host", "example.com"])
    monkeypatch.delitem(sys.modules, "langmem_server.__main__", raising=False)
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("langmem_server", run_name="__main__")
    assert caught.value.code == 2
    assert "give an IP address" in capsys.readouterr().err


def test_the_base_install_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the server's libraries the command names one and the way to get them."""
    monkeypatch.delattr(langmem_server, "cli")
    monkeypatch.delitem(sys.modules, "langmem_server.cli")
    monkeypatch.delitem(sys.modules, "langmem_server.connections", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert command() == 1
    assert capsys.readouterr().err == (
        'langmem-server: uvicorn is not installed: pip install "langmem[server]"\n'
    )


def test_a_connection_is_answered_at_once() -> None:
    """The listener spells TCP out, without which asyncio leaves Nagle's algorithm on."""
    with cli._listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_ipv6_is_shown_in_brackets() -> None:
    """The URL of an IPv6 address is one a browser understands."""
    shown = cli._greeting(Settings(host="::1", llm_model="m", llm_base_url="http://x"), 8100)
    assert shown == "LangMem at http://[::1]:8100, database langmem.db, model m"


def test_a_program_can_read_where_the_service_is(tmp_path: Path) -> None:
    """With --json the one line is an object with the URL, the database and the model."""
    database = str(tmp_path / "memory.db")
    with process("--port", "0", "--database", database, "--json") as running:
        assert running.stdout is not None
        where = json.loads(running.stdout.readline())
        assert httpx.get(f"{where['url']}/health").json()["status"] == "ok"
        assert (where["database"], where["model"]) == (database, None)


def test_the_command_serves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The installed command serves until it is interrupted, and returns 0."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    answers: list[int] = []

    def ask() -> bool:
        with contextlib.suppress(httpx.TransportError):
            answers.append(httpx.get(f"http://127.0.0.1:{port}/health").status_code)
        return bool(answers)

    def visit() -> None:
        wait_for(ask, "the service to answer")
        os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Thread(target=visit)
    visitor.start()
    status = cli.main(["--port", port, "--database", str(tmp_path / "memory.db")])
    visitor.join()
    assert (status, answers) == (0, [200])
    assert GREETING.fullmatch(capsys.readouterr().out)
