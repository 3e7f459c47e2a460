"""What an error can show for itself: the request it is about, and each try of it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a request.

    Attributes:
        status_code: The status of the answer, or None where none came.
        error: The name of httpx's error, such as `ReadTimeout`, or None where an answer came.
        delay: Seconds waited before the try; 0 before the first.
        elapsed: Seconds the try took.
    """

    status_code: int | None
    error: str | None
    delay: float
    elapsed: float


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it can be sent again by hand: without secrets, which it only names.

    Attributes:
        method: The HTTP method.
        base_url: The service's URL, without credentials.
        path: The path below it.
        params: The query's names and values.
        headers: Names and values that are safe to show.
        secrets: Names of headers whose values are not kept.
        content: The body. It is the user's data, so it is not part of the repr.
    """

    method: str
    base_url: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    content: bytes | None = field(default=None, repr=False)

    def curl(self) -> str | None:
        """Return the command that sends it, with environment variables in place of secrets.

        There is none where the service is in this process.
        """
        if not self.base_url.startswith("http"):
            return None
        url = httpx.URL(self.base_url.rstrip("/") + self.path, params=self.params or None)
        parts = ["curl -X", self.method, shlex.quote(str(url))]
        parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers]
        parts += [f'-H "{name}: ${_variable(name)}"' for name in self.secrets]
        if self.content is not None:
            parts.append(f"--data-raw {shlex.quote(self.content.decode())}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Trace:
    """A request and its tries so far."""

    sent: SentRequest | None = None
    attempts: tuple[Attempt, ...] = ()


def describe(request_id: str | None, attempts: Iterable[Attempt]) -> str:
    """Say in brackets what helps to find a request again, or nothing where nothing is known."""
    tries = tuple(attempts)
    facts = [] if request_id is None else [f"request id {request_id}"]
    if len(tries) > 1:
        seconds = sum(each.delay + each.elapsed for each in tries)
        facts.append(f"{len(tries)} attempts in {seconds:.1f} s")
    return f"({', '.join(facts)})" if facts else ""


def _variable(header: str) -> str:
    if header.lower() == "x-api-key":
        return "LANGMEM_API_KEY"
    return re.sub(r"\W", "_", header, flags=re.ASCII).upper()
