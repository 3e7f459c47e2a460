from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server import shapes
from langmem_server.contract import Contract
from langmem_server.errors import RequestError
from langmem_server.json_body import _STRINGS, MAX_DEPTH, MAX_VALUES, member, read
from langmem_server.shapes import inlined

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator

ID = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
OTHER_ID = "cb217ff7-963e-44fc-b222-01f01058d64b"
FORMS = [ID.upper(), ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", ID]
CONTRACT = Contract.load()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
MESSAGE_PARTS = st.fixed_dictionaries(
    {},
    optional={
        "role": JSON,
        "content": JSON,
        "name": JSON,
        "id": JSON,
        "timestamp": JSON,
        "metadata": st.fixed_dictionaries({}, optional={"user_id": JSON, "id": JSON}) | JSON,
        "user": st.fixed_dictionaries({}, optional={"user_id": JSON, "role": JSON}) | JSON,
    },
)
# The keywords of JSON Schema that say something without judging a value.
SILENT = {"deprecated", "description", "discriminator", "items", "properties"}


def parse(
    operation_id: str, body: Any = None, query: tuple[tuple[str, str], ...] = (), id: str = ID
) -> dict[str, Any]:
    """Read a request whose ids in the path are all the same."""
    operation = CONTRACT.operations[operation_id]
    path = {"user_id": id, "thread_id": id, "memory_function_id": id}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return operation.parse(path, query, raw)


def refusal(
    operation_id: str, body: Any = None, query: tuple[tuple[str, str], ...] = (), id: str = ID
) -> str:
    """Return why a request is refused; it must be with 422."""
    with pytest.raises(RequestError) as caught:
        parse(operation_id, body, query, id)
    assert caught.value.status == 422
    return caught.value.detail


def tried(act: Callable[[], Any]) -> Any:
    """Return what an act returns, or the refusal it raises."""
    try:
        return act()
    except RequestError as error:
        return error


def request_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of a request, its parts included."""
    for operation in CONTRACT.operations.values():
        for parameter in operation._parameters:
            yield from parts(f"{operation.id} {parameter.name}", parameter.shape.schema)
        if operation._body is not None:
            yield from parts(f"{operation.id} body", operation._body.schema)


def parts(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a schema and those inside it, named by where they stand."""
    yield name, schema
    for key, part in schema.get("properties", {}).items():
        yield from parts(f"{name}.{key}", part)
    if "items" in schema:
        yield from parts(f"{name}[]", schema["items"])
    for number, branch in enumerate(schema.get("anyOf", ())):
        yield from parts(f"{name}|{number}", branch)


def test_every_operation_is_known() -> None:
    """The contract has one operation for each of the document, with its method and path."""
    paths = CONTRACT.document["paths"]
    documented = {
        (method.upper(), path, item[method]["operationId"])
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    }
    assert documented == {(o.method, o.path, o.id) for o in CONTRACT.operations.values()}


def test_arguments_are_what_was_given() -> None:
    """Path, query and body arrive by name, typed; what is not known or empty is left out."""
    query = (("page_size", "5"), ("ascending_order", "false"), ("cursor", ""), ("colour", "red"))
    assert parse("list_messages", query=query) == {
        "thread_id": ID,
        "page_size": 5,
        "ascending_order": False,
    }
    assert parse("update_user", {"name": "Will", "colour": "red"}) == {
        "user_id": ID,
        "body": {"name": "Will", "colour": "red"},
    }


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("0", False)])
def test_booleans_in_a_query(text: str, value: bool) -> None:
    """A boolean is `true` or `false`, or 1 or 0."""
    assert parse("list_messages", query=(("ascending_order", text),))["ascending_order"] is value


def test_a_query_may_repeat_a_name() -> None:
    """A list is every value in order; of any other parameter the last value counts."""
    ids = (("ids", "a"), ("ids", "b"))
    assert parse("delete_individual_memories", query=ids)["ids"] == ["a", "b"]
    sizes = (("page_size", "1"), ("page_size", "2"))
    assert parse("list_user_runs", query=sizes)["page_size"] == 2


@pytest.mark.parametrize("form", FORMS)
def test_ids_become_canonical(form: str) -> None:
    """Any textual form of a UUID is accepted in path and body, at any depth, and canonicalised."""
    assert parse("get_user", id=form) == {"user_id": ID}
    assert parse("list_users", {"id": [form]})["body"] == {"id": [ID]}
    search = {"text": "", "thread_query": {"memory_function_ids": [form]}}
    assert parse("query_user_memory", search)["body"]["thread_query"] == {
        "memory_function_ids": [ID]
    }
    openai = {"role": "user", "content": "", "metadata": {"user_id": form, "k": form}}
    langmem = {"content": "", "user": {"user_id": form}, "id": form}
    assert parse("add_messages", {"messages": [openai, langmem]})["body"]["messages"] == [
        {"role": "user", "content": "", "metadata": {"user_id": ID, "k": form}},
        {"content": "", "user": {"user_id": ID}, "id": form},
    ]


