from __future__ import annotations

import pytest

from tests.parity import legacy


def test_without_the_last_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the old environment these tests are skipped with the reason, and in CI they fail."""
    monkeypatch.setattr(legacy, "missing", lambda: "no network")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no network"):
        legacy.require()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no network"):
        legacy.require()


def test_with_the_last_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the old environment nothing is skipped."""
    monkeypatch.setattr(legacy, "missing", lambda: "")
    legacy.require()


def test_a_program_that_fails() -> None:
    """A program that fails is an error that shows what it said, not an empty result."""
    with pytest.raises(AssertionError, match=r"ModuleNotFoundError: No module named 'nowhere'"):
        legacy.lines("driver.py", "nowhere", ours=True)
