"""JSON to and from bytes: by msgspec where `langmem[fast]` brought it, else the standard library.

msgspec rather than orjson, which is as fast, because orjson turns whole numbers of more than 64
bits into floats without a word. What msgspec refuses is left to the standard library, so that both
ways read and write the same: NaN, infinities, half surrogate pairs, UTF-16, subclasses of str.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def fast_is_wanted() -> bool:
    """Say whether what `langmem[fast]` brings may be used: LANGMEM_FAST=off turns it off."""
    return os.environ.get("LANGMEM_FAST", "").strip().lower() not in {"0", "false", "no", "off"}


def encode_plainly(value: Any) -> bytes:
    """Write a JSON value as compact UTF-8.

    Raises:
        ValueError: A number is not finite, or text holds half a surrogate pair.
    """
    return _ENCODER.encode(value).encode()


def _choose() -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    if fast_is_wanted():
        try:
            import msgspec  # noqa: PLC0415 - an extra
        except ImportError:
            pass
        else:
            return _with_msgspec(msgspec)
    return encode_plainly, json.loads


def _with_msgspec(msgspec: Any) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    write, read = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode

    def encode(value: Any) -> bytes:
        try:
            written: bytes = write(value)
        except (TypeError, ValueError, OverflowError, RecursionError):
            return encode_plainly(value)
        return written

    def decode(content: bytes) -> Any:
        try:
            return read(content)
        except (ValueError, RecursionError):
            return json.loads(content)

    return encode, decode


encode, decode = _choose()
