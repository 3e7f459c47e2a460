from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from langmem import Client
from langmem.errors import LocalServiceError
from tests.packaging.service_process import running_service
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE = 60

POST_AND_TRIGGER = """
import sys, uuid
from langmem import Client
client = Client(sys.argv[1])
thread_id = uuid.uuid4()
message = {"role": "user", "content": "Hi!", "metadata": {"user_id": uuid.uuid4()}}
client.add_messages(thread_id, [message])
client.trigger_all_for_thread(thread_id)
sys.stdin.readline()
"""


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, warnings being errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", *arguments],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        env=os.environ | environment,
        input="\n",
        check=False,
    )


@pytest.mark.parametrize("url", ["memory://", "memory://name", "file"])
def test_a_program_that_closes_nothing_ends(url: str, tmp_path: Path) -> None:
    """Neither threads nor files keep a finished program, and it says nothing of them."""
    url = (tmp_path / "langmem.db").as_uri() if url == "file" else url
    run = program(POST_AND_TRIGGER, url)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_model_that_hangs_does_not_keep_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of the program its question is given up, and asked anew by the next one."""
    with ScriptedModel() as model:
        released = model.hang()
        settings = {"LANGMEM_LLM_BASE_URL": model.base_url, "LANGMEM_LLM_MODEL": "scripted"}
        url = (tmp_path / "langmem.db").as_uri()
        waiting = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", POST_AND_TRIGGER, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | settings,
        )
        model.wait_for(1)
        _, stderr = waiting.communicate(b"\n", timeout=DEADLINE)
        assert (waiting.returncode, stderr) == (0, b"")
        released.set()
        for variable, value in settings.items():
            monkeypatch.setenv(variable, value)
        with Client(url):
            model.wait_for(2)


def test_a_file_belongs_to_one_process_at_a_time(tmp_path: Path) -> None:
    """A second program is told who has it and what to do, whichever way it comes."""
    path = tmp_path / "langmem.db"
    refusal = f"The database {path} is in use by another service: connect to that one by its URL"
    with Client(path.as_uri()):
        second = program("import sys, langmem; langmem.Client(sys.argv[1])", path.as_uri())
        assert f"langmem.errors.LocalServiceError: {refusal}" in second.stderr
        server = subprocess.run(
            [sys.executable, "-m", "langmem_server", "--port", "0", "--database", str(path)],
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        assert server.returncode == 1
        assert refusal in server.stderr
    with running_service(path), pytest.raises(LocalServiceError, match="in use by another service"):
        Client(path.as_uri())
    with Client(path.as_uri()) as client:
        assert client.get_health()["status"] == "ok"


def test_a_killed_process_leaves_the_file_free(tmp_path: Path) -> None:
    """The lock goes with the process, whatever ended it."""
    url = (tmp_path / "langmem.db").as_uri()
    code = (
        "import sys, langmem; c = langmem.Client(sys.argv[1]); print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", code, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(LocalServiceError):
            Client(url)
        holder.kill()
    with Client(url) as client:
        assert client.get_health()["status"] == "ok"


FORK = """
import os, sys
from langmem import Client
client = Client("memory://parent")
user_id = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
client.create_user(user_id=user_id, name="Will")
if os.fork() == 0:
    try:
        client.get_user(user_id)
    except RuntimeError as error:
        print(error)
    print(Client("memory://parent").list_users(), flush=True)
    sys.exit()
os.wait()
print(client.get_user(user_id)["name"])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork.")
def test_a_forked_child_is_told_where_the_service_is() -> None:
    """The service stays with the parent; a client that the child makes has one of its own."""
    run = program(FORK)
    refusal, users, name = run.stdout.splitlines()
    assert refusal.startswith("This client's service runs in the process that made the client")
    assert (users, name, run.stderr) == ("[]", "Will", "")


def test_a_client_of_this_process_does_not_travel() -> None:
    """A pickle would arrive where its service is not."""
    with Client("memory://") as client, pytest.raises(TypeError, match="nor one of a service in"):
        pickle.dumps(client)


def test_without_the_service_the_client_says_what_to_install() -> None:
    """The base install has the client alone; the error names what is missing and where it is."""
    code = (
        "import sys; sys.modules['starlette'] = None; import langmem; langmem.Client('memory://')"
    )
    last = program(code).stderr.splitlines()[-1]
    assert last == (
        "ImportError: A service in this process needs starlette, which is not installed: "
        'pip install "langmem[server]"'
    )


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LANGMEM_PROCESSING_DELAY", "soon", "LANGMEM_PROCESSING_DELAY: give seconds"),
        ("LANGMEM_LLM_MODEL", "llama3.2", "LANGMEM_LLM_MODEL: also set LANGMEM_LLM_BASE_URL"),
    ],
)
def test_settings_that_cannot_be_used_are_named(
    variable: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables of langmem-server hold here too, and so do its words on wrong ones."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=message):
        Client("memory://")
