from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from langmem_server import __main__, cli

if TYPE_CHECKING:
    import pytest


def test_the_command_line_decides_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m langmem_server` ends with the status of the command."""
    monkeypatch.setattr(cli, "main", lambda: 2)
    assert __main__.main() == 2


def test_a_missing_library_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a library of the service the command names it, and the extra that brings it."""
    monkeypatch.delitem(sys.modules, "langmem_server.cli")
    monkeypatch.delitem(sys.modules, "langmem_server.connections", raising=False)
    monkeypatch.delattr("langmem_server.cli")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert __main__.main() == 1
    error = capsys.readouterr().err
    assert "uvicorn is not installed" in error
    assert 'pip install "langmem[server]"' in error
    assert error.count("\n") == 1
