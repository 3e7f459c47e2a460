"""Write generated/ from openapi.yaml, or compare the two with --check. Called by scripts/generate.

The inputs are checked, the generator runs in a temporary folder, its output is completed and
checked, and only then does it replace generated/ or is compared with it.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import tomllib
import typing
from collections import Counter
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi_python_client.config import ConfigFile
from openapi_spec_validator import validate
from openapi_spec_validator.exceptions import OpenAPISpecValidatorError
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from referencing.exceptions import Unresolvable
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("openapi-python-client", "ruff")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HEADER = "# Made by scripts/generate from openapi.yaml; edit that instead.\n"


class GenerateError(Exception):
    """A reason not to generate, in words for the terminal."""


def main(arguments: list[str]) -> int:
    """Write or check generated/ and return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory(prefix="langmem-generate-") as folder:
        made = Path(folder) / "generated"
        try:
            build(ROOT, made)
        except GenerateError as error:
            print(f"scripts/generate: {error}", file=sys.stderr)
            return 1
        if check:
            return report(differences(made, ROOT / "generated"))
        shutil.rmtree(ROOT / "generated", ignore_errors=True)
        shutil.copytree(made, ROOT / "generated")
    print("generated/ is written")
    return 0


def report(found: list[str]) -> int:
    """Print the differences and what to do about them."""
    if not found:
        print("generated/ agrees with openapi.yaml, generator-config.yml and templates/")
        return 0
    print("\n".join(found), file=sys.stderr)
    advice = "run scripts/generate and commit what it writes; generated/ is never edited by hand"
    print(f"generated/ is not what openapi.yaml makes: {advice}", file=sys.stderr)
    return 1


def build(root: Path, target: Path) -> None:
    """Make the whole content of generated/ in the new folder `target`."""
    tools = installed_tools(root)
    check_config(root / "generator-config.yml")
    spec = load_spec(root / "openapi.yaml")
    package = target / "langmem_api"
    target.mkdir()
    with tempfile.TemporaryDirectory(prefix="langmem-templates-") as folder:
        templates = Path(folder) / "templates"
        complete_templates(root / "templates", templates)
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(successes_only(spec)), encoding="utf-8")
        run_generator(source, root / "generator-config.yml", templates, package)
    finish(package, spec)
    check_operations(package, spec)
    check_names(package)
    (target / "langmem_api.lock").write_text(lock(root, tools), encoding="utf-8")


