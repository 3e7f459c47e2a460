"""How well memories match words, judged within one user's memories alone.

FTS5's own bm25() weighs a word by the rows of the whole index that have it, and visits them all:
its scores, and the time it takes, would tell one tenant what others store. So the index is only
asked which rows of one owner hold a word. Such a query follows the rows of the owner and skips
through those of the word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from langmem_server import retrieve
from langmem_server.store.columns import encode, token
from langmem_server.store.records import Hit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

# FTS5 reads a query as C text: a NUL would end it early. Half a surrogate pair is no text at all.
_NOT_IN_A_QUERY = re.compile("[\0\ud800-\udfff]")


def relevances(
    conn: sqlite3.Connection, tenant: str, user_id: str, chosen: str, terms: Sequence[str]
) -> dict[int, float]:
    """Score the memories of a user that hold a term.

    Args:
        conn: A connection.
        tenant: The tenant.
        user_id: The user.
        chosen: The ids of the functions whose memories count, as `columns.id_list` writes them.
        terms: Words to look for, any of them; stemmed as English by SQLite.

    Returns:
        The BM25 score of each match by the memory's ordinal, best first; among equals the newest.
    """
    documents, length = conn.execute(
        "SELECT count(*), avg(length(text)) FROM memories WHERE tenant = ? AND user_id = ?"
        " AND function_id IN (SELECT value FROM json_each(?))",
        (tenant, user_id, chosen),
    ).fetchone()
    if not documents:
        return {}
    found = retrieve.bm25(_hits(conn, tenant, user_id, chosen, terms), documents, length)
    best = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return dict(best)


def _hits(
    conn: sqlite3.Connection, tenant: str, user_id: str, chosen: str, terms: Sequence[str]
) -> list[Hit]:
    """Find each term, and count it by the marks that highlight() puts before it.

    CROSS JOIN holds SQLite to this order: the index first, then the rows it names. The owner is
    compared once more, as a token is not a proof. Nobody can have stored the mark before.
    """
    rows = conn.execute(
        "SELECT q.key, m.ordinal, highlight(memories_fts, 0, :mark, '') AS marked,"
        " length(m.text) AS length FROM json_each(:queries) q CROSS JOIN memories_fts"
        " CROSS JOIN memories m ON m.ordinal = memories_fts.rowid"
        " WHERE memories_fts MATCH q.value AND m.tenant = :tenant AND m.user_id = :user"
        " AND m.function_id IN (SELECT value FROM json_each(:chosen))",
        {
            "mark": (mark := uuid4().hex),
            "queries": encode(_queries(token(tenant, user_id), terms)),
            "tenant": tenant,
            "user": user_id,
            "chosen": chosen,
        },
    )
    return [
        Hit(row["key"], row["ordinal"], row["marked"].count(mark), row["length"]) for row in rows
    ]


def _queries(owner: str, terms: Sequence[str]) -> list[str]:
    """Write an FTS5 query for each of the terms among one owner's rows.

    Each term is quoted, so that nothing in it is read as FTS5 syntax.
    https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    cleaned = (_NOT_IN_A_QUERY.sub(" ", term).replace('"', '""') for term in terms)
    quoted = dict.fromkeys(f'"{term}"' for term in cleaned if term.strip())
    return [f'owner : "{owner}" AND text : {term}' for term in quoted]
