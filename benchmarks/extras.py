"""Which packages `langmem[fast]` adds, as pyproject.toml says."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.util import find_spec

from benchmarks.processes import ROOT

# A package is hidden with what it would bring along.
_BESIDES = {"httpx_aiohttp": ("aiohttp",)}


def fast_modules() -> tuple[str, ...]:
    """Return the names to import of the packages of `langmem[fast]`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [
        re.split(r"[^\w-]", requirement)[0].replace("-", "_")
        for requirement in project["optional-dependencies"].get("fast", ())
    ]
    return tuple(module for name in names for module in (name, *_BESIDES.get(name, ())))


def missing_fast() -> str:
    """Say why `langmem[fast]` cannot be measured here; the empty string if it can."""
    if not (modules := fast_modules()):
        return "no such extra"
    missing = [name for name in modules if find_spec(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


def hide_fast() -> None:
    """Make this process one without the packages of `langmem[fast]`."""
    sys.modules.update(dict.fromkeys(fast_modules()))  # type: ignore[arg-type]  # None hides one
