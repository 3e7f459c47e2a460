"""Conversations, their messages and their state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langmem_server import messages
from langmem_server.service import views
from langmem_server.service.base import PAGE_SIZE, Base, erased, found_thread, page
from langmem_server.store import threads

if TYPE_CHECKING:
    import sqlite3

NEWEST_MESSAGES = 100
"""How many messages a thread is shown with."""


class Threads(Base):
    """The operations on threads."""

    def create_thread(self, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
        """Store a thread, with messages if there are any."""
        thread_id = body.get("id") or str(uuid4())
        new = messages.parse_all(body.get("messages") or [])
        due_at = self._due_at()

        def store(conn: sqlite3.Connection) -> dict[str, Any]:
            threads.upsert(conn, tenant, thread_id, body.get("metadata"))
            threads.add_messages(conn, tenant, thread_id, new, due_at)
            return _thread(conn, tenant, thread_id)

        shown = self._db.write(store)
        self._processing.wake()
        return shown

    def get_thread(self, tenant: str, thread_id: str) -> dict[str, Any]:
        """Return a thread with its newest messages."""
        return self._db.read(lambda conn: _thread(conn, tenant, thread_id))

    def list_threads(self, tenant: str) -> list[dict[str, Any]]:
        """List all threads."""
        found = self._db.read(lambda conn: threads.list_all(conn, tenant))
        return [views.thread_item(thread) for thread in found]

    def delete_thread(self, tenant: str, thread_id: str) -> None:
        """Erase a thread, and the memories drawn from it."""
        self._db.write(lambda conn: erased("Thread", threads.delete(conn, tenant, thread_id)))

    def add_messages(self, tenant: str, thread_id: str, body: dict[str, Any]) -> None:
        """Store messages at the end of a thread."""
        new = messages.parse_all(body["messages"])
        due_at = self._due_at()

        def store(conn: sqlite3.Connection) -> None:
            threads.add_messages(conn, tenant, thread_id, new, due_at)

        self._db.write(store)
        self._processing.wake()

    def list_messages(
        self,
        tenant: str,
        thread_id: str,
        *,
        response_format: str = "openai",
        page_size: int = PAGE_SIZE,
        ascending_order: bool = True,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        """List a page of messages; an unknown thread has none."""
        cursors = self._cursors(tenant, "messages", thread_id)
        after = cursors.decode(cursor, int, "query.cursor")
        found = self._db.read(
            lambda conn: threads.messages_page(
                conn,
                tenant,
                thread_id,
                after_seq=after,
                ascending=ascending_order,
                limit=page_size + 1,
            )
        )
        shown, next_cursor = page(
            found,
            page_size,
            cursors,
            key=lambda message: message.seq,
            view=lambda message: messages.render(message, response_format),
        )
        return {"messages": shown, "next_cursor": next_cursor}

    def add_thread_state(self, tenant: str, thread_id: str, body: dict[str, Any]) -> None:
        """Keep JSON of the caller's own with a thread."""
        key, state = body.get("key"), body["state"]
        self._db.write(lambda conn: threads.set_state(conn, tenant, thread_id, key, state))

    def get_thread_state(self, tenant: str, thread_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what `add_thread_state` kept, or null."""
        key = body.get("key")
        return {
            "state": self._db.read(lambda conn: threads.get_state(conn, tenant, thread_id, key))
        }


def _thread(conn: sqlite3.Connection, tenant: str, thread_id: str) -> dict[str, Any]:
    thread = found_thread(conn, tenant, thread_id)
    newest = threads.messages_page(
        conn, tenant, thread_id, after_seq=None, ascending=False, limit=NEWEST_MESSAGES
    )
    return views.thread(thread, newest[::-1])
