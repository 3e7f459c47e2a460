"""What becomes of rows from elsewhere: created, updated, or there already. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from langmem_server.store.columns import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    Identity = tuple[Any, ...]


class Change(NamedTuple):
    """A row to write: what is there, None if nothing is, and what is to be."""

    place: str
    before: dict[str, Any] | None
    after: dict[str, Any]


class Changes:
    """Compares rows with those that are there, and with each other.

    Args:
        present: The rows that are there, by what they are known by.

    Attributes:
        counts: How many rows were `created`, `updated` and `unchanged`.

    Example:
        >>> changes = Changes({("2d1a",): {"name": "Will"}})
        >>> changes.note("body.records[0]", ("2d1a",), {"name": "William"})
        >>> changes.counts, changes.to_write()[0].after
        (Counter({'updated': 1}), {'name': 'William'})
    """

    def __init__(self, present: Mapping[Identity, dict[str, Any]]) -> None:
        self.counts: Counter[str] = Counter()
        self._rows = dict(present)
        self._changes: dict[Identity, Change] = {}

    def row(self, identity: Identity) -> dict[str, Any] | None:
        """Return a row as it is by now, or None."""
        return self._rows.get(identity)

    def note(self, place: str, identity: Identity, after: dict[str, Any]) -> None:
        """Note what a row is to be."""
        before = self._rows.get(identity)
        # Compared as text, since 1, 1.0 and true are equal values but not the same.
        if before is not None and encode(before) == encode(after):
            self.counts["unchanged"] += 1
            return
        self.counts["created" if before is None else "updated"] += 1
        first = self._changes[identity].before if identity in self._changes else before
        self._changes[identity] = Change(place, first, after)
        self._rows[identity] = after

    def to_write(self) -> list[Change]:
        """Return the rows that differ from what is there, each once."""
        return list(self._changes.values())
