from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_python_client.config import ConfigFile
from openapi_spec_validator import validate

from langmem_server.contract import Contract
from langmem_server.shapes import inlined
from tests.server.spec_check import strict

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
METHODS = {"get", "put", "post", "patch", "delete"}
DOCUMENT = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
# The reference's 25 methods, and the one its last release added.
OF_THE_REFERENCE = {
    "create_user",
    "get_user",
    "update_user",
    "list_users",
    "list_user_memory",
    "trigger_all_for_user",
    "delete_user_memory",
    "update_user_memory",
    "get_user_memory",
    "query_user_memory",
    "create_memory_function",
    "get_memory_function",
    "list_memory_functions",
    "update_memory_function",
    "delete_memory_function",
    "create_thread",
    "add_messages",
    "get_thread",
    "list_threads",
    "list_thread_memory",
    "get_thread_memory",
    "trigger_all_for_thread",
    "add_thread_state",
    "get_thread_state",
    "list_messages",
    "delete_individual_memories",
}
EXTENSIONS = {
    "delete_user",
    "delete_thread",
    "list_thread_runs",
    "list_user_runs",
    "retry_run",
    "export_records",
    "import_records",
    "list_usage",
    "get_readiness",
    "get_health",
}
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def parameters_of(operation_id: str) -> list[dict[str, Any]]:
    """List an operation's parameters, those of its path included."""
    path, _, operation = OPERATIONS[operation_id]
    nodes = [*DOCUMENT["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
    parameters: list[dict[str, Any]] = inlined(nodes, DOCUMENT)
    return parameters


def contents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the content of every request and response, with its schema and example."""
    for operation_id, (_, _, operation) in OPERATIONS.items():
        if "requestBody" in operation:
            yield f"{operation_id} request", inlined(operation["requestBody"], DOCUMENT)["content"]
        for status, response in operation["responses"].items():
            yield f"{operation_id} {status}", inlined(response, DOCUMENT)["content"]


def schemas(name: str, node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of a named schema, itself included."""
    yield name, node
    for key, part in node.get("properties", {}).items():
        yield from schemas(f"{name}.{key}", part)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from schemas(f"{name}[]", node[key])
    for number, branch in enumerate(node.get("anyOf", ())):
        yield from schemas(f"{name}|{number}", branch)


def references(node: Any) -> Iterator[str]:
    """Yield what every reference of the document names."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_the_document_is_valid_openapi() -> None:
    """The official schema of OpenAPI 3.1 accepts the document."""
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT)


def test_the_packaged_document_is_this_one() -> None:
    """The service reads at run time what is written in openapi.yaml."""
    assert Contract.load().document == DOCUMENT


def test_the_operations_are_those_of_the_reference_and_the_extensions() -> None:
    """Each operation is there once, and exactly the extensions are marked as such."""
    ids = [
        operation["operationId"]
        for item in DOCUMENT["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    ]
    assert Counter(ids) == Counter(OF_THE_REFERENCE | EXTENSIONS)
    marked = {key: node.get("x-langmem-extension") for key, (_, _, node) in OPERATIONS.items()}
    assert marked == dict.fromkeys(OF_THE_REFERENCE) | dict.fromkeys(EXTENSIONS, True)


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_is_described(operation_id: str) -> None:
    """Every operation has a snake-case id, one known tag, a summary and a description."""
    _, _, operation = OPERATIONS[operation_id]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation_id)
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert re.fullmatch(r"[A-Z].*[^.]", operation["summary"])
    assert operation["description"].strip().endswith(".")


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_lists_its_errors(operation_id: str) -> None:
    """Every status the service may answer with is listed, and no other."""
    path, _, operation = OPERATIONS[operation_id]
    wanted = {"200", "429", "500", "503"}
    if operation.get("security") != []:
        wanted.add("401")
    if "requestBody" in operation:
        wanted |= {"413", "422"}
    if parameters_of(operation_id):
        wanted.add("422")
    # An unknown user or thread is empty where chat bots read before the first message, and is
    # created where they write. The search has a 404 for its memory functions.
    tolerant = {"list_messages", "add_messages", "add_thread_state", "get_thread_state"}
    if "{" in path and operation_id not in tolerant:
        wanted.add("404")
    if operation_id == "export_records":  # of one user, whom its query names
        wanted.add("404")
    conflicting = {"create_memory_function", "update_memory_function", "retry_run"}
    if operation_id in conflicting | {"import_records"}:
        wanted.add("409")
    assert set(operation["responses"]) == wanted


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_parameters_are_described(operation_id: str) -> None:
    """Every placeholder of a path is a parameter; each parameter has words and an example."""
    path = OPERATIONS[operation_id][0]
    parameters = parameters_of(operation_id)
    placeholders = [node["name"] for node in parameters if node["in"] == "path"]
    assert placeholders == re.findall(r"{(\w+)}", path)
    for node in parameters:
        assert node["description"].strip()
        Draft202012Validator(node["schema"]).validate(node["example"])


@pytest.mark.parametrize(
    ("name", "content"), list(contents()), ids=[name for name, _ in contents()]
)
def test_examples_fit_their_schemas(name: str, content: dict[str, Any]) -> None:
    """Every request and response is JSON with an example that fits it strictly."""
    assert list(content) == ["application/json"]
    media = content["application/json"]
    assert "example" in media, name
    Draft202012Validator(strict(media["schema"])).validate(media["example"])
    assert json.loads(json.dumps(media["example"])) == media["example"]


def test_the_service_accepts_the_examples_of_requests() -> None:
    """What the document shows as a request is one the contract reads."""
    for operation_id, operation in Contract.load().operations.items():
        parameters = parameters_of(operation_id)
        path = {node["name"]: node["example"] for node in parameters if node["in"] == "path"}
        query = [
            (node["name"], str(value).lower() if isinstance(value, bool) else str(value))
            for node in parameters
            if node["in"] == "query"
            for value in (
                [*node["example"]] if isinstance(node["example"], list) else [node["example"]]
            )
        ]
        request = OPERATIONS[operation_id][2].get("requestBody")
        body = request and request["content"]["application/json"]["example"]
        arguments = operation.parse(path, query, json.dumps(body).encode())
        fields = {node["name"]: node["example"] for node in parameters if node["in"] == "header"}
        assert arguments.get("body") == body
        assert operation.parse_headers(fields.items()) == fields
        assert arguments.keys() | fields.keys() - {"body"} >= {node["name"] for node in parameters}
        assert arguments.keys() - {"body"} <= {node["name"] for node in parameters}


def test_every_property_is_described() -> None:
    """Schemas and their properties say what they are."""
    for name, node in DOCUMENT["components"]["schemas"].items():
        assert node["description"].strip(), name
        for key, part in node.get("properties", {}).items():
            whole = inlined(part, DOCUMENT)
            branches = whole.get("anyOf", ())
            described = "description" in whole or any("description" in b for b in branches)
            assert described, f"{name}.{key}"


def test_error_answers_have_one_shape() -> None:
    """Every error is an ErrorResponse."""
    for name, response in DOCUMENT["components"]["responses"].items():
        if name not in {"Done", "Runs"}:
            schema = response["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorResponse"}, name


def test_answers_are_open() -> None:
    """In answers, an enumeration admits other strings and an object other keys."""
    for name, content in contents():
        if name.endswith("request"):
            continue
        for place, node in schemas(name, content["application/json"]["schema"]):
            assert node.get("additionalProperties") is not False, place
            for branch in node.get("anyOf", ()):
                if "enum" in branch:
                    assert {"type": "string"} in node["anyOf"], place
            if "anyOf" not in node and "|" not in place:
                assert "enum" not in node, place


def test_every_reference_is_local_and_leads_somewhere() -> None:
    """The document is whole in one file, and names nothing that nobody uses."""
    used = set(references(DOCUMENT))
    defined = {
        f"#/components/{kind}/{name}"
        for kind, parts in DOCUMENT["components"].items()
        if kind != "securitySchemes"
        for name in parts
    }
    assert used == defined


def test_the_generator_knows_every_key_of_its_configuration() -> None:
    """A key the generator does not know would be passed over without a word."""
    text = (ROOT / "generator-config.yml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    assert given.keys() <= ConfigFile.model_fields.keys()
    ConfigFile.model_validate(given)
