"""Review of a drafted sentence: release it, cut it, rewrite it once, or withhold it.

The verifier decides whether a sentence is supported; the reviewer decides what to do with it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answers.lead_ins import is_quoted, says_something_alone
from rag.answers.repair import Repairer
from rag.answers.translation import Translator
from rag.evidence import EvidencePool
from rag.text import POINTS_BACK, cuts, detect_language, is_lead_in, item_of, spoken_language, together
from rag.types import Change, Verdict
from rag.verification import Verifier

NO_CLAIM = "carries no claim"
CUT_OFF = "cut off: not supported"
SAID_BEFORE = "repeats an earlier sentence"
NOT_INTRODUCED = "not supported as an item of its list"
NOT_TRANSLATED = "not in the language of the evidence, and no literal translation of it could be verified"

_MARKUP = re.compile(r"[<>\[\]`|]|://|\bwww\.", re.IGNORECASE)


class ClaimDetector(Protocol):
    """Distinguishes sentences with a factual claim from greetings, opinions and the like."""

    def carries_claim(self, sentence: str, language: str = "en") -> bool:
        """False only if the sentence almost certainly has nothing to verify."""
        ...


@dataclass(slots=True)
class ReviewContext:
    """The evidence for the sentences of one answer; `repairs` is the number of repairs left.

    `written` are the languages of the evidence, most frequent first.
    """

    question: str
    pool: EvidencePool
    repairs: int = 0
    written: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """A drafted sentence, and those drafted before it.

    `lead_in` is the lead-in of its list, if it is a list item. `named` are the ids of the chunks that the model cited:
    they are examined first, and are not evidence by themselves.
    """

    text: str
    before: tuple[str, ...] = ()
    lead_in: str | None = None
    named: tuple[str, ...] = ()


class Reviewer:
    """Reviews sentences; several may be in review at once.

    Without `claims` every sentence counts as a claim, without `repairer` none is rewritten, and without `translator` a
    sentence in another language than the evidence is verified untranslated.
    """

    def __init__(
        self,
        verifier: Verifier,
        *,
        claims: ClaimDetector | None = None,
        repairer: Repairer | None = None,
        translator: Translator | None = None,
        language: str = "en",
    ) -> None:
        self._verifier = verifier
        self._claims = claims
        self._repairer = repairer
        self._translator = translator
        self._language = language

    async def review(self, draft: DraftedSentence, context: ReviewContext) -> list[Verdict]:
        """The verdicts on a draft: at most one released, followed by the withheld ones."""
        if is_lead_in(draft.text):
            return [Verdict(draft.text, 0.0, supported=False, why=NO_CLAIM)]
        spoken = await asyncio.to_thread(self._spoken, draft, context)
        if self._translator is not None and spoken not in context.written:
            return [await self._translated(draft, context, spoken, self._translator)]
        verdict = await self._looked(draft, context, spoken)
        if verdict.supported or verdict.why == NO_CLAIM or draft.lead_in is not None:
            return [verdict]
        return await self._cut(verdict, draft, context, spoken) or [await self._repaired(verdict, draft, context)]

    async def settle(
        self, verdicts: Sequence[Verdict], draft: DraftedSentence, context: ReviewContext, told: Sequence[str]
    ) -> list[Verdict]:
        """The final verdicts, once the sentences released before are known.

        Sentences are reviewed concurrently, on the assumption that all earlier ones are released as drafted. If they
        were not, a sentence that refers back is verified again after the sentences that were released. A list item that
        is supported only without its lead-in is not released under that lead-in.
        """
        settled: list[Verdict] = []
        for verdict in verdicts:
            if not verdict.supported:
                settled.append(verdict)
            elif draft.lead_in is not None:
                settled.append(_as_item(verdict, draft.lead_in, told))
            elif _bare(verdict.text) in map(_bare, told):
                settled.append(replace(verdict, supported=False, why=SAID_BEFORE))
            elif tuple(told) != draft.before and verdict.checked_as is None and self._points_back(verdict.text):
                again = await self._verify(verdict.text, replace(draft, before=tuple(told)), context)
                changes = tuple(dict.fromkeys((*verdict.changes, *again.changes)))
                settled.append(replace(again, changes=changes, drafted=verdict.drafted or again.drafted))
            else:
                settled.append(verdict)
        return settled

    def _spoken(self, draft: DraftedSentence, context: ReviewContext) -> str:
        """The language of a draft.

        A single sentence is often too short to tell: it is in that of all that was said, if that is certain. When the
        question is in another language than the evidence, a sentence is in either.
        """
        asked = spoken_language(context.question, self._language)
        if asked in context.written:
            return detect_language(" ".join((context.question, *draft.before, draft.text)), self._language)
        own = spoken_language(draft.text, asked)
        return own if own in context.written else asked

    async def _looked(self, draft: DraftedSentence, context: ReviewContext, spoken: str) -> Verdict:
        """The verdict on a sentence; on a list item, that on it together with its lead-in where they are supported.

        Where they are not, an item that says something by itself is held against the evidence alone.
        """
        if draft.lead_in is not None:
            whole = together(draft.lead_in, draft.text)
            verdict = _of_item(await self._verify(whole, draft, context), draft.lead_in, draft.text)
            quoted = verdict.formulas or is_quoted(draft.text, verdict.evidence, context.pool)
            if verdict.supported and not quoted:
                verdict = replace(verdict, supported=False, why=NOT_INTRODUCED, fault="missing")
            if verdict.supported or not says_something_alone(draft.text, spoken):
                return verdict
        if await asyncio.to_thread(self._is_empty, draft.text, context, spoken):
            return Verdict(draft.text, 0.0, supported=False, why=NO_CLAIM)
        return await self._verify(draft.text, draft, context)

    def _is_empty(self, text: str, context: ReviewContext, spoken: str) -> bool:
        empty = self._claims is not None and not self._claims.carries_claim(text, spoken)
        return empty and context.pool.verbatim(text) is None

    async def _verify(self, text: str, draft: DraftedSentence, context: ReviewContext) -> Verdict:
        """The verdict on a text, or on the same with the scales of its tables where only that is supported."""
        verdict = await self._verdict(text, draft, context)
        if verdict.with_scales is None:
            return verdict
        scaled: tuple[Change, ...] = ("scaled",)
        return replace(verdict.with_scales, drafted=text, changes=scaled)

    async def _verdict(self, text: str, draft: DraftedSentence, context: ReviewContext) -> Verdict:
        pool = context.pool.preferring(draft.named)
        return await asyncio.to_thread(self._verifier.verify, text, pool, before=draft.before)

    async def _cut(
        self, verdict: Verdict, draft: DraftedSentence, context: ReviewContext, spoken: str
    ) -> list[Verdict]:
        """The longest part that is supported, and the rest; nothing when no part is."""
        for cut in cuts(verdict.text, spoken):
            kept = await self._verify(cut.kept, draft, context)
            if kept.supported:
                why = f"{CUT_OFF}: {verdict.why}" if verdict.why else CUT_OFF
                rest = replace(verdict, text=cut.removed, why=why, drafted=verdict.text, changes=("cut",))
                return [replace(kept, drafted=verdict.text, changes=("cut", *kept.changes)), rest]
        return []

    async def _repaired(self, verdict: Verdict, draft: DraftedSentence, context: ReviewContext) -> Verdict:
        """The sentence rewritten and supported, or the verdict as it was, with the repair in its record."""
        if self._repairer is None or context.repairs <= 0 or not verdict.evidence:
            return verdict
        context.repairs -= 1
        tried: tuple[Change, ...] = ("repaired",)
        text = await self._repairer.repair(verdict, context.question)
        again = await self._verify(text, draft, context) if text else None
        if again is not None and again.supported:
            return replace(again, drafted=verdict.text, changes=(*tried, *again.changes))
        return replace(verdict, changes=tried)

    async def _translated(
        self, draft: DraftedSentence, context: ReviewContext, spoken: str, translator: Translator
    ) -> Verdict:
        """The sentence as it is, with the quotes that support its translation; withheld when they do not."""
        tried: tuple[Change, ...] = ("translated",)
        written = context.written[0]
        translation = None
        if not _MARKUP.search(draft.text):  # what is shown here is not what the verifier saw, and must be plain
            translation = await translator.translate(draft.text, spoken=spoken, written=written)
        if translation is None:
            return Verdict(draft.text, 0.0, supported=False, why=NOT_TRANSLATED, fault="missing", changes=tried)
        verdict = await self._verdict(translation, replace(draft, before=()), context)
        return replace(verdict, text=draft.text, checked_as=translation, changes=tried)

    def _points_back(self, text: str) -> bool:
        return self._language != "en" or POINTS_BACK.search(text) is not None


def _of_item(verdict: Verdict, lead_in: str, item: str) -> Verdict:
    """The verdict on a list item, from that on the item together with its lead-in."""
    text = item_of(verdict.text, lead_in, item) if "scaled" in verdict.changes else item
    return replace(verdict, text=text, drafted=item if text != item else None, checked_as=verdict.text)


def _as_item(verdict: Verdict, lead_in: str, told: Sequence[str]) -> Verdict:
    """A supported list item as it may be shown.

    The first one that was verified together with its lead-in brings it along. From then on one that was not is
    withheld, for it would be read as one of those.
    """
    introduced = any(each.startswith(lead_in) for each in told)
    if verdict.checked_as is None:
        return replace(verdict, supported=False, why=NOT_INTRODUCED, fault="relation") if introduced else verdict
    drafted = verdict.drafted or verdict.text
    return verdict if introduced else replace(verdict, text=f"{lead_in}\n{verdict.text}", drafted=drafted)


def _bare(text: str) -> str:
    """A sentence without its spaces and case: two that differ only in these are one."""
    return "".join(text.split()).casefold()
