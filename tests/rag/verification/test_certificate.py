"""The certificate: kept, read, held against what answers, and voided by each of its parts."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from rag.build.answerer import build_guarantee
from rag.errors import SettingError
from rag.evidence.pool import EvidencePool
from rag.settings import Settings, load_settings
from rag.types import Verdict
from rag.verification.certificate import (
    _CHECKS,
    ASSUMPTION,
    Certificate,
    Guarantee,
    Versions,
    WatchedVerifier,
    digest_of_files,
    read_certificate,
    versions_of,
    write_certificate,
)
from rag.verification.drift import FEWEST, LATEST, DriftAlarm
from rag.verification.readers import Calibration, write_calibration
from tests import ROOT
from tests.fakes.verifiers import ScriptedVerifier

VERIFIERS = ("verifier", "pooling", "readers/llm", "checks/features")
VERSIONS = Versions(llm="qwen", prompt="p1", verifier="v1", embedding="mini", retrieval="r1")
CERTIFICATE = Certificate(
    threshold=0.8,
    risk=0.05,
    confidence=0.9,
    bound=0.041,
    labels=400,
    released=200,
    unsupported=3,
    data_sha256="ab" * 32,
    date="2026-01-31",
    versions=VERSIONS,
    scores=tuple(number / 400 for number in range(400)),
)


def test_a_certificate_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Written into the data folder, replaced by the next one, and the same when read, its id too."""
    folder = tmp_path / "data"
    assert read_certificate(folder) is None
    write_certificate(replace(CERTIFICATE, threshold=0.1), folder)
    path = write_certificate(CERTIFICATE, folder)
    found = read_certificate(folder)
    assert found == CERTIFICATE
    assert found is not None
    assert found.id == CERTIFICATE.id
    assert [each.name for each in folder.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 1.5},
        {"released": 0},
        {"released": 500},
        {"versions": {"llm": "qwen"}},
        {"scores": None},
        {"labels": "many"},
    ],
)
def test_a_damaged_certificate_is_named(tmp_path: Path, changed: dict[str, object]) -> None:
    """A certificate that says what none can say is an error that names the file."""
    path = write_certificate(CERTIFICATE, tmp_path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(stored | changed), encoding="utf-8")
    with pytest.raises(SettingError, match=r"certificate\.json is not a certificate"):
        read_certificate(tmp_path)


def test_text_that_is_no_json_is_no_certificate(tmp_path: Path) -> None:
    """The error names the file."""
    (tmp_path / "certificate.json").write_text("valid, honestly", encoding="utf-8")
    with pytest.raises(SettingError, match=r"certificate\.json"):
        read_certificate(tmp_path)


def test_every_part_of_a_certificate_is_in_its_id() -> None:
    """Two certificates that differ in anything have different ids."""
    others = [
        replace(CERTIFICATE, threshold=0.81),
        replace(CERTIFICATE, data_sha256="cd" * 32),
        replace(CERTIFICATE, versions=replace(VERSIONS, llm="other")),
        replace(CERTIFICATE, scores=CERTIFICATE.scores[:-1]),
    ]
    assert len({each.id for each in [CERTIFICATE, *others]}) == 5


def test_the_same_versions_keep_it_valid() -> None:
    """Its threshold counts, and an answer's record says what is promised."""
    held = Guarantee(CERTIFICATE, replace(VERSIONS))
    assert (held.state, held.changed) == ("valid", ())
    assert held.threshold == 0.8
    assert held.record() == {"id": CERTIFICATE.id, "state": "valid", "risk": 0.05, "confidence": 0.9}


@pytest.mark.parametrize("part", [each.name for each in fields(Versions)])
def test_each_changed_part_voids_it(part: str) -> None:
    """The threshold of the settings counts again, the part is named, and drift is not watched any more."""
    held = Guarantee(CERTIFICATE, replace(VERSIONS, **{part: "another"}))
    assert (held.state, held.changed) == ("void", (part,))
    assert held.threshold is None
    record = held.record()
    assert record is not None
    assert record["state"] == "void"
    assert held.drift() is None
    assert f"void; changed since then: {part}" in held.as_lines()[0]


