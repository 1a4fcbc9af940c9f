"""What becomes of a drafted sentence."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answers.repair import ModelRepairer
from rag.answers.review import CUT_OFF, NO_CLAIM, NOT_TRANSLATED, SAID_BEFORE, DraftedSentence, ReviewContext, Reviewer
from rag.answers.translation import ModelTranslator
from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.types import Verdict
from tests.fakes.core import HashEmbedder, ScriptedChat, hit
from tests.fakes.verifiers import shipped

PAGE = (
    "The battery pack must be replaced every 24 months. The modem sends every hour. I think the logger is the best of "
    "all. Maren Odell runs the depot in Sarn."
)
FINDER = EvidenceFinder(HashEmbedder())
VERIFIER = shipped(FINDER, threshold=0.5)
WRONG = "The battery pack must be replaced every 36 months."
RIGHT = "The battery pack must be replaced every 24 months."
GERMAN = (
    "Die Batterie des Loggers wird alle 24 Monate gewechselt, damit die Station auch im Winter "
    "ohne Unterbrechung messen kann."
)


def context(repairs: int = 3, question: str = "How often?") -> ReviewContext:
    return ReviewContext(question, FINDER.pool([hit(PAGE)]), repairs)


def reviewed(
    reviewer: Reviewer, text: str, about: ReviewContext | None = None, before: Sequence[str] = ()
) -> list[Verdict]:
    return asyncio.run(reviewer.review(DraftedSentence(text, tuple(before)), about or context()))


def repairing(*replies: str) -> Reviewer:
    return Reviewer(
        VERIFIER, repairer=ModelRepairer(ScriptedChat("", replies=[{"sentence": each} for each in replies]))
    )


class Smalltalk:
    """Takes sentences that begin with `I` for no claims."""

    def carries_claim(self, sentence: str, language: str = "en") -> bool:
        return not sentence.startswith("I ")


@dataclass
class Pointing:
    """Supports everything, but `it` only after a sentence about the modem; remembers what stood before."""

    before: list[tuple[str, ...]] = field(default_factory=list)

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        self.before.append(tuple(before))
        resolved = not sentence.startswith("It") or any("modem" in each for each in before)
        return Verdict(sentence, 1.0, resolved, pool.quotes([1]), None if resolved else "it is nothing")


def test_a_supported_sentence_is_released_as_it_is() -> None:
    """With nothing in its record but its quotes."""
    (verdict,) = reviewed(repairing("Never asked."), RIGHT)
    assert verdict.supported
    assert (verdict.text, verdict.changes, verdict.drafted) == (RIGHT, (), None)


def test_an_unsupported_sentence_is_rewritten_once_and_verified_again() -> None:
    """What it was made from stays in the record."""
    (verdict,) = reviewed(repairing(RIGHT), WRONG)
    assert verdict.supported
    assert (verdict.text, verdict.drafted, verdict.changes) == (RIGHT, WRONG, ("repaired",))


def test_a_repair_that_is_not_supported_either_is_not_shown() -> None:
    """The sentence is withheld as it was drafted, with its own fault and the attempt; there is no second attempt."""
    about = context()
    (verdict,) = reviewed(repairing("The battery pack must be replaced every 48 months.", RIGHT), WRONG, about)
    assert not verdict.supported
    assert (verdict.text, verdict.fault, verdict.changes) == (WRONG, "number", ("repaired",))
    assert about.repairs == 2


def test_repairs_are_limited() -> None:
    """After as many as the answer has, sentences are withheld at once."""
    about = context(repairs=1)
    reviewer = repairing(RIGHT, RIGHT)
    assert reviewed(reviewer, WRONG, about)[0].supported
    assert reviewed(reviewer, WRONG, about)[0].changes == ()


def test_a_partly_supported_sentence_is_cut_before_it_is_rewritten() -> None:
    """The part is verified anew; what was cut off is withheld, and says from which sentence."""
    draft = "The battery pack must be replaced every 24 months, and the lamp must be replaced every 12 months."
    kept, rest = reviewed(repairing("Never asked."), draft)
    assert kept.supported
    assert (kept.text, kept.drafted, kept.changes) == (RIGHT, draft, ("cut",))
    assert not rest.supported
    assert rest.text == "and the lamp must be replaced every 12 months."
    assert (rest.drafted, rest.changes, rest.fault) == (draft, ("cut",), "number")
    assert (rest.why or "").startswith(CUT_OFF)


def test_a_sentence_without_a_claim_is_withheld_without_being_verified_or_rewritten() -> None:
    """There is nothing in it that a document could support; it has no fault."""
    reviewer = Reviewer(VERIFIER, claims=Smalltalk(), repairer=ModelRepairer(ScriptedChat("")))
    (verdict,) = reviewed(reviewer, "I hope that helps you with the battery pack.")
    assert (verdict.supported, verdict.why, verdict.fault, verdict.changes) == (False, NO_CLAIM, None, ())


def test_the_documents_own_opinion_is_quoted() -> None:
    """Word for word, it is what the document says."""
    (verdict,) = reviewed(Reviewer(VERIFIER, claims=Smalltalk()), "I think the logger is the best of all.")
    assert verdict.supported


def translating(*replies: str) -> Reviewer:
    chat = ScriptedChat("", replies=[{"translation": each} for each in replies])
    return Reviewer(VERIFIER, translator=ModelTranslator(chat))


def test_a_sentence_in_another_language_is_verified_by_its_translation() -> None:
    """It is released as it was written, with the quotes that support the translation, which stays in the record."""
    (verdict,) = reviewed(translating(RIGHT), GERMAN)
    assert verdict.supported
    assert (verdict.text, verdict.checked_as, verdict.changes) == (GERMAN, RIGHT, ("translated",))
    assert verdict.evidence[0].quote == RIGHT


def test_a_translation_that_is_not_supported_withholds_the_sentence() -> None:
    """For what is wrong with the translation."""
    (verdict,) = reviewed(translating("Seventy choirs sang 24 months of opera."), GERMAN)
    assert not verdict.supported
    assert verdict.text == GERMAN
    assert verdict.why


def test_a_sentence_that_cannot_be_translated_is_withheld() -> None:
    """The model failed, changed a number, or the sentence has marks that would be shown unseen by the verifier."""
    for reviewer, text in (
        (translating(), GERMAN),
        (translating("The battery pack must be replaced every 36 months."), GERMAN),
        (translating(RIGHT), GERMAN + " <img src=x>"),
        (translating(RIGHT), GERMAN + " https://example.org"),
    ):
        (verdict,) = reviewed(reviewer, text)
        assert (verdict.supported, verdict.why) == (False, NOT_TRANSLATED)


def settled(reviewer: Reviewer, draft: DraftedSentence, told: Sequence[str]) -> list[Verdict]:
    async def run() -> list[Verdict]:
        about = context()
        return await reviewer.settle(await reviewer.review(draft, about), draft, about, told)

    return asyncio.run(run())


def test_a_sentence_that_points_back_to_a_withheld_one_is_verified_again() -> None:
    """The reader never saw what `it` stood for."""
    modem = "The modem sends every hour."
    draft = DraftedSentence("It also sends at night.", (modem,))
    assert settled(Reviewer(Pointing()), draft, [modem])[0].supported
    (verdict,) = settled(Reviewer(Pointing()), draft, [])
    assert (verdict.supported, verdict.why) == (False, "it is nothing")


def test_other_sentences_are_not_verified_twice() -> None:
    """What they say does not hang on what stands before them."""
    verifier = Pointing()
    assert settled(Reviewer(verifier), DraftedSentence(RIGHT, ("The modem is slow.",)), [])[0].supported
    assert verifier.before == [("The modem is slow.",)]


def test_a_repair_that_says_what_was_told_is_not_told_again() -> None:
    """It is withheld, also where only spaces differ."""
    for said in (RIGHT, RIGHT.replace(".", " .")):
        (verdict,) = settled(repairing(RIGHT), DraftedSentence(WRONG, (said,)), [said])
        assert (verdict.supported, verdict.why) == (False, SAID_BEFORE)


BALANCE = """Balance sheet of Harbour Foods (in millions)
| | 2021 | 2020 |
| --- | --- | --- |
| Inventories | $ 8,738 | $ 5,132 |
| Number of stores | 815 | 795 |
"""
BALANCE_VERIFIER = shipped(EvidenceFinder(), "words", threshold=0.95)


def of_the_balance(text: str, lead_in: str | None = None) -> Verdict:
    about = ReviewContext("What were the inventories?", EvidenceFinder().pool([hit(BALANCE)]))
    return asyncio.run(Reviewer(BALANCE_VERIFIER).review(DraftedSentence(text, lead_in=lead_in), about))[0]


def test_a_scale_that_was_left_out_is_added() -> None:
    """An amount of a table in millions is released with *million*; a result has the scale of its operands."""
    verdict = of_the_balance("Inventories were $8,738 in 2021.")
    assert verdict.supported
    assert verdict.text == "Inventories were $8,738 million in 2021."
    assert (verdict.drafted, verdict.changes) == ("Inventories were $8,738 in 2021.", ("scaled",))
    worked = of_the_balance("Average inventories of 2021 and 2020 were ($8,738 + $5,132) / 2 = $6,935.")
    assert worked.supported
    assert (
        worked.text
        == "Average inventories of 2021 and 2020 were ($8,738 million + $5,132 million) / 2 = $6,935 million."
    )


def test_a_list_item_keeps_its_mark_when_its_scale_is_added() -> None:
    """Under a lead-in that the sentence was verified with."""
    verdict = of_the_balance("- Inventories: $8,738", lead_in="In 2021 the company had:")
    assert verdict.supported
    assert verdict.text == "- Inventories: $8,738 million"
    assert verdict.drafted == "- Inventories: $8,738"


def test_no_scale_is_added_that_would_not_make_the_sentence_right() -> None:
    """To a wrong figure, to a count, or beside a scale that is told."""
    for text in (
        "Inventories were $8,739 in 2021.",
        "The number of stores was $815 in 2021.",
        "Inventories were $8,738 thousand in 2021.",
        "Inventories were $8,738 in 2020.",
    ):
        verdict = of_the_balance(text)
        assert not verdict.supported
        assert (verdict.text, verdict.changes) == (text, ())
