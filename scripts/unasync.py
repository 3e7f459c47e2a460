"""Derive the synchronous client and its tests from the asynchronous ones.

    python scripts/unasync.py           write the derived files, delete what has no source
    python scripts/unasync.py --check   write nothing; exit 1 naming what differs, lacks or is extra

The derivation replaces text, docstrings and comments included, and then lets ruff sort the imports
and fold the lines that became shorter.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each has an _async and gets a _sync.
FOLDERS = ("langmem", "tests", "tests/integration", "typing_tests")

# In this order. A rule that finds nothing in any file is an error: it has outlived its use.
RULES = [
    # The reference's synchronous `list_messages` has its keywords in another order.
    (r"( +ascending_order: .*\n)( +page_size: .*\n +limit: .*\n)", r"\2\1"),
    (r"AsyncGenerator\[(\w+), None\]", r"Generator[\1, None, None]"),
    (r"for item in (.+):\n +yield item\n", r"yield from \1\n"),
    (r"from langmem\._awaitable import AwaitableList\n", ""),
    (r"AwaitableList\[", "list["),
    (r"AwaitableList\(lambda: (.+)\)", r"\1"),
    (r" +Await what it returns for a list, or iterate .*\n", ""),
    (r"pytestmark = pytest\.mark\.anyio\n", ""),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"\[(\w+) async for \1 in (.+\))\]", r"list(\2)"),
    (r"\bawait ", ""),
    (r"\basync (def|for|with) ", r"\1 "),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\banext\(", "next("),
    (r"\basleep\b", "sleep"),
    (r"\baiter_bytes\b", "iter_bytes"),
    (r"\baread\b", "read"),
    (r"\bhandle_async_request\b", "handle_request"),
    (r"\b_async_pool\b", "_pool"),
    (r"\bAsync([A-Z])", r"\1"),
    (r"\basynchronous\b", "synchronous"),
]


def main() -> int:
    """Derive, then write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description="Derive the synchronous client and its tests.")
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    wanted = derive_all()
    present = {path for folder in FOLDERS for path in (ROOT / folder / "_sync").rglob("*.py")}
    faults = [f"extra: {path.relative_to(ROOT)}" for path in sorted(present - wanted.keys())]
    for path, text in sorted(wanted.items()):
        if path not in present:
            faults.append(f"missing: {path.relative_to(ROOT)}")
        elif path.read_text(encoding="utf-8") != text:
            faults.append(f"differs: {path.relative_to(ROOT)}")
    if not check:
        write(wanted, present)
    print("\n".join(faults) or "The derived files are up to date.")
    return 1 if check and faults else 0


def derive_all() -> dict[Path, str]:
    """Derive each file; return the texts by the paths they belong at."""
    unused = {pattern for pattern, _ in RULES}
    derived = {}
    for folder in FOLDERS:
        for source in sorted((ROOT / folder / "_async").rglob("*.py")):
            target = ROOT / folder / "_sync" / source.relative_to(ROOT / folder / "_async")
            text = source.read_text(encoding="utf-8")
            for pattern, replacement in RULES:
                text, count = re.subn(pattern, replacement, text)
                if count:
                    unused.discard(pattern)
            derived[target] = tidy(header(source) + text, target)
    if unused:
        sys.exit("Rules that found nothing:\n" + "\n".join(sorted(unused)))
    return derived


def header(source: Path) -> str:
    """Return the line that says where a derived file comes from."""
    return f"# Derived by scripts/unasync.py from {source.relative_to(ROOT)}: edit that instead.\n"


def tidy(text: str, path: Path) -> str:
    """Sort the imports and format, as the checkout's own settings say."""
    name = ["--quiet", "--stdin-filename", str(path), "-"]
    for command in (["check", "--select", "I,F401", "--fix"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, *name]
        run = subprocess.run(
            ruff, input=text, capture_output=True, text=True, check=False, cwd=ROOT
        )
        if run.returncode:
            sys.exit(f"ruff refuses what is derived for {path.relative_to(ROOT)}:\n{run.stderr}")
        text = run.stdout
    return text


def write(wanted: dict[Path, str], present: set[Path]) -> None:
    """Write what is wanted and delete what is not."""
    for path in present - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
