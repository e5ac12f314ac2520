"""Counters and histograms in the Prometheus text format (version 0.0.4), for one process."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Upper bounds in seconds: a question on a laptop takes 10 to 100 ms, an upload or a stream seconds.
BUCKETS_S: tuple[float, ...] = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """What happened since the process started; safe to use from several threads.

    Label values are bounded by us (route templates, never paths), so the series cannot grow
    without end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS_S) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._questions: defaultdict[tuple[str, str, str], int] = defaultdict(int)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one finished request."""
        place = next((i for i, bound in enumerate(BUCKETS_S) if seconds <= bound), len(BUCKETS_S))
        with self._lock:
            self._requests[method, route, status] += 1
            self._buckets[route][place] += 1
            self._seconds[route] += seconds

    def question(self, kind: str, lang: str, status: str) -> None:
        """Counts one question: ask (answered, abstained) or search (found, empty)."""
        with self._lock:
            self._questions[kind, lang, status] += 1

    def render(self, gauges: Mapping[str, tuple[str, float, Mapping[str, str]]]) -> str:
        """All of it as text; ``gauges`` maps a name to its help, its value now and its labels."""
        with self._lock:
            requests = sorted(self._requests.items())
            buckets = sorted((route, list(counts)) for route, counts in self._buckets.items())
            seconds = dict(self._seconds)
            questions = sorted(self._questions.items())
        lines = _head("fuente_requests_total", "counter", "Finished HTTP requests.")
        for (method, route, status), n in requests:
            labels = (("method", method), ("route", route), ("status", str(status)))
            lines.append(_line("fuente_requests_total", labels, n))
        lines += _head(
            "fuente_request_seconds", "histogram", "Time to the end of the response, in seconds."
        )
        for route, counts in buckets:
            lines += _histogram("fuente_request_seconds", route, counts, seconds[route])
        lines += _head("fuente_questions_total", "counter", "Questions, by language and outcome.")
        for (kind, lang, outcome), n in questions:
            labels = (("kind", kind), ("language", lang), ("status", outcome))
            lines.append(_line("fuente_questions_total", labels, n))
        for name, (help_text, value, gauge_labels) in gauges.items():
            lines += _head(name, "gauge", help_text)
            lines.append(_line(name, tuple(gauge_labels.items()), value))
        return "\n".join(lines) + "\n"


def _histogram(name: str, route: str, counts: Iterable[int], total_s: float) -> list[str]:
    lines, running = [], 0
    for bound, n in zip((*(f"{b:g}" for b in BUCKETS_S), "+Inf"), counts, strict=True):
        running += n
        lines.append(_line(f"{name}_bucket", (("route", route), ("le", bound)), running))
    lines.append(_line(f"{name}_sum", (("route", route),), round(total_s, 6)))
    lines.append(_line(f"{name}_count", (("route", route),), running))
    return lines


def _head(name: str, kind: str, help_text: str) -> list[str]:
    return [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
    # repr, not "%g": six digits would freeze a counter at a million.
    number = repr(int(value)) if value == int(value) else repr(value)
    return f"{name}{{{inside}}} {number}" if inside else f"{name} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
