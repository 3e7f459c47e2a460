"""What the client may cost, in things that are counted and do not depend on the machine's mood."""

from __future__ import annotations

import gc
import json
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import langmem
from benchmarks import processes
from benchmarks.answers import MESSAGES, PROFILE, THREAD, USER, listed
from benchmarks.extras import missing_fast
from benchmarks.stub import running
from langmem import Client
from tests.scripted_server import Asked, reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "an-api-key"

# Modules

ANSWERING = f"""
import httpx
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={PROFILE!r}))
"""
RAW_CALL = f"""{ANSWERING}
httpx.Client(transport=transport, base_url="http://x").get("/users/{USER}").json()
"""
CONSTRUCTED = f"""{ANSWERING}
from langmem import Client
client = Client("http://x", transport=transport)
"""
FIRST_CALL = f"{CONSTRUCTED}client.get_user('{USER}')"
FIRST_POST = f"{CONSTRUCTED}client.add_messages('{THREAD}', {MESSAGES!r})"

# What the client imports that httpx does not: the packages of other people and of Python.
BESIDES_HTTPX = {"shlex"}
OWN_LINES = str(Path(langmem.__file__).parent / "*")
OWN_MODULES = 39


def loaded(program: str) -> set[str]:
    """The modules that a program without `langmem[fast]` imports."""
    show = "import sys; modules = list(sys.modules); import json; print(json.dumps(modules))"
    return set(json.loads(processes.run(processes.PYTHON, "-c", f"{program}\n{show}")))


def is_own(module: str) -> bool:
    """Whether a module is this project's."""
    return module.partition(".")[0] in {"langmem", "langmem_api", "langmem_server"}


def test_the_package_alone_is_one_module() -> None:
    """`import langmem` imports nothing else of this project and nothing of other people."""
    alone = loaded("import langmem") - loaded("import typing, importlib")
    assert {module for module in alone if not module.startswith("_")} == {"langmem"}


@pytest.mark.parametrize("program", [CONSTRUCTED, FIRST_CALL, FIRST_POST])
def test_a_client_imports_little_besides_httpx(program: str) -> None:
    """Constructing and calling import no more than what is known here."""
    besides = {name for name in loaded(program) - loaded(RAW_CALL) if not is_own(name)}
    assert {name.partition(".")[0] for name in besides} <= BESIDES_HTTPX


@pytest.mark.parametrize("program", [CONSTRUCTED, FIRST_CALL, FIRST_POST])
def test_a_client_imports_few_of_its_own_modules(program: str) -> None:
    """A module for each thing is well, as long as the first call needs few of them."""
    own = {name for name in loaded(program) if is_own(name)}
    assert len(own) <= OWN_MODULES
    assert not {name for name in own if name.startswith(("langmem_api.models", "langmem_server"))}


# TLS

CONTEXTS = """
import ssl, sys
made = 0
def count(frame, event, arg):
    global made
    made += event == "call" and frame.f_code is ssl.SSLContext.__new__.__code__
sys.setprofile(count)
from langmem import AsyncClient, Client
for url in {urls!r}:
    with Client(url) as client:
        client.client
    AsyncClient(url).client
sys.setprofile(None)
print(made)
"""


@pytest.mark.parametrize(
    ("urls", "made"),
    [
        (["https://127.0.0.1:1", "https://127.0.0.1:2"], 1),
        (["http://127.0.0.1:1", "http://127.0.0.1:2"], 0),
        (["https://127.0.0.1:1", "http://127.0.0.1:2"], 1),
    ],
)
def test_clients_share_one_tls_context(urls: list[str], made: int) -> None:
    """Reading the certificates takes longer than all else: at most once, and only for https."""
    printed = processes.run(processes.PYTHON, "-c", CONTEXTS.format(urls=urls))
    assert int(printed) == made


# Function calls

# At most so many for one of httpx's own call of the same kind.
FUNCTION_CALLS = {"get": 0.70, "get_async": 0.82, "post": 0.85, "list": 0.70, "list_async": 0.82}


