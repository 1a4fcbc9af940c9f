"""The head of a document answers questions about the document."""

import pytest

from rag.answers.extractive import ExtractiveAnswerer
from rag.evidence import EvidenceFinder
from rag.types import Hit
from tests.fakes.core import HashEmbedder, hit

PASS = hit(
    "Pass no. 77-B | Issued by: Tolk Office | Valid until: 3 May 2031\n\n# Pass for the quarry\n\nWear boots.",
    "pass.md",
)
SURVEY = hit(
    "Survey of the pier\nSurveyor: Ivo Lam\nDate: 7 June 2023\nStatus: open\n\nThe pier is sound.", "survey.txt"
)
LETTER = hit(
    "# Fallen tree\n\nFrom: Mara Tolk <m@tolk.example>\nTo: Ivo Lam <i@lam.example>\nDate: 12 Mar 2031\n\nA tree fell.",
    "tree.eml",
)
PUMPS = hit("# Pumps\n\n## Pump A\n\nKeeper: Mara Tolk\n\n## Pump B\n\nKeeper: Jo Sand\n", "pumps.md")


def told(question: str, *hits: Hit) -> list[str]:
    pool = EvidenceFinder(HashEmbedder()).pool(list(hits))
    return [each.text for each in ExtractiveAnswerer(threshold=0.6).answer([question], pool).verdicts]


@pytest.mark.parametrize(
    ("question", "page", "answer"),
    [
        ("What is the pass number?", PASS, "Pass no. 77-B"),
        ("Who issued the pass?", PASS, "Issued by: Tolk Office"),
        ("Who surveyed the pier?", SURVEY, "Surveyor: Ivo Lam"),
        ("Who is the surveyor?", SURVEY, "Surveyor: Ivo Lam"),
        ("What is the status of the survey?", SURVEY, "Status: open"),
        ("Who wrote the mail about the fallen tree?", LETTER, "From: Mara Tolk <m@tolk.example>"),
        ("Who was the mail about the tree sent to?", LETTER, "To: Ivo Lam <i@lam.example>"),
        ("When was the mail about the tree sent?", LETTER, "Date: 12 Mar 2031"),
        ("Who is the keeper of pump B?", PUMPS, "Keeper: Jo Sand"),
    ],
)
def test_the_field_alone_is_told(question: str, page: Hit, answer: str) -> None:
    """In the words of the document."""
    assert told(question, page) == [answer]


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("When was the pass issued?", PASS),
        ("Who approved the pass?", PASS),
        ("Who is the deputy surveyor?", SURVEY),
        ("What is the number of the invoice?", PASS),
        ("Who is the keeper of pump C?", PUMPS),
        ("Who is the keeper?", PUMPS),
    ],
)
def test_another_field_is_not_told(question: str, page: Hit) -> None:
    """Nor one of several of one label, of which nobody knows which is meant."""
    assert told(question, page) == []
