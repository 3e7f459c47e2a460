"""All that is stored, as records: out of the service and into it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from langmem_server import wire_records
from langmem_server.bounds import bounded
from langmem_server.cursors import is_number
from langmem_server.errors import RequestError
from langmem_server.service.base import Base, found_user
from langmem_server.service.memory_functions import check_schema
from langmem_server.store import exports, functions, imports
from langmem_server.store.exports import KINDS, Place
from langmem_server.store.records import Imported, Moment, utc_now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

DEFAULT_PAGE_SIZE: Final = 500

# The types of the functions that make what these records hold.
_MAKERS: Final = {
    "user_state": ("user_state",),
    "user_memory": ("user_append_state", "user_semantic_memory"),
    "thread_memory": ("thread_summary",),
}

_ORDERS: Final = {kind.name: kind.order for kind in KINDS}
_NO_CURSOR: Final = "query.cursor: must be the next_cursor of a page of this list"


class Transfer(Base):
    """The operations on everything at once."""

    def export_records(
        self,
        tenant: str,
        *,
        user_id: str | None = None,
        page_size: int = DEFAULT_PAGE_SIZE,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        """Return a page of records."""
        cursors = self._cursors(tenant, "records", user_id)
        place = _place(cursors.decode(cursor, str, "query.cursor"))

        def load(conn: sqlite3.Connection) -> tuple[list[tuple[str, dict[str, Any]]], Place | None]:
            if user_id is not None:
                found_user(conn, tenant, user_id)
            return exports.page(conn, tenant, user_id, place, page_size)

        rows, end = self._db.read(load)
        return {
            "records": [wire_records.render(kind, row) for kind, row in rows],
            "next_cursor": None if end is None else cursors.encode(json.dumps(end)),
        }

    def import_records(self, tenant: str, body: dict[str, Any]) -> dict[str, int]:
        """Store records, all of them or none."""
        with bounded():  # one request, one piece of work, however many schemas it brings
            rows = _parse(body["records"])
        moment = Moment(utc_now(), self._due_at())

        def store(conn: sqlite3.Connection) -> dict[str, int]:
            counts: Counter[str] = Counter()
            for kind in KINDS:
                if kind.name in rows:
                    _check_functions(conn, tenant, kind.name, rows[kind.name])
                    counts.update(imports.store(conn, tenant, kind, rows[kind.name], moment))
            return {name: counts[name] for name in ("created", "updated", "unchanged")}

        result = self._db.write(store)
        self._processing.wake()
        return result


def _parse(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Imported]]:
    """Read records, by type."""
    rows: dict[str, list[Imported]] = {}
    for number, record in enumerate(records):
        place = f"body.records[{number}]"
        if record["type"] == "memory_function":
            check_schema(record["schema"]["parameters"], f"{place}.schema.parameters")
        row = Imported(place, wire_records.parse(record, place))
        rows.setdefault(record["type"], []).append(row)
    return rows


def _check_functions(
    conn: sqlite3.Connection, tenant: str, kind: str, rows: Sequence[Imported]
) -> None:
    """Refuse rows of memory functions that there are not, or that do not make such rows."""
    if kind not in {"thread", *_MAKERS}:
        return
    types = functions.types(conn, tenant)
    for place, values in rows:
        for number, item in enumerate(values.get("processed", ())):
            _check_function(types, item["function_id"], f"{place}.processed[{number}]", ())
        if kind in _MAKERS:
            _check_function(types, values["function_id"], place, _MAKERS[kind])


def _check_function(
    types: Mapping[str, str], function_id: str, place: str, makers: tuple[str, ...]
) -> None:
    if function_id not in types:
        raise RequestError(
            422,
            f"{place}.memory_function_id: there is no memory function {function_id}: import its"
            " record first",
        )
    if makers and types[function_id] not in makers:
        raise RequestError(
            422,
            f"{place}.memory_function_id: must be a memory function of type"
            f" {' or '.join(makers)}, not {types[function_id]}",
        )


def _place(text: str | None) -> Place | None:
    """Read where a page begins; a cursor may be one of an older version."""
    if text is None:
        return None
    try:
        until, kind, after = json.loads(text)
        order = _ORDERS[kind]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise RequestError(422, _NO_CURSOR) from None
    if not isinstance(until, str) or not _is_key(after, len(order)):
        raise RequestError(422, _NO_CURSOR)
    return Place(until, kind, tuple(after))


def _is_key(after: Any, length: int) -> bool:
    return (
        isinstance(after, list)
        and len(after) == length
        and all(isinstance(value, str) or is_number(value) for value in after)
    )
