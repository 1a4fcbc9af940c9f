"""Metrics, traces and logs of the service."""

from api.telemetry.answers import AnswerWatcher, WatchedAnswerer
from api.telemetry.logs import configure_logs, secrets_masked
from api.telemetry.metrics import CONTENT_TYPE, Metrics
from api.telemetry.traces import NoTraces, OtlpTraces, Traces, build_traces

__all__ = [
    "CONTENT_TYPE",
    "AnswerWatcher",
    "Metrics",
    "NoTraces",
    "OtlpTraces",
    "Traces",
    "WatchedAnswerer",
    "build_traces",
    "configure_logs",
    "secrets_masked",
]
