from __future__ import annotations

from typing import Any

import pytest

from tests.parity import legacy
from tests.parity.failures import LEAST

CLASSES = ("Client", "AsyncClient")
Parameters = dict[str, list[str]]
"""By name, in order: kind, and default if there is one."""

ALLOWED: dict[str, dict[str, list[str] | None]] = {
    # The printed examples give the messages by position.
    "add_messages": {"messages": ["POSITIONAL_OR_KEYWORD"]},
    # Returns at once unless it is told to wait, as it always did.
    "trigger_all_for_thread": {"wait": ["KEYWORD_ONLY", "None"]},
    "trigger_all_for_user": {"wait": ["KEYWORD_ONLY", "None"]},
    # Equal to the old {}, and nobody can write to it.
    "create_user": {"metadata": ["KEYWORD_ONLY", "mappingproxy({})"]},
}
"""By method: the parameters that differ or are new, as ours are."""

NEW = {
    "Client": {"close", "list_user_memory"},
    "AsyncClient": {"aclose"},
}
NEW_IN_BOTH = {
    "delete_user",
    "delete_thread",
    "get_health",
    "list_thread_runs",
    "list_user_runs",
    "export_records",
    "import_records",
    "memory_function",
    "resume",
    "retry_run",
    "list_usage",
    "get_readiness",
    "wait_for_memories",
    "with_options",
}
"""Methods only this client has; `list_user_memory` was missing from the sync client alone."""


@pytest.fixture(scope="session")
def old() -> dict[str, Any]:
    """What the last published SDK says of itself."""
    legacy.require()
    return dict(legacy.lines("describe.py", ours=False)[0])


@pytest.fixture(scope="session")
def ours() -> dict[str, Any]:
    """What this project's client says of itself."""
    return dict(legacy.lines("describe.py", ours=True)[0])


def methods(said: dict[str, Any], cls: str) -> dict[str, Parameters]:
    """Return the parameters of each method of a class."""
    described = said["classes"][cls]["methods"]
    return {name: method["parameters"] for name, method in described.items()}


@pytest.mark.parametrize("cls", CLASSES)
def test_methods(cls: str, old: dict[str, Any], ours: dict[str, Any]) -> None:
    """No method is lost, and those added are the ones listed here."""
    before, now = set(methods(old, cls)), set(methods(ours, cls))
    assert before - now == set()
    assert now - before == NEW[cls] | NEW_IN_BOTH


def test_table_has_every_method(old: dict[str, Any]) -> None:
    """The table of calls knows every method of the last published SDK."""
    known = {name for cls in CLASSES for name in methods(old, cls)}
    assert known - {"__init__"} == set(LEAST)


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("name", sorted(LEAST))
def test_parameters(cls: str, name: str, old: dict[str, Any], ours: dict[str, Any]) -> None:
    """Names, kinds, order and defaults of a method's parameters are what they were."""
    only_async = (cls, name) == ("Client", "list_user_memory")
    before = methods(old, "AsyncClient" if only_async else cls)[name]
    now = methods(ours, cls)[name]
    differing = {one: now.get(one) for one in before | now if before.get(one) != now.get(one)}
    assert differing == ALLOWED.get(name, {})
    assert [one for one in now if one in before] == list(before)


@pytest.mark.parametrize("cls", CLASSES)
def test_constructor(cls: str, old: dict[str, Any], ours: dict[str, Any]) -> None:
    """The constructor takes what it took; whatever it takes besides is optional and named."""
    before, now = (methods(said, cls)["__init__"] for said in (old, ours))
    known, added = list(now.items())[: len(before)], list(now.items())[len(before) :]
    assert known == list(before.items())
    assert all(len(one) == 2 and one[0] == "KEYWORD_ONLY" for _, one in added)


def test_schemas(old: dict[str, Any], ours: dict[str, Any]) -> None:
    """The types of messages and states are there, and take every key they took."""
    assert set(old["schemas"]) >= {"OpenAIMessage", "Message", "Metadata"}
    for name, keys in old["schemas"].items():
        assert set(keys) <= set(ours["schemas"][name]), name


def test_default_timeout(old: dict[str, Any], ours: dict[str, Any]) -> None:
    """A client waits as long as it did."""
    assert ours["default timeout"] == old["default timeout"]
