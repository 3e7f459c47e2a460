"""The Python of the documentation's pages, found and run."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from langmem import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"

# A block of Python, and a block of text that follows it at once.
_BLOCK = re.compile(
    r"^```python[^\n]*\n(?P<source>.*?)^```$(?:\n\n```text\n(?P<prints>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A block of Python, and what the page says it prints; None where it says nothing."""

    source: str
    prints: str | None


def names() -> set[str]:
    """Return the pages that show Python, by their paths in `docs`."""
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    return {page for page in pages if any(blocks(page))}


def blocks(page: str) -> Iterator[Block]:
    """Find the Python of a page, but for what it includes: `examples/` have their own tests."""
    for match in _BLOCK.finditer((DOCS / page).read_text(encoding="utf-8")):
        if not match["source"].startswith("--8<--"):
            yield Block(match["source"], match["prints"])


def run(page: str, namespace: dict[str, Any]) -> None:
    """Run the blocks of a page one after the other, as in one program, and compare what they print.

    Args:
        page: The page, by its path in `docs`.
        namespace: Names the page takes as known; it gets those that the page defines.
    """
    with asyncio.Runner() as runner, contextlib.ExitStack() as stack:
        stack.callback(_close_all, namespace)
        for block in blocks(page):
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(block.source, page, "exec", flags, dont_inherit=True)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                value = eval(code, namespace)
                if inspect.iscoroutine(value):
                    runner.run(value)
            if block.prints is not None:
                assert output.getvalue() == block.prints, block.source


def _close_all(namespace: dict[str, Any]) -> None:
    for value in namespace.values():
        if isinstance(value, Client):
            value.close()
