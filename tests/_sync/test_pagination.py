# Derived by scripts/unasync.py from tests/_async/test_pagination.py: edit that instead.
from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem import Client
from langmem.errors import PaginationError, ResponseDecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


USER = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
THREAD = "e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"

LISTS: dict[str, Callable[..., Generator[Any, None, None]]] = {
    "messages": lambda client, **more: client.list_messages(THREAD, **more),
    "runs": lambda client, **more: client.list_user_runs(USER, **more),
    "memory_functions": lambda client, **_: client.list_memory_functions(target_type="user"),
}


class Pages:
    """A service that knows one list, in pages; it remembers the cursors it was asked for."""

    def __init__(self, key: str, pages: list[list[int]], last: str | None = None) -> None:
        self.key = key
        self.pages = pages
        self.last = last
        self.asked: list[str | None] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The page that is asked for."""
        body = json.loads(request.content) if request.content else dict(request.url.params)
        cursor = body.pop("cursor", None)
        expected = {"target_type": ["user"]} if self.key == "memory_functions" else {}
        assert body == expected
        self.asked.append(cursor)
        number = int(cursor or 0)
        end = number == len(self.pages) - 1
        following = self.last if end else str(number + 1)
        page: dict[str, Any] = {self.key: self.pages[number]}
        return httpx.Response(200, json=page | ({"next_cursor": following} if following else {}))

    def client(self) -> Client:
        """A client of this service."""
        return Client("http://127.0.0.1:8100", transport=httpx.MockTransport(self.answer))


def pages_needed(pages: list[list[int]], limit: int | None) -> int:
    """How many pages must be read to have `limit` items, or all."""
    if limit is None:
        return len(pages)
    needed = 0
    while needed < len(pages) and sum(map(len, pages[:needed])) < limit:
        needed += 1
    return needed


def collect(items: Generator[Any, None, None], found: list[Any]) -> None:
    """Add the items to a list one by one, so that it has those before an error."""
    for item in items:
        found += [item]


layouts = st.lists(st.lists(st.integers(), max_size=4), min_size=1, max_size=6)


@given(st.sampled_from(["messages", "runs"]), layouts, st.none() | st.integers(0, 15))
def test_a_list_is_all_pages_one_after_the_other(
    key: str, pages: list[list[int]], limit: int | None
) -> None:
    """However a list is cut into pages, the items come in order, and no page is read in vain."""
    service = Pages(key, pages)
    with service.client() as client:
        found = list(LISTS[key](client, limit=limit))
    assert found == list(chain.from_iterable(pages))[:limit]
    needed = pages_needed(pages, limit)
    assert service.asked == [None, *map(str, range(1, needed))][:needed]


@given(layouts)
def test_memory_functions_are_paged_by_their_body(pages: list[list[int]]) -> None:
    """The list of functions is asked for by POST; its cursor travels beside the filter."""
    service = Pages("memory_functions", pages)
    with service.client() as client:
        found = list(LISTS["memory_functions"](client))
    assert found == list(chain.from_iterable(pages))
    assert service.asked == [None, *map(str, range(1, len(pages)))]


@given(st.sampled_from(sorted(LISTS)), layouts, st.data())
def test_a_list_that_goes_in_circles_is_an_error(
    key: str, pages: list[list[int]], data: st.DataObject
) -> None:
    """A service that leads back to a page read before is told on, at the latest two rounds on."""
    again = data.draw(st.integers(1, len(pages) - 1)) if len(pages) > 1 else 0
    service = Pages(key, pages, last=str(again))
    found: list[Any] = []
    with service.client() as client:
        with pytest.raises(PaginationError, match=r"repeated the cursor '\d'"):
            collect(LISTS[key](client), found)
    rounds = [*pages, *pages[again:] * 3]
    assert found == list(chain.from_iterable(rounds[: len(service.asked)]))
    assert len(service.asked) <= len(pages) + 2 * len(pages[again:])
    if again == len(pages) - 1 > 0:
        assert service.asked.count(str(again)) == 1


def test_pages_are_read_when_they_are_needed() -> None:
    """Nothing is requested before the first item is, and the next page not before its items."""
    service = Pages("messages", [[1, 2], [3]])
    with service.client() as client:
        messages = LISTS["messages"](client)
        assert service.asked == []
        assert [next(messages), next(messages)] == [1, 2]
        assert service.asked == [None]
        assert next(messages) == 3
        assert service.asked == [None, "1"]
        messages.close()


def test_the_filters_go_with_every_page() -> None:
    """Parameters stay the same from page to page; the cursor is added."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        following = "n" if len(asked) == 1 else None
        return httpx.Response(200, json={"messages": [], "next_cursor": following})

    with Client("http://x", transport=httpx.MockTransport(answer)) as client:
        options: dict[str, Any] = {"response_format": "langmem", "ascending_order": False}
        assert list(client.list_messages(THREAD, page_size=2, **options)) == []
    query = "response_format=langmem&page_size=2&ascending_order=false"
    assert asked == [query, f"{query}&cursor=n"]


def test_a_page_that_cannot_be_read_is_an_error() -> None:
    """A page of another form is never taken for the end of the list."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=[]))
    client = Client("http://x", transport=transport)
    with pytest.raises(ResponseDecodeError, match="a list of 'messages'"):
        next(client.list_messages(THREAD))
    client.close()
