"""Whether `langmem[fast]` is installed here, as pyproject.toml says what it is."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from benchmarks.processes import ROOT


def missing_fast() -> str:
    """Say why `langmem[fast]` cannot be measured here; the empty string if it can."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project["optional-dependencies"].get("fast")
    if requirements is None:
        return "there is no such extra"
    missing = list(filter(_is_missing, requirements))
    return f"not installed: {', '.join(missing)}" if missing else ""


def _is_missing(requirement: str) -> bool:
    try:
        distribution(re.split(r"[^\w.-]", requirement)[0])
    except PackageNotFoundError:
        return True
    return False