def test_only_what_the_document_calls_an_id_is_changed() -> None:
    """Text that looks like an id, or stands where the other form has one, stays as it is."""
    upper = ID.upper()
    openai = {"role": "user", "content": upper, "user": {"user_id": "bob"}}
    assert parse("add_messages", {"messages": [openai]})["body"]["messages"] == [openai]
    assert parse("add_thread_state", {"state": {"id": upper}})["body"]["state"] == {"id": upper}


def test_only_the_ids_of_a_records_own_kind_are_changed() -> None:
    """What is an id in one kind of record can be a caller's own text in another."""
    user = {"type": "user", "id": ID.upper(), "metadata": {"user_id": ID.upper()}}
    message = {"type": "message", "thread_id": ID.upper(), "role": "user", "content": "Hi"}
    records = [user, {**message, "metadata": {"user_id": ID.upper()}}]
    assert parse("import_records", {"records": records})["body"]["records"] == [
        {**user, "id": ID},
        {**message, "thread_id": ID, "metadata": {"user_id": ID}},
    ]


def test_a_whole_number_is_an_integer() -> None:
    """JSON's 5.0 is 5 where an integer belongs, and stays a float elsewhere."""
    body = parse("query_user_memory", {"text": "", "k": 5.0, "weights": {"recency": 1.0}})["body"]
    assert isinstance(body["k"], int)
    assert isinstance(body["weights"]["recency"], float)


@pytest.mark.parametrize(
    ("operation_id", "body", "detail"),
    [
        ("create_user", [], "body: must be an object, not a list"),
        ("create_user", {"name": "Will"}, "body.id: is required"),
        ("create_user", {"id": ID}, "body.name: is required"),
        ("create_user", {"id": "will", "name": "W"}, 'body.id: must be a UUID, not "will"'),
        ("create_user", {"id": 5, "name": "W"}, "body.id: must be a string, not 5"),
        ("create_user", {"id": {}, "name": "W"}, "body.id: must be a string, not an object"),
        (
            "create_user",
            {"id": ID, "name": "W", "tags": ["a", None]},
            "body.tags[1]: must be a string, not null",
        ),
        (
            "create_user",
            {"id": ID, "name": "W", "metadata": "m"},
            'body.metadata: must be an object or null, not "m"',
        ),
        (
            "create_memory_function",
            {"type": "user", "schema": {}},
            (
                "body.type: must be one of user_state, user_append_state, user_semantic_memory,"
                ' thread_summary, not "user"'
            ),
        ),
        (
            "query_user_memory",
            {"text": "", "k": 0},
            "body.k: must be at least 1, not 0",
        ),
        (
            "query_user_memory",
            {"text": "", "k": 1001},
            "body.k: must be at most 1000, not 1001",
        ),
        (
            "query_user_memory",
            {"text": "", "weights": {"recency": True}},
            "body.weights.recency: must be a number, not true",
        ),
        (
            "query_user_memory",
            {"text": "", "weights": {"recencies": 1}},
            "body.weights.recencies: is unknown; known are relevance, recency, importance",
        ),
        (
            "query_user_memory",
            {"text": "", "thread_query": {"memory_function_ids": [], "k": "5"}},
            'body.thread_query.k: must be a whole number or a list or null, not "5"',
        ),
        (
            "add_thread_state",
            {"state": {}, "key": "k" * 256},
            'body.key: must have at most 255 characters, not "' + "k" * 100 + '"...',
        ),
        ("add_messages", {"messages": [4]}, "body.messages[0]: must be an object, not 4"),
        ("add_messages", {"messages": [{}]}, "body.messages[0]: must have role or user"),
        (
            "add_messages",
            {"messages": [{"role": "user"}]},
            "body.messages[0].content: is required",
        ),
        ("add_messages", {"messages": [{"user": {}}]}, "body.messages[0].content: is required"),
        (
            "add_messages",
            {"messages": [{"role": 5, "content": "", "user": {}}]},
            "body.messages[0].role: must be a string, not 5",
        ),
        (
            "add_messages",
            {"messages": [{"content": "", "user": {"user_id": "will"}}]},
            'body.messages[0].user.user_id: must be a UUID, not "will"',
        ),
        (
            "add_messages",
            {"messages": [{"role": "user", "content": 5}]},
            "body.messages[0].content: must be a string or a list or null, not 5",
        ),
        (
            "add_messages",
            {"messages": [{"role": "user", "content": ["text"]}]},
            'body.messages[0].content[0]: must be an object, not "text"',
        ),
        ("import_records", {"records": [{}]}, "body.records[0].type: is required"),
        (
            "import_records",
            {"records": [{"type": "user", "id": ID}, {"type": "cat"}]},
            (
                "body.records[1].type: must be one of memory_function, user, thread, thread_state,"
                ' user_state, user_memory, thread_memory, message, not "cat"'
            ),
        ),
        ("import_records", {"records": ["Will"]}, 'body.records[0]: must be an object, not "Will"'),
        (
            "import_records",
            {"records": [{"type": "user", "id": ID, "tags": "beta"}]},
            'body.records[0].tags: must be a list or null, not "beta"',
        ),
        (
            "import_records",
            {"records": [{"type": "user", "id": ID}] * 1001},
            "body.records: must have at most 1000 items, not 1001",
        ),
    ],
)
def test_a_body_that_does_not_fit(operation_id: str, body: Any, detail: str) -> None:
    """The error names the place, what belongs there and what is there."""
    assert refusal(operation_id, body) == detail


