"""Users: who is remembered."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from langmem import _prepare

from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from langmem.schemas import ID_T
    from langmem_api.types import User


class AsyncUsers(AsyncBase):
    """The operations on users."""

    __slots__ = ()

    async def create_user(
        self,
        *,
        user_id: ID_T,
        name: str,
        tags: Iterable[str] | None = None,
        metadata: Mapping[str, Any] = MappingProxyType({}),
    ) -> User:
        """Create a user, or replace the name, tags and metadata of one that exists.

        A message whose metadata names a user creates them too; this is for tags and metadata, or
        for a user who has not said anything yet.

        Args:
            user_id: The id you choose for the user.
            name: The user's name.
            tags: Labels of your own.
            metadata: Facts of your own about the user.

        Returns:
            The user as stored.

        Raises:
            ValueError: The id is text and not a UUID.
            TypeError: An argument cannot be sent as JSON.

        Example:
            >>> user = await client.create_user(user_id=user_id, name="Will", tags=["beta"])
            >>> user["name"]
            'Will'
        """
        return await self._send(
            _prepare.create_user(user_id=user_id, name=name, tags=tags, metadata=metadata)
        )

    async def get_user(self, user_id: ID_T) -> User:
        """Get a user.

        Args:
            user_id: The user's id.

        Returns:
            The user; one known from messages alone has an id and a name and nothing else.

        Raises:
            NotFoundError: There is no such user.
            ValueError: The id is text and not a UUID.

        Example:
            >>> user = await client.get_user(user_id)
            >>> user["name"]
            'Will'
        """
        return await self._send(_prepare.get_user(user_id))

    async def update_user(
        self,
        user_id: ID_T,
        *,
        name: str | None = None,
        tags: Iterable[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> User:
        """Update a user. What is None stays as it is.

        Args:
            user_id: The user's id.
            name: The new name.
            tags: The new labels, in place of the old.
            metadata: The new metadata, in place of the old.

        Returns:
            The user as stored now.

        Raises:
            NotFoundError: There is no such user.
            ValueError: The id is text and not a UUID.
            TypeError: An argument cannot be sent as JSON.

        Example:
            >>> user = await client.update_user(user_id, metadata={"plan": "free"})
        """
        return await self._send(
            _prepare.update_user(user_id, name=name, tags=tags, metadata=metadata)
        )

    async def list_users(
        self, *, name: Iterable[str] | None = None, id: Iterable[ID_T] | ID_T | None = None
    ) -> list[User]:
        """List the users that match every filter given.

        Args:
            name: Names, any of which a user may have. A single text is a list of one.
            id: Ids, any of which a user may have. A single id is a list of one.

        Returns:
            The users.

        Raises:
            ValueError: An id is text and not a UUID.
            TypeError: A filter is not a list.

        Example:
            >>> for user in await client.list_users(name=["Will"]):
            ...     print(user["name"])
            Will
        """
        return await self._send(_prepare.list_users(name=name, id=id))

    async def delete_user(self, user_id: ID_T) -> None:
        """Erase a user: their messages, everything remembered of them, and the record of it.

        This cannot be undone. The service of 2024 had no such operation.

        Args:
            user_id: The user's id.

        Raises:
            NotFoundError: There is no such user.
            ValueError: The id is text and not a UUID.

        Example:
            >>> await client.delete_user(user_id)
        """
        return await self._send(_prepare.delete_user(user_id))
