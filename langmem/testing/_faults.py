"""What a service in a test does instead of answering."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

import httpx

from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    Send: TypeAlias = Callable[[httpx.Request], httpx.Response]

_LEAST, _MOST = 400, 599
WRITES = frozenset(name for name, each in OPERATIONS.items() if "Idempotency-Key" in each.headers)


@dataclass(slots=True)
class _Fault:
    """What to do to some requests. `left` is how many more times, or None for any number."""

    shown: str
    act: Callable[[httpx.Request, Send], httpx.Response]
    operations: frozenset[str]
    left: int | None
    late: bool = False

    def wrapped(self, send: Send, request: httpx.Request) -> httpx.Response:
        """Send a request with this fault."""
        return self.act(request, send)


class Faults:
    """The faults of a service: each is met by the first request it is meant for.

    A request meets the oldest delay there is for it, and the oldest other fault.
    """

    def __init__(self) -> None:
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._over = threading.Event()

    def fail(
        self, status: int, retry_after: float | None, times: int | None, operation: str | None
    ) -> None:
        """Answer with an error; see `Service.fail`."""
        if not _LEAST <= status <= _MOST:
            raise ValueError(f"status: must be an error's, {_LEAST} to {_MOST}, not {status}.")
        headers = {} if retry_after is None else _retry_after(retry_after)
        self._add(f"fail({status})", partial(_fail, status, headers), times, operation)

    def drop_after_write(self, times: int | None, operation: str | None) -> None:
        """Do what is asked and break the connection; see `Service.drop_after_write`."""
        if operation in OPERATIONS and operation not in WRITES:
            raise ValueError(f"operation: {operation!r} writes nothing; name one that does.")
        self._add("drop_after_write()", _drop, times, operation, among=WRITES)

    def refuse_connection(self, times: int | None, operation: str | None) -> None:
        """Let no connection come about; see `Service.refuse_connection`."""
        self._add("refuse_connection()", _refuse, times, operation)

    def delay(self, seconds: float, times: int | None, operation: str | None) -> None:
        """Answer late; see `Service.delay`."""
        if not seconds > 0:
            raise ValueError(f"seconds: must be more than 0, not {seconds}.")
        shown = f"delay({seconds:g})"
        self._add(shown, partial(_delay, seconds, self._over), times, operation, late=True)

    def wrap(self, operation: str | None, send: Send) -> Send:
        """Return what sends a request of an operation, with the faults that it meets."""
        with self._lock:
            for late in (False, True):
                fault = next((each for each in self._faults if _meets(each, late, operation)), None)
                if fault is not None:
                    if fault.left is not None:
                        fault.left -= 1
                    send = partial(fault.wrapped, send)
        return send

    def leftovers(self) -> list[str]:
        """Describe the faults that were not met as often as they were asked for."""
        with self._lock:
            return [
                f"{each.shown} ({each.left} left): no such request came"
                for each in self._faults
                if each.left
            ]

    def end(self) -> None:
        """Cut delays short."""
        self._over.set()

    def _add(
        self,
        shown: str,
        act: Callable[[httpx.Request, Send], httpx.Response],
        times: int | None,
        operation: str | None,
        *,
        among: frozenset[str] = frozenset(OPERATIONS),
        late: bool = False,
    ) -> None:
        if operation is not None and operation not in OPERATIONS:
            raise ValueError(
                f"operation: {operation!r} is none; they are named as the methods are."
            )
        meant = among if operation is None else frozenset({operation})
        with self._lock:
            self._faults.append(_Fault(shown, act, meant, checked_times(times), late))


def checked_times(times: int | None) -> int | None:
    """Return how often something is to happen.

    Raises:
        ValueError: It is not at least 1, and not None.
    """
    if times is not None and times < 1:
        raise ValueError(f"times: must be at least 1, or None for any number, not {times}.")
    return times


def _meets(fault: _Fault, late: bool, operation: str | None) -> bool:
    return fault.late is late and fault.left != 0 and operation in fault.operations


def _fail(status: int, headers: dict[str, str], request: httpx.Request, _: Send) -> httpx.Response:
    detail = f"{HTTPStatus(status).phrase}, as the test has asked"
    return httpx.Response(status, json={"detail": detail}, headers=headers, request=request)


def _drop(request: httpx.Request, send: Send) -> httpx.Response:
    send(request)
    raise httpx.RemoteProtocolError(
        "Server disconnected without sending a response.", request=request
    )


def _refuse(request: httpx.Request, _: Send) -> httpx.Response:
    raise httpx.ConnectError("Connection refused", request=request)


def _delay(
    seconds: float, over: threading.Event, request: httpx.Request, send: Send
) -> httpx.Response:
    response = send(request)
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and patience < seconds:
        over.wait(patience)
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    over.wait(seconds)
    return response


def _retry_after(seconds: float) -> dict[str, str]:
    if seconds < 0:
        raise ValueError(f"retry_after: must be 0 or more seconds, not {seconds}.")
    if seconds == int(seconds):
        return {"Retry-After": str(int(seconds))}
    return {"retry-after-ms": str(round(seconds * 1000))}
