from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import langmem_server


def test_the_version_is_that_of_the_distribution() -> None:
    """The service's version is read from what is installed."""
    assert langmem_server.__version__ == version("langmem")


def test_other_names_are_no_attributes() -> None:
    """Only the version is made up on demand."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = langmem_server.nothing


def test_importing_the_package_imports_nothing() -> None:
    """A program that imports the package pays for neither the store nor the metadata."""
    code = "import sys, langmem_server as _; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "langmem_server" in loaded
    assert not {"sqlite3", "langmem_server.store", "importlib.metadata"} & {*loaded}