@pytest.mark.parametrize("variant", ["base", "fast"])
def test_a_call_takes_few_function_calls(variant: str) -> None:
    """A call takes fewer function calls than httpx takes for it, a deadline included."""
    if variant == "fast" and (absent := missing_fast()):
        pytest.skip(f"langmem[fast] cannot be measured here: {absent}")
    with running() as url:
        counted = processes.report("counts", url, variant=variant)
    assert counted.keys() == FUNCTION_CALLS.keys()
    ratios = {
        f"{name}, {side}": sides[side] / sides["raw"]
        for name, sides in counted.items()
        for side in ("ours", "deadline")
    }
    over = {what: r for what, r in ratios.items() if r > FUNCTION_CALLS[what.split(",")[0]]}
    assert over == {}, counted


# Bytes and requests

IDEMPOTENCY_KEY = len("idempotency-key: 01234567-0123-0123-0123-0123456789ab\r\n")


def size(asked: Asked) -> int:
    """The bytes of a request on the wire."""
    line = f"{asked.method} {asked.path} HTTP/1.1\r\n"
    headers = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
    return len(f"{line}{headers}\r\n".encode()) + len(asked.body)


@pytest.fixture
def asked() -> Iterator[Callable[[str, Any], tuple[int, int]]]:
    """Gives the bytes of a request of ours and of httpx's own for the same."""
    with serving() as server:
        server.script = [reply(200, PROFILE)]

        def sizes(path: str, body: Any) -> tuple[int, int]:
            headers = {"x-api-key": KEY}
            with (
                Client(server.url, KEY) as ours,
                httpx.Client(base_url=server.url, headers=headers) as raw,
            ):
                if body is None:
                    ours.get_user(USER)
                    raw.get(path)
                else:
                    ours.add_messages(THREAD, body["messages"])
                    raw.post(path, json=body)
            return size(server.asked[-2]), size(server.asked[-1])

        yield sizes


def test_a_get_is_no_larger_than_httpxs(asked: Callable[[str, Any], tuple[int, int]]) -> None:
    """Reading adds no byte to what httpx sends."""
    ours, raw = asked(f"/users/{USER}", None)
    assert ours <= raw


def test_a_post_is_larger_by_its_key(asked: Callable[[str, Any], tuple[int, int]]) -> None:
    """A write adds its idempotency key and nothing else."""
    ours, raw = asked(f"/threads/{THREAD}/add_messages", {"messages": MESSAGES})
    assert ours <= raw + IDEMPOTENCY_KEY


class Paged:
    """Answers with the pages of a thread, and counts what it is asked."""

    def __init__(self, pages: int) -> None:
        self.requests = 0
        self._pages = pages
        self._messages = [listed(number) for number in range(100)]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Give the page after the cursor."""
        self.requests += 1
        page = int(request.url.params.get("cursor", "0")) + 1
        cursor = f"{page:030}" if page < self._pages else None
        return httpx.Response(200, json={"messages": self._messages, "next_cursor": cursor})


def test_a_page_is_a_request() -> None:
    """Reading a list to its end asks once for each page, and not at all for those not needed."""
    service = Paged(pages=7)
    client = Client("http://x", transport=httpx.MockTransport(service))
    assert sum(1 for _ in client.list_messages(THREAD)) == 700
    assert service.requests == 7
    assert sum(1 for _ in client.list_messages(THREAD, limit=200)) == 200
    assert service.requests == 9


def held_by_the_client(pages: int) -> int:
    """The bytes that the package's own lines hold when so many pages of a list were read."""
    client = Client("http://x", transport=httpx.MockTransport(Paged(pages + 1)))
    messages = client.list_messages(THREAD)
    tracemalloc.start()
    try:
        for _ in range(pages * 100):
            next(messages)
        gc.collect()
        taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, OWN_LINES)])
        return sum(trace.size for trace in taken.traces)
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_pages() -> None:
    """A list may be as long as it likes: what was read is not kept."""
    held_by_the_client(2)  # fills caches
    assert held_by_the_client(600) <= 1.1 * held_by_the_client(20)
