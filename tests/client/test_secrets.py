from __future__ import annotations

import asyncio
import base64
import copy
import inspect
import json
import logging
import pickle
import string
import traceback
import urllib.parse
import uuid
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langmem import AsyncClient, Client, _clock
from langmem._aiohttp import usable
from langmem._connection import Connection
from langmem._frames import cut_at_the_network
from langmem._settings import Secret, resolve
from langmem.errors import LangMemError
from tests.loopback import answering, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import TracebackType

NOWHERE = "http://127.0.0.1:1"
WRITE = Connection._write
USER = str(uuid.uuid4())
THREAD = str(uuid.uuid4())
MESSAGE = {"role": "user", "content": "Hi!"}

# The ends make sure that no key is a word which is printed for other reasons.
KEYS = st.text(string.printable[:95], min_size=2, max_size=40).map(lambda text: f"k9~{text}~9k")


class Way(NamedTuple):
    """A way to give a client a key."""

    arguments: dict[str, Any]
    environment: str | None = None


def ways(key: str) -> dict[str, Way]:
    """Every way to give a key, by name."""
    url_password = "will:" + urllib.parse.quote(key.strip(), safe="")
    return {
        "argument": Way({"api_key": key}),
        "environment": Way({}, environment=key),
        "header": Way({"headers": {"X-Api-Key": key}}),
        "header in another case": Way({"headers": {"x-aPI-kEY": key}}),
        "authorization": Way({"headers": {"Authorization": f"Bearer {key}"}}),
        "some other header": Way({"headers": {"X-Gate-Token": key}}),
        "password": Way({"userinfo": f"{url_password}@"}),
    }


UNPICKLED = {"authorization", "password", "some other header"}
"""Ways to give a key that no other process could take from its environment."""


class Hunt:
    """Looks for a key in whatever a program could show."""

    def __init__(self, key: str) -> None:
        key = key.strip()
        self.forms = {
            key,
            repr(key)[1:-1],
            repr(key.encode())[2:-1],
            json.dumps(key)[1:-1],
            urllib.parse.quote(key),
            urllib.parse.quote(key, safe=""),
            base64.b64encode(f"will:{key}".encode()).decode(),
        }
        self.seen = 0

    def text(self, text: str, where: str) -> None:
        """Look in a text."""
        self.seen += 1
        assert not [form for form in self.forms if form in text], where

    def shown(self, value: object) -> None:
        """Look in what a value shows of itself, and of what it is made of."""
        for depth, each in parts(value, 5):
            where = f"{type(each)} at depth {depth}"
            for show in (repr, str, "{}".format, lambda each: f"{each!r:>3}"):
                self.text(show(each), where)

    def error(self, error: BaseException) -> None:
        """Look in an error, in what led to it, and in the variables of their frames."""
        for each in chain(error):
            self.shown(each.args)
            for show in (str, repr):
                self.text(show(each), repr(type(each)))
            frames = traceback.TracebackException(
                type(each), each, below_the_test(each.__traceback__), capture_locals=True
            )
            for frame in frames.stack:
                self.text(f"{frame.locals}", f"{type(each)}: {frame.filename}:{frame.lineno}")
            self.text("".join(frames.format(chain=True)), "the whole traceback")
            if isinstance(each, LangMemError):
                self.text(str(each.curl()), "curl")
                self.text(repr(vars(each)), "vars")
                self.pickled(each)

    def pickled(self, value: object) -> None:
        """Look in the pickle, whatever its format."""
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            self.text(pickle.dumps(value, protocol).decode("latin-1"), f"pickle {protocol}")
        self.text(repr(copy.copy(value)), "copy")


def parts(value: object, depth: int) -> Iterator[tuple[int, object]]:
    """A value and what `vars` tells of it, and so on."""
    yield depth, value
    if depth and hasattr(value, "__dict__") and not isinstance(value, type):
        for each in vars(value).values():
            yield from parts(each, depth - 1)
    if depth and isinstance(value, list | tuple):
        for each in value:
            yield from parts(each, depth - 1)


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and each not in seen:
            seen.append(each)
            left += [each.__cause__, each.__context__]
    return iter(seen)