def test_without_a_certificate_nothing_is_promised() -> None:
    """State `none`, the settings' threshold, nothing in the record."""
    held = Guarantee(None, VERSIONS)
    assert (held.state, held.record(), held.drift()) == ("none", None, None)
    assert held.threshold is None
    assert held.as_json() == {"state": "none", "changed": [], "certificate": None, "drift": None}
    assert "without a guarantee" in held.as_lines()[0]


def test_the_api_shows_all_but_the_scores() -> None:
    """Threshold, risk, confidence, counts, coverage, versions and the assumption in plain words."""
    shown = Guarantee(CERTIFICATE, VERSIONS).as_json()["certificate"]
    assert shown["coverage"] == 0.5
    assert shown["observed_risk"] == 0.015
    assert shown["assumption"] == ASSUMPTION
    assert shown["versions"]["llm"] == "qwen"
    assert "scores" not in shown
    assert json.loads(json.dumps(shown)) == shown


def settings(**changed: object) -> Settings:
    return load_settings(llm_url="http://localhost:1/v1", llm_model="qwen", **changed)


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"llm_model": "smollm", "reader": "llm", "reader_model": "qwen"}, "llm"),
        ({"reader": "local"}, "reader"),
        ({"reader_model": "smollm"}, "reader"),
        ({"embedding_model": "bge-small"}, "embedding"),
        ({"top_k": 3}, "retrieval"),
        ({"chunk_tokens": 90}, "retrieval"),
    ],
)
def test_settings_that_change_what_is_drafted_or_found_change_the_versions(
    changed: dict[str, object], part: str
) -> None:
    """The language model, the embedding model, the way of retrieving and the reader."""
    other = settings().model_copy(update=changed)
    assert versions_of(settings()).changed(versions_of(other)) == (part,)


def test_settings_that_change_nothing_of_that_keep_the_versions() -> None:
    """A port, a key or a threshold is no version."""
    other = settings().model_copy(update={"port": 9000, "support_threshold": 0.2})
    assert versions_of(settings()) == versions_of(other)


def test_a_language_model_that_nobody_named_is_no_version() -> None:
    """Whatever a server lists first may be another model tomorrow; without a server there is none."""
    assert versions_of(settings().model_copy(update={"llm_model": None})).llm == "unnamed"
    assert versions_of(settings().model_copy(update={"llm_url": None})).llm == "none"


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({}, "llm:qwen"),
        ({"reader": "llm", "reader_url": "http://other/v1"}, "llm:unnamed"),
        ({"reader_url": "http://other/v1", "reader_model": "checker"}, "llm:checker"),
        ({"llm_url": None}, "local"),
        ({"reader": "hub:yaxili96/FactCG-DeBERTa-v3-Large"}, "hub:yaxili96/FactCG-DeBERTa-v3-Large"),
    ],
)
def test_the_reader_is_named(changed: dict[str, object], name: str) -> None:
    """As far as settings tell: a language model by default, where there is one."""
    assert versions_of(settings().model_copy(update=changed)).reader == name


def test_another_calibration_is_another_reader(tmp_path: Path) -> None:
    """What it says means something else then; one of another reader changes nothing."""
    own = settings().model_copy(update={"data_dir": tmp_path})
    before = versions_of(own)
    write_calibration("llm:other", Calibration(3.0), tmp_path)
    assert versions_of(own) == before
    write_calibration("llm:qwen", Calibration(3.0), tmp_path)
    assert versions_of(own).changed(before) == ("reader",)


