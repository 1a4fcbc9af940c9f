"""Metrics in Prometheus' format, of one service process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from api.telemetry.answers import stages
from rag.types import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120)


class Metrics:
    """Counts requests and answers; `text` returns the metrics. `file_counts` counts files in vector stores by
    status.
    """

    def __init__(self, file_counts: Callable[[], Mapping[str, int]]) -> None:
        self._registry = registry = CollectorRegistry()
        registry.register(_Files(file_counts))
        self._requests = Counter("footnote_http_requests", "Requests", ["method", "route", "status"], registry=registry)
        self._seconds = Histogram(
            "footnote_http_request_seconds", "Until the last byte", ["route"], buckets=_SECONDS, registry=registry
        )
        self._open = Gauge("footnote_http_requests_in_progress", "Requests in progress", registry=registry)
        self._answers = Counter("footnote_answers", "Answers", ["outcome"], registry=registry)
        self._sentences = Counter("footnote_sentences", "Sentences of answers", ["outcome"], registry=registry)
        self._stages = Histogram(
            "footnote_answer_stage_seconds", "Stages of answers", ["stage"], buckets=_SECONDS, registry=registry
        )
        self._tokens = Counter("footnote_tokens", "Tokens of language models", ["kind"], registry=registry)

    def began(self) -> None:
        """A request has come."""
        self._open.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request is over. `route` is the path's pattern: ids would make a series each."""
        self._open.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def tokens(self, prompt: int, completion: int) -> None:
        """Add tokens that language models have read and written."""
        self._tokens.labels("prompt").inc(prompt)
        self._tokens.labels("completion").inc(completion)

    def answered(self, answer: Answer) -> None:
        self._answers.labels("abstained" if answer.abstained else "answered").inc()
        self._sentences.labels("released").inc(len(answer.sentences))
        self._sentences.labels("withheld").inc(len(answer.withheld))
        for name, begin, end in stages(answer.timings_ms):
            self._stages.labels(name).observe((end - begin) / 1000)

    def text(self) -> bytes:
        """All metrics."""
        return generate_latest(self._registry)


class _Files(Collector):
    """Files in vector stores, counted when somebody looks."""

    def __init__(self, file_counts: Callable[[], Mapping[str, int]]) -> None:
        self._file_counts = file_counts

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return [self._family()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = self._family()
        for status, count in sorted(self._file_counts().items()):
            family.add_metric([status], count)
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("footnote_store_files", "Files in vector stores", labels=["status"])