def installed_tools(root: Path) -> dict[str, str]:
    """Return the versions of generator and formatter, which must be the pinned ones."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pins = {pin for pin in pyproject["dependency-groups"]["dev"] if isinstance(pin, str)}
    versions = {}
    for tool in TOOLS:
        versions[tool] = metadata.version(tool)
        if f"{tool}=={versions[tool]}" not in pins:
            raise GenerateError(
                f"{tool} {versions[tool]} is installed, which is not the pin in pyproject.toml: "
                "install the development tools again"
            )
    return versions


def check_config(path: Path) -> None:
    """Refuse a key that the generator would ignore without a word."""
    known = sorted(ConfigFile.model_fields)
    unknown = sorted(set(YAML(typ="safe").load(path) or {}) - set(known))
    if unknown:
        raise GenerateError(
            f"{path.name} has unknown keys: {', '.join(unknown)}. Valid keys: {', '.join(known)}"
        )


def load_spec(path: Path) -> dict[str, Any]:
    """Return the specification as JSON would hold it: valid, and with every operation named."""
    try:
        spec: dict[str, Any] = json.loads(json.dumps(YAML(typ="safe").load(path), allow_nan=False))
    except YAMLError as error:
        raise GenerateError(f"{path.name} is not YAML: {error}") from error
    except (TypeError, ValueError) as error:
        raise GenerateError(f"{path.name}: JSON has no dates (quote them): {error}") from error
    try:
        validate(spec)
    except (OpenAPIValidationError, OpenAPISpecValidatorError) as error:
        place = "/".join(map(str, getattr(error, "absolute_path", ()))) or "the document"
        reason = getattr(error, "message", error)
        raise GenerateError(f"{path.name} is not valid: {place}: {reason}") from error
    except Unresolvable as error:
        raise GenerateError(f"{path.name}: there is no {error.ref} to refer to") from error
    for path_, method, operation in operations(spec):
        if "operationId" not in operation:
            raise GenerateError(f"{path.name}: {method.upper()} {path_} has no operationId")
    return spec


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation object of each operation."""
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def successes_only(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification without error responses, for the generator's eyes alone.

    It would parse an error body as the documented schema and fail on a proxy's HTML page, an empty
    body or a list. An undocumented status raises UnexpectedStatus instead, whatever its body is.
    """
    spec = copy.deepcopy(spec)
    for _, _, operation in operations(spec):
        responses = operation["responses"].items()
        operation["responses"] = {code: found for code, found in responses if code[0] == "2"}
    return spec


def complete_templates(source: Path, target: Path) -> None:
    """Copy our templates to `target` and add the edited ones of the generator."""
    upstream = resources.files("openapi_python_client") / "templates"
    shutil.copytree(source, target)
    for template in target.glob("[!_]*.jinja"):
        if not (upstream / template.name).is_file():
            raise GenerateError(f"templates/{template.name} overrides no template of the generator")
    for edit in YAML(typ="safe").load(source / "edits.yml"):
        template = target / edit["template"]
        before = template if template.exists() else upstream / edit["template"]
        text = before.read_text(encoding="utf-8")
        if text.count(edit["text"]) != edit["times"]:
            raise GenerateError(
                f"templates/edits.yml: {edit['template']} does not hold {edit['text']!r} "
                f"{edit['times']} time(s): the generator changed, look at this edit again"
            )
        template.write_text(text.replace(edit["text"], edit["becomes"]), encoding="utf-8")


def run_generator(source: Path, config: Path, templates: Path, package: Path) -> None:
    """Run the generator in its own process, with the formatter installed beside it."""
    command = [sys.executable, "-Pm", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(source), "--config", str(config), "--output-path", str(package)]
    command += ["--custom-template-path", str(templates), "--overwrite", "--fail-on-warning"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    result = subprocess.run(
        command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise GenerateError(f"the generator failed:\n{result.stdout}{result.stderr}")


def finish(package: Path, spec: dict[str, Any]) -> None:
    """Add what the generator cannot write: headers, the typing marker and the specification."""
    for module in package.rglob("*.py"):
        module.write_text(HEADER + module.read_text(encoding="utf-8"), encoding="utf-8")
    (package / "py.typed").touch()
    text = json.dumps(spec, indent=2, ensure_ascii=False) + "\n"
    (package / "openapi.json").write_text(text, encoding="utf-8")


def check_operations(package: Path, spec: dict[str, Any]) -> None:
    """Refuse output that lost or renamed an operation."""
    expected = {operation["operationId"] for _, _, operation in operations(spec)}
    table = set(runpy.run_path(str(package / "api" / "__init__.py"))["OPERATIONS"])
    modules = {path.stem for path in package.glob("api/*/*.py")} - {"__init__"}
    for made in (table, modules):
        if made != expected:
            lost, new = sorted(expected - made), sorted(made - expected)
            raise GenerateError(f"the generator lost operations {lost} and made {new} instead")


def check_names(package: Path) -> None:
    """Refuse a schema named like something else in langmem_api.types, which it would replace."""
    names: list[str] = []
    for node in ast.parse((package / "types.py").read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                names.append(name)
    counts = Counter([*names, *typing.__all__])
    clashes = sorted(name for name, count in counts.items() if count > 1)
    if clashes:
        raise GenerateError(f"rename the schemas {clashes}: langmem_api.types needs these names")


def lock(root: Path, tools: dict[str, str]) -> str:
    """Return the text of the lock file: what generated/ was made with and from."""
    sources = [root / "openapi.yaml", root / "generator-config.yml"]
    sources += sorted(path for path in (root / "templates").rglob("*") if path.is_file())
    digests = {
        source.relative_to(root).as_posix(): hashlib.sha256(source.read_bytes()).hexdigest()
        for source in sources
    }
    return json.dumps({"made_by": "scripts/generate", **tools, "sha256": digests}, indent=2) + "\n"


def differences(expected: Path, actual: Path) -> list[str]:
    """Compare two trees byte for byte, byte code aside, and name each path that differs."""
    made, found = contents(expected), contents(actual)
    lines = []
    for name in sorted(made.keys() | found.keys()):
        if name not in found:
            lines.append(f"generated/{name} is missing")
        elif name not in made:
            lines.append(f"generated/{name} is extra")
        elif made[name] != found[name]:
            lines.append(f"generated/{name} differs")
    return lines


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its relative path, byte code aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
