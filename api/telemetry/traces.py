"""OpenTelemetry traces, off unless `FOOTNOTE_TRACES_URL` names a collector: a span per request, per answer, and per
stage.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

from api.telemetry.answers import stages
from rag.errors import SettingError
from rag.settings import Settings
from rag.types import Answer

_NS_A_MS = 1_000_000


class Traces(Protocol):
    """Spans of requests and answers."""

    def request(self, name: str, headers: Mapping[str, str]) -> AbstractContextManager[None]:
        """The span of a request until the end of the block, below the one that its `traceparent` names."""
        ...

    def answered(self, answer: Answer) -> None:
        """The spans of an answer that has just ended, below that of its request."""
        ...

    def close(self) -> None:
        """Send what is left."""
        ...


class NoTraces:
    """Traces nothing."""

    def request(self, name: str, headers: Mapping[str, str]) -> AbstractContextManager[None]:
        return nullcontext()

    def answered(self, answer: Answer) -> None: ...

    def close(self) -> None: ...


class OtlpTraces:
    """Sends spans to an exporter of OpenTelemetry's."""

    def __init__(self, exporter: Any, *, at_once: bool = False) -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

        self._extract = extract
        self._provider = TracerProvider(resource=Resource.create({"service.name": "footnote"}))
        processor = SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("footnote")

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[None]:
        with self._tracer.start_as_current_span(name, context=self._extract(dict(headers))):
            yield

    def answered(self, answer: Answer) -> None:
        from opentelemetry.trace import set_span_in_context

        ended = time.time_ns()
        began = ended - int(answer.timings_ms.get("total", 0.0) * _NS_A_MS)
        told = {"footnote.abstained": answer.abstained, "footnote.released": len(answer.sentences)}
        span = self._tracer.start_span("answer", start_time=began, attributes=told)
        below = set_span_in_context(span)
        for name, begin_ms, end_ms in stages(answer.timings_ms):
            start = began + int(begin_ms * _NS_A_MS)
            self._tracer.start_span(name, context=below, start_time=start).end(began + int(end_ms * _NS_A_MS))
        span.end(ended)

    def close(self) -> None:
        self._provider.shutdown()


def build_traces(settings: Settings) -> Traces:
    """What the settings ask for.

    Raises:
        SettingError: traces are asked for, and what sends them is not installed.
    """
    if settings.traces_url is None:
        return NoTraces()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as exc:
        raise SettingError(
            f"FOOTNOTE_TRACES_URL={settings.traces_url}: traces need the extra `traces`: install footnote-rag[traces]"
        ) from exc
    return OtlpTraces(OTLPSpanExporter(endpoint=settings.traces_url))
