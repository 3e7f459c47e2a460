from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from langmem_server.contract import Contract
from langmem_server.shapes import inlined
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID

if TYPE_CHECKING:
    from tests.server.live import Api

CONTRACT = Contract.load()
# The ids of the document's examples, so that requests meet what earlier ones stored.
IDS = st.sampled_from(
    [
        "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6",
        "cb217ff7-963e-44fc-b222-01f01058d64b",
        "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28",
        "3c9b0a57-6b59-4e0e-a9b5-3e4f1d2c5a77",
        SEMANTIC_FUNCTION_ID,
        "no-id",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | IDS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """Change an example here and there: other values, other ids, missing or additional keys."""
    action = draw(st.sampled_from(["keep"] * 6 + ["replace"]))
    if action == "replace":
        return draw(VALUES)
    if isinstance(value, dict):
        kept = {key: draw(mutated(item)) for key, item in value.items() if draw(st.integers(0, 9))}
        return kept | draw(st.just({}) | st.dictionaries(st.text(), LEAVES, max_size=1))
    if isinstance(value, list):
        return [draw(mutated(item)) for item in value]
    return draw(IDS) if isinstance(value, str) and len(value) == 36 else value


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, str], bytes | None]:
    """Make a request of any operation, near to the example the document gives."""
    operation = draw(st.sampled_from(list(CONTRACT.operations.values())))
    item = CONTRACT.document["paths"][operation.path]
    node = item[operation.method.lower()]
    path = operation.path
    query = {}
    for parameter in inlined(
        [*item.get("parameters", ()), *node.get("parameters", ())], CONTRACT.document
    ):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", draw(IDS))
        elif draw(st.booleans()):
            value = draw(st.just(str(parameter["example"])) | st.sampled_from(["true", "5", "x"]))
            query[parameter["name"]] = value
    if not operation.has_body:
        return operation.method, path, query, None
    example = node["requestBody"]["content"]["application/json"]["example"]
    body = draw(mutated(example))
    return operation.method, path, query, json.dumps(body).encode()


@settings(max_examples=400, deadline=None)
@given(requests())
def test_no_request_breaks_the_service(
    api: Api, request_: tuple[str, str, dict[str, str], bytes | None]
) -> None:
    """Whatever is asked, the answer is documented, of the documented shape, and no 5xx."""
    method, path, query, body = request_
    answer = api.request(method, path, params=query, content=body)
    # This service processes nothing, so it is never ready, and says so.
    assert answer.status_code < 500 or path == "/ready", answer.text