def test_an_older_certificate_names_no_reader_and_is_void(tmp_path: Path) -> None:
    """It can still be read."""
    path = write_certificate(replace(CERTIFICATE, versions=versions_of(settings())), tmp_path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    del stored["versions"]["reader"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert Guarantee(read_certificate(tmp_path), versions_of(settings())).changed == ("reader",)


def test_the_digest_of_files_sees_names_and_bytes_and_folders(tmp_path: Path) -> None:
    """Another byte, another name or another file in a matching folder is another digest; other files are not."""
    (tmp_path / "model.json").write_text("1", encoding="utf-8")
    seen = [digest_of_files(tmp_path, ("model*",))]
    (tmp_path / "other.json").write_text("1", encoding="utf-8")
    assert digest_of_files(tmp_path, ("model*",)) == seen[0]
    (tmp_path / "model.json").write_text("2", encoding="utf-8")
    seen.append(digest_of_files(tmp_path, ("model*",)))
    (tmp_path / "model.json").rename(tmp_path / "model2.json")
    seen.append(digest_of_files(tmp_path, ("model*",)))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "weights.bin").write_bytes(b"w")
    seen.append(digest_of_files(tmp_path, ("model*",)))
    assert len(set(seen)) == 4


def test_the_shipped_verifier_and_prompts_have_digests_of_their_own() -> None:
    """Both are found: a pattern that matches nothing would never void anything."""
    nothing = digest_of_files(ROOT, ("no such file",))
    versions = versions_of(settings())
    assert nothing not in (versions.prompt, versions.verifier)
    assert versions.prompt != versions.verifier


def file_of(module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}.py" if (ROOT / f"{path}.py").exists() else f"{path}/__init__.py"


def test_whatever_verifying_is_made_of_changes_the_version_of_the_verifier() -> None:
    """Every file that it imports, but for those that are no part of a verdict."""
    elsewhere = {
        f"rag/{name}.py" for name in ("answering", "caching", "errors", "events", "filters", "settings", "types")
    }
    found = set[str]()
    wanted = ["rag/answers/review.py", *(f"rag/verification/{name}.py" for name in VERIFIERS)]
    while wanted:
        name = wanted.pop()
        if name not in found | elsewhere:
            found.add(name)
            tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
            modules = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
            wanted += [file_of(module) for module in modules if module.startswith("rag.")]
    assert {name for name in found if not name.removeprefix("rag/").startswith(_CHECKS)} == set()


def test_the_data_folder_says_what_is_promised(tmp_path: Path) -> None:
    """A certificate for these very settings is valid; the threshold is taken from it."""
    chosen = settings(data_dir=tmp_path)
    write_certificate(replace(CERTIFICATE, versions=versions_of(chosen)), tmp_path)
    assert build_guarantee(chosen).threshold == 0.8
    assert build_guarantee(chosen.model_copy(update={"llm_model": "smollm"})).threshold is None


def test_what_is_verified_is_watched() -> None:
    """The verdict passes unchanged, and its support counts among the live scores."""
    held = Guarantee(CERTIFICATE, VERSIONS)
    sure = ScriptedVerifier(lambda sentence: Verdict(sentence, 0.5, supported=True))
    verdict = WatchedVerifier(sure, held).verify("A sentence.", EvidencePool([]))
    assert verdict == Verdict("A sentence.", 0.5, supported=True)
    drift = held.drift()
    assert drift is not None
    assert (drift.state, drift.live) == ("waiting", 1)


def alarm_on(calibrated: Sequence[float], live: Sequence[float]) -> str:
    alarm = DriftAlarm(calibrated)
    for score in live:
        alarm.watch(float(score))
    return alarm.look().state


def test_the_alarm_is_quiet_on_the_same_and_rings_on_a_shift() -> None:
    """Two hundred seeded pairs of samples: at most one in a hundred rings by chance, and every clear shift does."""
    random = np.random.default_rng(7)
    states: dict[str, list[str]] = {"same": [], "shifted": []}
    for _ in range(200):
        calibrated = random.beta(5, 2, 600)
        states["same"].append(alarm_on(calibrated, random.beta(5, 2, 300)))
        states["shifted"].append(alarm_on(calibrated, random.beta(3, 3, 300)))
    assert states["same"].count("alarm") <= 2
    assert states["shifted"].count("alarm") == 200


def test_few_live_scores_say_nothing_and_old_ones_are_forgotten() -> None:
    """Below the fewest it waits; a shift that is over leaves the memory."""
    alarm = DriftAlarm([number / 500 for number in range(500)])
    for _ in range(FEWEST - 1):
        alarm.watch(0.01)
    assert alarm.look().state == "waiting"
    alarm.watch(0.01)
    assert alarm.look().state == "alarm"
    for number in range(LATEST):
        alarm.watch(number / LATEST)
    found = alarm.look()
    assert (found.state, found.live) == ("quiet", LATEST)


@given(st.lists(st.floats(0, 1), min_size=FEWEST, max_size=FEWEST + 50))
@limits(deadline=None)
def test_a_sample_held_against_itself_never_alarms(scores: list[float]) -> None:
    """Whatever the scores are, ties included."""
    assert alarm_on(scores, scores) == "quiet"
