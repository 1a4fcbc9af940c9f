"""`footnote eval calibrate`: a certificate from labelled sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from eval.data import LabelledClaim, hits_of, load_rows
from eval.metrics import Scored, check_enough, choose
from rag.build.answerer import build_finder, build_verifier
from rag.build.models import build_reader
from rag.errors import SettingError
from rag.evidence import EvidenceFinder, EvidencePool
from rag.settings import Settings
from rag.types import sha256_of
from rag.verification import UNNAMED, Certificate, Verifier, Versions, versions_of, write_certificate

_MOST_SCORES = 1000
Told = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


def calibrate_file(path: Path, settings: Settings, *, risk: float, confidence: float, told: Told) -> Certificate:
    """Score the rows of a file, choose the threshold, and store the certificate in the data folder.

    Raises:
        DatasetError: a row is malformed.
        NoGuarantee: there are too few labels, or too many of them are unsupported; nothing is written.
        SettingError: the language model is not named.
    """
    versions = versions_of(settings)
    if versions.llm == UNNAMED:
        raise SettingError("a certificate is for one language model: name it with FOOTNOTE_LLM_MODEL")
    rows = load_rows(path)
    check_enough(len(rows), risk=risk, confidence=confidence)
    finder = build_finder(settings)
    verifier = build_verifier(settings, finder, threshold=0.0, reader=build_reader(settings))
    scored = score_rows(rows, finder, verifier, told)
    certificate = certify(rows, scored, versions, risk=risk, confidence=confidence)
    write_certificate(certificate, settings.data_dir)
    return certificate


def score_rows(
    rows: Sequence[LabelledClaim], finder: EvidenceFinder, verifier: Verifier, told: Told = lambda done, rows: None
) -> list[Scored]:
    """Every row with the verifier's support; the verifier's threshold must be 0, so that only checks reject."""
    found: dict[int, Scored] = {}
    context, pool = None, EvidencePool([])
    for index in sorted(range(len(rows)), key=lambda i: rows[i].context):  # one pool a context
        row = rows[index]
        if row.context != context:
            context, pool = row.context, finder.pool(hits_of(row.context))
        verdict = verifier.verify(row.claim, pool)
        found[index] = Scored(row.supported, verdict.support, barred=not verdict.supported)
        told(len(found), len(rows))
    return [found[index] for index in range(len(rows))]


def certify(
    rows: Sequence[LabelledClaim], scored: Sequence[Scored], versions: Versions, *, risk: float, confidence: float
) -> Certificate:
    """The certificate that these labelled sentences earn.

    Raises:
        NoGuarantee: they earn none.
    """
    chosen = choose(scored, risk=risk, confidence=confidence)
    words = "\n".join(f"{row.context}\t{row.claim}\t{row.supported}" for row in rows)
    return Certificate(
        threshold=chosen.threshold,
        risk=risk,
        confidence=confidence,
        bound=round(chosen.bound, 6),
        labels=len(scored),
        released=chosen.released,
        unsupported=chosen.unsupported,
        data_sha256=sha256_of(words.encode()),
        date=datetime.now(UTC).date().isoformat(),
        versions=versions,
        scores=_quantiles([each.support for each in scored]),
    )


def _quantiles(scores: Sequence[float]) -> tuple[float, ...]:
    """All scores in ascending order, or evenly spaced quantiles of many."""
    places = np.linspace(0, 1, min(len(scores), _MOST_SCORES))
    return tuple(round(float(score), 4) for score in np.quantile(scores, places))
