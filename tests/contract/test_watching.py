"""What is seen of the service from outside: metrics, log lines, spans, a dashboard that asks for what there is."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from api.telemetry import NoTraces, OtlpTraces, build_traces
from rag.settings import load_settings
from rag.types import Answer
from tests import ROOT
from tests.fakes.library import Served, served_library

CHAT = {"model": "footnote", "messages": [{"role": "user", "content": "What is the gate code?"}]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("watching")) as made:
        made.rag.store.create_collection("default", made.rag.spec)
        yield made


def samples(served: Served) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    text = httpx.get(f"{served.url}/metrics").text
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value for each in families for sample in each.samples
    }


def test_requests_are_counted_by_the_pattern_of_their_path(served: Served):
    """Ids make no series of their own, nor do paths that lead nowhere."""
    for file in ("file-1", "file-2"):
        httpx.get(f"{served.url}/v1/files/{file}")
    httpx.get(f"{served.url}/nowhere/at/all")
    told = samples(served)
    assert told["footnote_http_requests_total", "/v1/files/{file_id}", "404", "GET"] == 2
    assert told["footnote_http_requests_total", "404", "GET", "other"] >= 1
    assert told["footnote_http_request_seconds_count", "/v1/files/{file_id}"] == 2
    assert not any("file-1" in part for key in told for part in key)


def test_answers_and_files_are_counted(served: Served):
    before = samples(served).get(("footnote_answers_total", "abstained"), 0.0)
    assert httpx.post(f"{served.url}/v1/chat/completions", json=CHAT, timeout=30).status_code == 200
    store = served.client.vector_stores.create().id
    file = served.client.files.create(file=("a.txt", b"The gate opens."), purpose="assistants").id
    served.client.vector_stores.files.create_and_poll(file, vector_store_id=store)
    told = samples(served)
    assert told["footnote_answers_total", "abstained"] == before + 1
    assert told["footnote_store_files", "completed"] == 1


def test_a_log_line_names_the_request_and_its_answer(served: Served, caplog: pytest.LogCaptureFixture):
    """By the ids that the client was told; those who look after the service make none."""
    with caplog.at_level(logging.INFO, logger="footnote.access"):
        response = httpx.post(f"{served.url}/v1/chat/completions", json=CHAT, timeout=30)
        httpx.get(f"{served.url}/healthz")
    [line] = [record for record in caplog.records if record.name == "footnote.access"]
    noted = vars(line)
    assert noted["request_id"] == response.headers["x-request-id"]
    assert noted["answer_id"] == response.json()["id"]
    assert (noted["status"], noted["path"], noted["method"]) == (200, "/v1/chat/completions", "POST")
    assert noted["duration_ms"] > 0


def answer(**timings_ms: float) -> Answer:
    return Answer("q", (), (), (), reason="none", timings_ms=timings_ms)


def test_an_answer_is_a_span_with_one_for_each_stage():
    """Below the span of its request, which is below the one that the client names."""
    exporter = InMemorySpanExporter()
    traces = OtlpTraces(exporter, at_once=True)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with traces.request("POST /v1/chat/completions", {"traceparent": parent}):
        traces.answered(answer(retrieve=10.0, evidence=30.0, total=100.0))
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert set(spans) == {"POST /v1/chat/completions", "answer", "retrieve", "evidence", "total"}
    assert {f"{span.context.trace_id:032x}" for span in spans.values()} == {parent.split("-")[1]}
    request, whole = spans["POST /v1/chat/completions"], spans["answer"]
    assert whole.parent.span_id == request.context.span_id
    assert {spans[name].parent.span_id for name in ("retrieve", "evidence", "total")} == {whole.context.span_id}
    assert spans["evidence"].start_time == spans["retrieve"].end_time
    assert (spans["evidence"].end_time - spans["evidence"].start_time) / 1e6 == pytest.approx(20, abs=0.01)
    traces.close()


def test_traces_are_off_unless_a_collector_is_named(tmp_path: Path):
    assert isinstance(build_traces(load_settings(data_dir=tmp_path)), NoTraces)
    traces = build_traces(load_settings(data_dir=tmp_path, traces_url="http://127.0.0.1:1/v1/traces"))
    assert isinstance(traces, OtlpTraces)
    traces.close()


def test_the_dashboard_asks_for_metrics_that_there_are(served: Served):
    """A metric that is renamed is renamed there too."""
    httpx.post(f"{served.url}/v1/chat/completions", json=CHAT, timeout=30)
    there = {key[0] for key in samples(served)}
    dashboard = json.loads((ROOT / "deploy/grafana/footnote.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"footnote_\w+", target["expr"])
    }
    assert asked
    told_later = {"footnote_tokens_total", "footnote_answer_stage_seconds_bucket"}  # nothing has been counted yet
    assert asked <= there | told_later
