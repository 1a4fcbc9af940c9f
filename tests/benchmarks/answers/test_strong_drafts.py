"""Which of the sentences that were read by hand came out."""

from benchmarks.answers.strong_drafts import Case, released_spans
from rag.types import Answer, Verdict

TEXT = "Sales were 5 million.\n\nCosts were\n3 million. Profit fell."
SPANS = [(0, 21), (23, 45), (46, 58)]


def spans_of(*verdicts: Verdict) -> list[bool]:
    answer = Answer("?", verdicts, (), ())
    return released_spans(Case({"id": "q"}, {"text": TEXT}), answer, SPANS)


def test_a_sentence_that_was_released_as_written_is_found_in_its_draft() -> None:
    """Whatever its white space; one that was rewritten or taken from a document is not the model's."""
    assert spans_of(Verdict("Costs were 3 million.", 1.0, supported=True)) == [False, True, False]
    assert spans_of(Verdict("Sales grew.", 1.0, supported=True)) == [False] * 3
    rewritten = Verdict("Sales grew.", 1.0, supported=True, drafted="Profit fell.", changes=("repaired",))
    assert spans_of(rewritten) == [False] * 3


def test_a_list_item_is_found_without_its_lead_in() -> None:
    """What was drafted counts, not what stands around it."""
    shown = Verdict("In brief:\nProfit fell.", 1.0, supported=True, drafted="Profit fell.")
    assert spans_of(shown) == [False, False, True]


def test_less_than_half_of_a_sentence_is_not_the_sentence() -> None:
    """A part that was cut out and released."""
    assert spans_of(Verdict("Costs", 1.0, supported=True)) == [False] * 3
