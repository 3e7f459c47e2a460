"""The search over a user's memories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from langmem_server import retrieve
from langmem_server.errors import RequestError
from langmem_server.service import views
from langmem_server.service.base import Base
from langmem_server.store import functions, memories

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

DEFAULT_K: Final = 200
DEFAULT_SUMMARIES_K: Final = 10
_SEARCHED: Final = ("user_append_state", "user_semantic_memory")
_UNSTRUCTURED: Final = "user_semantic_memory"
_EVERY: Final = 2**31


class Search(Base):
    """The operation that searches."""

    def query_user_memory(self, tenant: str, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the memories found, and the states and summaries asked for, of one moment."""

        def load(conn: sqlite3.Connection) -> dict[str, Any]:
            return {
                "user_id": user_id,
                "memories": _memories(conn, tenant, user_id, body),
                "state": _states(conn, tenant, user_id, body.get("state")),
                "thread_summaries": _summaries(conn, tenant, user_id, body.get("thread_query")),
            }

        return self._db.read(load)


def _memories(
    conn: sqlite3.Connection, tenant: str, user_id: str, body: dict[str, Any]
) -> list[dict[str, Any]]:
    chosen = body.get("memory_function_ids")
    if chosen is None:
        every = functions.list_page(conn, tenant, ["user"], None, _EVERY)
        chosen = [function.id for function in every if function.type == _UNSTRUCTURED]
    else:
        _check(conn, tenant, chosen, _SEARCHED, "body.memory_function_ids")
    k = body.get("k", DEFAULT_K)
    words = retrieve.terms(body["text"])
    pool = memories.search(conn, tenant, user_id, chosen, words, retrieve.pool_size(k))
    ranked = retrieve.rank(pool, body.get("weights"), datetime.now(UTC), k)
    return [views.memory(scored) for scored in ranked]


def _states(
    conn: sqlite3.Connection, tenant: str, user_id: str, ids: list[str] | None
) -> list[dict[str, Any] | None] | None:
    if ids is None:
        return None
    _check(conn, tenant, ids, ("user_state",), "body.state")
    found = [memories.get_state(conn, tenant, user_id, function_id) for function_id in ids]
    return [None if state is None else state[0] for state in found]


def _summaries(
    conn: sqlite3.Connection, tenant: str, user_id: str, query: dict[str, Any] | None
) -> list[dict[str, Any]] | None:
    if query is None:
        return None
    ids, k = query["memory_function_ids"], query.get("k")
    _check(conn, tenant, ids, ("thread_summary",), "body.thread_query.memory_function_ids")
    # The synchronous client of 2024 sends the ids again as k.
    most = k if isinstance(k, int) else DEFAULT_SUMMARIES_K
    found = memories.summaries_for_user(conn, tenant, user_id, ids, most)
    return [views.output(output) for output in found]


def _check(
    conn: sqlite3.Connection, tenant: str, ids: Iterable[str], types: tuple[str, ...], place: str
) -> None:
    for number, function_id in enumerate(ids):
        function = functions.get(conn, tenant, function_id)
        if function is None:
            raise RequestError(404, f"Memory function not found: {place}[{number}]")
        if function.type not in types:
            raise RequestError(
                422,
                f"{place}[{number}]: must be a memory function of type {' or '.join(types)}, not"
                f" {function.type}",
            )
