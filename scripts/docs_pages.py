"""Writes what the site shows of openapi.yaml, while mkdocs builds it (`hooks` in mkdocs.yml)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

DOCUMENT = Path(__file__).parent.parent / "openapi.yaml"
MARKER = "<!-- operations -->"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Put the document itself on the site, as the page's reader downloads it."""
    files.append(File.generated(config, "openapi.yaml", abs_src_path=str(DOCUMENT)))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Write the operations where a page has the marker."""
    del page
    if MARKER not in markdown:
        return markdown
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return markdown.replace(MARKER, operations(document))


def operations(document: dict[str, Any]) -> str:
    """Describe an OpenAPI document in Markdown: what holds for all operations, then each of them.

    Args:
        document: The document, as YAML gives it.

    Returns:
        Markdown with a heading of level 2 for each tag and one of level 3 for each operation.
    """
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method != "parameters":
                line = f"{method.upper()} {path}"
                shown = "\n".join(_operation(document, line, operation, shared))
                by_tag[operation["tags"][0]].append(shown)
    sections = [f"## For all operations\n\n{document['info']['description']}"]
    for tag in document["tags"]:
        sections += [f"## {tag['name']}\n\n{tag['description']}\n", *by_tag[tag["name"]]]
    return "\n".join(sections)


def _operation(
    document: dict[str, Any], line: str, operation: dict[str, Any], shared: list[dict[str, Any]]
) -> Iterator[str]:
    new = " *(new since 2024)*" if operation.get("x-langmem-extension") else ""
    yield f"### {operation['operationId']}\n\n`{line}`{new}\n"
    yield operation["description"]
    parameters = [_resolved(document, one) for one in shared + operation.get("parameters", [])]
    if parameters:
        yield "| parameter | in | |\n| --- | --- | --- |"
        yield "\n".join(_parameter(one) for one in parameters) + "\n"
    if "requestBody" in operation:
        yield _example("Request", operation["requestBody"])
    yield _example("Answer", _resolved(document, operation["responses"]["200"]))
    refused = [status for status in operation["responses"] if status != "200"]
    if refused:
        yield f"Errors: {', '.join(refused)}.\n"


def _parameter(parameter: dict[str, Any]) -> str:
    text = " ".join(parameter["description"].split())
    return f"| `{parameter['name']}` | {parameter['in']} | {text} |"


def _example(title: str, holder: dict[str, Any]) -> str:
    example = holder["content"]["application/json"]["example"]
    text = json.dumps(example, indent=2, ensure_ascii=False)
    return f'```json title="{title}"\n{text}\n```\n'


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    found: Any = document
    if "$ref" not in value:
        return value
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: dict[str, Any] = found
    return resolved
