# Derived by scripts/unasync.py from langmem/_async/transfer.py: edit that instead.
"""All that a service holds, as records: out of one and into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem import _prepare

from .base import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from langmem.schemas import ID_T
    from langmem_api.types import ExportPage, ImportResult


class Transfer(Base):
    """The operations on everything at once."""

    __slots__ = ()

    def export_records(
        self,
        *,
        user_id: ID_T | None = None,
        cursor: str | None = None,
        page_size: int | None = None,
    ) -> ExportPage:
        """Export a page of what is stored, as records that `import_records` takes.

        Give the page's `next_cursor` as `cursor` for the next page, until it is None. A cursor can
        be kept, and the export resumed at it at any time. The service of 2024 had no such
        operation.

        Args:
            user_id: Only this user's share; see docs/export-import.md for what that is.
            cursor: The `next_cursor` of the page before, of an export with the same `user_id`.
                None is the first page.
            page_size: The most records of a page, up to 1000. By default 500. A page of large
                records holds less.

        Returns:
            The page: its `records`, in the order to import them in, and the `next_cursor`.

        Raises:
            NotFoundError: There is no such user.
            UnprocessableEntityError: The cursor is none of this export.
            ValueError: The id is text and not a UUID, or the page size is less than 1.

        Example:
            >>> page = client.export_records(page_size=1000)
            >>> while page["next_cursor"] is not None:
            ...     page = client.export_records(cursor=page["next_cursor"])
        """
        return self._send(
            _prepare.export_records(user_id=user_id, cursor=cursor, page_size=page_size)
        )

    def import_records(self, records: Iterable[Mapping[str, Any]]) -> ImportResult:
        """Store records, all of them or, if one is refused, none.

        Records are stored under their ids, so they may be sent again. One that needs another comes
        with it or after it. A record of a message without `seq` is taken as `add_messages` takes a
        message. The service of 2024 had no such operation.

        Args:
            records: The records, at most 1000; see docs/export-import.md.

        Returns:
            How many records were `created`, `updated` and `unchanged`.

        Raises:
            UnprocessableEntityError: A record does not fit, or names an unknown memory function;
                the error names the record.
            ConflictError: A record contradicts what is stored: a memory function has the name of
                another one, or the thread has another message at the place of this one.
            PayloadTooLargeError: The records are too large for one request: send fewer.
            ValueError: There are more than 1000 records.
            TypeError: The records are no list, or something in it is no record or cannot be sent.

        Example:
            >>> said = {"type": "message", "thread_id": thread_id, "role": "user", "content": "Hi"}
            >>> result = client.import_records([said])
            >>> result["created"]
            1
        """
        return self._send(_prepare.import_records(records))
