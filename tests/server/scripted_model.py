"""A chat-completions endpoint on loopback that says what a test tells it to, or misbehaves.

    with ScriptedModel() as model:
        model.reply({"name": "Will"})          # then, in order of the requests:
        model.refuse(429, retry_after="0")
        held = model.hang()                    # until held.set()
        settings = Settings(..., llm_base_url=model.base_url, llm_model="scripted")

A request that the script does not foresee gets the default answer: see `sensible`.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

Body = dict[str, Any]
Respond = Callable[["_Handler", Body], None]


@dataclass(frozen=True)
class Request:
    """A request as it came; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: Body


class ScriptedModel:
    """The endpoint. Enter it to start listening; `base_url` is what a client is given.

    Attributes:
        requests: What was asked, oldest first.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._script: deque[Respond] = deque()
        self._default: Callable[[Body], Any] = sensible
        self._held: list[threading.Event] = []
        self._asked = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.model = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for event in self._held:
            event.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for error in self._server.errors:
            raise error

    @property
    def base_url(self) -> str:
        """Where the API begins."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def reply(self, answer: Any, *, prompt_tokens: int = 10, completion_tokens: int = 5) -> None:
        """Answer one request: text as it is, anything else as JSON."""
        self._script.append(
            lambda handler, _: handler.complete(answer, (prompt_tokens, completion_tokens))
        )

    def reply_with(self, answer: Callable[[Body], Any]) -> None:
        """Answer one request with what the function makes of its body."""
        self._script.append(lambda handler, body: handler.complete(answer(body)))

    def default(self, answer: Callable[[Body], Any]) -> None:
        """Answer every request the script does not foresee by this function."""
        self._default = answer

    def cut_off(self, text: str) -> None:
        """Answer one request with a text that stopped at the length limit."""
        self._script.append(lambda handler, _: handler.complete(text, finish_reason="length"))

    def refuse(self, status: int, *, retry_after: str | None = None, text: str = "") -> None:
        """Answer one request with an error status, and a body if there is something to say."""
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        payload = json.dumps({"error": {"message": text}}).encode() if text else b""
        self._script.append(lambda handler, _: handler.send(status, payload, headers))

    def send(self, payload: bytes, status: int = 200) -> None:
        """Answer one request with any bytes, of which the client may not want all."""

        def respond(handler: _Handler, _: Body) -> None:
            with contextlib.suppress(ConnectionError):
                handler.send(status, payload, {})

        self._script.append(respond)

    def drop(self) -> None:
        """Close the connection of one request in the middle of the answer."""
        self._script.append(lambda handler, _: handler.send(200, b'{"choices": [', {}, missing=999))

    def hang(self) -> threading.Event:
        """Hold one request until the event is set; then give the default answer."""
        released = threading.Event()
        self._held.append(released)

        def respond(handler: _Handler, body: Body) -> None:
            released.wait(timeout=60)
            handler.complete(self._default(body))

        self._script.append(respond)
        return released

    def wait_for(self, count: int, timeout: float = 20.0) -> None:
        """Return once that many requests have come; fail after `timeout` seconds."""
        with self._asked:
            came = self._asked.wait_for(lambda: len(self.requests) >= count, timeout)
        assert came, f"{len(self.requests)} of {count} requests came"

    def take(self, request: Request) -> Respond:
        """Record a request and say how to respond to it."""
        with self._asked:
            self.requests.append(request)
            self._asked.notify_all()
            if self._script:
                return self._script.popleft()
        return lambda handler, body: handler.complete(self._default(body))


class _Server(ThreadingHTTPServer):
    model: ScriptedModel
    daemon_threads = False
    block_on_close = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.errors: list[BaseException] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what a script raised; a client that gives up is what some tests are about."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        payload = self.rfile.read(length)
        if len(payload) < length:
            raise ConnectionAbortedError("the client left before the end of its question")
        body = json.loads(payload)
        headers = {name.lower(): value for name, value in self.headers.items()}
        model = cast("_Server", self.server).model
        model.take(Request(self.path, headers, body))(self, body)

    def complete(
        self, answer: Any, usage: tuple[int, int] = (10, 5), finish_reason: str = "stop"
    ) -> None:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        choice = {"message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
        counted = dict(zip(("prompt_tokens", "completion_tokens"), usage, strict=True))
        self.send(200, json.dumps({"choices": [choice], "usage": counted}).encode(), {})

    def send(
        self, status: int, payload: bytes, headers: dict[str, str], *, missing: int = 0
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload) + missing))
        # One request a connection, so that closing the server never waits for an idle one.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def messages_of(body: Body, block: str = "new") -> list[dict[str, Any]]:
    """Read the conversation back out of a prompt: the lines of `<new>` or `<context>`."""
    found = re.search(rf"<{block}>\n(.*?)\n?</{block}>", body["messages"][1]["content"], re.DOTALL)
    return [json.loads(line) for line in found[1].splitlines()] if found and found[1] else []


def schema_in(body: Body, heading: str) -> dict[str, Any]:
    """Read a JSON Schema back out of a prompt: the line after the one that begins so."""
    lines = body["messages"][0]["content"].splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(heading)]
    assert places, f"no line of the prompt begins with {heading!r}: script an answer"
    schema: dict[str, Any] = json.loads(lines[places[-1] + 1])
    return schema


def sensible(body: Body) -> Any:
    """Answer any question of the service with something that fits, made from the conversation.

    Triples and memories: one for each new message of the target user. Documents: every property
    filled with what the target user (in a thread: anybody) said last. Patches: the same.
    """
    schema = schema_in(body, "Answer with JSON")
    spoken = [line for line in messages_of(body) if line.get("target", line["role"] == "user")]
    kind = set(schema.get("properties", {}))
    if kind == {"triples"}:
        return {"triples": [_triple(line) for line in spoken]}
    if kind == {"memories"}:
        item = schema["properties"]["memories"]["items"]
        return {"memories": [fill(item, line["text"], schema) for line in spoken]}
    text = spoken[-1]["text"] if spoken else "nothing"
    if kind == {"patch"}:
        document = schema_in(body, "The document has")
        filled = fill(document, text, document)
        return {
            "patch": [
                {"op": "add", "path": f"/{_pointer(key)}", "value": value}
                for key, value in filled.items()
            ]
        }
    return fill(schema, text, schema)


def fill(schema: Any, text: str, root: dict[str, Any], depth: int = 0) -> Any:
    """Make a value that fits a JSON Schema as people write them, its strings being `text`."""
    if not isinstance(schema, dict):
        return text
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#").split("/")[1:]:
            target = target[part.replace("~1", "/").replace("~0", "~")]
        return fill(target, text, root, depth + 1)
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], text, root, depth)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    properties = schema.get("properties", {})
    made: dict[Any, Any] = {
        "object": {k: fill(v, text, root, depth + 1) for k, v in properties.items()}
        if depth < 6
        else {},
        "array": [fill(schema.get("items"), text, root, depth + 1)] if depth < 6 else [],
        "integer": max(1, schema.get("minimum", 1)),
        "number": float(max(1, schema.get("minimum", 1))),
        "boolean": True,
        "null": None,
    }
    kind = schema.get("type", "object" if properties else "string")
    return made.get(kind[0] if isinstance(kind, list) else kind, text)


def _triple(line: dict[str, Any]) -> dict[str, Any]:
    subject = line.get("name", "user")
    return {"subject": subject, "predicate": "said", "object": line["text"], "importance": 5}


def _pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
