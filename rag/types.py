"""The nouns of Footnote, one per concept.

`Document → Chunk → Hit → Evidence → Verdict → Answer`. All are immutable. Offsets count characters of
the text of one page of one document version, so that for every chunk and every piece of evidence
`page.text[start:end]` is its text, exactly.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float32]
else:  # a name in annotations: a command that hands its question on need not load numpy

    class FloatArray:
        """An array of 32-bit floats."""


Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]
"""A value of metadata. Of a list, a filter on one of its values finds the document."""

_OWN_LINE = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s|```|\| ")
_NAMESPACE = uuid.UUID("6c1d7f0e-2a55-5d0b-9a53-0f6f6f746e65")


def document_id_of(source: str) -> str:
    """The identity of a document: a UUID made from its source path, URL or client-given id."""
    return str(uuid.uuid5(_NAMESPACE, source))


def sha256_of(data: bytes) -> str:
    """The version of a document: the hex sha256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def metadata_of(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Metadata from JSON, where lists are no tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page or section; `number` counts from 1, `label` is the one printed on it.

    `geometry` says where the words are printed, packed by `ingest.parsers.common.geometry`; None where nothing is
    printed.
    """

    number: int
    text: str
    label: str | None = None
    geometry: str | None = None


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page read by optical character recognition, with the mean confidence (0..1) over its characters."""

    number: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """What parsing saw and what it could not read.

    `empty_pages` gave no text at all, `disagreements` are pages on which two readers saw different words, `skipped`
    says what was left out and why, `flags` quotes text that reads like instructions to a language model, `versions`
    names the libraries that read the file.
    """

    parser: str
    pages: int
    characters: int
    empty_pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    ocr_pages: tuple[OcrPage, ...] = ()
    tables: int = 0
    disagreements: tuple[int, ...] = ()
    skipped: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source file."""

    id: str
    source: str
    filename: str
    sha256: str
    title: str
    media_type: str
    pages: tuple[Page, ...]
    receipt: Receipt
    metadata: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one page: `page_text[start:end] == text`. `heading` is the path of headings above it.

    `context` is what a reader of the page sees beside the span, such as the header row of its table: it is embedded
    and shown with the text, never quoted as its words.
    """

    document_id: str
    sha256: str
    filename: str
    page: int
    start: int
    end: int
    text: str
    title: str = ""
    heading: tuple[str, ...] = ()
    metadata: Mapping[str, Value] = field(default_factory=dict)
    context: str = ""

    @property
    def id(self) -> str:
        """A UUID of document, version and span: the same content always has the same id."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.document_id}/{self.sha256}/{self.page}/{self.start}/{self.end}"))

    @property
    def place(self) -> str:
        """What stands over the text: title and heading path, then the context; one line each."""
        path = " > ".join(dict.fromkeys(part for part in (self.title, *self.heading) if part))
        return "\n".join(part for part in (path, self.context) if part)

    @property
    def embedded_text(self) -> str:
        """What is embedded and indexed: the place, then the text. Only the text is quoted.

        Cells of tables stand side by side without their bars, which say nothing to an embedding model.
        """
        return "\n".join(part for part in (self.place, self.text) if part).replace(" | ", " ")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (sorted, unique, below 2**32) and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """One text's vectors from one forward pass.

    `dense` has shape (d,) and unit length; `tokens` has shape (t, d) with unit rows, t = 0 when the
    model gives no token vectors.
    """

    dense: FloatArray
    tokens: FloatArray


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk with the vectors it is stored under."""

    chunk: Chunk
    embedding: Embedding
    lexical: SparseVector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk with the scores that brought it: any of `dense`, `bm25`, `fused`, `rerank`, and `score`."""

    chunk: Chunk
    scores: Mapping[str, float]

    @property
    def score(self) -> float:
        """The score the hits are ordered by."""
        return self.scores["score"]


@dataclass(frozen=True, slots=True)
class Weighing:
    """How one question wants its hits ranked: the share of BM25 in the fused score, and whether they are reranked.

    None: as the settings say.
    """

    bm25: float | None = None
    reranked: bool = True


AS_SET = Weighing()
"""Ranked as the settings say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exact quote from one version of one document: `page_text[start:end] == quote`."""

    document_id: str
    filename: str
    sha256: str
    page: int
    start: int
    end: int
    quote: str


Fault = Literal["number", "date", "unit", "name", "negation", "relation", "missing", "contradicted"]
"""What is wrong with a sentence that is not supported. `relation`: its parts stand in the evidence, not so joined;
`missing`: too little of it does."""


Change = Literal["cut", "repaired", "translated"]
"""What was done to a drafted sentence: cut to a part of it, rewritten from its quotes, checked by its translation."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence with the probability (0..1) that its evidence supports it.

    When it is not supported, `fault` and `why` say what is wrong, and `contradiction` is the quote that says otherwise,
    if there is one. `changes` were made to what the model drafted, or tried in vain where the sentence is not
    supported; `drafted` is what it drafted, where that is not `text`; `checked_as` is what was held against the
    evidence instead of it: its literal translation, where that is in another language, or a list item together with the
    line that leads in to it. `formulas` are the calculations by which its numbers
    follow from quoted ones, such as `(110 - 100) / 100`.
    """

    text: str
    support: float
    supported: bool
    evidence: tuple[Evidence, ...] = ()
    why: str | None = None
    fault: Fault | None = None
    contradiction: Evidence | None = None
    changes: tuple[Change, ...] = ()
    drafted: str | None = None
    checked_as: str | None = None
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says where others say otherwise; `date` is the document's own, such as `2025-03`."""

    evidence: Evidence
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Documents that say different things about one matter: two sides or more, the newest first where dates tell."""

    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Verdicts in order, or an abstention with its reason. `note` tells the reader of a degraded answer."""

    question: str
    sentences: tuple[Verdict, ...]
    withheld: tuple[Verdict, ...]
    hits: tuple[Hit, ...]
    reason: str | None = None
    note: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def abstained(self) -> bool:
        """True when nothing was supported."""
        return not any(verdict.supported for verdict in self.sentences)

    @property
    def text(self) -> str:
        """The sentences as one text; the words of the abstention, after those that are marked as not verified."""
        told = [verdict.text for verdict in self.sentences]
        return join_sentences([*told, ABSTENTION] if self.abstained else told)


ABSTENTION = "The documents do not answer this."


def join_sentences(sentences: Sequence[str]) -> str:
    """Sentences as running text; list items and code keep their own lines."""
    parts: list[str] = []
    for sentence in sentences:
        own_line = _OWN_LINE.match(sentence) is not None or "\n" in sentence
        parts.append(("\n" if own_line else " ") + sentence if parts else sentence)
    return "".join(parts)
