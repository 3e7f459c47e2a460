from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store import functions, memories, threads, users
from langmem_server.store.records import Function, NewMemory, User, utc_now

if TYPE_CHECKING:
    import sqlite3

    from langmem_server.store.database import Database

TENANT = "default"
ANN = ["Ann keeps three pikas", "Ann drinks tea", "Ann runs in the mornings", "Tea is from Assam"]
OTHERS = {
    ("default", "bob"): ["Bob keeps pikas too", "Bob drinks tea"],
    ("elsewhere", "ann"): ["This Ann keeps pikas elsewhere"],
}


def moment(number: int) -> str:
    """Return timestamps that grow with the number."""
    return f"2024-01-01T00:00:{number:02}.000000Z"


@pytest.fixture(scope="module")
def full(conn: sqlite3.Connection) -> sqlite3.Connection:
    """A store with memories of Ann by two functions, of Bob, and of an Ann elsewhere."""
    for tenant in (TENANT, "elsewhere"):
        threads.upsert(conn, tenant, "t", None)
        for key in ("facts", "other"):
            function = Function(key, "user_append_state", key, "", {}, None, "active", utc_now())
            functions.upsert(conn, tenant, function)
        for key in ("ann", "bob"):
            users.upsert(conn, tenant, User(key))
    for number, text in enumerate(ANN):
        found = [NewMemory(text, {}, None)]
        memories.remember(conn, TENANT, ("ann", "facts", "t"), found, moment(number))
    found = [NewMemory("Ann saw a pika of another kind", {}, None)]
    memories.remember(conn, TENANT, ("ann", "other", "t"), found, moment(59))
    for (tenant, user), texts in OTHERS.items():
        found = [NewMemory(text, {}, None) for text in texts]
        memories.remember(conn, tenant, (user, "facts", "t"), found, moment(0))
    return conn


def search(conn: sqlite3.Connection, *terms: str, limit: int = 30) -> list[str]:
    """Search Ann's facts; return the texts of those that match, best first."""
    found = memories.search(conn, TENANT, "ann", ["facts"], list(terms), limit)
    return [candidate.memory.text for candidate in found if candidate.relevance > 0]


def test_words_match_by_their_stem(full: sqlite3.Connection) -> None:
    """A term finds other forms and cases of its word, and only this user's memories."""
    assert search(full, "PIKA") == ["Ann keeps three pikas"]
    assert search(full, "running") == ["Ann runs in the mornings"]
    assert search(full, "nothing") == []


def test_the_better_match_comes_first(full: sqlite3.Connection) -> None:
    """A memory that holds more of the terms, or rarer ones, is more relevant."""
    found = search(full, "assam", "tea")
    assert found == ["Tea is from Assam", "Ann drinks tea"]


def test_relevance_is_positive_only_for_matches(full: sqlite3.Connection) -> None:
    """The rest of a user's memories follow the matches, latest access first, with relevance 0."""
    found = memories.search(full, TENANT, "ann", ["facts"], ["tea", "assam"], 30)
    assert [candidate.memory.text for candidate in found] == [ANN[3], ANN[1], ANN[2], ANN[0]]
    assert [candidate.relevance > 0 for candidate in found] == [True, True, False, False]
    assert found[0].relevance > found[1].relevance
    assert {candidate.relevance for candidate in found[2:]} == {0.0}


@pytest.mark.parametrize("limit", range(1, 6))
def test_the_limit_counts_both(full: sqlite3.Connection, limit: int) -> None:
    """Matches first, then the others, never more than the limit."""
    found = memories.search(full, TENANT, "ann", ["facts"], ["tea", "assam"], limit)
    assert [c.memory.text for c in found] == [ANN[3], ANN[1], ANN[2], ANN[0]][:limit]


def test_only_the_functions_asked_for(full: sqlite3.Connection) -> None:
    """Memories of other functions are neither matched nor filled in."""

    def found(function_ids: list[str]) -> set[str]:
        candidates = memories.search(full, TENANT, "ann", function_ids, ["pika"], 30)
        return {candidate.memory.function_id for candidate in candidates}

    assert found(["other"]) == {"other"}
    assert found(["facts", "other"]) == {"facts", "other"}
    assert found([]) == found(["unknown"]) == set()