def below_the_test(step: TracebackType | None) -> TracebackType | None:
    """The part of a traceback that is not of this file, which knows the key of course."""
    last, here = step, step
    while here is not None:
        if here.tb_frame.f_code.co_filename == __file__:
            last = here.tb_next
        here = here.tb_next
    return last


def watched(act: Callable[[], object]) -> Callable[..., object]:
    """What writes for the faster transport, which logs nothing: first do something else."""
    names: dict[str, Any] = {"act": act, "write": WRITE}
    # Of no file, so that `below_the_test` leaves it in.
    exec("async def _write(*given):\n    act()\n    await write(*given)", names)
    written: Callable[..., object] = names["_write"]
    return written


class Log(logging.Handler):
    """Everything that is logged anywhere, and an interruption if one is wanted."""

    def __init__(self, hunt: Hunt) -> None:
        super().__init__(level=1)
        self.hunt = hunt
        self.names: set[str] = set()
        self.interrupt: Callable[[], object] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Look in the line, and in the record."""
        self.names.add(record.name.partition(".")[0])
        self.hunt.text(logging.Formatter("%(message)s").format(record), record.name)
        self.hunt.text(repr(vars(record)), record.name)
        if self.interrupt and "send_request_headers.started" in record.getMessage():
            self.interrupt()


@contextmanager
def logging_everything(hunt: Hunt) -> Iterator[Log]:
    """Log at every level, libraries included."""
    log = Log(hunt)
    loggers = [logging.getLogger(name) for name in ("", "langmem", "httpx", "httpcore", "asyncio")]
    loggers += [
        logger
        for name, logger in logging.root.manager.loggerDict.items()
        if name.startswith("httpcore") and isinstance(logger, logging.Logger)
    ]
    before = [logger.level for logger in loggers]
    logging.root.addHandler(log)
    for logger in loggers:
        logger.setLevel(1)
    try:
        yield log
    finally:
        logging.root.removeHandler(log)
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def http(status: str, body: str, header: str = "x-nothing: 0") -> bytes:
    """An answer as it is written on the wire."""
    return f"HTTP/1.1 {status}\r\n{header}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


# What goes wrong, by what the server answers. None is silence.
ANSWERS: dict[str, bytes | None] = {
    "status 401": http("401 Unauthorized", '{"detail": "No."}'),
    "status 500": http("500 Internal Server Error", ""),
    "not JSON": http("200 OK", "<h1>"),
    "not HTTP": b"SMTP\r\n\r\n",
    "cut off": http("200 OK", "{}")[:-1],
    "broken compression": http("200 OK", "zzzz", "content-encoding: gzip"),
    "no answer": b"",
    "cursor is no text": http("200 OK", '{"messages": [], "next_cursor": 1}'),
    "cursor repeats": http("200 OK", '{"messages": [], "next_cursor": "1"}'),
    "silence": None,
}


@pytest.fixture(scope="module")
def places() -> Generator[dict[str, str]]:
    """The URLs of servers at which all kinds of things go wrong."""
    with ExitStack() as stack:
        urls = {name: stack.enter_context(answering(said)) for name, said in ANSWERS.items()}
        healthy = stack.enter_context(serving()).url
        yield {**urls, "refused": NOWHERE, "healthy": healthy, "closed": healthy}


def located(url: str, way: Way) -> dict[str, Any]:
    """The constructor's arguments for a place and a way to give the key."""
    arguments = dict(way.arguments)
    return {"api_url": url.replace("//", "//" + arguments.pop("userinfo", "")), **arguments}


METHODS: dict[str, Callable[[Client | AsyncClient], Any]] = {
    "reads": lambda client: client.get_health(),
    "lists": lambda client: client.list_messages(THREAD),
    "writes": lambda client: client.add_messages(THREAD, [MESSAGE]),
    "has a wrong argument": lambda client: client.add_messages(THREAD, [{"content": object()}]),
    "is called wrongly": lambda client: client.get_user(),  # type: ignore[call-arg]
}


async def whole(found: Any) -> Any:
    """The result of a method of either colour."""
    if inspect.isawaitable(found):
        return await found
    if hasattr(found, "__aiter__"):
        return [item async for item in found]
    return list(found) if inspect.isgenerator(found) else found


