"""What `langmem doctor` looks at, one thing after the other, each with what mends it."""

from __future__ import annotations

import platform
import time
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from langmem._cli import network
from langmem._cli.connection import connected, service_name
from langmem._cli.failures import CommandError
from langmem._cli.findings import FAILED, NOT_CHECKED, SECONDS, WARNING, Finding, Patient, Trouble
from langmem.errors import AuthenticationError, LangMemError, PermissionDeniedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
    "name": network.name,
    "connection": network.connection,
    "TLS": network.tls,
    "service": _health,
    "key": _key,
    "version": _version,
    "model": _model,
}
