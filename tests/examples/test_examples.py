"""Each example runs as printed, over the service in its own process and a scripted model."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.server.scripted_model import ScriptedModel

EXAMPLES = Path(__file__).parents[2] / "examples"


class Example:
    """Runs the examples in an empty folder, each as a person would."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def run(self, name: str, *arguments: str, said: str = "") -> list[str]:
        """Run an example that must succeed; return the lines it prints."""
        done = self.start(name, *arguments, said=said)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    def start(self, name: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run an example to its end, whatever that is."""
        return subprocess.run(
            [sys.executable, EXAMPLES / name, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def example(tmp_path: Path, environment: dict[str, str]) -> Example:
    """The examples, with their model set."""
    return Example(tmp_path, environment)


def test_chat_bot_remembers_in_the_next_conversation(example: Example) -> None:
    """What a person says to the bot is told to the model when they talk to it the next time."""
    first, second = example.run("chat_bot.py", "Will", said="I keep bees.\nGuess what I said!\n")
    assert first.endswith("/ nothing yet")
    assert second.endswith("/ nothing yet")
    [reply] = example.run("chat_bot.py", "Will", said="What of my bees?\n")
    assert "- Will said I keep bees." in reply
    [of_another] = example.run("chat_bot.py", "Jo", said="What of my bees?\n")
    assert of_another.endswith("/ nothing yet")


def test_chat_bot_tells_the_model_what_was_said_before(
    example: Example, model: ScriptedModel
) -> None:
    """The second question goes to the model together with the first one and its answer."""
    example.run("chat_bot.py", said="I keep bees.\nGuess what I said!\n")
    asked = [one.body["messages"] for one in model.requests if "response_format" not in one.body]
    assert [message["role"] for message in asked[1]] == ["system", "user", "assistant", "user"]
    assert [asked[1][1]["content"], asked[1][3]["content"]] == [
        "I keep bees.",
        "Guess what I said!",
    ]


def test_chat_bot_needs_a_model(example: Example) -> None:
    """Without a model the bot says which variable to set."""
    del example.environment["LANGMEM_LLM_MODEL"]
    done = example.start("chat_bot.py")
    assert done.returncode == 1
    assert done.stderr.startswith("Set LANGMEM_LLM_MODEL to the name of a model")


def test_chat_bot_ends_without_a_word(example: Example) -> None:
    """A conversation in which nothing is said ends without an error."""
    assert example.run("chat_bot.py", said="") == []


def test_langgraph_agent_reads_what_it_posted(example: Example) -> None:
    """The graph's second conversation recalls the first one, and answers with it."""
    lines = example.run("langgraph_agent.py")
    assert lines[0] == "recalled: []"
    assert lines[2] == "recalled: ['user said My sister Ada keeps bees.']"
    assert "My sister Ada keeps bees." in lines[3]


def test_migration_replays_a_log_once(example: Example) -> None:
    """Replaying the log makes its memories; doing so again stores no message twice."""
    log = str(EXAMPLES / "chat_log.jsonl")
    first, second = (example.run("migrate.py", log) for _ in range(2))
    for summary, profile, memory in (first, second):
        assert summary == "6 messages in 3 threads"
        assert "'name'" in profile
        assert memory == "Will said My sister Ada keeps bees."


@pytest.fixture
def web_app(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The application of the example, over a service in memory."""
    for name, value in (environment | {"LANGMEM_API_URL": "memory://"}).items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("fastapi_app", EXAMPLES / "fastapi_app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fastapi_app", module)
    spec.loader.exec_module(module)
    return module.app


@pytest.mark.anyio
async def test_web_application_remembers_and_erases(web_app: Any) -> None:
    """A user's words are kept, found, told to the model, and gone when the user is erased."""
    user_id, thread_id = str(uuid.uuid4()), str(uuid.uuid4())
    transport = httpx.ASGITransport(web_app)
    async with (
        web_app.router.lifespan_context(web_app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser,
    ):
        said = {"user_id": user_id, "thread_id": thread_id, "text": "I keep bees."}
        first = (await browser.post("/chat", json=said)).raise_for_status()
        assert first.json()["reply"].endswith("/ nothing yet")
        await web_app.state.memory.trigger_all_for_thread(thread_id, wait=60)
        listed = await browser.get(f"/users/{user_id}/memories", params={"about": "bees"})
        assert listed.json() == ["user said I keep bees."]
        again = await browser.post("/chat", json=said | {"text": "And bees?"})
        assert "user said I keep bees." in again.json()["reply"]
        assert (await browser.delete(f"/users/{user_id}")).status_code == 200
        assert (await browser.delete(f"/users/{user_id}")).status_code == 404
        assert (await browser.get(f"/users/{user_id}/memories")).json() == []