async def end(client: Client | AsyncClient) -> None:
    """Close a client of either colour."""
    if isinstance(client, Client):
        client.close()
    else:
        await client.aclose()


async def failures(client: Client | AsyncClient, close: bool) -> list[BaseException]:
    """What is raised when every method is called once."""
    raised: list[BaseException] = []
    if close:
        await end(client)
    for method in METHODS.values():
        try:
            await whole(method(client))
        except Exception as error:  # noqa: BLE001 - all of them are looked into
            raised.append(error)
    await end(client)
    return raised


async def answered(client: Client | AsyncClient) -> Any:
    """The answer of the service to one request."""
    return await whole(client.get_health())


async def no_wait(seconds: float) -> None:
    """Let no time pass between tries."""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment for the key, and retries without waits."""
    monkeypatch.setattr(_clock, "asleep", no_wait)
    monkeypatch.setattr(_clock, "sleep", lambda _: None)
    return monkeypatch


def given_by(environment: pytest.MonkeyPatch, way: Way) -> None:
    """Put a key into the environment, or none."""
    environment.delenv("LANGMEM_API_KEY", raising=False)
    if way.environment is not None:
        environment.setenv("LANGMEM_API_KEY", way.environment)


examples = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
colours = pytest.mark.parametrize("colour", [Client, AsyncClient])
any_way = st.sampled_from(sorted(ways("x")))


@colours
@pytest.mark.parametrize("place", [*ANSWERS, "refused", "healthy", "closed"])
@examples
@given(key=KEYS, name=any_way)
def test_no_failure_shows_the_key(
    places: dict[str, str],
    environment: pytest.MonkeyPatch,
    colour: type[Client | AsyncClient],
    place: str,
    key: str,
    name: str,
) -> None:
    """No log, error, frame, pickle or curl line has the key, however given, whatever fails."""
    hunt, way = Hunt(key), ways(key)[name]
    given_by(environment, way)
    with logging_everything(hunt) as log:
        client = colour(**located(places[place], way), timeout=0.03, max_retries=1)
        raised = asyncio.run(failures(client, close=place == "closed"))
    assert len(raised) >= (2 if place == "healthy" else 3)
    for error in raised:
        hunt.error(error)
    hunt.shown(client)
    hunt.shown(client.client)
    fast = colour is AsyncClient and usable()
    assert place == "closed" or {"langmem", "asyncio" if fast else "httpcore"} <= log.names


@colours
@examples
@given(key=KEYS, name=any_way)
def test_a_client_shows_no_key(
    places: dict[str, str],
    environment: pytest.MonkeyPatch,
    colour: type[Client | AsyncClient],
    key: str,
    name: str,
) -> None:
    """The key reaches the service, and nothing that a client is made of shows or pickles it."""
    hunt, way = Hunt(key), ways(key)[name]
    given_by(environment, way)
    client = colour(**located(places["healthy"], way))
    view = client.with_options(headers={"x-api-key": key})
    for each in (client, view, client.client, client._settings, client._pool, copy.copy(client)):
        hunt.shown(each)
    answer = asyncio.run(answered(view))
    assert answer["key"] == key.strip()
    environment.setenv("LANGMEM_API_KEY", "of-the-other-process")
    try:
        hunt.pickled(client)
        hunt.pickled(view)
    except TypeError as error:
        assert name in UNPICKLED
        hunt.error(error)
    else:
        assert name not in UNPICKLED
    if isinstance(client, Client):
        client.close()


@colours
@examples
@given(key=KEYS, name=any_way)
def test_an_interruption_shows_no_key(
    places: dict[str, str],
    environment: pytest.MonkeyPatch,
    colour: type[Client | AsyncClient],
    key: str,
    name: str,
) -> None:
    """What stops a program while the headers are written has them in no frame."""
    hunt, way = Hunt(key), ways(key)[name]
    given_by(environment, way)
    client = colour(**located(places["healthy"], way))
    environment.setattr(Connection, "_write", watched(lambda: log.interrupt and log.interrupt()))

    async def cancelled() -> None:
        task = asyncio.current_task()
        assert task
        log.interrupt = task.cancel
        await answered(client)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with logging_everything(hunt) as log:
        log.interrupt = interrupt
        with pytest.raises((KeyboardInterrupt, asyncio.CancelledError)) as caught:
            asyncio.run(cancelled()) if colour is AsyncClient else client.get_health()
    hunt.error(caught.value)
    if isinstance(client, Client):
        client.close()


@colours
@examples
@given(key=KEYS, name=any_way, wrong=st.sampled_from(range(8)))
def test_a_refused_argument_shows_no_key(
    environment: pytest.MonkeyPatch,
    colour: type[Client | AsyncClient],
    key: str,
    name: str,
    wrong: int,
) -> None:
    """Errors of the constructor, of `with_options` and of unpickling have the key nowhere."""
    hunt, way = Hunt(key), ways(key)[name]
    given_by(environment, way)
    arguments = located(NOWHERE, way)
    mistakes: list[Callable[[], object]] = [
        lambda: colour(**arguments, timeout=-1),
        lambda: colour(**arguments, max_retries="2"),  # type: ignore[arg-type]
        lambda: colour(**{**arguments, "api_url": ""}),
        lambda: colour(**{**arguments, "api_url": f"http://will:{key.strip()}@x:y"}),
        lambda: colour(**{**arguments, "headers": {"x-api-key": key + "\n" + key}}),
        lambda: colour(**{**arguments, "api_key": f"é{key}", "headers": {}}),
        lambda: colour(**arguments).with_options(headers={"x-api-key": f"{key}\0{key}"}),
        lambda: colour(**arguments).with_options(headers={"X-Gate": key}, deadline=0),
    ]
    with pytest.raises((TypeError, ValueError)) as caught:
        mistakes[wrong]()
    hunt.error(caught.value)


@colours
def test_unpickling_with_a_key_that_cannot_be_sent_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch, colour: type[Client | AsyncClient]
) -> None:
    """The error of a process whose environment holds a broken key has it nowhere."""
    pickled = pickle.dumps(colour(NOWHERE, "a-good-key"))
    monkeypatch.setenv("LANGMEM_API_KEY", "a-broken-kéy")
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        pickle.loads(pickled)
    hunt = Hunt("a-broken-kéy")
    hunt.error(caught.value)


@given(key=KEYS)
def test_a_secret_shows_itself_to_nobody_but_who_asks(key: str) -> None:
    """Its repr, str and format are the same for all, copies are it, and pickle refuses."""
    hunt, secret = Hunt(key), Secret(key)
    hunt.shown(secret)
    hunt.shown(resolve(NOWHERE, key, headers={"Cookie": key}))
    assert secret.reveal() == key
    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret
    assert {secret, Secret(key)} == {secret}
    assert secret != key
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    "module", ["httpcore._here", "aiohttp", "langmem._aiohttp", "langmem._connection"]
)
def test_only_the_networks_frames_are_cut(module: str) -> None:
    """An error loses the transports' frames, and so does what led to it; the user's own stay."""
    source = """
