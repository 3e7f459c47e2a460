"""The same two calls by each client: fetch something small, and post ten messages.

    python -m benchmarks.peer_calls NAME URL ROUNDS TURNS CALLS

prints seconds per call as JSON, of the client's GET and POST and of httpx's own to the same paths.
It runs in the client's environment and needs that client, httpx and the standard library alone.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.answers import MESSAGES, THREAD, USER
from benchmarks.measure import cpu, interleaved
from benchmarks.peer_answers import paths

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "an-api-key-of-usual-length-0123456789"


class Calls(NamedTuple):
    """The two calls of one client."""

    get: Callable[[], object]
    post: Callable[[], object]


def langmem(url: str) -> Calls:
    """`get_user` and `add_messages`."""
    client = import_module("langmem").Client(url, KEY)
    return Calls(
        partial(client.get_user, USER),
        partial(client.add_messages, THREAD, MESSAGES),
    )


def zep(url: str) -> Calls:
    """`user.get` and `thread.add_messages`."""
    module = import_module("zep_cloud")
    client = module.Zep(api_key=KEY, base_url=url)

    def post() -> object:
        return client.thread.add_messages(
            THREAD, messages=[module.AddMessage(**message) for message in MESSAGES]
        )

    return Calls(partial(client.user.get, USER), post)


def honcho(url: str) -> Calls:
    """`peer.get_card` and `session.add_messages`."""
    module = import_module("honcho")
    client = module.Honcho(api_key=KEY, base_url=url, workspace_id="w")
    peer, session = client.peer("will"), client.session("s")

    def post() -> object:
        return session.add_messages([peer.message(message["content"]) for message in MESSAGES])

    return Calls(peer.get_card, post)


def mem0(url: str) -> Calls:
    """`get` and `add`."""
    client = import_module("mem0").MemoryClient(api_key=KEY, host=url)
    return Calls(partial(client.get, USER), partial(client.add, MESSAGES, user_id=USER))


def langgraph(url: str) -> Calls:
    """`threads.get` and `threads.update_state`."""
    client = import_module("langgraph_sdk").get_sync_client(url=url, api_key=KEY)
    posted = {"messages": MESSAGES}
    return Calls(
        partial(client.threads.get, THREAD),
        partial(client.threads.update_state, THREAD, posted),
    )


def openai(url: str) -> Calls:
    """`models.retrieve` and `chat.completions.create`."""
    client = import_module("openai").OpenAI(api_key=KEY, base_url=url)
    return Calls(
        partial(client.models.retrieve, "m"),
        partial(client.chat.completions.create, model="m", messages=MESSAGES),
    )


CLIENTS = {
    "langmem": langmem,
    "zep-cloud": zep,
    "honcho-ai": honcho,
    "mem0ai": mem0,
    "langgraph-sdk": langgraph,
    "openai": openai,
}


def httpx(url: str, name: str) -> Calls:
    """The same requests as a client's, by httpx alone."""
    client = import_module("httpx").Client(base_url=url, headers={"x-api-key": KEY})
    get, post = paths(name)
    return Calls(
        lambda: client.get(get).json(),
        lambda: client.post(post, json={"messages": MESSAGES}).json(),
    )


def main(name: str, url: str, rounds: int, turns: int, calls: int) -> None:
    """Measure one client and print what came of it."""
    version = import_module("importlib.metadata").version
    theirs, raw = CLIENTS[name](url), httpx(url, name)
    measured = {
        call: interleaved(
            {"theirs": cpu(getattr(theirs, call)), "raw": cpu(getattr(raw, call))},
            rounds=rounds,
            turns=turns,
            calls=calls,
        )
        for call in Calls._fields
    }
    print(json.dumps({"version": version(name), "httpx": version("httpx"), **measured}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
