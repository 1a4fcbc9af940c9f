"""The types of Footnote, one per concept.

`Document → Chunk → Hit → Evidence → Verdict → Answer`. All are immutable. Offsets count characters of
the text of one page of one document version: for every chunk and every piece of evidence,
`page.text[start:end]` is exactly its text.
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
else:  # only a name in annotations: a command that forwards its question does not need numpy

    class FloatArray:
        """An array of 32-bit floats."""


Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...]
"""A metadata value. A filter on one value of a list finds the document."""

_OWN_LINE = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s|```|\| ")
_NAMESPACE = uuid.UUID("6c1d7f0e-2a55-5d0b-9a53-0f6f6f746e65")


def document_id_of(source: str) -> str:
    """The identity of a document: a UUID made from its source path, URL or client-given id."""
    return str(uuid.uuid5(_NAMESPACE, source))


def sha256_of(data: bytes) -> str:
    """The version of a document: the hex sha256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def metadata_of(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Metadata from JSON, with lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page or section; `number` counts from 1, `label` is the printed page number.

    `geometry` has the positions of the words, packed by `ingest.parsers.common.geometry`; None for formats without
    positions.
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
    """What parsing read of a file, and what it could not read.

    `empty_pages` have no text, `disagreements` are pages on which two PDF readers saw different words, `skipped` says
    what was left out and why, `flags` quotes text that looks like instructions to a language model, `versions` names
    the parsing libraries.
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

    `context` is text of the page that belongs to the span, such as the header row of its table: it is embedded and
    shown with the text, but never quoted as part of it. `markdown` says that the text is Markdown: in other texts, such
    as source code, a line after `#` is a comment and no heading.
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
    markdown: bool = True

    @property
    def id(self) -> str:
        """A UUID of document, version and span: the same content always has the same id."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.document_id}/{self.sha256}/{self.page}/{self.start}/{self.end}"))

    @property
    def place(self) -> str:
        """Title and heading path, then the context; one line each."""
        path = " > ".join(dict.fromkeys(part for part in (self.title, *self.heading) if part))
        return "\n".join(part for part in (path, self.context) if part)

    @property
    def embedded_text(self) -> str:
        """The text that is embedded and indexed: the place, then the text. Only the text is quoted.

        Table cells are separated by spaces instead of bars, which carry no meaning for an embedding model.
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
    """A chunk with the scores that found it: any of `dense`, `bm25`, `fused`, `rerank`, and `score`."""

    chunk: Chunk
    scores: Mapping[str, float]

    @property
    def score(self) -> float:
        """The score the hits are ordered by."""
        return self.scores["score"]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Ranking options of one question: the weight of BM25 in the fused score, and whether hits are reranked.

    `bm25` None: as in the settings.
    """

    bm25: float | None = None
    reranked: bool = True


AS_SET = Weighing()
"""Ranking as in the settings."""


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
"""The kind of fault of an unsupported sentence. `relation`: the evidence has its words, but not this statement;
`missing`: the evidence covers too little of it."""


Change = Literal["cut", "repaired", "scaled", "translated"]
"""A change to a drafted sentence: cut to a part, rewritten from its quotes, given the scale of its amounts, or verified
by its translation."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence with the probability (0..1) that its evidence supports it.

    If it is not supported, `fault` and `why` say what is wrong, and `contradiction` is the contradicting quote, if
    there is one. `changes` were made to the draft or, for an unsupported sentence, tried without success. `drafted` is
    the draft, if different from `text`. `checked_as` is the text that was verified instead: a literal translation, or a
    list item with its lead-in. `formulas` are the calculations of computed numbers, such as `(110 - 100) / 100`.
    `with_scales` is an unsupported sentence with the scales that its tables declare (`$5 million` for `$5`), if that
    one is supported.
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
    with_scales: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement: a quote, and the date that its document states, such as `2025-03`."""

    evidence: Evidence
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Documents that contradict each other: two or more sides, the newest first if they are dated."""

    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Verdicts in order, or an abstention with its reason. `note` has notes for the reader."""

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
        """The sentences as one text; for an abstention, ABSTENTION after sentences marked as not verified."""
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
