"""The built wheel, installed into an empty environment, is what users get."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.packaging.service_process import running_service

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, json, sys, uuid
from langmem import AsyncClient, Client, errors

url, user, thread = sys.argv[1], uuid.uuid4(), uuid.uuid4()
said = {"role": "user", "name": "Will", "content": "I keep rabbits.", "metadata": {"user_id": user}}

async def read():
    async with AsyncClient(url) as client:
        return [message async for message in client.list_messages(thread)]

with Client(url) as client:
    client.add_messages(thread, [said])
    try:
        client.get_user(uuid.uuid4())
    except errors.NotFoundError as error:
        missing = error.status_code
print(json.dumps({
    "messages": [message["content"] for message in asyncio.run(read())],
    "missing": missing,
    "loaded": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""


def run(*command: str | Path) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release would build it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an empty environment into which the wheel was installed."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    return folder / "bin/python"


def test_wheel_holds_three_packages_their_types_and_the_spec(wheel: Path) -> None:
    """The wheel holds the three packages, each marked as typed, and the packaged API."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("langmem", "langmem_api", "langmem_server"):
        assert f"{package}/__init__.py" in names
        assert f"{package}/py.typed" in names
    assert "langmem_api/openapi.json" in names
    assert not any(name.startswith(("tests", "generated", "scripts")) for name in names)


def test_base_install_talks_to_a_service(python: Path, tmp_path: Path) -> None:
    """The base install, without the server's packages, works in both colours."""
    with running_service(tmp_path / "langmem.db") as url:
        seen = json.loads(run(python, "-c", PROGRAM, url))
    assert seen["messages"] == ["I keep rabbits."]
    assert seen["missing"] == 404
    assert not {"starlette", "dbos", "jsonschema", "pydantic", "attr"} & set(seen["loaded"])


def test_base_install_is_httpx_and_attrs(python: Path) -> None:
    """The base install brings httpx and attrs with what those need, and nothing else."""
    listed = json.loads(run(python, "-m", "pip", "list", "--format=json"))
    names = {entry["name"].lower() for entry in listed}
    assert (
        names - {"pip", "setuptools", "langmem"}
        == {
            "anyio",
            "attrs",
            "certifi",
            "h11",
            "httpcore",
            "httpx",
            "idna",
            "typing_extensions",
        }
        & names
    )
    assert {"httpx", "attrs"} <= names


def test_server_command_says_what_to_install(python: Path) -> None:
    """Without the server's packages `langmem-server` names the extra that brings them."""
    command = [python.parent / "langmem-server"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'pip install "langmem[server]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_versions_agree() -> None:
    """The distribution, the API document and the changelog's top entry agree on the version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    spec = json.loads((ROOT / "generated/langmem_api/openapi.json").read_text())
    assert spec["info"]["version"] == version
