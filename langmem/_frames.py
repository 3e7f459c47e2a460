"""Errors without what their tracebacks could show of the API key.

A traceback keeps the frames it went through, and tools that report errors print their variables.
Where the HTTP libraries write a request, those hold its headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

_NETWORK = ("httpcore.", "aiohttp.", "langmem._aiohttp.", "langmem._connection.")


def without_frames(error: httpx.RequestError) -> httpx.RequestError:
    """Take the frames and the request from an error and from all that led to it.

    The types and messages stay.
    """
    for each in _chain(error, set()):
        each.__traceback__ = None
        if isinstance(each, httpx.RequestError) and each._request is not None:  # noqa: SLF001 - it raises
            each.request = httpx.Request(each.request.method, each.request.url)
    return error


def cut_at_the_network(error: BaseException) -> None:
    """End the tracebacks of an error, and of all that led to it, where the transport's begin.

    This is for what is no failure of a request: a cancelled task, an interrupt, a fault in a
    transport of the user's, whose frames stay.
    """
    for each in _chain(error, set()):
        if each.__traceback__ is not None and _is_networks(each.__traceback__.tb_frame.f_globals):
            each.__traceback__ = None
        step = each.__traceback__
        while step is not None and step.tb_next is not None:
            if _is_networks(step.tb_next.tb_frame.f_globals):
                step.tb_next = None
            step = step.tb_next


def _is_networks(names: dict[str, object]) -> bool:
    return f"{names.get('__name__')}.".startswith(_NETWORK)


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    grouped = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for each in (error.__cause__, error.__context__, *grouped):
        yield from _chain(each, seen)
