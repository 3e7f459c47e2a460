from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from langmem.testing import RecordedRequest, ScriptedModel, Service

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).resolve().parents[2] / "docs/testing.md").read_text(encoding="utf-8")


def test_the_page_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the page shows are tests that pass, and do with its own fixture as well."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    files: dict[str, str] = {}
    for name, part in re.findall(r'```py title="(\w+)\.py"\n(.*?)```', PAGE, re.DOTALL):
        files[name] = files.get(name, "") + part
    assert PAGE.count("```") == 2 * PAGE.count("```py title=")
    conftest = files.pop("conftest")
    for more in ({}, {"conftest": conftest}):
        pytester.makepyfile(**files, **more)
        result = pytester.runpytest_subprocess("-p", "langmem", "-W", "error")
        result.assert_outcomes(passed=PAGE.count("def test_"))


def test_the_page_tells_all() -> None:
    """Every public method and attribute of a service is on the page."""
    names = {
        name
        for kind in (Service, ScriptedModel, RecordedRequest)
        for name, _ in inspect.getmembers(kind)
        if not name.startswith("_")
    } - {"close", "handle", "leftovers", "respond", "verify"}
    names |= {"questions", "requests", "url"}
    assert {name for name in names if not re.search(rf"\b{name}\b", PAGE)} == set()