@pytest.mark.parametrize(
    ("operation_id", "query", "detail"),
    [
        ("delete_individual_memories", (), "query.ids: is required"),
        ("delete_individual_memories", (("ids", ""),), "query.ids: is required"),
        (
            "list_messages",
            (("page_size", "ten"),),
            'query.page_size: must be a whole number, not "ten"',
        ),
        ("list_messages", (("page_size", "0"),), "query.page_size: must be at least 1, not 0"),
        (
            "list_messages",
            (("page_size", "9" * 5000),),
            'query.page_size: must be a whole number, not "' + "9" * 100 + '"...',
        ),
        (
            "list_messages",
            (("ascending_order", "yes"),),
            'query.ascending_order: must be true or false, not "yes"',
        ),
        (
            "list_messages",
            (("response_format", "xml"),),
            'query.response_format: must be one of openai, langmem, not "xml"',
        ),
        (
            "list_thread_runs",
            (("status", "done"),),
            'query.status: must be one of queued, running, succeeded, failed, skipped, not "done"',
        ),
    ],
)
def test_a_query_that_does_not_fit(
    operation_id: str, query: tuple[tuple[str, str], ...], detail: str
) -> None:
    """The error names the parameter."""
    assert refusal(operation_id, query=query) == detail


def test_a_path_that_does_not_fit() -> None:
    """An id that is none is named."""
    assert refusal("get_user", id="will") == 'path.user_id: must be a UUID, not "will"'


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "body: is required: send JSON"),
        (b" \n", "body: is required: send JSON"),
        (b'{"state": ', "body: is not JSON: Expecting value at line 1 column 11"),
        (b"\xff", "body: is not UTF-8 text (byte 0)"),
        (b'{"state": {"a": NaN}}', "body.state.a: must be a finite number, less than 1.8e308"),
        (
            b'{"state": {"a": [1, -Infinity]}}',
            "body.state.a[1]: must be a finite number, less than 1.8e308",
        ),
        (
            b'{"state": {"a": 1%s}}' % (b"0" * 400),
            "body.state.a: must be a finite number, less than 1.8e308",
        ),
        (b'{"state": {"a": 1e999}}', "body.state.a: must be a finite number, less than 1.8e308"),
        (b'{"state": {"a": "x\\u0000"}}', "body.state.a: holds a NUL character, which no text may"),
        (
            b'{"state": {"a b": "\\ud83d"}}',
            'body.state["a b"]: holds half a surrogate pair, which no text may',
        ),
        (
            b'{"state": {"\\udc00": 1}}',
            'body.state["\\udc00"]: holds half a surrogate pair, which no text may',
        ),
        (b"[" * 100_000, "body: is nested more than 100 deep"),
        (b"1" * 5000, "body: holds a number of too many digits"),
    ],
    ids=range(13),
)
def test_a_body_that_cannot_be_kept(body: bytes, detail: str) -> None:
    """What is no JSON, or could not be stored and sent back unchanged, is refused by its place."""
    assert refusal("add_thread_state", body) == detail


