from __future__ import annotations

import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from langmem._arguments import one_id


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
