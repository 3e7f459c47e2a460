"""What the client takes up: of a disk when installed, and of memory when it lists."""

from __future__ import annotations

import importlib.metadata
import resource
import sys
import tempfile
import uuid
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import PYTHON, ROOT, run


class Installed(NamedTuple):
    """What an environment holds besides Python: bytes on the disk, and names of packages."""

    size: int
    packages: list[str]


def base_install() -> Installed:
    """Build the wheel, install it with what it needs into an empty environment, and look.

    Raises:
        FailedError: A program did not succeed.
    """
    with tempfile.TemporaryDirectory() as folder:
        pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet")
        environment, wheels = Path(folder, "environment"), Path(folder, "wheels")
        run(*pip, "wheel", "--no-deps", "--wheel-dir", wheels, ROOT)
        run(PYTHON, "-m", "venv", "--without-pip", environment)
        run(*pip, "--python", environment / "bin/python", "install", *wheels.glob("*.whl"))
        return installed(environment)


def installed(environment: Path) -> Installed:
    """Look at an environment, compiled files included."""
    (packages,) = environment.glob("lib/python*/site-packages")
    found = importlib.metadata.distributions(path=[str(packages)])
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    return Installed(size, sorted(one.metadata["Name"] for one in found))


def listing_peak(url: str, messages: int) -> int:
    """Return the most bytes of memory this process has had when it listed so many messages.

    Args:
        url: The stub's: it has a thread of every length, whose id is the length.
        messages: How many.

    Raises:
        AssertionError: The list was not complete.
    """
    from langmem import Client  # noqa: PLC0415 - only here is it needed

    with Client(url) as client:
        listed = sum(1 for _ in client.list_messages(uuid.UUID(int=messages)))
    if listed != messages:
        raise AssertionError(f"{listed} messages were listed instead of {messages}")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    print(listing_peak(sys.argv[1], int(sys.argv[2])))
