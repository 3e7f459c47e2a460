from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from langmem_api.api import OPERATIONS

REPOSITORY = Path(__file__).resolve().parents[2]
GENERATED = REPOSITORY / "generated"
INPUTS = ("openapi.yaml", "generator-config.yml", "pyproject.toml")
HOSTILE = '[tool.ruff]\nline-length = 20\nindent-width = 2\nlint.select = ["ALL"]\n'


def load_program() -> Any:
    """Import scripts/generate.py, which is no module of a package."""
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "scripts/generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = load_program()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """What scripts/generate.py reads and writes, copied to where it may be spoilt."""
    root = tmp_path / "repository"
    (root / "scripts").mkdir(parents=True)
    for name in (*INPUTS, "scripts/generate.py"):
        shutil.copy(REPOSITORY / name, root / name)
    for name in ("templates", "generated"):
        shutil.copytree(
            REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return root


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program from a folder that has nothing to do with it."""
    return subprocess.run(
        command,
        cwd=Path("/"),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the check of a copied repository."""
    return run(sys.executable, root / "scripts" / "generate.py", "--check")


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_repository_agrees_with_its_api_document(tmp_path: Path) -> None:
    """The check is green, whatever surrounds the temporary folder, and leaves nothing behind."""
    (tmp_path / "pyproject.toml").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*\n", encoding="utf-8")
    command = REPOSITORY / "scripts" / "generate"
    result = run(command, "--check", TMPDIR=str(tmp_path), PYTHONHASHSEED="1")
    assert result.returncode == 0, result.stdout + result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"pyproject.toml", ".gitignore"}


def test_spoilt_output_is_named_and_mended(copied: Path) -> None:
    """The check names each spoilt file, says what to do, and doing that mends them all."""
    package = copied / "generated" / "langmem_api"
    change(package / "models" / "user.py", "class User:", "class User:  # by hand")
    (package / "errors.py").unlink()
    (package / "models" / "stale.py").touch()
    (package / "api" / "__init__.py").write_bytes(b"")
    result = check(copied)
    assert result.returncode == 1
    assert result.stderr.splitlines()[:-1] == [
        "generated/langmem_api/api/__init__.py differs",
        "generated/langmem_api/errors.py is missing",
        "generated/langmem_api/models/stale.py is extra",
        "generated/langmem_api/models/user.py differs",
    ]
    assert "run scripts/generate and commit" in result.stderr.splitlines()[-1]

    assert run(sys.executable, copied / "scripts" / "generate.py").returncode == 0
    assert generate.differences(GENERATED, copied / "generated") == []


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("langmem_api/py.typed", b"\n", "generated/langmem_api/py.typed differs"),
        ("langmem_api/openapi.json", b"{}\n", "generated/langmem_api/openapi.json differs"),
        ("langmem_api.lock", b"{}\n", "generated/langmem_api.lock differs"),
        ("langmem_api/client.py", None, "generated/langmem_api/client.py is missing"),
        ("langmem_api/notes.txt", b"", "generated/langmem_api/notes.txt is extra"),
        ("langmem_api/__pycache__/client.cpython-311.pyc", b"", None),
    ],
)
def test_each_difference_alone_is_found(
    copied: Path, name: str, content: bytes | None, line: str | None
) -> None:
    """One changed, missing or extra file is enough; byte code alone does not count."""
    path = copied / "generated" / name
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    found = generate.differences(GENERATED, copied / "generated")
    assert found == ([] if line is None else [line])


def test_changed_api_document_fails_the_check(copied: Path) -> None:
    """A field added to the document shows in types, model, packaged document and lock."""
    change(
        copied / "openapi.yaml",
        "        id: { type: string, description: The user's id. }\n",
        "        id: { type: string, description: The user's id. }\n"
        "        nickname: { type: string }\n",
    )
    result = check(copied)
    assert result.returncode == 1
    assert result.stderr.splitlines()[:-1] == [
        "generated/langmem_api.lock differs",
        "generated/langmem_api/models/user.py differs",
        "generated/langmem_api/openapi.json differs",
        "generated/langmem_api/types.py differs",
    ]


def test_changed_template_fails_the_check(copied: Path) -> None:
    """A change of a template shows in the output; even one that changes nothing is in the lock."""
    change(copied / "templates" / "package_init.py.jinja", "{# Fixes", "{# It fixes")
    change(copied / "templates" / "edits.yml", "@define(repr=False)", "@define()")
    result = check(copied)
    assert result.returncode == 1
    assert result.stderr.splitlines()[:-1] == [
        "generated/langmem_api.lock differs",
        "generated/langmem_api/client.py differs",
    ]


@pytest.mark.parametrize(
    ("name", "mistake", "message"),
    [
        ("generator-config.yml", ("post_hooks:", "post_hook:"), "unknown keys: post_hook. Valid"),
        ("pyproject.toml", ("ruff==", "ruff==9"), "ruff .* is installed, which is not the pin"),
        ("pyproject.toml", ("openapi-python-client==", "x=="), "python-client .* not the pin"),
        ("openapi.yaml", ("openapi: 3.1.0", "openapi: ["), "openapi.yaml is not YAML"),
        ("openapi.yaml", ("title: LangMem", "title: L\n  title: M"), 'duplicate key "title"'),
        ("openapi.yaml", ("title: LangMem", "title: 2026-01-31"), "quote them"),
        ("openapi.yaml", ("openapi: 3.1.0", "openapi: 9.9.9"), "openapi.yaml is not valid"),
        (
            "openapi.yaml",
            ("description: The user as stored.", ""),
            "paths//users/post/responses/200",
        ),
        (
            "openapi.yaml",
            ("get:\n      operationId: get_user\n", "get:\n      x-name: get_user\n"),
            r"GET /users/\{user_id\} has no operationId",
        ),
        (
            "openapi.yaml",
            ("get:\n      operationId: get_user\n", "get:\n      operationId: get_thread\n"),
            "not unique",
        ),
        ("openapi.yaml", ("schemas/User'", "schemas/Nobody'"), "no /components/schemas/Nobody"),
        (
            "openapi.yaml",
            ("get:\n      operationId: get_user\n", "get:\n      operationId: getUser\n"),
            r"\['getUser'\]",
        ),
        ("templates/edits.yml", ("times: 2", "times: 3"), "look at this edit again"),
    ],
)
def test_bad_input_is_refused(
    copied: Path, tmp_path: Path, name: str, mistake: tuple[str, str], message: str
) -> None:
    """Each mistake ends the command with a message that says where it is."""
    change(copied / name, *mistake)
    with pytest.raises(generate.GenerateError, match=message):
        generate.build(copied, tmp_path / "made")


def test_template_that_overrides_nothing_is_refused(copied: Path, tmp_path: Path) -> None:
    """A template whose name the generator does not know would be ignored without a word."""
    (copied / "templates" / "modle.py.jinja").touch()
    with pytest.raises(generate.GenerateError, match="overrides no template"):
        generate.build(copied, tmp_path / "made")


@pytest.mark.parametrize("name", ["Response", "Literal"])
def test_schema_named_like_a_shared_type_is_refused(
    copied: Path, tmp_path: Path, name: str
) -> None:
    """A schema may not take the name of something else that langmem_api.types holds or uses."""
    change(copied / "openapi.yaml", "schemas/Health'", f"schemas/{name}'")
    change(copied / "openapi.yaml", "\n    Health:\n", f"\n    {name}:\n")
    with pytest.raises(generate.GenerateError, match=rf"rename the schemas \['{name}'\]"):
        generate.build(copied, tmp_path / "made")


def test_failure_is_printed_without_a_traceback(copied: Path) -> None:
    """A mistake in the input reaches the terminal as one message and exit status 1."""
    (copied / "openapi.yaml").write_text("[]", encoding="utf-8")
    result = check(copied)
    assert result.returncode == 1
    assert result.stderr.startswith("scripts/generate: openapi.yaml")
    assert "Traceback" not in result.stderr


def test_every_generated_module_says_what_made_it() -> None:
    """Each module begins with the marker, the package is marked as typed, and no path leaks in."""
    modules = list(GENERATED.rglob("*.py"))
    assert len(modules) > len(OPERATIONS)
    for module in modules:
        text = module.read_text(encoding="utf-8")
        assert text.startswith("# Made by scripts/generate from openapi.yaml; edit that instead.\n")
        assert str(REPOSITORY) not in text
    assert (GENERATED / "langmem_api" / "py.typed").exists()


def test_operations_agree_with_the_api_document() -> None:
    """The table holds every operation with its method, path, parameters and body type."""
    document = json.loads((GENERATED / "langmem_api/openapi.json").read_text(encoding="utf-8"))
    expected = {}
    for path, item in document["paths"].items():
        for method in item.keys() & {"get", "put", "post", "patch", "delete"}:
            operation = item[method]
            parameters = [
                document["components"]["parameters"][found["$ref"].rpartition("/")[2]]
                if "$ref" in found
                else found
                for found in operation.get("parameters", [])
            ]
            query, headers = (
                tuple(found["name"] for found in parameters if found["in"] == place)
                for place in ("query", "header")
            )
            body = next(iter(operation.get("requestBody", {}).get("content", {})), None)
            expected[operation["operationId"]] = (method.upper(), path, query, headers, body)
    assert expected == OPERATIONS
