from __future__ import annotations

import sqlite3
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.retrieve import bm25
from langmem_server.store import functions, memories, threads, users
from langmem_server.store.records import Function, Hit, NewMemory, User, utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = ["tea", "teas", "pika", "Will", "likes", "n\0ul", "x_y", "日本語", "", "a"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=8)
_number = count()


def furnish(conn: sqlite3.Connection, tenant: str) -> None:
    """Give a tenant two users and a function, if it has none."""
    threads.upsert(conn, tenant, "t", None)
    function = Function("f", "user_append_state", "f", "", {}, None, "active", utc_now())
    functions.upsert(conn, tenant, function)
    for user_id in ("ann", "bob"):
        users.upsert(conn, tenant, User(user_id))


def remember(conn: sqlite3.Connection, tenant: str, user_id: str, texts: Sequence[str]) -> None:
    """Store texts as memories of a user, unless they are."""
    found = [NewMemory(text, {}, None) for text in texts]
    memories.remember(conn, tenant, (user_id, "f", "t"), found, utc_now())


def scores(conn: sqlite3.Connection, tenant: str, terms: list[str]) -> list[tuple[str, float]]:
    """Search all of Ann's memories; return texts and scores, best first."""
    found = memories.search(conn, tenant, "ann", ["f"], terms, 99)
    return [(candidate.memory.text, candidate.relevance) for candidate in found]


@given(own=TEXTS, terms=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), data=st.data())
def test_what_others_store_changes_no_score(
    conn: sqlite3.Connection, own: list[str], terms: list[str], data: st.DataObject
) -> None:
    """A user's scores and their order stay the same, to the last bit, whatever others store."""
    mark = next(_number)
    ours, theirs = f"ours{mark}", f"theirs{mark}"
    for tenant in (ours, theirs):
        furnish(conn, tenant)
    remember(conn, ours, "ann", own)
    before = scores(conn, ours, terms)
    for tenant, user_id in ((ours, "bob"), (theirs, "ann"), (theirs, "bob")):
        remember(conn, tenant, user_id, data.draw(TEXTS))
        assert scores(conn, ours, terms) == before
    users.delete(conn, theirs, "bob")
    assert scores(conn, ours, terms) == before


@given(TEXTS, st.lists(st.sampled_from(["tea", "pika", "Will", "likes"]), min_size=1, unique=True))
def test_scores_are_those_of_fts5(texts: list[str], terms: list[str]) -> None:
    """Over a whole collection the formula gives what FTS5's own bm25() gives."""
    with sqlite3.connect(":memory:") as fts:
        fts.execute("CREATE VIRTUAL TABLE d USING fts5 (t, tokenize='porter unicode61')")
        fts.executemany("INSERT INTO d VALUES (?)", [(text.replace("\0", ""),) for text in texts])
        query = " OR ".join(terms)
        rows = fts.execute("SELECT rowid, -bm25(d) FROM d WHERE d MATCH ?", (query,))
        expected = dict(rows.fetchall())
        fts.execute("CREATE VIRTUAL TABLE v USING fts5vocab (d, instance)")
        stems: dict[str, list[int]] = {stem: [] for stem in ("tea", "pika", "will", "like")}
        lengths: dict[int, int] = {}
        for stem, document in fts.execute("SELECT term, doc FROM v"):
            lengths[document] = lengths.get(document, 0) + 1
            stems.setdefault(stem, []).append(document)
    fts.close()
    wanted = [stems["like" if term == "likes" else term.lower()] for term in terms]
    hits = [
        Hit(term, document, found.count(document), lengths[document])
        for term, found in enumerate(wanted)
        for document in sorted(set(found))
    ]
    got = bm25(hits, len(texts), sum(lengths.values()) / max(1, len(texts)))
    assert got == pytest.approx(expected, rel=1e-9)


def test_every_occurrence_counts(conn: sqlite3.Connection, tenant: str) -> None:
    """A word said more often in a text of the same length makes it more relevant, in any form."""
    furnish(conn, tenant)
    remember(conn, tenant, "ann", ["teas tea cup", "tea pot cup.", "pot cup potts"])
    (first, most), (second, less), (_, none) = scores(conn, tenant, ["tea"])
    assert (first, second) == ("teas tea cup", "tea pot cup.")
    assert most > less > none == 0.0


def test_nobody_can_plant_the_marks(conn: sqlite3.Connection, tenant: str) -> None:
    """What stands around the words found in one search counts nothing in the next."""
    furnish(conn, tenant)
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    remember(conn, tenant, "ann", ["tea", "coffee", "milk"])
    scores(conn, tenant, ["tea"])
    scores(conn, tenant, ["tea"])
    conn.set_trace_callback(None)
    marks = [text.split("'")[1] for text in statements if "highlight(" in text]
    assert len(set(marks)) == len(marks) == 2
