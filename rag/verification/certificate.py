"""A certificate: a release threshold calibrated on labelled sentences, and the parts that it is valid for.

`footnote eval calibrate` writes it (`eval.metrics.calibration` has the statistics); the service reads it at start. It
is valid for one language model, one set of prompts, one verifier, one embedding model and one retrieval configuration.
If any of these changes, the certificate is void and the threshold of the settings applies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from rag.errors import SettingError
from rag.evidence import EvidencePool
from rag.settings import Settings
from rag.types import Verdict
from rag.verification.drift import Drift, DriftAlarm
from rag.verification.readers import LOCAL, read_calibrations
from rag.verification.verifier import Verifier

FILE = "certificate.json"
UNNAMED = "unnamed"
ASSUMPTION = (
    "The sentences that are drafted from now on are like the labelled ones: drawn in the same way, from the same kind "
    "of questions and documents, so that the labelled ones could as well have been among them (exchangeability). And "
    "the labels are right. If either does not hold, the guarantee does not."
)
State = Literal["none", "valid", "void"]
_CORE = Path(__file__).parents[1]
_PROMPTS = ("models/prompts.py", "questions/prompts.py")
_CHECKS = ("answers", "arithmetic", "evidence", "figures", "models", "safety", "text", "verification")
"""The folders whose code the verifier depends on."""
_REVIEW = ("llm_repairs", "support_mode")
_RETRIEVAL = (
    "top_k",
    "candidates",
    "bm25_weight",
    "rerank_weight",
    "reranker",
    "cross_encoder_model",
    "chunk_tokens",
    "parent_characters",
    "llm_context_tokens",
    "embedding_max_tokens",
    "language",
)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the parts that a certificate is valid for; files and settings by 16 digits of their sha256."""

    llm: str
    prompt: str
    verifier: str
    embedding: str
    retrieval: str
    reader: str = UNNAMED

    def changed(self, other: Versions) -> tuple[str, ...]:
        """The names of the parts that differ."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class Certificate:
    """With probability `confidence`, at most the share `risk` of released sentences is unsupported.

    `labels` sentences were labelled; `released` of them reach `threshold` and pass the checks, and `unsupported` of
    those are not supported. `bound` is the upper confidence limit (Clopper and Pearson) of the risk at this single
    threshold; it is at most `risk`, the guaranteed limit. `scores` are the supports of the labelled sentences, or
    quantiles of them, in ascending order.
    """

    threshold: float
    risk: float
    confidence: float
    bound: float
    labels: int
    released: int
    unsupported: int
    data_sha256: str
    date: str
    versions: Versions
    scores: tuple[float, ...]
    assumption: str = ASSUMPTION

    @property
    def id(self) -> str:
        """The first 16 digits of the sha256 of everything in it."""
        return _short(json.dumps(asdict(self), sort_keys=True).encode())

    @property
    def coverage(self) -> float:
        """The share of the labelled sentences that is released."""
        return self.released / self.labels

    @property
    def observed_risk(self) -> float:
        """The share of unsupported ones among the released labelled sentences."""
        return self.unsupported / self.released

    def as_json(self) -> dict[str, Any]:
        """Everything but the scores, with derived figures."""
        shown = {name: value for name, value in asdict(self).items() if name != "scores"}
        derived = {"coverage": round(self.coverage, 4), "observed_risk": round(self.observed_risk, 4)}
        return {"id": self.id, **shown, **derived}


def write_certificate(certificate: Certificate, data_dir: Path) -> Path:
    """Write the certificate into the data folder atomically, replacing an earlier one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(asdict(certificate), indent=1) + "\n", encoding="utf-8")
    scratch.replace(path)
    return path


def read_certificate(data_dir: Path) -> Certificate | None:
    """The certificate in the data folder; None when there is none.

    Raises:
        SettingError: the file is not a certificate.
    """
    path = data_dir / FILE
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return _certificate(stored)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SettingError(f"{path} is not a certificate ({exc!r}); remove it, or calibrate again") from exc


def _certificate(stored: Mapping[str, Any]) -> Certificate:
    found = Certificate(
        threshold=float(stored["threshold"]),
        risk=float(stored["risk"]),
        confidence=float(stored["confidence"]),
        bound=float(stored["bound"]),
        labels=int(stored["labels"]),
        released=int(stored["released"]),
        unsupported=int(stored["unsupported"]),
        data_sha256=str(stored["data_sha256"]),
        date=str(stored["date"]),
        versions=Versions(**stored["versions"]),
        scores=tuple(float(score) for score in stored["scores"]),
        assumption=str(stored["assumption"]),
    )
    shares = (found.threshold, found.risk, found.confidence, found.bound)
    if not all(0 <= share <= 1 for share in shares) or not 0 < found.released <= found.labels:
        raise ValueError("a number is out of its range")
    return found


