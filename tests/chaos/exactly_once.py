"""Messages through a proxy that cuts connections: how many were sent, and how many are stored.

Run it with `scripts/chaos`, which prints one table for each client and one for the control, in
which the proxy takes the Idempotency-Key out.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langmem import Client
from tests.chaos.fates import STORED_UNSEEN, Fate, Plan
from tests.chaos.proxy import Proxy
from tests.chaos.senders import send_all, send_all_async
from tests.packaging.service_process import running_service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED = 20240406
MESSAGES = 1000
THREADS = 25
TROUBLE_SHARE = 0.4
WIDTH = 54


@dataclass(frozen=True)
class Report:
    """What came of sending messages through the proxy.

    Attributes:
        title: Which client sent them, and how.
        sent: How many different messages were to be stored.
        calls: What the senders count: calls acknowledged, refused, unknown and resumed.
        stored: How many messages the service has now.
        twice: How many of these are second (or third) copies.
        lost: How many messages are not stored.
        in_order: Whether each thread's first copies are in the order they were sent in.
        fates: How many requests met each fate.
        seconds: How long the sending took.
        faults: What went wrong in the proxy itself.
    """

    title: str
    sent: int
    calls: Counter[str]
    stored: int
    twice: int
    lost: int
    in_order: bool
    fates: Counter[Fate]
    seconds: float
    faults: tuple[Exception, ...]

    @property
    def acknowledged(self) -> int:
        """How many messages a call, or the resumption of one, said were stored."""
        return self.calls["acknowledged"] + self.calls["resumed"]

    @property
    def stored_unseen(self) -> int:
        """How many requests the service may have carried out without its client learning of it."""
        return sum(self.fates[fate] for fate in STORED_UNSEEN)

    def __str__(self) -> str:
        rows: list[tuple[str, object]] = [
            ("messages sent", self.sent),
            ("acknowledged", self.acknowledged),
            ("  of which only after resume()", self.calls["resumed"]),
            ("OutcomeUnknownError raised", self.calls["unknown"]),
            ("stored", self.stored),
            ("stored twice", self.twice),
            ("lost", self.lost),
            ("in order", "yes" if self.in_order else "NO"),
            ("requests that reached the proxy", self.fates.total()),
            *((f"  {fate.value}", self.fates[fate]) for fate in Fate),
            ("seconds", f"{self.seconds:.1f}"),
        ]
        lines = [f"{name:<{WIDTH}}{value!s:>8}" for name, value in rows]
        return "\n".join([self.title, "-" * (WIDTH + 8), *lines, ""])


def run(
    service: str,
    *,
    colour: str,
    strip_key: bool = False,
    messages: int = MESSAGES,
    seed: int = SEED,
) -> Report:
    """Send messages to a service through the proxy and count what it has afterwards.

    Args:
        service: The service's URL.
        colour: `sync` sends with `Client` in threads, `async` with `AsyncClient` in tasks.
        strip_key: Whether the proxy takes the Idempotency-Key out: the control.
        messages: How many messages to send.
        seed: What befalls the requests follows from it.
    """
    texts = _texts(messages)
    plan = Plan(seed, TROUBLE_SHARE)
    proxy = Proxy(service, plan, strip_key=strip_key)
    began = time.monotonic()
    with proxy.running() as url:
        if colour == "sync":
            calls = send_all(url, texts)
        else:
            calls = asyncio.run(send_all_async(url, texts))
    seconds = time.monotonic() - began
    stored = _stored(service, texts)
    return Report(
        title=("Client" if colour == "sync" else "AsyncClient")
        + (", control: the proxy takes the Idempotency-Key out" if strip_key else ""),
        sent=messages,
        calls=calls,
        stored=sum(map(len, stored.values())),
        twice=sum((Counter(stored[one]) - Counter(texts[one])).total() for one in texts),
        lost=sum((Counter(texts[one]) - Counter(stored[one])).total() for one in texts),
        in_order=all(list(dict.fromkeys(stored[one])) == texts[one] for one in texts),
        fates=plan.drawn,
        seconds=seconds,
        faults=tuple(proxy.errors),
    )


def _texts(messages: int) -> dict[str, list[str]]:
    """Deal numbered texts out to threads.

    A thread's id follows from its number alone, so that what befalls its messages repeats.
    """
    ids = [str(uuid.uuid5(uuid.NAMESPACE_URL, f"thread {n}")) for n in range(THREADS)]
    return {
        thread_id: [f"message {n}" for n in range(start, messages, THREADS)]
        for start, thread_id in enumerate(ids)
    }


def _stored(service: str, texts: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
    """Read every thread, past the proxy."""
    with Client(service) as client:
        return {
            thread_id: [
                message["content"] for message in client.list_messages(thread_id, page_size=1000)
            ]
            for thread_id in texts
        }


def main() -> int:
    """Print the tables; return 0 if every message was stored once, and the control doubles some."""
    parser = argparse.ArgumentParser(prog="scripts/chaos", description="Show exactly-once writes.")
    parser.add_argument("--messages", type=int, default=MESSAGES, help=f"how many ({MESSAGES})")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, another plan")
    options = parser.parse_args()
    good = True
    for colour, strip_key in (("sync", False), ("async", False), ("sync", True)):
        with (
            tempfile.TemporaryDirectory() as folder,
            running_service(Path(folder) / "langmem.db") as url,
        ):
            report = run(url, colour=colour, strip_key=strip_key, **vars(options))
        print(report, flush=True)
        exact = (report.twice, report.lost, report.in_order) == (0, 0, True)
        good = good and (report.twice > 0 if strip_key else exact)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
