"""Writes README's table of methods from openapi.yaml; with --check, compares instead."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- methods: written by scripts/method_table.py from openapi.yaml -->\n"
END = "<!-- end of methods -->\n"


def rows(spec: dict[str, Any]) -> list[str]:
    """One row for each operation, in the order of the document's tags."""
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                row = _row(method.upper(), path, operation)
                by_tag[operation["tags"][0]].append(row)
    return [row for tag in by_tag.values() for row in tag]


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    new = " *(new)*" if operation.get("x-langmem-extension") else ""
    return f"| `{operation['operationId']}` | `{method} {path}` | {operation['summary']}{new} |\n"


def render(readme: str, spec: dict[str, Any]) -> str:
    """README's text with the table between its two markers."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    table = "| method | request | what it does |\n| --- | --- | --- |\n" + "".join(rows(spec))
    return before + BEGIN + table + END + after


def main() -> None:
    """Write or check the table."""
    path = ROOT / "README.md"
    readme = path.read_text(encoding="utf-8")
    wanted = render(readme, yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8")))
    if readme == wanted:
        return
    if "--check" in sys.argv[1:]:
        raise SystemExit("README.md: the table of methods is stale; run scripts/generate")
    path.write_text(wanted, encoding="utf-8")
    print("README.md: wrote the table of methods")


if __name__ == "__main__":
    main()
