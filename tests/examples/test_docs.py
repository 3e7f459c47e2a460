"""What the pages of the documentation say can be run, and is so."""

from __future__ import annotations

import re
import uuid
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from langmem import Client
from langmem_server import cli
from langmem_server.settings import VARIABLES, Settings
from tests.examples import pages
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from pathlib import Path

# What a model might make of the conversation on the page of concepts, by memory function.
REMEMBERED: dict[str, Any] = {
    "UserProfile": {"name": "Will", "interests": ["pikas"]},
    "Belief": {"memories": [{"belief": "More people should know about pikas."}]},
    "ConversationSummary": {"title": "Haypiles of pikas", "topic": ["pikas", "rabbits"]},
    "SemanticUserMemory": {
        "triples": [
            {
                "subject": "Will",
                "predicate": "knows that",
                "object": "pikas make haypiles",
                "importance": 4,
            }
        ]
    },
}
NEEDS_A_MODEL = {"concepts.md"}
# Pages whose blocks are files of a project, not one program; these tests make the files.
OF_OTHER_TESTS = {"testing.md": "tests/testing/test_documentation.py"}
# What a page takes as known from the pages before it.
KNOWN: dict[str, dict[str, Any]] = {
    "errors.md": {
        "Client": Client,
        "thread_id": uuid.uuid4(),
        "messages": [{"role": "user", "content": "I keep bees."}],
    },
}


def remembered(body: dict[str, Any]) -> Any:
    """Answer for a memory function, which is named in the question."""
    return REMEMBERED[body["response_format"]["json_schema"]["name"]]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGMEM_API_URL", "memory://")


@pytest.mark.parametrize("page", sorted(pages.names() - OF_OTHER_TESTS.keys()))
def test_python_of_a_page_runs_and_prints_what_the_page_says(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks of a page are one program that runs, and prints what stands below them."""
    with ScriptedModel() as model:
        model.default(remembered)
        if page in NEEDS_A_MODEL:
            monkeypatch.setenv("LANGMEM_LLM_BASE_URL", model.base_url)
            monkeypatch.setenv("LANGMEM_LLM_MODEL", "scripted")
        pages.run(page, dict(KNOWN.get(page, {})))


@pytest.mark.parametrize(("page", "tests"), OF_OTHER_TESTS.items())
def test_page_with_tests_of_its_own_has_them(page: str, tests: str) -> None:
    """A page that is not run here is named by the tests that run it."""
    assert page in (pages.DOCS.parent / tests).read_text(encoding="utf-8")


def test_first_page_shows_six_lines() -> None:
    """The first page's program is six lines long and says what it prints."""
    [program] = pages.blocks("index.md")
    assert len(program.source.splitlines()) == 6
    assert program.prints


def test_backup_of_a_running_service_holds_what_was_stored(tmp_path: Path) -> None:
    """A copy made as the page says, while a service has the file, has its newest message."""
    thread_id = uuid.uuid4()
    with Client((tmp_path / "langmem.db").as_uri()) as client:
        client.add_messages(thread_id, [{"role": "user", "content": "I keep bees."}])
        page = (pages.DOCS / "operations.md").read_text(encoding="utf-8")
        [copying] = re.findall(r"^\$ langmem-server (backup .+)$", page, re.MULTILINE)
        assert cli.main(copying.split()) == 0
    with Client((tmp_path / "langmem-copy.db").as_uri()) as client:
        assert [one["content"] for one in client.list_messages(thread_id)] == ["I keep bees."]


@pytest.mark.parametrize("field", VARIABLES)
def test_setting_of_the_service_is_documented(field: str) -> None:
    """The page for operators has each setting's variable, with the default that the code has."""
    text = (pages.DOCS / "operations.md").read_text(encoding="utf-8")
    default = getattr(Settings(), field)
    number = f"{default:g}" if isinstance(default, float) else default
    shown = "none" if default is None else f"`{number}`"
    [row] = re.findall(rf"^\|.*\| `{VARIABLES[field][0]}` \| (.*?) \|", text, re.MULTILINE)
    assert row == shown


def test_setting_of_the_clients_is_documented() -> None:
    """The reference of settings has each argument of the clients, and no other."""
    text = (pages.DOCS / "reference/settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [*signature(Client).parameters]


def test_methods_that_the_pages_call_exist() -> None:
    """Whatever a page calls on `client` is a method of the clients."""
    for path in pages.DOCS.rglob("*.md"):
        for name in re.findall(r"\bclient\.(\w+)\(", path.read_text(encoding="utf-8")):
            assert hasattr(Client, name), f"{path.name}: {name}"
