"""The hostile inputs: what is sent, byte by byte, and where an answer of 2xx is right, why."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.server.test_connections import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"
LIMIT = 10 * 1024 * 1024
HOST = "Host: localhost\r\n"


class Input(NamedTuple):
    """One input.

    Attributes:
        name: What it is.
        sent: The bytes, in the pieces they are sent in.
        right: Why an answer of 2xx is right; "" where it would be wrong.
        leaves: Whether the caller is gone without waiting for an answer.
        half_closes: Whether the caller says that nothing more comes.
    """

    name: str
    sent: tuple[bytes, ...]
    right: str = ""
    leaves: bool = False
    half_closes: bool = False


def request(
    method: str,
    path: str,
    body: bytes | None = None,
    fields: bytes = b"",
    length: int | None = None,
) -> bytes:
    """Write a request, whose connection is closed after its answer."""
    size = len(body or b"") if length is None else length
    announced = b"" if body is None else b"Content-Length: %d\r\n" % size
    head = f"{method} {path} HTTP/1.1\r\n{HOST}Connection: close\r\n".encode()
    return head + announced + fields + b"\r\n" + (body or b"")


def inputs() -> Iterator[Input]:
    """Make them all, one at a time: some are large."""
    yield from _bodies()
    yield from _values()
    yield from _ids()
    yield from _queries()
    yield from _fields()
    yield from _exchanges()
    for name, sent in MALFORMED.items():
        yield Input(f"wire: {name}", (sent,))


def _user(name: str = '"Will"', more: str = "") -> bytes:
    return f'{{"id": "{USER}", "name": {name}{more}}}'.encode()


def _bodies() -> Iterator[Input]:
    def body(name: str, sent: bytes, right: str = "", fields: bytes = b"") -> Input:
        return Input(f"body: {name}", (request("POST", "/users", sent, fields),), right)

    yield body("empty", b"")
    yield body("not JSON", b"name=Will")
    yield body(
        "XML", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    )
    yield body("a list instead of an object", b"[]")
    yield body("null", b"null")
    yield body("truncated", _user()[:-5])
    yield body("two values", _user() * 2)
    yield body("11 MB", b" " * 11_000_000)
    yield body("just beyond the limit", _user() + b" " * LIMIT)
    yield body("gzip", gzip.compress(_user()), fields=b"Content-Encoding: gzip\r\n")
    yield body(
        "a gzip bomb", gzip.compress(b" " * 50_000_000), fields=b"Content-Encoding: gzip\r\n"
    )
    yield body("UTF-16", _user().decode().encode("utf-16"), "JSON in UTF-16 tells it by its bytes")
    yield body("a byte order mark", b"\xef\xbb\xbf" + _user(), "the mark says UTF-8, and no more")
    yield body("invalid UTF-8", _user('"\xff"').decode().encode("latin-1"))
    yield body("an overlong NUL", b'{"id": "%s", "name": "\xc0\x80"}' % USER.encode())
    yield body("a raw surrogate", b'{"id": "%s", "name": "\xed\xa0\x80"}' % USER.encode())
    yield body("an escaped surrogate", _user(r'"\ud800"'))
    yield body("surrogates the wrong way round", _user(r'"\udc00\ud800"'))
    yield body("a raw NUL", _user('"a\0b"'))
    yield body("an escaped NUL", _user(r'"a\u0000b"'))
    yield body("a NUL in a key", _user(more=r', "metadata": {"a\u0000": 1}'))
    yield body("a key twice", _user(more=', "name": "Zoë"'), "the last one counts, as documented")
    yield body("NaN", _user(more=', "metadata": {"a": NaN}'))
    yield body("Infinity", _user(more=', "metadata": {"a": -Infinity}'))
    yield body("1e999", _user(more=', "metadata": {"a": 1e999}'))
    yield body("400 digits", _user(more=f', "metadata": {{"a": {"9" * 400}}}'))
    yield body("5,000 digits", _user(more=f', "metadata": {{"a": {"9" * 5000}}}'))
    yield body("100,000 lists deep", b"[" * 100_000 + b"]" * 100_000)
    yield body("100,000 objects deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    deep = "[" * 200 + "]" * 200
    yield body("200 deep, in free metadata", _user(more=f', "metadata": {{"a": {deep}}}'))
    yield body("another content type", _user(), "bodies are JSON, whatever their type says",
               b"Content-Type: application/xml\r\n")  # fmt: skip
    yield body("an odd content type", _user(), "as above", b"Content-Type: \xff;;=/\r\n")


def _values() -> Iterator[Input]:
    def value(name: str, path: str, sent: Any, right: str = "") -> Input:
        body = json.dumps(sent).encode()
        return Input(f"value: {name}", (request("POST", path, body),), right)

    user = {"id": USER, "name": "Will"}
    yield value("wrong types", "/users", {"id": 7, "name": ["Will"]})
    yield value("an object for a text", "/users", user | {"name": {"$gt": ""}})
    yield value("a 1 MB name", "/users", user | {"name": "x" * 1_000_000}, "10 MiB may be")
    yield value("1,000,000 tags", "/users", user | {"tags": [""] * 1_000_000})
    yield value("190,000 tags", "/users", user | {"tags": [""] * 190_000}, "200,000 values may be")
    yield value("1,000,000 commas in a text", "/users", user | {"name": '\\",' * 1_000_000},
                "10 MiB may be")  # fmt: skip
    yield value("1,000,000 numbers", "/users", user | {"tags": [1] * 1_000_000})
    said = {"role": "user", "content": "Hi"}
    path = f"/threads/{THREAD}/add_messages"
    yield value("1,000,000 messages", path, {"messages": [0] * 1_000_000})
    yield value("10,001 messages", path, {"messages": [said] * 10_001})
    yield value("a 1 MB message", path, {"messages": [said | {"content": "x " * 500_000}]},
                "10 MiB may be")  # fmt: skip
    yield value("a message id of 1 MB", path,
                {"messages": [said | {"metadata": {"id": "x" * 1_000_000}}]})  # fmt: skip
    yield value("a message of the year 0", path,
                {"messages": [said | {"timestamp": "0000-00-00T00:00:00"}]})  # fmt: skip
    yield value("a time zone beyond time", path,
                {"messages": [said | {"timestamp": "0001-01-01T00:00:00+23:59"}]})  # fmt: skip
    yield value("1,001 records", "/import", {"records": [{"type": "user"}] * 1_001})
    path = f"/users/{USER}/memory/query"
    yield value("a k of 10**18", path, {"text": "a", "k": 10**18})
    yield value("a k of 1e300", path, {"text": "a", "k": 1e300})
    yield value("a k of -1", path, {"text": "a", "k": -1})
    yield value("a k of true", path, {"text": "a", "k": True})
    huge = dict.fromkeys(("relevance", "recency", "importance"), 1e308)
    yield value("weights of 1e308", path, {"text": "a", "weights": huge}, "they are proportions")
    yield value("a weight of 400 digits", path, {"text": "a", "weights": {"recency": 10**400}})
    yield value("negative weights", path, {"text": "a", "weights": {"relevance": -1}})
    yield value("a search for 1 MB", path, {"text": "word " * 200_000}, "10 MiB may be")
    yield value("a search in SQL", path, {"text": "a' OR 1=1; DROP TABLE users; --"}, "it is text")
    yield value("a search in FTS5", path, {"text": 'NEAR(a b) * AND "'}, "it is text")
    yield value(
        "a cursor of another list", "/memory-functions/query", {"cursor": "eyJhZnRlciI6IDB9"}
    )


def _ids() -> Iterator[Input]:
    upper = USER.upper()
    free = "any form of a UUID is accepted"
    for name, given, right in (
        ("traversal", "../../etc/passwd", ""),
        ("encoded traversal", "..%2f..%2fhealth", ""),
        ("encoded dots", "%2e%2e", ""),
        ("an encoded slash", "a%2fb", ""),
        ("an encoded NUL", "%00", ""),
        ("a NUL after an id", f"{USER}%00", ""),
        ("a line break after an id", f"{USER}%0a", ""),
        ("invalid UTF-8", "%ff%fe", ""),
        ("half an escape", "%", ""),
        ("overlong", "a" * 5_000, ""),
        ("digits of another script", "%D9%A2" * 32, ""),
        ("an underscore among digits", f"{USER[:1]}_{USER[2:]}", ""),
        ("a space among digits", f"%20{USER[1:]}", ""),
        ("full-width digits", "%EF%BC%92" * 32, ""),
        ("SQL", "'%20OR%201=1--", ""),
        ("a template", "{user_id}", ""),
        ("upper case", upper, free),
        ("braces", f"%7B{USER}%7D", free),
        ("no hyphens", USER.replace("-", ""), free),
        ("urn:uuid:", f"urn:uuid:{USER}", free),
    ):
        yield Input(f"id: {name}", (request("GET", f"/users/{given}/memory"),), right)


def _queries() -> Iterator[Input]:
    path = f"/threads/{THREAD}/messages"
    for name, query, right in (
        ("a huge page", "page_size=10000000", ""),
        ("a page of 30 digits", f"page_size={'9' * 30}", ""),
        ("a page of 5,000 digits", f"page_size={'9' * 5000}", ""),
        ("a negative page", "page_size=-1", ""),
        ("a page of 0", "page_size=0", ""),
        ("a page of 1e3", "page_size=1e3", ""),
        ("digits of another script", "page_size=%D9%A2", ""),
        ("a value twice", "page_size=5&page_size=6", "the last one counts"),
        ("an unknown name", "pagesize=-1&__proto__=1", "unknown names are passed over"),
        ("1,000 names", "&".join(f"a{n}=1" for n in range(1000)), "as above"),
        ("no name", "=&&==&", "as above"),
        ("invalid UTF-8", "cursor=%ff", ""),
        ("a cursor that is none", "cursor=abc", ""),
        ("a cursor of 50 kB", f"cursor={'A' * 50_000}", ""),
        ("a nested cursor", "cursor=W1tbW1tbW1tbW1tbW1tb", ""),
        ("a cursor of true", "cursor=eyJhZnRlciI6IHRydWV9", ""),
        ("a cursor of 10**30", "cursor=eyJhZnRlciI6IDFlMzB9", ""),
        ("a NUL", "cursor=%00", ""),
        ("a word of no enumeration", "response_format=xml", ""),
    ):
        yield Input(f"query: {name}", (request("GET", f"{path}?{query}"),), right)


def _fields() -> Iterator[Input]:
    def field(name: str, fields: bytes, right: str = "") -> Input:
        return Input(f"header: {name}", (request("POST", "/users", _user(), fields),), right)

    numbered = b"".join(b"X-%d: 1\r\n" % n for n in range(200))
    unheard = "nobody asks for it"
    yield field("200 fields", numbered, unheard)
    yield field("10,000 fields", numbered * 50)
    yield field("100 kB", b"A: " + b"b" * 100_000 + b"\r\n")
    yield field("a name of 100 kB", b"b" * 100_000 + b": a\r\n")
    yield field("beyond ASCII", b"A: \xff\xfe\r\n", unheard)
    yield field("a CRLF within x-request-id", b"x-request-id: a\r\nSet-Cookie: b\r\n", unheard)
    yield field("an encoded CRLF in x-request-id", b"x-request-id: a%0d%0aSet-Cookie:b\r\n",
                "an odd id is replaced")  # fmt: skip
    yield field("an x-request-id of 10 kB", b"x-request-id: " + b"a" * 10_000 + b"\r\n", "as above")
    yield field("an empty Idempotency-Key", b"Idempotency-Key: \r\n")
    yield field("an Idempotency-Key of 10 kB", b"Idempotency-Key: " + b"a" * 10_000 + b"\r\n")
    yield field(
        "an Idempotency-Key beyond ASCII", b"Idempotency-Key: \xff\r\n", "any text is a key"
    )
    yield field("two Idempotency-Keys", b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
                "both are one, joined by a comma, as HTTP has it")  # fmt: skip
    yield field("another Host", b"X-Forwarded-Host: evil.example\r\n", unheard)
    yield field("an Origin elsewhere", b"Origin: http://evil.example\r\n")
    yield field("a method override", b"X-HTTP-Method-Override: DELETE\r\n", unheard)
    yield field("an upgrade", b"Connection: upgrade\r\nUpgrade: h2c\r\n", "it is not made")


def _exchanges() -> Iterator[Input]:
    sent = request("POST", "/users", _user())
    yield Input("sent: a slow head", (sent[:30],))
    yield Input("sent: a slow body", (sent[:-1],))
    yield Input("sent: a head cut short", (sent[:30],), half_closes=True)
    yield Input("sent: a body shorter than its length",
                (request("POST", "/users", _user(), length=1000),), half_closes=True)  # fmt: skip
    yield Input("sent: a body longer than its length",
                (request("POST", "/users", _user() + b"GET /ready", length=len(_user())),),
                "the rest is nobody's")  # fmt: skip
    yield Input("sent: gone in the middle of a head", (sent[:30],), leaves=True)
    yield Input("sent: gone in the middle of a body", (sent[:-9],), leaves=True)
    yield Input("sent: gone before the answer", (sent,), leaves=True)
    for method in ("CONNECT", "TRACE", "BREW", "post", "A" * 1000):
        name = method if len(method) < 20 else f"{method[:5]}..."
        yield Input(f"method: {name}", (request(method, "/users", b"{}"),))
