"""What Prometheus reads at `/metrics`: totals over all tenants, and nothing that users wrote.

Requests are counted as they are answered, since the start. Runs and tokens are counted by the
database when it is asked, so that they outlive the process.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

import langmem_server
from langmem_server.store import totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client.metrics_core import Metric

    from langmem_server.running import Running

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# They double the page, and a rate needs none of them.
disable_created_metrics()  # type: ignore[no-untyped-call] # says nothing of its types

_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one service.

    Args:
        running: Returns the service; called when metrics are read.
        at_work: Returns how many requests are at work.

    Example:
        >>> metrics = Metrics(lambda: running, lambda: 0)  # doctest: +SKIP
        >>> metrics.observe("get_user", "200", 0.004)  # doctest: +SKIP
        >>> metrics.text()[:25]  # doctest: +SKIP
        b'# HELP langmem_build_info'
    """

    def __init__(self, running: Callable[[], Running], at_work: Callable[[], int]) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        build = Gauge("langmem_build_info", "The version.", ["version"], registry=registry)
        build.labels(langmem_server.__version__).set(1)
        self._requests = Counter(
            "langmem_http_requests",
            "Requests answered; status '-' is for callers who left before.",
            ["operation", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "langmem_http_request_duration_seconds",
            "From the head of a request to the end of its answer.",
            ["operation"],
            buckets=_BUCKETS,
            registry=registry,
        )
        Gauge(
            "langmem_http_requests_in_progress", "Requests at work.", registry=registry
        ).set_function(at_work)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(_Stored(running))

    def observe(self, operation: str, status: str, seconds: float) -> None:
        """Count a request; operations and statuses are few."""
        self._requests.labels(operation, status).inc()
        self._seconds.labels(operation).observe(seconds)

    def text(self) -> bytes:
        """Write all metrics in Prometheus' text format.

        Raises:
            StoreError: The database cannot be read.
        """
        return generate_latest(self._registry)


class _Stored(Collector):
    """What the database counts."""

    def __init__(self, running: Callable[[], Running]) -> None:
        self._running = running

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: the database is opened after this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Count."""
        running = self._running()
        found = running.db.read(totals.read)
        ready = GaugeMetricFamily("langmem_ready", "1 while messages are processed, else 0.")
        ready.add_metric([], float(running.processing.ready))
        yield ready
        runs = GaugeMetricFamily("langmem_runs", "Runs there are, by status.", labels=["status"])
        for status, count in found.runs.items():
            runs.add_metric([status], count)
        yield runs
        yield GaugeMetricFamily(
            "langmem_threads_waiting", "Threads with messages to process.", found.waiting_threads
        )
        yield GaugeMetricFamily(
            "langmem_queue_age_seconds",
            "How long the oldest run that has not ended has been there.",
            _age(found.oldest_run),
        )
        tokens = CounterMetricFamily(
            "langmem_model_tokens", "Tokens of the model.", labels=["kind"]
        )
        tokens.add_metric(["prompt"], found.prompt_tokens)
        tokens.add_metric(["completion"], found.completion_tokens)
        yield tokens
        yield CounterMetricFamily(
            "langmem_model_requests", "Requests to the model, failed ones too.", found.attempts
        )
        yield CounterMetricFamily("langmem_runs_ended", "Runs that ended.", found.ended)


def _age(created_at: str | None) -> float:
    if created_at is None:
        return 0.0
    return max(0.0, time.time() - datetime.fromisoformat(created_at).timestamp())
