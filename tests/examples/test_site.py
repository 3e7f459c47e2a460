"""The documentation builds without a warning, is whole, and asks nobody else for anything."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import langmem
from langmem import AsyncClient, Client, errors, schemas, testing, typed

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = [
    operation["operationId"]
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method != "parameters"
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `scripts/docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(
        [*command, "--site-dir", folder],
        cwd=ROOT,
        env={"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def read(site: Path, page: str) -> str:
    """Read a page of the site."""
    return (site / page / "index.html").read_text(encoding="utf-8")


def test_site_asks_nobody_else_for_anything(site: Path) -> None:
    """Styles, scripts and pictures of every page come from the site itself."""
    fetched = re.compile(r"<(?:script|img|iframe|source)[^>]*?\ssrc=\"?([^\"\s>]+)")
    linked = re.compile(r"<link[^>]*?\shref=\"?([^\"\s>]+)[^>]*>")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        sources = fetched.findall(text) + linked.findall(text)
        assert sources
        assert [source for source in sources if re.match(r"https?:|//", source)] == []


def test_styles_of_the_site_ask_nobody_else_for_anything(site: Path) -> None:
    """No style sheet fetches a font or a picture from elsewhere."""
    sheets = list(site.rglob("*.css"))
    assert sheets
    for path in sheets:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import\s*)['\"]?(?:https?:)?//", text) == []


def test_contents_name_each_page_once() -> None:
    """The site's table of contents has each page of `docs` exactly once."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"^ +- (?:.+: )?(\S+\.md)$", settings, re.MULTILINE)
    docs = ROOT / "docs"
    assert sorted(named) == sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_in_the_reference(site: Path, name: str) -> None:
    """Each operation stands on the page of the HTTP API and, as a method, on both clients."""
    assert f'<h3 id="{name}">' in read(site, "reference/http")
    for page, client in (("client", Client), ("async-client", AsyncClient)):
        assert f'id="langmem.{client.__name__}.{name}"' in read(site, f"reference/{page}")


@pytest.mark.parametrize("module", [schemas, testing, typed])
def test_type_is_in_the_reference(site: Path, module: ModuleType) -> None:
    """Each public name of a module stands on the module's page."""
    page = read(site, f"reference/{module.__name__.rpartition('.')[2]}")
    shown = [name for name in module.__all__ if f'id="{module.__name__}.{name}"' in page]
    assert shown == module.__all__


def test_errors_are_in_the_reference(site: Path) -> None:
    """Each error stands on the page of errors, those of an unknown outcome in its tree."""
    page = html.unescape(read(site, "reference/errors"))
    names = [name for name, value in vars(errors).items() if _is_error(value)]
    assert names
    for name in names:
        assert (
            name in page
            if name.startswith("UnknownAfter")
            else f'id="langmem.errors.{name}"' in page
        )


def _is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, langmem.LangMemError)


def test_examples_in_docstrings_are_shown_as_code(site: Path) -> None:
    """No prompt of an example has become a quotation."""
    for page in ("client", "async-client", "errors", "schemas", "testing", "typed", "integrations"):
        assert "<blockquote>" not in read(site, f"reference/{page}")