def versions_of(settings: Settings) -> Versions:
    """The versions of these settings and of this installation; a language model without a name is `unnamed`."""
    llm = "none" if settings.llm_url is None else settings.llm_model or UNNAMED
    return Versions(
        llm=llm,
        prompt=digest_of_files(_CORE, _PROMPTS),
        verifier=_short((digest_of_files(_CORE, _CHECKS) + _settings_of(settings, _REVIEW)).encode()),
        embedding=settings.embedding_model,
        retrieval=_short(_settings_of(settings, _RETRIEVAL).encode()),
        reader=_reader_of(settings),
    )


def _reader_of(settings: Settings) -> str:
    """The name of the reader and a digest of its calibration."""
    url = settings.reader_url or settings.llm_url
    if settings.reader == LOCAL or (settings.reader == "auto" and url is None):
        return LOCAL
    drafts = settings.llm_model if settings.reader_url is None else None
    name = (
        settings.reader if settings.reader.startswith("hub:") else f"llm:{settings.reader_model or drafts or UNNAMED}"
    )
    found = read_calibrations(settings.data_dir).get(name)
    return name if found is None else f"{name}, calibrated {_short(repr(found).encode())}"


def _settings_of(settings: Settings, names: Sequence[str]) -> str:
    return json.dumps({name: getattr(settings, name) for name in names}, sort_keys=True)


def digest_of_files(folder: Path, patterns: Sequence[str]) -> str:
    """A digest of the names and bytes of matching files, including all files in matching folders."""
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    nested = {inner for path in found if path.is_dir() for inner in path.rglob("*")}
    files = sorted(path for path in found | nested if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_DIGITS]


class Guarantee:
    """The current guarantee: the certificate, whether it is valid for the running versions, and the drift alarm."""

    def __init__(self, certificate: Certificate | None, versions: Versions) -> None:
        self.certificate = certificate
        self.changed = certificate.versions.changed(versions) if certificate else ()
        valid = certificate is not None and not self.changed
        self._alarm = DriftAlarm(certificate.scores) if certificate and valid else None

    @property
    def state(self) -> State:
        """`none` without a certificate, `void` if one of its parts changed, else `valid`."""
        if self.certificate is None:
            return "none"
        return "void" if self.changed else "valid"

    @property
    def threshold(self) -> float | None:
        """The certificate's release threshold; None without a valid certificate."""
        return self.certificate.threshold if self.certificate and self.state == "valid" else None

    def record(self) -> dict[str, Any] | None:
        """Id, state, risk and confidence for the record of an answer; None without a certificate."""
        if self.certificate is None:
            return None
        held = self.certificate
        return {"id": held.id, "state": self.state, "risk": held.risk, "confidence": held.confidence}

    def watch(self, score: float) -> None:
        """Add the support of a verified sentence to the scores of the drift alarm."""
        if self._alarm is not None:
            self._alarm.watch(score)

    def drift(self) -> Drift | None:
        """The drift of the live scores from the calibration; None without a valid certificate."""
        return self._alarm.look() if self._alarm else None

    def as_json(self) -> dict[str, Any]:
        """State, changed parts, certificate and drift, as JSON for the API."""
        drift = self.drift()
        return {
            "state": self.state,
            "changed": list(self.changed),
            "certificate": self.certificate.as_json() if self.certificate else None,
            "drift": asdict(drift) if drift else None,
        }

    def as_lines(self) -> list[str]:
        """The same in words."""
        held = self.certificate
        if held is None:
            return ["No certificate: the release threshold is that of the settings, without a guarantee."]
        state = f"void; changed since then: {', '.join(self.changed)}" if self.changed else "valid"
        return [
            f"Certificate {held.id} of {held.date}: {state}",
            f"With {held.confidence:.0%} confidence, at most {held.risk:.1%} of the sentences released at a support of "
            f"{held.threshold:g} are unsupported.",
            f"From {held.labels} labelled sentences (sha256 {held.data_sha256[:_DIGITS]}): {held.released} released "
            f"({held.coverage:.1%}), {held.unsupported} of these unsupported ({held.observed_risk:.1%}; upper limit "
            f"{held.bound:.1%}).",
            "For " + ", ".join(f"{name} {version}" for name, version in asdict(held.versions).items()),
            held.assumption,
        ]


class WatchedVerifier:
    """A verifier that adds the score of every verdict to the drift alarm."""

    def __init__(self, verifier: Verifier, guarantee: Guarantee) -> None:
        self._verifier = verifier
        self._guarantee = guarantee

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        verdict = self._verifier.verify(sentence, pool, before=before)
        self._guarantee.watch(verdict.support)
        return verdict


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


_DIGITS = 16
