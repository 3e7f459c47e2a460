"""The people an application talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server.service import views
from langmem_server.service.base import Base, erased, found_user
from langmem_server.store import users
from langmem_server.store.records import User

if TYPE_CHECKING:
    import sqlite3


class Users(Base):
    """The operations on users."""

    def create_user(self, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
        """Store a user; of one that exists, replace what is given."""
        user_id = body["id"]

        def store(conn: sqlite3.Connection) -> dict[str, Any]:
            known = users.get(conn, tenant, user_id) or User(user_id)
            tags, metadata = body.get("tags"), body.get("metadata")
            user = User(
                user_id,
                body["name"],
                known.tags if tags is None else tags,
                known.metadata if metadata is None else metadata,
            )
            return views.user(users.upsert(conn, tenant, user))

        return self._db.write(store)

    def get_user(self, tenant: str, user_id: str) -> dict[str, Any]:
        """Return a user."""
        return views.user(self._db.read(lambda conn: found_user(conn, tenant, user_id)))

    def update_user(self, tenant: str, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Replace what is given of a user."""
        given = {key: body.get(key) for key in ("name", "tags", "metadata")}

        def store(conn: sqlite3.Connection) -> dict[str, Any]:
            users.update(conn, tenant, user_id, **given)
            return views.user(found_user(conn, tenant, user_id))

        return self._db.write(store)

    def list_users(self, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
        """List the users that match both filters."""
        found = self._db.read(
            lambda conn: users.find(conn, tenant, body.get("name"), body.get("id"))
        )
        return {"users": [views.user(user) for user in found]}

    def delete_user(self, tenant: str, user_id: str) -> None:
        """Erase a user, their messages and all that was made of these."""
        self._db.write(lambda conn: erased("User", users.delete(conn, tenant, user_id)))
        # Summaries of the threads they spoke in are now to be made anew.
        self._processing.wake()
