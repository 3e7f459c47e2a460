"""What `langmem doctor` looks at, one thing after the other, each with what mends it."""

from __future__ import annotations

import platform
import socket
import ssl
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from langmem._cli.connection import connected, service_name
from langmem._cli.failures import CommandError
from langmem.errors import AuthenticationError, LangMemError, PermissionDeniedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langmem.client import Client
    from langmem.schemas import Health

OK: Final = "ok"
WARNING: Final = "warning"
FAILED: Final = "failed"
NOT_CHECKED: Final = "not checked"

SECONDS: Final = 10.0
EXPIRES_SOON: Final = 14
_SECONDS_A_DAY: Final = 86400
_PORTS: Final = {"http": 80, "https": 443}
_NO_NETWORK: Final = "not needed: the service runs in this process"


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


class Check(NamedTuple):
    """One line of the report.

    Attributes:
        check: What was looked at.
        status: `ok`, `warning`, `failed` or `not checked`.
        ms: How long it took in milliseconds, or None where it was not checked.
        found: What there is.
        fix: What to do, or None where nothing is to be done.
    """

    check: str
    status: str
    ms: float | None
    found: str
    fix: str | None


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


def examine(url: str | None) -> Iterator[Check]:
    """Check everything; after the first failure nothing more can be told.

    Args:
        url: The service's URL, or None for that of the environment.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        try:
            client = stack.enter_context(connected(url))
        except (CommandError, LangMemError) as error:
            fix = "Correct it: LANGMEM_API_URL or --url is the service, LANGMEM_API_KEY the key."
            yield Check("environment", FAILED, _ms(started), str(error), fix)
            yield from _unchecked(list(_CHECKS))
            return
        quick = client.with_options(timeout=SECONDS, max_retries=0)
        patient = Patient(quick, url, httpx.URL(service_name(url)))
        yield _check("environment", partial(_environment, patient))
        yield from _examine(patient)


def _examine(patient: Patient) -> Iterator[Check]:
    names = list(_CHECKS)
    try:
        for place, name in enumerate(names, start=1):
            yield (check := _check(name, partial(_CHECKS[name], patient)))
            if check.status == FAILED:
                yield from _unchecked(names[place:])
                return
    finally:
        if patient.socket:
            patient.socket.close()


def _unchecked(names: list[str]) -> Iterator[Check]:
    return (Check(name, NOT_CHECKED, None, "", None) for name in names)


def _check(name: str, look: Callable[[], Finding]) -> Check:
    started = time.perf_counter()
    try:
        finding = look()
    except Trouble as trouble:
        finding = trouble.finding
    return Check(name, finding.status, _ms(started), finding.found, finding.fix)


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _environment(patient: Patient) -> Finding:
    origin = "--url" if patient.given else "LANGMEM_API_URL"
    key = "a key" if patient.client.api_key else "no key"
    return Finding(
        f"{service_name(patient.given)} from {origin}, {key}; langmem {version('langmem')},"
        f" Python {platform.python_version()}"
    )


def _name(patient: Patient) -> Finding:
    if not patient.is_remote:
        return Finding(_NO_NETWORK)
    host, port = patient.address
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a name may be none at all
        raise Trouble(
            f"{host} has no address: {getattr(error, 'strerror', None) or error}",
            "Correct the host in LANGMEM_API_URL or --url, or the name server of this machine.",
        ) from None
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    by_proxy = ", a proxy" if patient.proxy else ""
    return Finding(f"{host}{by_proxy}: {', '.join(addresses)}")


def _connection(patient: Patient) -> Finding:
    if not patient.is_remote:
        return Finding(_NO_NETWORK)
    host, port = patient.address
    try:
        patient.socket = socket.create_connection((host, port), timeout=SECONDS)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise Trouble(
            f"Nothing answers at {host} port {port}: {reason.lower()}",
            "Start the service (`langmem serve` on its machine), or correct the port in"
            " LANGMEM_API_URL or --url; a firewall may be between.",
        ) from None
    return Finding(f"{host} port {port}")


def _tls(patient: Patient) -> Finding:
    if patient.url.scheme == "http":
        return _no_tls(patient)
    if patient.socket is None:
        return Finding(_NO_NETWORK)
    if patient.proxy:
        return Finding("spoken through the proxy; the next check uses it")
    try:
        # The trust of the client itself, SSL_CERT_FILE included.
        context = httpx.create_ssl_context()
        patient.socket = context.wrap_socket(patient.socket, server_hostname=patient.url.host)
    except ssl.SSLCertVerificationError as error:
        raise Trouble(
            f"The certificate is not valid: {error.verify_message}",
            "Renew or replace it on the service's side; for an authority of your own, set"
            " SSL_CERT_FILE to the file with its certificate.",
        ) from None
    except OSError as error:
        raise Trouble(
            f"TLS fails: {error.strerror or error}",
            "If the service speaks plain HTTP, begin the URL with http://; else mend its TLS.",
        ) from None
    return _lifetime(patient.socket)


def _no_tls(patient: Patient) -> Finding:
    if patient.url.host in ("localhost", "127.0.0.1", "::1"):
        return Finding("not needed: nothing leaves this machine")
    fix = "Use https:// where the network is not all yours."
    return Finding("none: key and texts can be read on the way", fix, WARNING)


def _lifetime(connection: ssl.SSLSocket) -> Finding:
    certificate: dict[str, Any] = connection.getpeercert() or {}
    until = ssl.cert_time_to_seconds(certificate["notAfter"])
    days = int((until - time.time()) // _SECONDS_A_DAY)
    found = f"{connection.version()}, certificate valid for {days} more days"
    if days < EXPIRES_SOON:
        return Finding(found, "Renew the certificate.", WARNING)
    return Finding(found)


def _health(patient: Patient) -> Finding:
    fix = "Correct the URL if something else is there; else look at the service's log."
    try:
        patient.health = patient.client.get_health()
    except LangMemError as error:
        raise Trouble(str(error), fix) from None
    if not isinstance(patient.health, dict) or not patient.health.keys() >= {"status", "version"}:
        raise Trouble("What answers at /health is no LangMem service", fix)
    if patient.health["status"] != "ok":
        raise Trouble(f"The service says {patient.health['status']!r}", "Look at its log.")
    return Finding("the service is well")


def _key(patient: Patient) -> Finding:
    sent = "the key" if patient.client.api_key else "no key"
    try:
        next(patient.client.list_memory_functions(), None)  # one page at most
    except (AuthenticationError, PermissionDeniedError) as error:
        detail = error.detail or str(error)
        raise Trouble(
            f"The service refuses {sent}: {detail}",
            "Set LANGMEM_API_KEY to a key of this service.",
        ) from None
    except LangMemError as error:
        raise Trouble(str(error), "Look at the service's log.") from None
    return Finding(f"the service takes {sent}")


def _version(patient: Patient) -> Finding:
    ours = version("langmem")
    theirs = str(patient.health["version"]) if patient.health else ""
    if _series(theirs) != _series(ours):
        return Finding(
            f"service {theirs}, client {ours}",
            f"Bring them together: pip install 'langmem=={theirs}' here, or renew the service.",
            WARNING,
        )
    return Finding(f"service {theirs}, client {ours}")


def _series(text: str) -> list[str]:
    """Return the part of a version that names what goes together: 0.1 of 0.1.2, 2 of 2.3.4."""
    parts = text.split(".")
    return parts[:2] if parts[0] == "0" else parts[:1]


def _model(patient: Patient) -> Finding:
    if patient.health and patient.health.get("model_configured"):
        return Finding("the service has a model")
    return Finding(
        "none: users' own words are remembered, functions that need a model are skipped",
        "Set LANGMEM_LLM_MODEL and LANGMEM_LLM_BASE_URL where the service runs.",
        WARNING,
    )


_CHECKS: Final[dict[str, Callable[[Patient], Finding]]] = {
    "name": _name,
    "connection": _connection,
    "TLS": _tls,
    "service": _health,
    "key": _key,
    "version": _version,
    "model": _model,
}
