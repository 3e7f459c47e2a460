"""Senders that must not lose a message: whatever happens, they go on until they know."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from langmem import AsyncClient, Client
from langmem.errors import InternalServerError, OutcomeUnknownError, RateLimitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Letters = dict[str, str]
"""A message without id and timestamp: nothing in it tells a second copy from a second message."""

# Only what the service, or the proxy in its place, answered after refusing: nothing is stored.
REFUSED = (InternalServerError, RateLimitError)


def send_all(url: str, texts: Mapping[str, Sequence[str]]) -> Counter[str]:
    """Send the texts of each thread in their order, the threads at the same time.

    Returns:
        How many calls were acknowledged at once, resumed, and made again after a refusal.
    """
    tally: Counter[str] = Counter()
    with Client(url) as client, ThreadPoolExecutor(max_workers=len(texts)) as pool:

        def send(thread_id: str) -> Counter[str]:
            counts: Counter[str] = Counter()
            for text in texts[thread_id]:
                _deliver(client, thread_id, text, counts)
            return counts

        for counts in pool.map(send, texts):
            tally.update(counts)
    return tally


async def send_all_async(url: str, texts: Mapping[str, Sequence[str]]) -> Counter[str]:
    """Do what `send_all` does, with tasks of one event loop in place of threads."""
    tally: Counter[str] = Counter()
    async with AsyncClient(url) as client, asyncio.TaskGroup() as group:

        async def send(thread_id: str) -> None:
            for text in texts[thread_id]:
                await _deliver_async(client, thread_id, text, tally)

        for thread_id in texts:
            group.create_task(send(thread_id))
    return tally


def _deliver(client: Client, thread_id: str, text: str, counts: Counter[str]) -> None:
    while True:
        try:
            client.add_messages(thread_id, [_message(text)])
        except OutcomeUnknownError as error:
            _settle(error, counts)
        except REFUSED:
            counts["refused"] += 1
            continue
        else:
            counts["acknowledged"] += 1
        return


def _settle(error: OutcomeUnknownError, counts: Counter[str]) -> None:
    while True:
        counts["unknown"] += 1
        try:
            error.resume()
        except OutcomeUnknownError as again:
            error = again
        else:
            counts["resumed"] += 1
            return


async def _deliver_async(
    client: AsyncClient, thread_id: str, text: str, counts: Counter[str]
) -> None:
    while True:
        try:
            await client.add_messages(thread_id, [_message(text)])
        except OutcomeUnknownError as error:
            await _settle_async(error, counts)
        except REFUSED:
            counts["refused"] += 1
            continue
        else:
            counts["acknowledged"] += 1
        return


async def _settle_async(error: OutcomeUnknownError, counts: Counter[str]) -> None:
    while True:
        counts["unknown"] += 1
        try:
            await error.resume()
        except OutcomeUnknownError as again:
            error = again
        else:
            counts["resumed"] += 1
            return


def _message(text: str) -> Letters:
    return {"role": "user", "content": text}
