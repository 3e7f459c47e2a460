from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.retrieve import Scored, pool_size, rank, terms
from langmem_server.store.records import Candidate, Memory, iso

if TYPE_CHECKING:
    import random

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def candidate(
    name: str = "m", *, relevance: float = 0.0, hours: float = 0.0, importance: float | None = None
) -> Candidate:
    """Make a candidate last met so many hours ago."""
    moment = iso(NOW - timedelta(hours=hours))
    memory = Memory(
        id=name,
        user_id="u",
        function_id="f",
        text=name,
        content={},
        importance=importance,
        created_at=moment,
        last_accessed=moment,
    )
    return Candidate(memory, relevance)


def names(scored: list[Scored]) -> list[str]:
    """List the ids in order."""
    return [item.memory.id for item in scored]


candidates = st.lists(
    st.builds(
        candidate,
        st.uuids().map(str),
        relevance=st.floats(0, 1e6),
        hours=st.floats(-1e6, 1e6),
        importance=st.none() | st.integers(1, 10) | st.floats(allow_nan=False),
    ),
    max_size=40,
)
weights = st.none() | st.dictionaries(
    st.sampled_from(["relevance", "recency", "importance"]), st.floats(0, 100)
)


@given(candidates, weights, st.integers(1, 50))
def test_ranking_keeps_its_promises(
    pool: list[Candidate], given_weights: dict[str, float] | None, k: int
) -> None:
    """Scores lie in 0..1, sums never rise, at most k come back, each from the pool, once."""
    scored = rank(pool, given_weights, NOW, k)
    assert len(scored) == min(k, len(pool))
    assert len(set(names(scored))) == len(scored)
    assert set(names(scored)) <= {item.memory.id for item in pool}
    used = {"relevance": 1.0, "recency": 1.0, "importance": 1.0} | (given_weights or {})
    sums = []
    for item in scored:
        for name in used:
            assert 0.0 <= getattr(item, name) <= 1.0
        sums.append(sum(weight * getattr(item, name) for name, weight in used.items()))
    assert all(a >= b or math.isclose(a, b) for a, b in pairwise(sums))


@given(candidates, weights, st.integers(1, 50), st.randoms(use_true_random=False))
def test_ranking_ignores_the_order_of_the_pool(
    pool: list[Candidate],
    given_weights: dict[str, float] | None,
    k: int,
    shuffler: random.Random,
) -> None:
    """The same pool in another order gives the same answer."""
    shuffled = list(pool)
    shuffler.shuffle(shuffled)
    assert rank(shuffled, given_weights, NOW, k) == rank(pool, given_weights, NOW, k)


@given(st.integers(1, 40), st.floats(0, 100), st.floats(0, 1e5), st.none() | st.integers(1, 10))
def test_equal_candidates_score_a_half(
    count: int, relevance: float, hours: float, importance: int | None
) -> None:
    """Where the pool does not differ, every score is 0.5."""
    pool = [
        candidate(str(n), relevance=relevance, hours=hours, importance=importance)
        for n in range(count)
    ]
    for item in rank(pool, None, NOW, 50):
        assert (item.relevance, item.recency, item.importance) == (0.5, 0.5, 0.5)


def test_the_pool_reaches_both_ends_of_each_score() -> None:
    """The best raw value scores 1, the worst 0, the rest lie in proportion."""
    raw = [8, 10, 7, 9, 5]  # five triples the old service printed as .6 1 .4 .8 0
    pool = [candidate(str(n), importance=value) for n, value in enumerate(raw)]
    scored = {item.memory.id: item.importance for item in rank(pool, None, NOW, 5)}
    assert [round(scored[str(n)], 4) for n in range(5)] == [0.6, 1.0, 0.4, 0.8, 0.0]


def test_unjudged_importance_is_the_middle() -> None:
    """A memory nobody judged lies between an important and a mundane one."""
    pool = [candidate("a", importance=10), candidate("b"), candidate("c", importance=1)]
    scored = {item.memory.id: item.importance for item in rank(pool, None, NOW, 3)}
    assert scored == {"a": 1.0, "b": 0.5, "c": 0.0}


