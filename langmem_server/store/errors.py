"""What the store raises.

StoreError               the file cannot be opened, read or written: the text says what to do
ConflictError            the request contradicts what is stored
UnstorableTextError      a text that is no valid Unicode (a ValueError)
"""

from __future__ import annotations


class StoreError(Exception):
    """The database file cannot be used; the text names the path and the fix."""


class ConflictError(Exception):
    """A write contradicts what is stored; the text names the field and the fix."""


class UnstorableTextError(ValueError):
    """A text holds half a surrogate pair, which no UTF-8 file can keep."""
