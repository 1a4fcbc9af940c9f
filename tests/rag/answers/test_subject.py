"""Answers in the documents' words are about the very thing that was asked."""

from dataclasses import replace

import pytest

from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.subject import AskedSubject
from rag.evidence import EvidenceFinder
from rag.types import Hit
from tests.fakes.core import HashEmbedder, hit


def told(question: str, *hits: Hit) -> list[str]:
    pool = EvidenceFinder(HashEmbedder()).pool(list(hits))
    return [verdict.text for verdict in ExtractiveAnswerer(threshold=0.4).answer([question], pool).verdicts]


def titled(text: str, title: str) -> Hit:
    found = hit(text, f"{title}.txt")
    return replace(found, chunk=replace(found.chunk, title=title))


HOIST = hit("The maximum load of hoist A is 700 kg. The minimum age for the crane is 21.", "yard.txt")
TARN, ESK = (
    titled("The maximum pressure of the pump is 9 bar.", "Pump C manual"),
    titled("The maximum pressure of the pump is 14 bar.", "Pump D manual"),
)


@pytest.mark.parametrize(
    "question",
    [
        "What is the maximum load of hoist B?",
        "What is the maximum age for the crane?",
        "What is the load of hoist A at Orlo?",
    ],
)
def test_the_fact_of_another_thing_is_not_told(question: str) -> None:
    """Another letter, the opposite bound, a name that stands nowhere."""
    assert told(question, HOIST) == []


@pytest.mark.parametrize(
    ("asked", "told_of"),
    [("evening", "morning"), ("summer", "winter"), ("indoor", "outdoor"), ("retail", "wholesale"), ("rear", "front")],
)
def test_the_fact_of_the_opposite_is_not_told(asked: str, told_of: str) -> None:
    """Unless the sentence speaks of both."""
    sentence = f"The {told_of} rate of the hall is 40 euros."
    assert told(f"What is the {asked} rate of the hall?", hit(sentence)) == []
    assert told(f"What is the {told_of} rate of the hall?", hit(sentence)) == [sentence]
    both = f"The {told_of} rate of the hall is 40 euros and the {asked} rate is 50 euros."
    assert told(f"What is the {asked} rate of the hall?", hit(both)) == [both]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the maximum load of hoist A?", "The maximum load of hoist A is 700 kg."),
        ("What is the minimum age for the crane?", "The minimum age for the crane is 21."),
    ],
)
def test_the_fact_of_the_thing_itself_is(question: str, answer: str) -> None:
    """Word for word."""
    assert told(question, HOIST) == [answer]


def test_a_title_says_of_what_a_document_is() -> None:
    """Where the sentence does not."""
    assert told("What is the maximum pressure of pump D?", TARN, ESK) == ["The maximum pressure of the pump is 14 bar."]
    assert told("What is the maximum pressure of pump E?", TARN, ESK) == []


def test_a_pronoun_is_read_as_what_it_stands_for() -> None:
    """`It` is the quay of the sentence before."""
    quay = hit("The quay of Orlo opened in 1902. It has four lamps.", "quay.txt")
    assert "It has four lamps." in told("How many lamps does the quay of Orlo have?", quay)


def test_a_heading_is_no_answer() -> None:
    """Though it has the words of the question and a year at its end."""
    heading = hit("CERTIFICATE OF THE CHIEF ENGINEER OF ORLO UNDER THE BRIDGES ACT OF 1987", "act.txt")
    assert told("Who is the chief engineer of Orlo?", heading) == []


MAIL = (
    "# Re: Delivery\n\nThe delivery is now on 20 March.\n\n"
    "## Quoted: Tom, 2 March\n\nThe delivery is on 12 March, right.\n"
)


def test_what_a_message_says_goes_before_what_it_quotes() -> None:
    """The words of earlier messages answer only where the message itself does not."""
    assert told("When is the delivery?", hit(MAIL, "mail.eml")) == ["The delivery is now on 20 March."]
    quoted_alone = hit(MAIL.replace("The delivery is now on 20 March.", "See below, please."), "mail.eml")
    assert told("When is the delivery?", quoted_alone) == ["The delivery is on 12 March, right."]


@pytest.mark.parametrize(
    ("question", "another", "answer"),
    [
        (
            "Who is the trainer of Westby?",
            "Osmund's trainer, Lil Frey, spoke of the match against Westby.",
            "Westby's trainer, Ada Holt, spoke of the match.",
        ),
        ("Is the archive open on Sundays?", "The archive opens at 9:00.", "The archive is open on Sundays from 10:00."),
        (
            "What is the idle current of the lamp driver KX-40?",
            "The KX-40 has a width of 80 mm.",
            "The KX-40 has an idle current of 12 mA as a lamp driver.",
        ),
    ],
)
def test_another_owner_day_or_property_is_another_thing(question: str, another: str, answer: str) -> None:
    """Nor does a name alone make a sentence an answer."""
    assert told(question, hit(another)) == []
    assert told(question, hit(f"{another} {answer}")) == [answer]


@pytest.mark.parametrize("days", ["Monday to Friday", "every day", "Mon-Fri"])
def test_days_told_together_have_the_day_asked_for(days: str) -> None:
    """A range of days, or all of them."""
    pool = EvidenceFinder(HashEmbedder()).pool([hit(f"The archive is open {days} at 9:00.")])
    assert AskedSubject("When is the archive open on Wednesdays?", pool).passes(0)
