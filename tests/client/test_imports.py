from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

# What each package may import besides the standard library and itself.
LAW = {
    "generated/langmem_api": {"httpx", "attrs", "attr"},
    "langmem": {"httpx", "langmem_api"},
}
# What some may import besides, since they are imported only by those who have it.
OPTIONAL = {
    "langmem/integrations/langchain.py": {"langchain_core"},
    "langmem/_codec.py": {"msgspec"},
    "langmem/_cli/": {"rich", "typer"},
    "langmem/testing/": {"jsonschema", "pytest"},
    "langmem/_aiohttp.py": {"aiohttp"},
    "langmem/_connection.py": {"aiohappyeyeballs", "aiohttp"},
    "langmem/_local.py": {"anyio", "langmem_server"},  # the one seam
}


def imports(path: Path) -> Iterator[str]:
    """The top-level packages a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("package", LAW)
def test_a_package_imports_what_it_may(package: str) -> None:
    """Arrows point one way: the client knows the generated code, and that knows neither."""
    paths = sorted((ROOT / package).rglob("*.py"))
    assert paths
    allowed = LAW[package] | sys.stdlib_module_names | {Path(package).name}
    found: dict[str, set[str]] = {}
    for path in paths:
        place = path.relative_to(ROOT).as_posix()
        part = next(filter(place.startswith, OPTIONAL), place)
        if names := set(imports(path)) - allowed:
            found[part] = found.get(part, set()) | names
    assert found == {p: names for p, names in OPTIONAL.items() if p.startswith(f"{package}/")}


def test_the_service_does_not_know_the_client() -> None:
    """The service and the client share the API's description and nothing else."""
    paths = sorted((ROOT / "langmem_server").rglob("*.py"))
    assert paths
    assert [path for path in paths if "langmem" in set(imports(path))] == []


HEAVY = {"aiohttp", "attr", "attrs", "httpx", "langchain_core", "pydantic"}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import langmem", set()),
        ("import langmem; dir(langmem)", set()),
        ("import langmem.schemas", set()),
        ("from langmem import schemas; schemas.User", set()),
        ("import langmem.errors", {"httpx"}),
        ("from langmem import Client, AsyncClient", {"httpx"}),
        ("from langmem.typed import UserState", {"httpx"}),
        (
            "from langmem import Client, _schema; Client('http://x'); _schema.json_schema({}, 'x')",
            {"httpx"},
        ),
    ],
)
def test_nothing_is_imported_before_it_is_used(statement: str, expected: set[str]) -> None:
    """Importing the package costs little, and the client needs httpx alone."""
    program = f"{statement}\nimport sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(run.stdout.split()) == expected
