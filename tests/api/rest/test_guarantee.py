"""What the service says of its guarantee."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli.commands import main
from api.rest.app import create_app
from rag.build.core import build
from rag.settings import load_settings
from rag.verification.certificate import Certificate, versions_of, write_certificate
from tests.api.conftest import Service
from tests.fakes.llm import serving

pytestmark = pytest.mark.slow


def certificate_for(settings: Any, **changed: Any) -> Certificate:
    made = Certificate(
        threshold=0.61,
        risk=0.05,
        confidence=0.9,
        bound=0.04,
        labels=300,
        released=150,
        unsupported=2,
        data_sha256="ab" * 32,
        date="2026-01-31",
        versions=versions_of(settings),
        scores=(0.1, 0.5, 0.9),
    )
    return replace(made, **changed)


def test_without_a_certificate_nothing_is_promised(service: Service) -> None:
    """State `none`."""
    found = httpx.get(f"{service.url}/v1/guarantee").json()
    assert found == {"state": "none", "changed": [], "certificate": None, "drift": None}


def test_the_certificate_is_shown_and_stands_in_every_answers_record(service: Service, tmp_path: Path) -> None:
    """Its id is in the record of an answer; a sentence that was verified counts among the live scores."""
    settings = service.rag.settings.model_copy(update={"data_dir": tmp_path, "llm_model": "scripted"})
    made = certificate_for(settings)
    write_certificate(made, tmp_path)
    service.llm.says("The Ouzel 4 logger stores 400 days of readings.")
    with serving(create_app(build(settings, store=service.rag.store))) as url:
        question = [{"role": "user", "content": "How many days of readings does the Ouzel 4 logger store?"}]
        answer = httpx.post(f"{url}/v1/chat/completions", json={"messages": question}, timeout=60).json()
        found = httpx.get(f"{url}/v1/guarantee").json()
    assert answer["evidence"]["model"]["certificate"] == {
        "id": made.id,
        "state": "valid",
        "risk": 0.05,
        "confidence": 0.9,
    }
    assert (found["state"], found["certificate"]["id"]) == ("valid", made.id)
    assert found["certificate"]["threshold"] == 0.61
    assert (found["drift"]["state"], found["drift"]["live"]) == ("waiting", 1)


def test_the_command_shows_a_void_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What changed is named; the exit code is 0, for it is shown, not judged."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOOTNOTE_TOP_K", "3")
    made = certificate_for(load_settings(top_k=8))
    write_certificate(made, tmp_path)
    with pytest.raises(SystemExit) as exit_:
        main(["eval", "certificate"])
    assert exit_.value.code == 0
    shown = capsys.readouterr().out
    assert f"Certificate {made.id} of 2026-01-31: void; changed since then: retrieval" in shown
    assert "at most 5.0% of the sentences released" in shown


def test_without_its_extra_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At once, and not after the labels were verified."""
    monkeypatch.setitem(sys.modules, "mapie.risk_control", None)
    with pytest.raises(SystemExit) as exit_:
        main(["eval", "calibrate", str(tmp_path / "labelled.jsonl")])
    assert exit_.value.code == 2
    assert "pip install 'footnote-rag[fit]'" in capsys.readouterr().err


def test_the_command_refuses_too_few_labels_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and how many it takes."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text('{"context": "A.", "claim": "A.", "label": 1}\n', encoding="utf-8")
    with pytest.raises(SystemExit) as exit_:
        main(["eval", "calibrate", str(labelled)])
    assert exit_.value.code == 2
    assert "footnote: 1 labelled sentences are too few" in capsys.readouterr().err
