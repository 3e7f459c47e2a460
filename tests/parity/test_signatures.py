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
    # Equal to the old {}, and nobody can write to it.
    "create_user": {"metadata": ["KEYWORD_ONLY", "mappingproxy({})"]},
}
"""By method: the parameters that differ, as ours are."""

NEW = {
    "Client": {"close", "list_user_memory"},
    "AsyncClient": {"aclose"},
}
NEW_IN_BOTH = {"delete_user", "delete_thread", "list_user_runs", "list_thread_runs", "get_health"}
"""Methods only this client has; `list_user_memory` was missing from the sync client alone."""


@pytest.fixture(scope="session")
def old_classes() -> dict[str, Any]:
    """What the last published SDK says of its clients."""
    legacy.require()
    return dict(legacy.lines("describe.py", ours=False)[0])


@pytest.fixture(scope="session")
def our_classes() -> dict[str, Any]:
    """What this project says of its clients."""
    return dict(legacy.lines("describe.py", ours=True)[0])


def methods(classes: dict[str, Any], cls: str) -> dict[str, Parameters]:
    """Return the parameters of each method of a class."""
    return {name: method["parameters"] for name, method in classes[cls]["methods"].items()}


@pytest.mark.parametrize("cls", CLASSES)
def test_methods(cls: str, old_classes: dict[str, Any], our_classes: dict[str, Any]) -> None:
    """No method is lost, and those added are the ones listed here."""
    old, ours = set(methods(old_classes, cls)), set(methods(our_classes, cls))
    assert old - ours == set()
    assert ours - old == NEW[cls] | NEW_IN_BOTH


def test_table_has_every_method(old_classes: dict[str, Any]) -> None:
    """The table of calls knows every method of the last published SDK."""
    old = {name for cls in CLASSES for name in methods(old_classes, cls)}
    assert old - {"__init__"} == set(LEAST)


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("name", sorted(LEAST))
def test_parameters(
    cls: str, name: str, old_classes: dict[str, Any], our_classes: dict[str, Any]
) -> None:
    """Names, kinds, order and defaults of a method's parameters are what they were."""
    if (cls, name) == ("Client", "list_user_memory"):
        old = methods(old_classes, "AsyncClient")[name]
    else:
        old = methods(old_classes, cls)[name]
    ours = methods(our_classes, cls)[name]
    differing = {one: ours.get(one) for one in old | ours if old.get(one) != ours.get(one)}
    assert differing == ALLOWED.get(name, {})
    assert list(ours) == list(old)


@pytest.mark.parametrize("cls", CLASSES)
def test_constructor(cls: str, old_classes: dict[str, Any], our_classes: dict[str, Any]) -> None:
    """The constructor takes what it took; whatever it takes besides is optional and named."""
    old, ours = (methods(seen, cls)["__init__"] for seen in (old_classes, our_classes))
    assert dict(list(ours.items())[: len(old)]) == old
    assert all(
        len(one) == 2 and one[0] == "KEYWORD_ONLY" for one in list(ours.values())[len(old) :]
    )
