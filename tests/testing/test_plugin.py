"""The plugin as pytest loads it in somebody else's project."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run_here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the tests written so far in this process, with this plugin and those named."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess("-p", "langmem", *arguments)

    return run


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the tests written so far in a process of their own, with this plugin alone."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess("-p", "langmem", *arguments)

    return run


def test_the_plugin_costs_nothing_where_it_is_not_used(pytester: pytest.Pytester, run: Run) -> None:
    """In a project without LangMem the plugin imports nothing and changes no test."""
    pytester.makepyfile(
        """
        import sys

        HEAVY = {"attr", "httpx", "jsonschema", "langmem_api", "langmem_server", "pydantic",
                 "langmem.client", "langmem._local", "langmem.testing._service"}

        def test_imports():
            assert HEAVY & set(sys.modules) == set()
            assert "langmem.testing._plugin" in sys.modules

        def test_no_hooks(request):
            plugin = request.config.pluginmanager.get_plugin("langmem")
            assert [name for name in vars(plugin) if name.startswith("pytest_")] == []
            assert {"tmp_path", "langmem_service"}.isdisjoint(request.fixturenames)
        """
    )
    result = run()
    result.assert_outcomes(passed=2)


def test_the_fixtures_are_shown(run: Run) -> None:
    """`pytest --fixtures` says what each fixture is."""
    result = run("--fixtures")
    result.stdout.fnmatch_lines(
        [
            "langmem_service -- *langmem/testing/_plugin.py:*",
            "*A LangMem service in memory, with a scripted model*",
            "langmem_client -- *langmem/testing/_plugin.py:*",
            "langmem_async_client -- *langmem/testing/_plugin.py:*",
        ]
    )


def test_each_test_has_a_fresh_service(pytester: pytest.Pytester, run_here: Run) -> None:
    """What one test stores no other sees; the clients of one test share its service."""
    pytester.makepyfile(
        """
        import asyncio
        import uuid

        import pytest

        @pytest.mark.parametrize("_", range(2))
        def test_fresh(_, langmem_client):
            assert langmem_client.list_users() == []
            langmem_client.create_user(user_id=uuid.uuid4(), name="Will")

        def test_without_a_plugin_for_coroutines(langmem_client, langmem_async_client):
            langmem_client.create_user(user_id=uuid.uuid4(), name="Will")
            assert len(asyncio.run(langmem_async_client.list_users())) == 1
            assert len(asyncio.run(langmem_async_client.list_users())) == 1

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        async def test_with_anyio(langmem_client, langmem_async_client):
            langmem_client.create_user(user_id=uuid.uuid4(), name="Will")
            assert len(await langmem_async_client.list_users()) == 1

        @pytest.mark.anyio
        async def test_closed_by_the_test(langmem_async_client):
            async with langmem_async_client as client:
                assert await client.list_users() == []
        """
    )
    result = run_here("-W", "error", "-p", "anyio")
    result.assert_outcomes(passed=5)


def test_what_is_left_over_fails_a_test_that_passes(
    pytester: pytest.Pytester, run_here: Run
) -> None:
    """Replies and faults that nothing met are an error at the end; not so if the test failed."""
    pytester.makepyfile(
        """
        def test_reply(langmem_service):
            langmem_service.model.reply({"name": "Will"}, function="Profile")

        def test_fault(langmem_service, langmem_client):
            langmem_service.delay(0.2, times=2, operation="get_health")
            langmem_client.get_health()

        def test_swallowed(langmem_client):
            try:
                langmem_client.client.get("/nothing")
            except AssertionError:
                pass

        def test_failing(langmem_service):
            langmem_service.fail(429)
            assert False, "its own reason"
        """
    )
    result = run_here()
    result.assert_outcomes(passed=3, errors=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            'reply({"name": "Will"}) (1 left): no memory function asked for it',
            "delay(0.2) (1 left): no such request came",
            "*GET /nothing does not follow openapi.yaml: no operation has this method and path",
            "*its own reason*",
        ]
    )
    result.stdout.no_fnmatch_line("*fail(429) (1 left)*")


def test_without_the_extra_the_fixture_says_what_to_install(
    pytester: pytest.Pytester, run: Run
) -> None:
    """With the client alone, tests run; one with the fixture says what is missing."""
    pytester.makeconftest("import sys; sys.modules['jsonschema'] = None")
    pytester.makepyfile(
        """
        def test_with(langmem_client):
            pass

        def test_without():
            pass
        """
    )
    result = run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(['*which is not installed: pip install "langmem[[]server]"*'])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_plugin_can_be_left_out(pytester: pytest.Pytester) -> None:
    """`-p no:langmem` turns the plugin off."""
    pytester.makepyfile("def test_client(langmem_client): pass")
    result = pytester.runpytest_subprocess("-p", "no:langmem")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'langmem_client' not found*"])


def test_the_plugin_imports_pytest_and_no_more() -> None:
    """All that every run of pytest pays is three small modules."""
    program = (
        "import sys, pytest; before = set(sys.modules); import langmem.testing._plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["langmem", "langmem.testing", "langmem.testing._plugin"]