def test_weights_decide() -> None:
    """Each weight alone puts the best of its kind first."""
    pool = [
        candidate("relevant", relevance=9.0, hours=50, importance=2),
        candidate("recent", hours=1, importance=2),
        candidate("important", hours=50, importance=9),
    ]
    off = {"relevance": 0.0, "recency": 0.0, "importance": 0.0}
    assert names(rank(pool, off | {"relevance": 1.0}, NOW, 1)) == ["relevant"]
    assert names(rank(pool, off | {"recency": 1.0}, NOW, 1)) == ["recent"]
    assert names(rank(pool, off | {"importance": 1.0}, NOW, 1)) == ["important"]


def test_huge_weights_decide_too() -> None:
    """The largest weights there are keep their proportions: no sum of scores is infinite."""
    best = candidate("best", relevance=9.0, hours=1, importance=2)
    pool = [best, candidate("good", hours=1, importance=9), candidate("old", hours=50)]
    ones: dict[str, float] = {"relevance": 1.0, "recency": 1.0, "importance": 1.0}
    largest = dict.fromkeys(ones, sys.float_info.max)
    assert names(rank(pool, largest, NOW, 3)) == names(rank(pool, ones, NOW, 3))
    assert names(rank(pool, largest | {"importance": 0.0}, NOW, 3))[0] == "best"


def test_a_weight_left_out_is_one() -> None:
    """A weight that is not given counts as much as by default."""
    pool = [candidate("a", relevance=2.0, hours=5), candidate("b", relevance=1.0, importance=9)]
    assert rank(pool, {"recency": 1.0}, NOW, 2) == rank(pool, None, NOW, 2)
    assert rank(pool, {}, NOW, 2) == rank(pool, None, NOW, 2)


def test_recency_halves_in_about_six_days() -> None:
    """The decay is 0.995 an hour, and a memory dated in the future counts as one from now."""
    half = math.log(0.5) / math.log(0.995)
    pool = [
        candidate("future", hours=-1e5),
        candidate("now"),
        candidate("half", hours=half),
        candidate("old", hours=1e6),
    ]
    scored = {item.memory.id: item.recency for item in rank(pool, None, NOW, 4)}
    assert scored["future"] == scored["now"] == 1.0
    assert scored["half"] == pytest.approx(0.5)
    assert scored["old"] == 0.0


def test_ties_go_to_the_newest() -> None:
    """Among equal sums the memory made last comes first."""
    pool = [candidate("old", hours=9), candidate("new", hours=1), candidate("mid", hours=5)]
    assert names(rank(pool, {"recency": 0.0}, NOW, 3)) == ["new", "mid", "old"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is the name of my dog?", ["name", "dog"]),
        ("Dogs, dogs & DOGS!", ["dogs"]),
        ("Who am I?", ["who", "am", "i"]),
        ("Où est l'école de Jürgen?", ["où", "est", "l", "école", "de", "jürgen"]),
        ("\N{CJK UNIFIED IDEOGRAPH-72D7}", ["\N{CJK UNIFIED IDEOGRAPH-72D7}"]),
        ('"drop" OR (NEAR*)', ["drop", "near"]),
        ("  ?! ", []),
        ("", []),
    ],
)
def test_queries_become_words(text: str, words: list[str]) -> None:
    """Punctuation and common words go, unless nothing else is left."""
    assert terms(text) == words


@given(st.text())
def test_words_are_clean(text: str) -> None:
    """Any text gives distinct words without spaces or quotes."""
    words = terms(text)
    assert len(set(words)) == len(words)
    assert all(word and not set(word) & set(" \"'*()") for word in words)


def test_the_pool_is_larger_than_the_answer() -> None:
    """At least thirty candidates, or three for each one wanted."""
    assert [pool_size(1), pool_size(10), pool_size(11)] == [30, 30, 33]
