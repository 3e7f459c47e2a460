"""What is remembered, and in which shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from langmem_server.errors import RequestError
from langmem_server.schemas import Checker, SchemaError, check_references
from langmem_server.service import views
from langmem_server.service.base import PAGE_SIZE, Base, erased, found_function, page
from langmem_server.store import functions, runs
from langmem_server.store.records import Function, utc_now

if TYPE_CHECKING:
    import sqlite3


MAX_SCHEMA_BYTES: Final = 256 * 1024


class MemoryFunctions(Base):
    """The operations on memory functions."""

    def create_memory_function(self, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
        """Store a memory function, or update the one it is the same as."""
        schema = body["schema"]
        check_schema(schema["parameters"], "body.schema.parameters")
        function = Function(
            id=body.get("id") or str(uuid4()),
            type=body.get("type", "user_state"),
            name=schema["name"],
            description=schema["description"],
            parameters=schema["parameters"],
            custom_instructions=body.get("custom_instructions"),
            status="active",
            created_at=utc_now(),
        )
        due_at = self._due_at()

        def store(conn: sqlite3.Connection) -> dict[str, Any]:
            stored = functions.upsert(conn, tenant, function)
            if stored == function:  # it is new, and not one of an earlier time
                runs.schedule_all(conn, tenant, due_at)
            return views.function(stored)

        shown = self._db.write(store)
        self._processing.wake()
        return shown

    def get_memory_function(self, tenant: str, memory_function_id: str) -> dict[str, Any]:
        """Return a memory function."""
        return views.function(
            self._db.read(lambda conn: found_function(conn, tenant, memory_function_id))
        )

    def list_memory_functions(self, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
        """List a page of memory functions."""
        cursors = self._cursors(tenant, "memory_functions")
        after = cursors.decode(body.get("cursor"), str, "body.cursor")
        found = self._db.read(
            lambda conn: functions.list_page(
                conn, tenant, body.get("target_type"), after, PAGE_SIZE + 1
            )
        )
        shown, next_cursor = page(
            found, PAGE_SIZE, cursors, key=lambda f: f.place, view=views.function
        )
        return {"memory_functions": shown, "next_cursor": next_cursor}

    def update_memory_function(
        self, tenant: str, memory_function_id: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        """Replace what is given of a memory function."""
        # The asynchronous client of 2024 says `function` where it means `schema`.
        place = "schema" if "schema" in body else "function"
        parameters = body.get(place)
        if parameters is not None:
            check_schema(parameters, f"body.{place}")
        names = ("name", "description", "custom_instructions", "type", "status")
        given = {name: body.get(name) for name in names}
        due_at = self._due_at()

        def store(conn: sqlite3.Connection) -> dict[str, Any]:
            before = found_function(conn, tenant, memory_function_id)
            functions.update(conn, tenant, memory_function_id, parameters=parameters, **given)
            after = found_function(conn, tenant, memory_function_id)
            enabled = (before.status, after.status) == ("disabled", "active")
            if enabled or after.type != before.type:
                runs.schedule_all(conn, tenant, due_at)
            return views.function(after)

        shown = self._db.write(store)
        self._processing.wake()
        return shown

    def delete_memory_function(self, tenant: str, memory_function_id: str) -> None:
        """Erase a memory function with all that it remembers."""
        self._db.write(
            lambda conn: erased(
                "Memory function", functions.delete(conn, tenant, memory_function_id)
            )
        )


def check_schema(parameters: dict[str, Any], place: str) -> None:
    """Refuse what no memory can be made by: memories are objects, and there is a limit."""
    size = len(json.dumps(parameters, ensure_ascii=False, separators=(",", ":")).encode())
    if size > MAX_SCHEMA_BYTES:
        raise RequestError(
            422,
            f"{place}: is a JSON Schema of {size:,} bytes; one may have {MAX_SCHEMA_BYTES:,}",
        )
    try:
        checker = Checker(parameters)
        check_references(parameters)
        checker.problems({})  # a reference that goes round in circles shows only at work
    except SchemaError as error:
        raise RequestError(422, f"{place}: is not a usable JSON Schema: {error}") from None
    types = parameters.get("type", "object")
    if "object" not in ([types] if isinstance(types, str) else types):
        raise RequestError(422, f"{place}.type: must be object: a memory is an object")
