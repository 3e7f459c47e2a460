from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from langmem._arguments import one_id, optional_date


@given(st.uuids(), st.sampled_from(["{}", "{{{}}}", "urn:uuid:{}"]), st.booleans(), st.booleans())
def test_an_id_is_canonical_in_whatever_form_it_came(
    value: uuid.UUID,
    form: str,
    upper: bool,
    plain: bool,
) -> None:
    """Every form of the same UUID makes the same text, which is that UUID's own."""
    text = value.hex if plain else str(value)
    assert one_id(form.format(text.upper() if upper else text), "id") == str(value)
    assert one_id(value, "id") == str(value)


@given(st.text(max_size=40) | st.text("0123456789abcdefABCDEF-_{}", min_size=30, max_size=40))
@example("2d1a8daf_2319_4e3e_9fd0_6d7981ce")
@example(" 2d1a8daf23194e3e9fd06d7981ceb8a6")
@example("2d1a8daf23194e3e9fd06d7981ceb8a6\n")
@example("٢d1a8daf23194e3e9fd06d7981ceb8a6")
def test_other_text_never_becomes_an_id(text: str) -> None:
    """Text is an id when 32 hexadecimal digits are left without hyphens, and else a ValueError."""
    digits = text.strip("{}").replace("-", "")
    good = len(digits) == 32 and set(digits) <= set("0123456789abcdefABCDEF")
    if good:
        assert one_id(text, "id") == str(uuid.UUID(digits))
    else:
        with pytest.raises(ValueError, match=r"^id: "):
            one_id(text, "id")


@given(st.dates())
def test_a_day_is_written_the_same_whatever_it_came_as(day: date) -> None:
    """A date, a time on it and each of its texts make the same text."""
    time = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    for form in (day, time, day.isoformat(), day.strftime("%Y%m%d").rjust(8, "0")):
        assert optional_date(form, "start") == day.isoformat()


@pytest.mark.parametrize("text", ["", "today", "2026-02-30", "2026-1-1", "2026-01-01T00:00"])
def test_other_text_never_becomes_a_day(text: str) -> None:
    """Text that is no date is a ValueError that names the argument."""
    with pytest.raises(ValueError, match=r"^start: .* is not a date"):
        optional_date(text, "start")


def test_a_number_is_no_day() -> None:
    """What is neither a date nor text is a TypeError that names the argument."""
    with pytest.raises(TypeError, match=r"^end: expected a date"):
        optional_date(20260131, "end")  # type: ignore[arg-type]
