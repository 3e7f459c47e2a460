"""Who is let in, and how much of it at once."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from langmem_server import auth

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.requests import Request

    from langmem_server.auth import Caller

    Policy: TypeAlias = Callable[[Request, sqlite3.Connection], Caller]


class Gate(NamedTuple):
    """How requests are let in.

    `keyed` says who calls an operation that needs a key, `keyless` who calls one that needs none;
    both refuse with `RequestError`. `admitted` has a request at work whose body has at most so
    many bytes, or refuses.
    """

    keyed: Policy
    keyless: Policy
    admitted: Callable[[Caller, int], AbstractContextManager[None]]


OPEN: Final = Gate(auth.owner, auth.owner, lambda _, __: nullcontext())
"""Lets everybody in: for the programs of this process."""
