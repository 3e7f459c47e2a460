from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.patterns import MAX_PRODUCT, SIZES, Pattern, PatternError

# What means the same by Python's rules as by those of ECMA.
ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\.", "(?:a|b)", "[)(]", r"\)"])
PIECES = st.builds(str.__add__, ATOMS, st.sampled_from(["", "*", "+", "?", "{2}"]))
BODIES = st.lists(PIECES, max_size=4).map("".join)
AHEADS = st.builds("(?{}{}{})".format, st.sampled_from("=!"), BODIES, st.sampled_from(["", "$"]))
SOURCES = st.builds(
    "^{}{}{}".format,
    st.lists(AHEADS, max_size=3).map("".join),
    BODIES,
    st.sampled_from(["", "$"]),
)


def made(source: str) -> Pattern:
    """Make a pattern without counting."""
    return Pattern(source, lambda _: None)


@given(SOURCES, st.text("ab().", max_size=6))
def test_look_aheads_at_the_beginning_mean_what_they_say(source: str, text: str) -> None:
    """A pattern matches exactly what it does with backtracking."""
    assert made(source).search(text) is (re.search(source, text) is not None)


@pytest.mark.parametrize(
    ("source", "fits", "does_not"),
    [
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "will@example.com", "will@example"),
        (r"^\d{4}-\d{2}-\d{2}$", "2026-01-31", "2026-1-31"),
        (r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&])[A-Za-z\d@$!%*?&]{8,64}$", "Passw0rd!",
         "password"),
        (r"^(?!.*\.\.)[a-z0-9._-]{1,64}$", "a.b", "a..b"),
        (r"^(?!\s*$).+", "a", "  "),
        (r"^(?<year>\d+)\/\u00e9$", "9/é", "9/e"),
        (r"^\p{L}+$", "é", "1"),
        (r"^.{1,255}$", "a", ""),
    ],
)  # fmt: skip
def test_patterns_people_write_work(source: str, fits: str, does_not: str) -> None:
    """Patterns from real schemas compile and match."""
    assert made(source).search(fits)
    assert not made(source).search(does_not)


@pytest.mark.parametrize(
    "source",
    [
        *("(", r"(a)\1", "(?<=a)b", "a(?=b)", "^(?=a", "^(?=a)b|c", "^(?=a)*b", "^(?=a(?=b))"),
        *("a{99999999}", "(" * 5000, "^.{1,5000}$", "\ud800"),
    ],
)
def test_what_needs_backtracking_is_refused(source: str) -> None:
    """Back-references, other look-arounds, giants and what is no pattern raise, and say so."""
    with pytest.raises(PatternError, match="is no pattern that can be used here"):
        made(source)


@pytest.mark.parametrize("source", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*a){20}$", "(a*)*b"])
def test_catastrophes_are_matched_at_once(source: str) -> None:
    """A text that would take backtracking for ever is judged like any other."""
    text = "a" * 5000 + "!"
    assert not made(source).search(text)


def test_long_texts_have_a_limit() -> None:
    """The longer a text is, the smaller a pattern has to be."""
    assert made("^a").search("a" * (MAX_PRODUCT // SIZES[0]))
    with pytest.raises(PatternError, match="a text of 81,921 characters is too long"):
        made("^a").search("a" * (MAX_PRODUCT // SIZES[0] + 1))
    with pytest.raises(PatternError, match=r"takes 640"):
        made("^.{1,255}$").search("a" * 641)


def test_work_is_counted() -> None:
    """Compiling costs by the pattern's size, matching by the text's length too."""
    steps: list[int] = []
    small = Pattern("^a", steps.append)
    compiling = sum(steps)
    small.search("a" * 1000)
    assert sum(steps) - compiling == 1 + SIZES[0] * 1000 // 32
    steps.clear()
    Pattern("^.{1,255}$", steps.append)
    assert sum(steps) > 100 * compiling
