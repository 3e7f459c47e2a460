"""Make every call of a table with whichever `langmem` this interpreter holds, and print the wire.

    python driver.py tests.parity.calls_users ... > records.jsonl

Run by the tests once with the environment of the last published SDK and once with the project's
own. It prints one JSON line per case and colour: the requests that reached the server, and what
the caller got. It names no operation and no path: the table does, and the client under test.
"""

from __future__ import annotations

import asyncio
import copy
import importlib
import inspect
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

import langmem

PATIENT = 10.0
IMPATIENT = httpx.Timeout(PATIENT, read=0.05)
"""Seconds a client waits in the cases whose server never answers."""


class Recorder(ThreadingHTTPServer):
    """A loopback server that answers from a list and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict[str, Any]] = []
        self.replies: list[Any] = []
        self.hangs = False
        self.asked = threading.Event()
        self.released = threading.Event()
        # Bound but not listening: connections to it are refused.
        self.closed = socket.socket()
        self.closed.bind(("127.0.0.1", 0))
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, *, refuses: bool = False) -> str:
        """Where this server is, or where nobody listens."""
        port = self.closed.getsockname()[1] if refuses else self.server_address[1]
        return f"http://127.0.0.1:{port}"

    def begin(self, replies: list[Any], *, hangs: bool) -> None:
        """Forget the last call and get ready for the next."""
        self.requests, self.replies, self.hangs = [], replies, hangs
        self.asked.clear()
        self.released.clear()

    def next_reply(self) -> tuple[int, bytes, str | None]:
        """Status, body and media type; a reply that is no tuple is a JSON value sent with 200."""
        if not self.replies:
            return 500, b'{"detail": "the table has no further reply"}', "application/json"
        reply = self.replies.pop(0)
        if isinstance(reply, tuple):
            status, body, media_type = reply
            return status, body, media_type
        return 200, json.dumps(reply).encode(), "application/json"


class Handler(BaseHTTPRequestHandler):
    """Records one request, then sends the next reply (or nothing at all)."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: two would wait for a delayed acknowledgement.
    wbufsize = -1

    def answer(self) -> None:
        """Record the request and reply; where the case says so, stay silent until it is over."""
        recorder = self.server
        assert isinstance(recorder, Recorder)
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        recorder.requests.append(
            {
                "method": self.command,
                "path": url.path,
                "query": parse_qsl(url.query, keep_blank_values=True),
                "body": json.loads(body) if body else None,
                "content_type": self.headers.get("content-type"),
                "key": self.headers.get("x-api-key"),
            }
        )
        recorder.asked.set()
        if recorder.hangs:
            recorder.released.wait(PATIENT)
            self.close_connection = True
            return
        self.reply(*recorder.next_reply())

    def reply(self, status: int, body: bytes, media_type: str | None) -> None:
        """Send one response."""
        self.send_response(status)
        if media_type is not None:
            self.send_header("content-type", media_type)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep standard error for tracebacks."""


for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(Handler, f"do_{verb}", Handler.answer)


@contextmanager
def environment(changes: dict[str, str]) -> Iterator[None]:
    """Set variables for the length of a block; none of them was set before."""
    os.environ.update(changes)
    try:
        yield
    finally:
        for name in changes:
            del os.environ[name]


class Colour:
    """One of the two clients, and the client object shared by all cases that need no own."""

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.name = name
        self.recorder = recorder
        self.shared = self.make(api_url=recorder.url(), api_key="a-key")

    def make(self, **arguments: Any) -> Any:
        """Make a client of this colour that tries once, as the old one did."""
        client = (langmem.AsyncClient if self.name == "async" else langmem.Client)(**arguments)
        return client.with_options(max_retries=0) if hasattr(client, "with_options") else client

    def client_for(self, case: Any) -> Any:
        """Return the shared client, or one made as the case wants it."""
        if case.client is None and case.network == "up":
            return self.shared
        url = self.recorder.url(refuses=case.network == "refuses")
        given = {"api_url": "{url}", "api_key": "a-key"} if case.client is None else case.client
        client = self.make(**{k: v and v.replace("{url}", url) for k, v in given.items()})
        if case.network == "hangs":
            client.client.timeout = IMPATIENT
        return client


async def finish(result: Any, reading: str) -> Any:
    """Await or read `result` the way a caller of either colour would."""
    if inspect.isawaitable(result) and reading == "whole":
        return await result
    if inspect.isawaitable(result) or hasattr(result, "__aiter__"):
        return await read_async(result, reading)
    if reading == "first":
        return next(iter(result))
    return list(result) if reading == "items" or isinstance(result, Iterator) else result


async def read_async(result: Any, reading: str) -> Any:
    """Read `result` with `async for`, which a coroutine does not bear."""
    try:
        if reading == "first":
            return await anext(aiter(result))
        return [item async for item in result]
    finally:
        if inspect.iscoroutine(result):
            result.close()


def plain(arguments: Any) -> str:
    """Return a text that is another one if anything in `arguments` is changed."""
    return json.dumps(arguments, default=repr)


async def play(colour: Colour, case: Any) -> dict[str, Any]:
    """Make one call; the record says what was sent, returned or raised, and if arguments moved."""
    colour.recorder.begin(list(case.answers()), hangs=case.network == "hangs")
    args, kwargs = copy.deepcopy((case.args, case.kwargs))
    record: dict[str, Any] = {"case": case.name, "colour": colour.name}
    url = colour.recorder.url()
    variables = {name: text.replace("{url}", url) for name, text in case.environ.items()}
    try:
        with environment(variables):
            method = getattr(colour.client_for(case), case.method)
        record["returned"] = await finish(method(*args, **kwargs), case.reading)
        record["raised"] = None
    except Exception as error:  # noqa: BLE001 - whatever is raised is the result
        bases = [f"{base.__module__}.{base.__name__}" for base in type(error).__mro__[:-1]]
        record |= {"returned": None, "raised": bases, "message": str(error)[:500]}
    if case.network == "hangs":
        colour.recorder.asked.wait(PATIENT)
    colour.recorder.released.set()
    record["changed_arguments"] = plain([args, kwargs]) != plain([case.args, case.kwargs])
    record["requests"] = list(colour.recorder.requests)
    return record


def load(modules: list[str]) -> list[Any]:
    """Return the cases of all tables.

    They are found from the repository's root, which comes last on the path: `langmem`, imported
    before, stays the one of this interpreter's environment.
    """
    sys.path.append(str(Path(__file__).parents[2]))
    return [case for module in modules for case in importlib.import_module(module).CASES]


async def main(modules: list[str]) -> None:
    """Play the cases of all tables in both colours."""
    cases = load(modules)
    recorder = Recorder()
    for name in ("sync", "async"):
        colour = Colour(name, recorder)
        for case in cases:
            print(json.dumps(await play(colour, case)))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
