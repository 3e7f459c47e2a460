from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store.columns import decode, encode, lane, token
from langmem_server.store.records import Function, iso, utc_now

ZONES = st.timezones() | st.just(UTC)


@given(st.datetimes(timezones=ZONES), st.datetimes(timezones=ZONES))
def test_timestamps_sort_as_text(one: datetime, other: datetime) -> None:
    """Two moments compare as text as they compare in time, whatever their zones."""
    try:
        first, second = one.astimezone(UTC), other.astimezone(UTC)
    except OverflowError:
        return
    assert (iso(one) < iso(other)) == (first < second)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 31, 12),  # noqa: DTZ001 - without a zone on purpose
        datetime(2026, 1, 31, 12, tzinfo=UTC),
        datetime(2026, 1, 31, 14, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_one_form_of_a_moment(moment: datetime) -> None:
    """A moment is written in UTC with microseconds and a Z; without a zone it is UTC."""
    assert iso(moment) == "2026-01-31T12:00:00.000000Z"


def test_now_is_between_two_clock_readings() -> None:
    """The present is written in the same form, so that it lies between two readings."""
    before = iso(datetime.now(UTC))
    assert before <= utc_now() <= iso(datetime.now(UTC))


@pytest.mark.parametrize(
    ("type_", "target"),
    [
        ("user_state", "user"),
        ("user_append_state", "user"),
        ("user_semantic_memory", "user"),
        ("thread_summary", "thread"),
    ],
)
def test_target_type_follows_from_type(type_: str, target: str) -> None:
    """A function is over threads if its type says so, else over users."""
    assert Function("f", type_, "", "", {}, None, "active", utc_now()).target_type == target


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_json_survives_a_column(value: object) -> None:
    """What is encoded comes back equal."""
    assert decode(encode(value)) == value


def test_none_is_null() -> None:
    """None becomes no text at all, so that SQL sees a NULL."""
    assert encode(None) is None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_json_does_not_know_are_refused(number: float) -> None:
    """NaN and the infinities are a ValueError, however deep."""
    with pytest.raises(ValueError, match="JSON"):
        encode({"deep": [number]})


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_tokens_tell_their_parts_apart(parts: list[str], others: list[str]) -> None:
    """Tokens are equal for equal parts alone, wherever one part ends and the next begins."""
    assert (token(*parts) == token(*others)) == (parts == others)


def test_lanes_differ_by_tenant_function_and_target() -> None:
    """No two of tenant, function, thread and user share a lane; a user's lane spans threads."""
    lanes = {
        lane("a", "f", thread_id="x", user_id=None),
        lane("b", "f", thread_id="x", user_id=None),
        lane("a", "g", thread_id="x", user_id=None),
        lane("a", "f", thread_id="y", user_id=None),
        lane("a", "f", thread_id="y", user_id="x"),
        lane("a", "f", thread_id="y", user_id="y"),
        lane("b", "f", thread_id="y", user_id="y"),
        lane("a", "g", thread_id="y", user_id="y"),
    }
    assert len(lanes) == 8
    assert lane("a", "f", thread_id="z", user_id="x") in lanes
