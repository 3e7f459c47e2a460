"""What a newcomer has after `pip install`: the built wheel, and a folder with nothing in it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.packaging.service_process import running_service

ROOT = Path(__file__).parents[2]
DEADLINE = 120

TEST_FILE = """
import pytest, uuid
from langmem.errors import RateLimitError

THREAD = uuid.uuid4()

def test_a_busy_service_is_asked_again(langmem_service, langmem_client):
    langmem_service.fail(429, retry_after=0.01, times=1)
    langmem_client.add_messages(THREAD, {"role": "user", "content": "I keep bees."})
    [message] = langmem_client.list_messages(THREAD)
    assert message["content"] == "I keep bees."
    posted = [r for r in langmem_service.requests if r.operation == "add_messages"]
    assert [request.status for request in posted] == [429, 200]

def test_who_does_not_wait_is_told(langmem_service, langmem_client):
    langmem_service.fail(429, retry_after=0.01, times=1)
    with pytest.raises(RateLimitError):
        langmem_client.with_options(max_retries=0).list_threads()
"""

SEED = """
import json, sys, uuid
from langmem import Client
client = Client(sys.argv[1])
schema = {"type": "object", "properties": {"pet": {"type": "string"}}}
function = client.create_memory_function(schema, target_type="user_state", name="Profile")
users = []
spoken = {"Will": "I keep bees.", "Zoë": "My rabbits eat hay.", "Ann": "Bees make hay?"}
for name, text in spoken.items():
    user, thread = str(uuid.uuid4()), uuid.uuid4()
    said = {"role": "user", "name": name, "content": text, "metadata": {"user_id": user}}
    client.add_messages(thread, [said, {"role": "assistant", "content": "I see."}])
    client.trigger_all_for_thread(thread, wait=30)
    client.update_user_memory(user, memory_function_id=function["id"], state={"pet": text})
    users.append(user)
print(json.dumps({"users": users, "function": function["id"]}))
"""

ASK = """
import json, sys
from langmem import Client
client, seed = Client(sys.argv[1]), json.loads(sys.argv[2])
print(json.dumps([
    [
        client.query_user_memory(user, "bees and hay", k=5, states_to_return=[seed["function"]]),
        client.list_user_memory(user),
    ]
    for user in seed["users"]
], sort_keys=True))
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel, its extras for a developer, and pytest."""
    dist, folder = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, ROOT)
    (wheel,) = dist.glob("*.whl")
    venv.create(folder, with_pip=True)
    wanted = f"langmem[server,cli] @ {wheel.as_uri()}"
    _run(folder / "bin/python", "-m", "pip", "install", "--quiet", wanted, "pytest")
    return folder / "bin"


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder everything here happens in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def _call(*command: str | Path) -> subprocess.CompletedProcess[str]:
    # Nothing of this checkout may be found.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=DEADLINE, env=environment
    )


def _run(*command: str | Path) -> str:
    done = _call(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_six_lines_run(scripts: Path) -> None:
    """README's first example works as it stands, and leaves nothing in the folder."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    program = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[0]
    assert _run(scripts / "python", "-W", "error", "-c", program) == "user said I keep bees.\n"
    assert list(Path.cwd().iterdir()) == []


def test_a_test_file_uses_the_plugin(scripts: Path) -> None:
    """The fixtures are there without an import, and one injected fault does what it says."""
    Path("test_app.py").write_text(TEST_FILE, encoding="utf-8")
    assert "2 passed" in _run(scripts / "pytest", "-q", "-W", "error", "test_app.py")


def test_the_plugin_costs_nothing_where_it_is_not_used(scripts: Path) -> None:
    """A test without the fixtures imports neither httpx nor the service."""
    Path("test_plain.py").write_text(
        "import sys\n"
        "def test_plain():\n"
        "    heavy = {'httpx', 'jsonschema', 'langmem_server', 'starlette'}\n"
        "    assert not heavy & set(sys.modules)\n",
        encoding="utf-8",
    )
    assert "1 passed" in _run(scripts / "pytest", "-q", "test_plain.py")


def test_doctor_tells_a_running_service_from_a_stopped_one(scripts: Path, tmp_path: Path) -> None:
    """Of a running service all is well; of a stopped one it says what is wrong and what to do."""
    with running_service(tmp_path / "langmem.db") as url:
        well = _call(scripts / "langmem", "doctor", "--url", url, "--json")
    ill = _call(scripts / "langmem", "doctor", "--url", url)
    assert well.returncode == 0, well.stdout + well.stderr
    checks = [json.loads(line) for line in well.stdout.splitlines()]
    assert "ok" in json.dumps(checks)
    assert ill.returncode == 1
    assert "langmem serve" in ill.stdout + ill.stderr
    assert "Traceback" not in ill.stderr


def test_what_one_service_exports_another_answers_alike(scripts: Path, tmp_path: Path) -> None:
    """After export and import, every query has the same memories in the same order and scores."""
    with (
        running_service(tmp_path / "origin.db") as origin,
        running_service(tmp_path / "target.db") as target,
    ):
        seed = _run(scripts / "python", "-c", SEED, origin)
        _run(scripts / "langmem", "export", "all.jsonl", "--url", origin)
        _run(scripts / "langmem", "import", "all.jsonl", "--url", target)
        wanted = _run(scripts / "python", "-c", ASK, origin, seed)
        assert "bees" in wanted
        found = _run(scripts / "python", "-c", ASK, target, seed)
        assert _without_recency(found) == _without_recency(wanted)
        _run(scripts / "langmem", "import", "all.jsonl", "--url", target)
        again = _run(scripts / "python", "-c", ASK, target, seed)
        assert _without_recency(again) == _without_recency(wanted)
    assert [path.name for path in Path.cwd().iterdir()] == ["all.jsonl"]


def _without_recency(answers: str) -> object:
    """Return answers without what moves on with the clock: recency, and when one was last met."""

    def strip(value: object) -> object:
        if isinstance(value, dict):
            moving = {"recency", "last_accessed"}
            return {key: strip(item) for key, item in value.items() if key not in moving}
        return [strip(item) for item in value] if isinstance(value, list) else value

    return strip(json.loads(answers))


def test_a_port_nobody_listens_on_is_a_sentence(scripts: Path) -> None:
    """A command against a service that is not there ends with one sentence and status 1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = _call(scripts / "langmem", "users", "--url", f"http://127.0.0.1:{port}")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) <= 2