def test_depth_is_limited() -> None:
    """A body may be as deep as the limit, and no deeper."""
    read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(RequestError, match=r"\]: is nested more than 100 deep$"):
        read(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
def test_values_are_limited_and_commas_of_texts_are_none(encoding: str) -> None:
    """A body has so many values and no more, however it is encoded; texts are one value each."""
    assert read('["{}"]'.format('\\",,' * 150_000).encode(encoding)) == ['",,' * 150_000]
    assert len(read(f"[{'1,' * (MAX_VALUES - 1)}1]".encode(encoding))) == MAX_VALUES
    for body in (f"[{'1,' * MAX_VALUES}1]", f'["\\\\",{",".join(["[]"] * MAX_VALUES)}]'):
        with pytest.raises(RequestError, match=r"^body: holds more than 200,000 values"):
            read(body.encode(encoding))


@given(st.lists(st.sampled_from(['"', "\\", ",", "x", "\n"])).map("".join))
def test_texts_are_found_as_json_has_them(text: str) -> None:
    """What is left of a text without its strings is what a reader of JSON sees outside of them."""
    outside, inside, escaped = "", False, False
    for character in text:
        if inside:
            escaped, ends = character == "\\" and not escaped, character == '"' and not escaped
            inside = not ends
        elif character == '"':
            inside, escaped = True, False
        else:
            outside += character
    assert _STRINGS.sub("", text) == outside


def test_the_last_of_equal_keys_counts() -> None:
    """A key given twice is no error; emoji in two halves are one character."""
    assert read(b'{"a": 1, "a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@given(st.text() | st.integers(min_value=0))
def test_a_place_is_short_ascii_or_an_identifier(key: str | int) -> None:
    """Whatever a key is, its place can be shown: no more than 100 of its characters."""
    place = member("body", key)
    place.encode()
    assert len(place) <= len('body["') + 100 * len("\\ud83d\\ude00") + len('"..."]')


@given(body=JSON | st.fixed_dictionaries({"messages": st.lists(MESSAGE_PARTS | JSON, max_size=3)}))
def test_any_body_is_read_or_refused(body: Any) -> None:
    """Whatever a body holds, the outcome is arguments or one 422 of bounded length."""
    for operation_id in ("add_messages", "query_user_memory", "create_memory_function"):
        outcome = tried(lambda: parse(operation_id, body))  # noqa: B023 - called at once
        if isinstance(outcome, RequestError):
            assert outcome.status == 422
            assert outcome.detail.startswith("body")
            assert len(outcome.detail) < 2000
        else:
            assert isinstance(outcome["body"], dict)


@given(st.binary(max_size=50))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Whatever bytes arrive, the outcome is a value or a 422."""
    outcome = tried(lambda: read(body))
    assert not isinstance(outcome, RequestError) or outcome.status == 422


@given(st.uuids(), st.sampled_from([str, str.upper, lambda text: text.replace("-", "")]))
def test_equal_ids_are_equal(value: uuid.UUID, form: Any) -> None:
    """Two ways to write one id name one user."""
    assert parse("get_user", id=form(str(value))) == {"user_id": str(value)}


def test_every_rule_has_a_text() -> None:
    """Each keyword that can refuse a request has an error text of its own, and no other has."""
    used = {key for _, schema in request_schemas() for key in schema} - SILENT
    free = {
        key
        for _, schema in request_schemas()
        if schema.get("additionalProperties")
        for key in schema
    }
    assert used - set(shapes._TEXTS) == set()
    assert set(shapes._TEXTS) - used == set()
    assert "additionalProperties" in free


def test_the_branches_of_a_union_can_be_told_apart() -> None:
    """In requests, branches differ in type, required keys, or the value of a discriminator."""
    for name, schema in request_schemas():
        branches = schema.get("anyOf", [])
        if "discriminator" in schema:
            key = schema["discriminator"]["propertyName"]
            kinds = [kind for branch in branches for kind in branch["properties"][key]["enum"]]
            assert len(kinds) == len(set(kinds)), name
            assert all(key in branch["required"] for branch in branches), name
            continue
        for number, branch in enumerate(branches):
            assert shapes._types(branch), name
            same = [
                other
                for other in branches
                if set(shapes._types(other)) & set(shapes._types(branch))
            ]
            assert len(same) == 1 or shapes._own_keys(branch, same), f"{name}|{number}"


def test_every_body_is_required_json() -> None:
    """The contract reads each body as JSON and insists on it, as the document says."""
    for operation in CONTRACT.operations.values():
        if operation.has_body:
            node = operation._operation["requestBody"]
            assert node["required"]
            assert list(node["content"]) == ["application/json"]


def test_what_stands_beside_a_reference_wins() -> None:
    """A reference is replaced by what it names, refined by its neighbours."""
    document = {"a": {"type": "string", "description": "old"}, "b": {"$ref": "#/a"}}
    node = {"anyOf": [{"$ref": "#/b", "description": "new"}, True]}
    assert inlined(node, document) == {"anyOf": [{"type": "string", "description": "new"}, True]}