def test_without_terms_the_latest_come_first(full: sqlite3.Connection) -> None:
    """No terms, or terms without a letter, give all memories by last access."""
    for terms in ([], ["", "  "], ["!!!", "\0"], ["\ud800"]):
        found = memories.search(full, TENANT, "ann", ["facts"], terms, 30)
        assert [candidate.memory.text for candidate in found] == ANN[::-1]
        assert {candidate.relevance for candidate in found} == {0.0}


def test_an_unknown_user_has_no_memories(full: sqlite3.Connection) -> None:
    """Searching for nobody is no error."""
    assert memories.search(full, TENANT, "nobody", ["facts"], ["pika"], 30) == []


def test_a_phrase_is_matched_as_one(full: sqlite3.Connection) -> None:
    """A term of several words matches them side by side."""
    assert search(full, "three pikas") == ["Ann keeps three pikas"]
    assert search(full, "pikas three") == []


@pytest.mark.parametrize(
    "term",
    [
        'tea" OR "pika',
        '") OR owner : ("',
        "owner:ann",
        "text:tea) OR (pika",
        "tea AND tea",
        "NEAR(tea assam)",
        "^tea",
        "tea*",
        'tea"',
        '"',
        "'; DROP TABLE memories; --",
        "te\0a",
        "tea\ud83d",
        "-tea",
        "{owner}",
    ],
)
def test_a_term_is_never_syntax(full: sqlite3.Connection, term: str) -> None:
    """Whatever a term holds, it is looked for as words among this user's memories."""
    found = memories.search(full, TENANT, "ann", ["facts"], [term, "pika"], 30)
    assert sorted(candidate.memory.text for candidate in found) == sorted(ANN)
    assert "Ann keeps three pikas" in search(full, term, "pika")


ODD = st.text(st.characters() | st.sampled_from('"()*^:-+{}\0\ud800 ')) | st.sampled_from(
    ["AND", "OR", "NOT", "NEAR", "pika", "tea", "owner", "text"]
)


@given(st.lists(ODD, max_size=8))
def test_no_query_fails_or_leaks(full: sqlite3.Connection, terms: list[str]) -> None:
    """No terms at all make an error or show a memory of anybody else, and none appears twice."""
    found = memories.search(full, TENANT, "ann", ["facts"], terms, 30)
    assert sorted(candidate.memory.text for candidate in found) == sorted(ANN)


def test_a_query_of_any_length(full: sqlite3.Connection) -> None:
    """Thousands of terms are looked for like a few."""
    assert search(full, *(f"word{number}" for number in range(5000)), "pika") == [ANN[0]]


def test_the_index_follows_the_table(db: Database) -> None:
    """After inserts, touches and deletes of odd texts the index equals the table."""
    texts = ["a\0b", "", "ünïcödé 日本語", "x" * 5000, "tea tea tea", '"quoted"', "tea"]

    def work(conn: sqlite3.Connection) -> None:
        users.upsert(conn, TENANT, User("ann"))
        threads.upsert(conn, TENANT, "t", None)
        [function] = functions.active(conn, TENANT)
        source = ("ann", function.id, "t")
        memories.remember(conn, TENANT, source, [NewMemory(t, {}, None) for t in texts], moment(1))
        memories.remember(conn, TENANT, source, [NewMemory("TEA", {}, None)], moment(2))
        found = memories.search(conn, TENANT, "ann", [function.id], [], 30)
        assert len(found) == len(texts)
        doomed = [c.memory.id for c in found if c.memory.text in texts[:3]]
        memories.delete_many(conn, TENANT, "ann", doomed)
        conn.execute("INSERT INTO memories_fts (memories_fts, rank) VALUES ('integrity-check', 1)")
        assert len(memories.search(conn, TENANT, "ann", [function.id], ["tea"], 30)) == 4

    db.write(work)
