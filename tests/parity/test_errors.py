from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.parity.failures import ERRORS, FAILURES
from tests.parity.test_wire import COLOURS

if TYPE_CHECKING:
    from tests.parity.conftest import Records

HTTP_ERROR = "httpx.HTTPError"
ROOT_ERROR = "langmem.errors.LangMemError"
SILENT = {("async", "create_user")}
"""The old async client returned the body of an error as the new user."""


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", [case.name for case in ERRORS])
def test_old_except_clauses(
    name: str, colour: str, old_records: Records, our_records: Records
) -> None:
    """Whatever class an old `except` clause named, it catches ours; and ours is a LangMemError."""
    if (colour, name.partition("!")[0]) not in SILENT | {("sync", "list_user_memory")}:
        old = old_records[name, colour]["raised"]
        assert HTTP_ERROR in old
        assert set(old) <= set(our_records[name, colour]["raised"])
    assert {HTTP_ERROR, ROOT_ERROR} <= set(our_records[name, colour]["raised"])


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", [case.name for case in ERRORS])
def test_one_request(name: str, colour: str, our_records: Records) -> None:
    """A client that shall not try again does not: a failed call is one request, as it was."""
    sent = 0 if name.endswith("! refuses") else 1
    assert len(our_records[name, colour]["requests"]) == sent


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", [case.name for case in ERRORS if case.network == "up"])
def test_message(name: str, colour: str, old_records: Records, our_records: Records) -> None:
    """The message tells the status and, as before, what the service said."""
    status, body, _ = FAILURES[name.partition("! ")[2]]
    message = our_records[name, colour]["message"]
    assert str(status) in message
    try:
        said = json.loads(body)["detail"]
    except (ValueError, TypeError):
        said = body.decode()
    assert (said if isinstance(said, str) else "body") in message


@pytest.mark.parametrize("name", [case.name for case in ERRORS if case.method == "create_user"])
def test_create_user_raises(name: str, old_records: Records, our_records: Records) -> None:
    """Async create_user raises on an error status; it returned the body, or failed on it."""
    assert (
        old_records[name, "async"]["raised"] is None
        or HTTP_ERROR not in (old_records[name, "async"]["raised"])
    )
    assert ROOT_ERROR in our_records[name, "async"]["raised"]
