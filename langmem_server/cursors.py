"""Cursors: where the next page of a list begins, sealed so that it can only be handed back. Pure.

A position may count what all tenants have stored, so nobody must read it, nor see from two of them
how far apart they are. The positions of a list are encrypted and authenticated under a secret of
the service, for that list alone: encrypt-then-MAC (Bellare and Namprempre, "Authenticated
Encryption", 2000), with HMAC-SHA256 of a random nonce and a counter as the stream of counter mode
(NIST SP 800-38A) and HMAC-SHA256 as the MAC, each under a key of its own. The nonce makes two
cursors of one position differ, so that not even their being equal tells anything; padding makes
them equally long. The standard library has no cipher, and HMAC is enough for two blocks of text.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Final, TypeVar

from langmem_server.errors import RequestError

T = TypeVar("T", int, str)

# The largest integer a SQLite column holds.
_MAX_INTEGER: Final = 2**63 - 1
# Multiples of three, so that base64 fills up nothing and a cursor has one spelling. No number needs
# more than is padded to, nor does the place of an export among memories.
_PADDED: Final = 126
_NONCE: Final = 18
_TAG: Final = 18
_DIGEST: Final = sha256().digest_size


class Cursors:
    """The cursors of one list.

    Args:
        secret: A secret of the service, random and of 32 bytes.
        *of: What tells the list from all others: the tenant, the list, whose it is.

    Example:
        >>> runs = Cursors(b"s" * 32, "default", "runs", None)
        >>> runs.decode(runs.encode(100), int, "query.cursor")
        100
        >>> runs.encode(100) == runs.encode(100)
        False
    """

    def __init__(self, secret: bytes, *of: str | None) -> None:
        self._stream_key = _hmac(secret, b"stream")
        # The whole of `of` goes into the key: its parts cannot run into each other as JSON.
        self._tag_key = _hmac(secret, b"tag" + json.dumps(of).encode())

    def encode(self, after: int | str) -> str:
        """Write a cursor.

        Args:
            after: What the last item of the page is known by.
        """
        text = json.dumps(after).encode()
        nonce = token_bytes(_NONCE)
        hidden = self._hidden(nonce, text.ljust(-(-len(text) // _PADDED) * _PADDED))
        sealed = nonce + hidden + self._tag(nonce + hidden)
        return base64.urlsafe_b64encode(sealed).decode()

    def decode(self, cursor: str | None, kind: type[T], place: str) -> T | None:
        """Read a cursor.

        Args:
            cursor: What `encode` wrote, or None for the first page.
            kind: What the items of this list are known by.
            place: Where the cursor stands in the request, for the error.

        Raises:
            RequestError: 422: it is no cursor of this list.
        """
        if cursor is None:
            return None
        after = self._after(cursor)
        if type(after) is not kind:
            raise RequestError(422, f"{place}: must be the next_cursor of a page of this list")
        return after

    def _after(self, cursor: str) -> Any:
        try:
            sealed = base64.b64decode(cursor, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, tag = sealed[:-_TAG], sealed[-_TAG:]
        if not hmac.compare_digest(tag, self._tag(body)):
            return None
        return json.loads(self._hidden(body[:_NONCE], body[_NONCE:]))

    def _hidden(self, nonce: bytes, text: bytes) -> bytes:
        """Encrypt a text, or decrypt it."""
        blocks = range(-(-len(text) // _DIGEST))
        stream = b"".join(_hmac(self._stream_key, nonce + n.to_bytes(8)) for n in blocks)
        return bytes(one ^ other for one, other in zip(text, stream, strict=False))

    def _tag(self, body: bytes) -> bytes:
        return _hmac(self._tag_key, body)[:_TAG]


def is_number(value: object) -> bool:
    """Tell whether a value is a whole number by which items can be known."""
    return type(value) is int and 0 <= value <= _MAX_INTEGER


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, sha256)
