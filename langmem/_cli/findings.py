"""What the checks of `langmem doctor` say, and what they know of the service they look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

if TYPE_CHECKING:
    import socket

    from langmem.client import Client
    from langmem.schemas import Health

OK: Final = "ok"
WARNING: Final = "warning"
FAILED: Final = "failed"
NOT_CHECKED: Final = "not checked"

SECONDS: Final = 10.0
_PORTS: Final = {"http": 80, "https": 443}


class Finding(NamedTuple):
    """What a check came to; a warning has a fix too, and does not end the examination."""

    found: str
    fix: str | None = None
    status: str = OK


class Trouble(Exception):  # noqa: N818 - it is a finding as well
    """What a check found broken, and what mends it."""

    def __init__(self, found: str, fix: str) -> None:
        super().__init__(found)
        self.finding = Finding(found, fix, FAILED)


@dataclass
class Patient:
    """What the checks have learned so far, for those after them."""

    client: Client
    given: str | None
    url: httpx.URL
    socket: socket.socket | None = None
    health: Health | None = None

    @property
    def proxy(self) -> httpx.URL | None:
        """The proxy on the way to the service, chosen as the client chooses it."""
        proxies = getproxies()
        found = proxies.get(self.url.scheme) or proxies.get("all")
        if not found or proxy_bypass(self.url.host):
            return None
        return httpx.URL(found if "://" in found else f"http://{found}")

    @property
    def address(self) -> tuple[str, int]:
        """The host and port that the client connects to."""
        target = self.proxy or self.url
        return target.host, target.port or _PORTS.get(target.scheme, 80)

    @property
    def is_remote(self) -> bool:
        """Whether there is a network between."""
        return self.url.scheme in _PORTS
