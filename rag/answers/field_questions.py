"""Questions for a field: `Who is the inspector?` where a document has `Inspector: Nora Feld`. English only.

The question must have every word of the label; its other words must stand in the title, the file name, the headings or
the section of the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.evidence import EvidencePool, Field, fields_of
from rag.safety import gives_orders, inert
from rag.text import akin_stems, asked_fact, base, content_stems, stems
from rag.types import Chunk, Verdict

_ASKS = re.compile(
    r"\W*(?:and |so |please |tell me |give me )*(?:(?:on|in|at|by|from|to|for|since|until|under) )?"
    r"(?:what|who|whom|whose|when|where|which)\b",
    re.IGNORECASE,
)
_WHO, _LETTER = re.compile(r"\W*(?:and )?(?:to |from |by )?who", re.IGNORECASE), re.compile(r"[^\W\d_]")
_NUMBERED = re.compile(r"\b(?:no|nr)\b\.?", re.IGNORECASE)
_TO_WHOM = re.compile(r"\bto(?: whom)?\W*$|^\W*to whom\b|\brecipients?\b|\breceived?\b|\baddressed\b", re.IGNORECASE)
_SENDERS = frozenset(stems("sender send write writes author writer from"))
_MESSAGES = (".eml", ".mbox", ".msg")
_OF_MESSAGES = frozenset(stems("mail mails email emails message messages letter send receive"))
_OF_TIME = frozenset(stems("date time day on"))
_SHARED = 4
_LONGEST_HEAD = 2000


def field_answer(question: str, pool: EvidencePool) -> list[Verdict]:
    """The fields that a question asks for; empty where there is none, or where one document has several of them."""
    if not _ASKS.match(question):
        return []
    found: dict[str, dict[str, Field]] = {}
    asked = [field for field in _fields(pool) if _is_asked(question, field)]
    said = set(content_stems(question))
    for field in [each for each in asked if said & set(content_stems(each.label))] or asked:
        found.setdefault(field.chunk.document_id, {}).setdefault(field.value, field)
    if not found or any(len(values) > 1 for values in found.values()):
        return []
    fields = [field for values in found.values() for field in values.values()]
    return [_told(field, named=len(fields) > 1) for field in fields]


def _fields(pool: EvidencePool) -> Iterator[Field]:
    """The fields of the hits, and of the first words of their documents."""
    for chunk in {hit.chunk.id: hit.chunk for hit in pool.hits}.values():
        yield from fields_of(chunk)
    for chunk in {hit.chunk.document_id: hit.chunk for hit in pool.hits}.values():
        first = pool.documents.page(chunk, 1) if pool.documents else None
        if first is not None:
            yield from (each for each in fields_of(first) if each.end <= _LONGEST_HEAD)


def _is_asked(question: str, field: Field) -> bool:
    fact = asked_fact(question)
    tells = fact is None or fact.is_told_in(field.value) or (_WHO.match(question) and _LETTER.search(field.value))
    if not tells or gives_orders(field.value):
        return False
    asking = fact.asking if fact is not None else frozenset[str]()
    wanted = [base(each) for each in content_stems(question) if each not in asking]
    label = _label_stems(question, field, timed=question.lower().lstrip().startswith(("when", "on which", "since")))
    matched = {each: [word for word in wanted if _is_akin(each, word)] for each in label}
    if not label or not all(matched.values()):
        return False
    rest = set(wanted) - {word for words in matched.values() for word in words}
    return rest <= _context(field)


def _label_stems(question: str, field: Field, *, timed: bool) -> list[str]:
    """The words of a label that a question must have; those of the head of a message as questions say them."""
    label = field.label.lower()
    if _is_message(field.chunk) and label in ("from", "to", "date"):
        said = [each for each in map(base, content_stems(question)) if each in _SENDERS | _OF_MESSAGES]
        towards = _TO_WHOM.search(question) is not None
        is_asked = timed if label == "date" else not timed and towards == (label == "to")
        return said[:1] if is_asked else []
    words = content_stems(_NUMBERED.sub("number", field.label))
    return [base(word) for word in words if not (timed and word in _OF_TIME)]


def _is_akin(one: str, other: str) -> bool:
    """Whether two stems are of one word or say the same: `inspector` and `inspect`, `author` and `write`."""
    if one == other or akin_stems([one]) & akin_stems([other]):
        return True
    return min(len(one), len(other)) >= _SHARED and (one.startswith(other) or other.startswith(one))


def _context(field: Field) -> frozenset[str]:
    chunk = field.chunk
    filename = re.sub(r"[_.-]", " ", chunk.filename)
    words = content_stems(f"{chunk.place}\n{filename}\n{field.around}")
    return akin_stems(words) | (_OF_MESSAGES if _is_message(chunk) else frozenset())


def _is_message(chunk: Chunk) -> bool:
    return chunk.filename.lower().endswith(_MESSAGES)


def _told(field: Field, *, named: bool) -> Verdict:
    text = inert(" ".join(field.quote.quote.split()))
    text = f"{text} ({field.chunk.filename})" if named else text
    return Verdict(text, 1.0, supported=True, evidence=(field.quote,))
