from __future__ import annotations

import subprocess
import sys
import unittest
import uuid
from pathlib import Path
from typing import Any

import pytest

import langmem.testing
from langmem import AsyncClient, Client
from langmem.testing import Service

ROOT = Path(__file__).resolve().parents[2]
USER = uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6")


def test_every_client_of_the_process_reaches_the_service(
    langmem_service: Service, langmem_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of the code under test, made with the URL or by the environment, shares it all."""
    langmem_client.create_user(user_id=USER, name="Will")
    monkeypatch.setenv("LANGMEM_API_URL", langmem_service.url)
    langmem_service.fail(503, retry_after=0)
    with Client() as client:
        assert client.get_user(USER)["name"] == "Will"
    assert [each.status for each in langmem_service.requests] == [200, 503, 200]


@pytest.mark.anyio
async def test_both_colours_share_the_service(
    langmem_client: Client, langmem_async_client: AsyncClient, langmem_service: Service
) -> None:
    """What one client writes the other reads, and each meets the faults."""
    langmem_client.create_user(user_id=USER, name="Will")
    langmem_service.drop_after_write()
    await langmem_async_client.update_user(USER, name="William")
    assert langmem_client.get_user(USER)["name"] == "William"
    assert [each.status for each in langmem_service.requests] == [200, None, 200, 200]


def test_services_are_apart() -> None:
    """Two services at a time know nothing of each other."""
    with Service() as one, Service() as two, Client(one.url) as first, Client(two.url) as second:
        first.create_user(user_id=USER, name="Will")
        assert second.list_users() == []
        assert two.url != one.url
        assert repr(two) == f"Service({two.url!r})"


def said(text: str) -> list[dict[str, Any]]:
    """A message of the user's."""
    return [{"role": "user", "content": text, "name": "Will", "metadata": {"user_id": USER}}]


def test_a_service_processes_by_itself_when_told() -> None:
    """With a short delay memories are made without a trigger."""
    with Service(processing_delay=0.01) as service, Client(service.url) as client:
        service.model.reply({"title": "Bees"})
        client.create_memory_function(
            {"title": "Topic", "type": "object", "properties": {"title": {"type": "string"}}},
            target_type="thread_summary",
        )
        thread = uuid.uuid4()
        client.add_messages(thread, said("I keep bees."))
        assert client.wait_for_memories(thread_id=thread, timeout=20).ok
        [output] = client.list_thread_memory(thread)
        assert output["output"] == {"title": "Bees"}


def test_a_service_may_have_no_model() -> None:
    """Without a model nothing is asked, and what the user said is kept word for word."""
    with Service(with_model=False) as service, Client(service.url) as client:
        thread = uuid.uuid4()
        client.add_messages(thread, said("I keep bees."))
        assert client.trigger_all_for_thread(thread, wait=20).ok
        [memory] = client.query_user_memory(USER, "bees")["memories"]
        assert memory["text"] == "Will said I keep bees."
        assert client.get_health()["model_configured"] is False
        assert service.model.questions == []


def test_a_client_that_outlives_its_service_is_told() -> None:
    """A client that a test forgot reaches nothing afterwards, and nobody can take its place."""
    with Service() as service:
        client = Client(service.url)
        assert client.list_users() == []
    service.close()
    with pytest.raises(RuntimeError, match="ended with its test: make a client anew"):
        client.list_users()


def test_a_block_that_breaks_off_is_not_looked_over() -> None:
    """Of a test that fails its own error is shown, not what it did not get to."""

    def use(outcome: type[Exception] | None) -> None:
        with Service() as service:
            service.fail(429)
            if outcome is not None:
                raise outcome

    with pytest.raises(ZeroDivisionError):
        use(ZeroDivisionError)
    with pytest.raises(AssertionError, match=r"fail\(429\)"):
        use(None)


def test_unittest_needs_no_plugin() -> None:
    """A service is entered by hand where pytest is not used."""

    class OfUnittest(unittest.TestCase):
        def test_users(self) -> None:
            service = self.enterContext(Service())
            self.assertEqual(Client(service.url).list_users(), [])  # noqa: PT009 - unittest's

    result = unittest.TestResult()
    OfUnittest("test_users").run(result)
    assert result.wasSuccessful()
    assert result.testsRun == 1


def test_the_package_exports_what_tests_import() -> None:
    """The public names are sorted and present; others are missing as in any module."""
    assert langmem.testing.__all__ == sorted(langmem.testing.__all__)
    assert set(langmem.testing.__all__) <= set(dir(langmem.testing))
    assert all(getattr(langmem.testing, name) for name in langmem.testing.__all__)
    with pytest.raises(AttributeError, match=r"'langmem\.testing' has no attribute 'Model'"):
        langmem.testing.Model  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


def test_pytest_is_not_needed() -> None:
    """Services can be had where pytest is not installed."""
    program = (
        "import sys; sys.modules['pytest'] = None\n"
        "from langmem.testing import Service\n"
        "with Service() as service: print(service.url)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.startswith("memory://test-")


@pytest.mark.parametrize("missing", ["jsonschema", "jsonpatch", "starlette"])
def test_a_missing_extra_is_named(missing: str) -> None:
    """Without `langmem[server]` a service says in a sentence what to install."""
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from langmem.testing import Service\n"
        "try: Service()\nexcept ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert 'pip install "langmem[server]"' in run.stdout
