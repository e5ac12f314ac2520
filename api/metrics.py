"""What is counted, in the Prometheus text format (version 0.0.4): one scrape tells of all workers.

With several workers each writes into a folder that :mod:`api.server` made for them, and whichever is asked adds up.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from api.settings import metrics_folder
from index.trips import Trips

__all__ = ["CONTENT_TYPE", "Metrics", "Reading"]

# Upper bounds in seconds: a question on a laptop takes 10 to 100 ms, an upload or a stream seconds.
BUCKETS_S: tuple[float, ...] = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_OF_THE_LIVING = re.compile(r"gauge_live\w+_(\d+)\.db")


class Reading(NamedTuple):
    """A value that is looked up when somebody asks, and not counted."""

    name: str
    text: str
    value: float
    labels: Mapping[str, str] = {}


class Metrics:
    """What happened since the service started; safe to use from several threads.

    Label values are bounded by us (route templates, never paths; collections that there are), so the series cannot grow
    without end.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "fuente_requests",
            "Finished HTTP requests.",
            ("method", "route", "status", "collection"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "fuente_request_seconds",
            "Time to the end of the response, in seconds.",
            ("route", "collection"),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._questions = Counter(
            "fuente_questions",
            "Questions, by language and outcome.",
            ("kind", "language", "status", "collection"),
            registry=self._registry,
        )
        self._without = Counter(
            "fuente_questions_without",
            "Questions for which a leg of the search could not look at the index.",
            ("leg", "collection"),
            registry=self._registry,
        )
        self._trips = Counter(
            "fuente_index_round_trips",
            "Times that questions asked the server that holds the index.",
            ("collection",),
            registry=self._registry,
        )
        self._trips_s = Counter(
            "fuente_index_seconds",
            "Time that questions waited for the server that holds the index, in seconds.",
            ("collection",),
            registry=self._registry,
        )
        self._in_flight = Gauge(
            "fuente_questions_in_flight",
            "Questions being answered or waiting.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def request(
        self, method: str, route: str, status: int, seconds: float, collection: str = ""
    ) -> None:
        """Counts one finished request; ``collection`` is empty for one about none."""
        self._requests.labels(method, route, str(status), collection).inc()
        self._seconds.labels(route, collection).observe(seconds)

    def question(self, kind: str, lang: str, status: str, collection: str) -> None:
        """Counts one question: ask (answered, abstained) or search (found, empty)."""
        self._questions.labels(kind, lang, status, collection).inc()

    def index(self, missing: Sequence[str], trips: Trips, collection: str) -> None:
        """Counts what a question met with at the server that holds its index; nothing for one in the data directory."""
        for leg in missing:
            self._without.labels(leg, collection).inc()
        if trips.n:
            self._trips.labels(collection).inc(trips.n)
            self._trips_s.labels(collection).inc(trips.ms / 1000)

    def in_flight(self, questions: int) -> None:
        """Notes how many questions this process has taken and not answered yet."""
        self._in_flight.set(questions)

    def render(self, readings: Iterable[Reading] = ()) -> bytes:
        """All of it as text, of all workers, with ``readings`` beside it."""
        registry, folder = self._registry, metrics_folder()
        if folder is not None:
            _forget_the_dead(folder)
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(_Readings(readings))


class _Readings(Collector):
    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = readings

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for name, text, value, labels in self._readings:
            family = families.setdefault(name, GaugeMetricFamily(name, text, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        return families.values()


def _forget_the_dead(folder: Path) -> None:
    """Take what is true of the living only, such as questions in flight, from workers that are gone."""
    for path in folder.iterdir():
        found = _OF_THE_LIVING.fullmatch(path.name)
        if found is None:
            continue
        try:
            os.kill(int(found[1]), 0)
        except ProcessLookupError:
            # Two workers that are asked at once may both find it
            with contextlib.suppress(FileNotFoundError):
                mark_process_dead(found[1], str(folder))  # type: ignore[no-untyped-call]
