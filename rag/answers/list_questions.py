"""Questions for all items of a list: `Which tools are in the shed?`, `What are the steps to start the mower?`

They are answered with the line that leads in to a list and all of its items, if what stands over the list has every
word of the question. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rag.evidence import EvidencePool, ItemList, lists_on
from rag.safety import gives_orders, inert
from rag.text import (
    AskedThing,
    Kinds,
    Subject,
    akin_stems,
    asked_subject,
    content_stems,
    direction_differs,
    negation_differs,
    stems,
)
from rag.types import Verdict

_ASKS = re.compile(
    r"^\W*(?:(?:and|so|please|can you|could you|tell me|give me|show me)\W+)*"
    r"(?:list|name|enumerate|all|every|(?:what|who) (?:are|were)|who (?:is|was) (?:in|on)|the (?:steps|members)|"
    r"(?:which|what) (?:[\w-]+ ){0,2}?[\w-]*[a-rt-z]s\b|(?:which|what) (?:[\w-]+ )?(?:people|children|men|women)|"
    r"how (?:do|can|should|must|does) (?:i|we|you|one|they)|how to|what (?:do|must|should|can) (?:i|we|you|one))\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    stems(
        "list name enumerate give tell show step steps procedure instruction instructions item items thing things "
        "member members need must should"
    )
)


@dataclass(frozen=True, slots=True)
class _Led:
    """A list, and how many words that the question lacks stand in the line that leads in to it."""

    found: ItemList
    further: int


def asks_for_several(question: str) -> bool:
    """Whether a question asks for several things of one kind, or how to do something."""
    return _ASKS.match(question) is not None


def list_answer(question: str, pool: EvidencePool) -> list[Verdict]:
    """All items of the lists that a question names, the first with the line that leads in to them; empty if none."""
    wanted = frozenset(content_stems(question)) - _ASKING
    if not wanted or not asks_for_several(question):
        return []
    led = [each for found in _lists(pool) if (each := _led(question, wanted, found)) is not None]
    least = min((each.further for each in led), default=0)
    return [verdict for each in led if each.further == least for verdict in _told(each.found)]


def _lists(pool: EvidencePool) -> Iterator[ItemList]:
    """The lists on the pages of the hits."""
    pages = {(hit.chunk.document_id, hit.chunk.page): hit.chunk for hit in pool.hits}
    for chunk in pages.values():
        read = partial(pool.documents.page, chunk) if pool.documents else {chunk.page: chunk}.get
        yield from lists_on(chunk.page, read)


def _led(question: str, wanted: frozenset[str], found: ItemList) -> _Led | None:
    """A list that is led in to as the question says; None for any other."""
    page, line = found.items[0].page, found.led_in_by
    near = f"{line}\n{''.join(found.headings[-1:])}"
    far = "\n".join((page.title, *found.headings, re.sub(r"[_.-]", " ", page.filename)))
    own = akin_stems(content_stems(near)) & wanted
    if not own or not wanted <= own | akin_stems(content_stems(far)):
        return None
    thing, place = AskedThing(question), f"{near}\n{far}"
    if thing.is_another(near, "", place, Kinds({})) or asked_subject(question).rivals(Subject.of(place)):
        return None
    if negation_differs(question, near) or direction_differs(question, near):
        return None
    if any(gives_orders(each.text) for each in found.items):
        return None
    return _Led(found, len(set(content_stems(line)) - akin_stems(wanted) - _ASKING))


def _told(found: ItemList) -> Iterator[Verdict]:
    """The items as verdicts; the first stands below the line that leads in to them."""
    first, *others = found.items
    quotes = (found.lead_in.quote, first.quote) if found.lead_in else (first.quote,)
    text = "\n".join(filter(None, (found.led_in_by, first.text)))
    yield Verdict(inert(text), 1.0, supported=True, evidence=quotes)
    for each in others:
        yield Verdict(inert(each.text), 1.0, supported=True, evidence=(each.quote,))
