"""What questions take for granted, and what documents say against it."""

import pytest

from rag.evidence.contradictions import compare
from rag.evidence.finder import EvidenceFinder
from rag.questions.assumptions import AssumptionChecker, Correction, assumptions
from tests.fakes.core import HashEmbedder, hit
from tests.fakes.verifiers import shipped

CLUB = hit(
    "The rowing club sold 14 boats in May 2021. Anna Holt sold the boats. The boat house is not heated. "
    "The lake is up to 24 metres deep. A boat must be paid within 30 days.",
    "club.txt",
)


def correction(question: str) -> Correction | None:
    finder = EvidenceFinder(HashEmbedder())
    checker = AssumptionChecker(finder, shipped(finder, threshold=0.7))
    return checker.correction(question, finder.pool([CLUB]))


@pytest.mark.parametrize(
    ("question", "sentence", "wrong"),
    [
        ("Why did the rowing club sell 15 boats?", "The rowing club sold 14 boats in May 2021.", ("15",)),
        (
            "Why did the rowing club sell boats in June 2021?",
            "The rowing club sold 14 boats in May 2021.",
            ("June 2021",),
        ),
        ("When did Maria Weiss sell the boats?", "Anna Holt sold the boats.", ("Maria", "Weiss")),
        ("Why is the boat house heated?", "The boat house is not heated.", ()),
        ("The rowing club sold 15 boats, right?", "The rowing club sold 14 boats in May 2021.", ("15",)),
        ("Since the rowing club sold 15 boats, who rows?", "The rowing club sold 14 boats in May 2021.", ("15",)),
        ("Why must a boat be paid within 60 days?", "A boat must be paid within 30 days.", ("60 days",)),
    ],
)
def test_a_false_assumption_is_answered_by_the_sentence_against_it(
    question: str, sentence: str, wrong: tuple[str, ...]
) -> None:
    """Word for word, with its quote and a note."""
    found = correction(question)
    assert found is not None
    assert found.verdict.text == sentence
    assert found.verdict.supported
    (quote,) = found.verdict.evidence
    assert CLUB.chunk.text[quote.start : quote.end] == quote.quote == sentence
    assert found.wrong == wrong
    assert all(fact in found.note for fact in wrong)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the rowing club sell 14 boats?",
        "Why did the rowing club sell boats in May?",
        "Why did Anna Holt sell the boats?",
        "Why is the boat house not heated?",
        "How many boats did the rowing club sell?",
        "Did the rowing club sell 15 boats?",
        "How do I sell 15 boats?",
        "Why did the tennis club buy 15 rackets?",
        "Why is the lake 20 metres deep?",
        "Why did the rowing club sell 14 boats to 3 schools?",
        "Anything?",
        "",
    ],
)
def test_what_the_documents_do_not_contradict_is_not_corrected(question: str) -> None:
    """True, unknown, within a bound, asked and not taken for granted, or of something else."""
    assert correction(question) is None


def test_a_heading_corrects_nothing() -> None:
    """It says nothing; and who somebody is takes nothing for granted."""
    finder = EvidenceFinder(HashEmbedder())
    heading = hit("SALE OF FOURTEEN BOATS BY THE ROWING CLUB OF SARN IN MAY 2021", "act.txt")
    checker = AssumptionChecker(finder, shipped(finder, threshold=0.7))
    assert checker.correction("Why did the rowing club of Orlo sell boats in May 2021?", finder.pool([heading])) is None
    assert assumptions("Who is the chief engineer of the Orlo bridge?") == ()
    assert assumptions("Who was elected chief engineer of the bridge?") != ()


def test_an_assumption_that_another_sentence_supports_stands() -> None:
    """Documents that disagree are no false assumption."""
    finder = EvidenceFinder(HashEmbedder())
    other = hit("The rowing club sold 15 boats in May 2021.", "press.txt")
    checker = AssumptionChecker(finder, shipped(finder, threshold=0.7))
    assert checker.correction("Why did the rowing club sell 15 boats?", finder.pool([CLUB, other])) is None


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("Why was the valley road closed by the agency?", "the valley road was closed by the agency"),
        ("Why can't calibrated sensors be returned?", "calibrated sensors can't be returned"),
        ("Why did the club really sell 15 boats?", "the club sell 15 boats"),
        ("Who sold the old boats?", "they sold the old boats"),
        ("Given that the fee is 15 percent, what is it for?", "the fee is 15 percent"),
    ],
)
def test_assumptions_are_stated_as_sentences(question: str, stated: str) -> None:
    """Close enough to be compared word by word."""
    assert assumptions(question) == (stated,)


@pytest.mark.parametrize(
    ("claim", "sentence", "agrees", "differs"),
    [
        ("The pump moves 40 litres.", "The pump moves 40 litres an hour.", True, False),
        ("The pump moves 50 litres.", "The pump moves 40 litres an hour.", False, True),
        ("The pump runs for 9 hours.", "The pump weighs 40 kg.", False, False),
        ("The pump serves 10 stations.", "The pump serves up to 24 stations.", False, False),
        ("The pump serves 30 stations.", "The pump serves up to 24 stations.", False, True),
        ("Firmware 4.1.0 adds TLS.", "Firmware 4.2.0 adds TLS.", False, True),
        ("Firmware 4.1.0 adds TLS.", "Firmware 4.2.0 drops a key.", False, False),
        ("Part TB-1 costs 5 EUR.", "Part TB-2 costs 6 EUR.", False, False),
        ("The seal is greased.", "The seal is not greased.", False, True),
    ],
)
def test_a_sentence_beside_a_claim(claim: str, sentence: str, agrees: bool, differs: bool) -> None:
    """It agrees in its facts, or says something else in the same place, or neither can be said."""
    compared = compare(claim, sentence)
    assert (compared.agrees, compared.differs) == (agrees, differs)


def test_what_is_said_of_another_known_name_corrects_nothing() -> None:
    """Both barges are known: when the one was launched says nothing of the other."""
    finder = EvidenceFinder(HashEmbedder())
    checker = AssumptionChecker(finder, shipped(finder, threshold=0.7))
    page = hit("The barge Alder was launched in 1931. The barge Rowan was scrapped in 1980.")
    assert checker.correction("When was the barge Rowan launched?", finder.pool([page])) is None
