"""The checks of `langmem doctor` on the way to the service: name, connection, TLS."""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, Final

import httpx

from langmem._cli.findings import SECONDS, WARNING, Finding, Trouble

if TYPE_CHECKING:
    from langmem._cli.findings import Patient

EXPIRES_SOON: Final = 14
_SECONDS_A_DAY: Final = 86400
_NO_NETWORK: Final = "not needed: the service runs in this process"


def name(patient: Patient) -> Finding:
    """Find the addresses of the host.

    Raises:
        Trouble: It has none.
    """
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


def connection(patient: Patient) -> Finding:
    """Connect, and leave the connection to the next check.

    Raises:
        Trouble: Nobody answers.
    """
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


def tls(patient: Patient) -> Finding:
    """Speak TLS on the connection, where the service does.

    Raises:
        Trouble: The certificate is not one to trust, or the other side speaks no TLS.
    """
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


def _lifetime(encrypted: ssl.SSLSocket) -> Finding:
    certificate: dict[str, Any] = encrypted.getpeercert() or {}
    until = ssl.cert_time_to_seconds(certificate["notAfter"])
    days = int((until - time.time()) // _SECONDS_A_DAY)
    found = f"{encrypted.version()}, certificate valid for {days} more days"
    if days < EXPIRES_SOON:
        return Finding(found, "Renew the certificate.", WARNING)
    return Finding(found)