try:
    raise OSError("reset")
except OSError as inner:
    raise KeyError("stopped") from inner
"""
    with pytest.raises(KeyError) as caught:
        exec(source, {"__name__": module})
    cut_at_the_network(caught.value)
    assert caught.value.__traceback__
    assert caught.value.__traceback__.tb_frame.f_code.co_filename == __file__
    assert caught.value.__traceback__.tb_next is None
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.__traceback__ is None
    with pytest.raises(KeyError) as caught:
        exec(source, {"__name__": "aiohttp_transport"})
    cut_at_the_network(caught.value)
    assert caught.value.__traceback__
    assert caught.value.__traceback__.tb_next
    assert caught.value.__cause__
    assert caught.value.__cause__.__traceback__


def test_the_hunt_finds_what_it_is_after() -> None:
    """A hunt that sees a key in a text, a variable of a frame or a part of an object says so."""
    hunt = Hunt("k-0123'456789")

    class Holder:
        def __init__(self) -> None:
            self.inner = ["k-0123'456789"]

    try:
        json.loads("k-0123'456789")
    except ValueError as error:
        with pytest.raises(AssertionError):
            hunt.error(error)
    with pytest.raises(AssertionError):
        hunt.shown(Holder())
    with pytest.raises(AssertionError):
        hunt.pickled("k-0123'456789")
