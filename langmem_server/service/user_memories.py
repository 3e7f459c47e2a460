"""What memory functions make of what users say, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from langmem_server.errors import RequestError
from langmem_server.schemas import Checker, SchemaError, only_known
from langmem_server.service import views
from langmem_server.service.base import PAGE_SIZE, Base, found_function, found_user
from langmem_server.service.thread_memories import runs_page
from langmem_server.store import memories, runs, threads
from langmem_server.store.records import utc_now

if TYPE_CHECKING:
    import sqlite3

    from langmem_server.store.records import Function, Output, Run


class UserMemories(Base):
    """The operations on what is remembered of users, but for the search."""

    def list_user_memory(self, tenant: str, user_id: str) -> list[dict[str, Any]]:
        """List all that is remembered of a user."""

        def load(conn: sqlite3.Connection) -> list[Output]:
            found_user(conn, tenant, user_id)
            return memories.list_for_user(conn, tenant, user_id)

        return [views.output(output) for output in self._db.read(load)]

    def get_user_memory(
        self, tenant: str, user_id: str, memory_function_id: str
    ) -> dict[str, Any] | None:
        """Return a user's state, bare; None while there is none."""

        def load(conn: sqlite3.Connection) -> dict[str, Any] | None:
            _found_state_function(conn, tenant, user_id, memory_function_id)
            state = memories.get_state(conn, tenant, user_id, memory_function_id)
            return None if state is None else state[0]

        return self._db.read(load)

    def update_user_memory(
        self, tenant: str, user_id: str, memory_function_id: str, body: dict[str, Any]
    ) -> None:
        """Replace a user's state with one that fits the function's schema."""
        target = tenant, user_id, memory_function_id
        # Judged outside of the write: a schema may take its time, and others wait for the writer.
        function = self._db.read(lambda conn: _found_state_function(conn, *target))
        _check_state(function, body["state"])

        def store(conn: sqlite3.Connection) -> None:
            _found_state_function(conn, *target)
            memories.put_state(conn, *target, body["state"])

        self._db.write(store)

    def delete_user_memory(self, tenant: str, user_id: str, memory_function_id: str) -> None:
        """Erase what one function remembers of a user."""

        def erase(conn: sqlite3.Connection) -> None:
            found_user(conn, tenant, user_id)
            function = found_function(conn, tenant, memory_function_id)
            if function.target_type != "user":
                raise RequestError(
                    404,
                    f"The memory function is of type {function.type}: it remembers things about"
                    " threads, not about users",
                )
            memories.delete_for_function(conn, tenant, user_id, memory_function_id)

        self._db.write(erase)

    def delete_individual_memories(self, tenant: str, user_id: str, ids: list[str]) -> None:
        """Erase single memories of a user; ids that name none are passed over."""
        named = [canonical for canonical in map(_canonical, ids) if canonical]

        def erase(conn: sqlite3.Connection) -> None:
            found_user(conn, tenant, user_id)
            memories.delete_many(conn, tenant, user_id, named)

        self._db.write(erase)

    def trigger_all_for_user(self, tenant: str, user_id: str) -> None:
        """Queue the runs for a user in all their threads now, failed and skipped ones again."""

        def plan(conn: sqlite3.Connection) -> None:
            found_user(conn, tenant, user_id)
            for thread_id in threads.of_user(conn, tenant, user_id):
                runs.plan(conn, tenant, thread_id, user_id=user_id, retry=True, now=utc_now())

        self._db.write(plan)
        self._processing.wake()

    def list_user_runs(
        self,
        tenant: str,
        user_id: str,
        *,
        status: str | None = None,
        page_size: int = PAGE_SIZE,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        """List a page of the runs for a user."""
        cursors = self._cursors(tenant, "user_runs", user_id)
        after = cursors.decode(cursor, int, "query.cursor")

        def load(conn: sqlite3.Connection) -> list[Run]:
            found_user(conn, tenant, user_id)
            return runs.page(
                conn, tenant, user_id=user_id, status=status, after=after, limit=page_size + 1
            )

        return runs_page(self._db.read(load), page_size, cursors)


def _found_state_function(
    conn: sqlite3.Connection, tenant: str, user_id: str, function_id: str
) -> Function:
    found_user(conn, tenant, user_id)
    function = found_function(conn, tenant, function_id)
    if function.type != "user_state":
        raise RequestError(
            404,
            f"The memory function is of type {function.type}: only one of type user_state keeps a"
            " state of a user",
        )
    return function


def _check_state(function: Function, state: dict[str, Any]) -> None:
    try:
        problems = Checker(only_known(function.parameters)).problems(state)
    except SchemaError as error:
        raise RequestError(
            422, f"body.state: cannot be judged by the function's schema: {error}"
        ) from None
    if problems:
        raise RequestError(422, "body.state" + problems[0].removeprefix("$"))


def _canonical(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
