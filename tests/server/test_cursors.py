from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server import cursors
from langmem_server.errors import RequestError

PLACE = "query.cursor"


def written(value: Any) -> str:
    """Write any value the way cursors are written."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(st.integers(0, 2**63 - 1))
def test_numbers_come_back(after: int) -> None:
    """A cursor over numbered items reads as what was written."""
    assert cursors.decode(cursors.encode(after), int, PLACE) == after


@given(st.text())
def test_texts_come_back(after: str) -> None:
    """A cursor over named items reads as what was written, and needs no escaping in a URL."""
    cursor = cursors.encode(after)
    assert cursors.decode(cursor, str, PLACE) == after
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_no_cursor_is_the_first_page() -> None:
    """Without a cursor there is nothing to continue after."""
    assert cursors.decode(None, int, PLACE) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        "é",
        "A",
        written({"after": "text"}),
        written({"after": True}),
        written({"after": 1.0}),
        written({"after": -1}),
        written({"after": 2**63}),
        written({"before": 1}),
        written(5),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
    ids=range(13),
)
def test_a_broken_cursor_is_refused(cursor: str) -> None:
    """What no page of the list gave is a 422 that names the parameter."""
    with pytest.raises(RequestError) as caught:
        cursors.decode(cursor, int, PLACE)
    assert caught.value.status == 422
    assert caught.value.detail == "query.cursor: must be the next_cursor of a page of this list"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(cursor: str) -> None:
    """Whatever text stands in a cursor's place, the outcome is a position or a 422."""
    try:
        after = cursors.decode(cursor, int, PLACE)
    except RequestError:
        return
    assert isinstance(after, int)
