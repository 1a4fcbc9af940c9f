"""Lists in drafts: what leads in to them, and what their items say."""

import pytest

from rag.answers.lead_ins import is_quoted, says_something_alone
from rag.answers.review import NO_CLAIM, NOT_INTRODUCED, Reviewer
from rag.evidence.finder import EvidenceFinder
from rag.text import is_item, is_lead_in, together
from rag.types import Answer, Verdict
from tests.fakes.core import HashEmbedder, ScriptedChat, hit
from tests.fakes.verifiers import ScriptedVerifier
from tests.rag.answers.test_answerer import answerer, ask

POLICY = hit(
    "The Basic policy covers burst pipes and broken windows. The Basic policy does not cover flooding or theft of "
    "bicycles. The fee of the Basic policy is 12 euros a month.",
    "policy.txt",
)
FINDER = EvidenceFinder(HashEmbedder())
QUESTION = "What does the Basic policy cover?"


@pytest.mark.parametrize(
    "line", ["The policy covers:", "**Covered losses**", "### What is covered", "The **main** reasons are:**", "2022:"]
)
def test_a_line_that_announces_what_follows_is_a_lead_in(line: str) -> None:
    """A colon at its end, or the dress of a heading."""
    assert is_lead_in(line)


@pytest.mark.parametrize(
    "line", ["The policy covers pipes.", "**The policy covers pipes.**", "Fee: 12 euros", "#12 is blue", "**", ""]
)
def test_a_line_that_says_something_is_none(line: str) -> None:
    """Also where it is in bold, and nothing is announced by marks alone."""
    assert not is_lead_in(line)


@pytest.mark.parametrize("line", ["- burst pipes", "1. burst pipes", "(2) burst pipes", "• burst pipes", "a) pipes"])
def test_an_item_is_known_by_its_mark(line: str) -> None:
    """Bullets, numbers and letters; a number that begins a sentence is no mark."""
    assert is_item(line)
    assert not is_item("12 euros are due.")


def test_a_lead_in_and_its_item_are_read_as_one_sentence() -> None:
    """Without the marks of either."""
    assert together("**The policy covers:**", "- *burst pipes*") == "The policy covers: burst pipes"
    assert together("### Covered", "1. burst pipes.") == "Covered: burst pipes."


def test_an_item_may_say_something_by_itself() -> None:
    """With a subject and a verb of its own, which cannot be told in other languages, or a figure of something."""
    assert says_something_alone("- Total net sales: $82,959 million", "de")
    assert says_something_alone("- DSO = 365 * 20 / 200", "en")
    assert not says_something_alone("- Exclusions: flooding", "en")
    assert says_something_alone("- The policy **covers** burst pipes.", "en")
    assert not says_something_alone("- burst pipes in winter", "en")
    assert not says_something_alone("- Die Police deckt Rohrbrüche.", "de")


def test_items_are_released_under_their_lead_in() -> None:
    """It comes with the first of them, on a line of its own; by itself it says nothing."""
    draft = "The Basic policy covers:\n- burst pipes\n- broken windows\n\nThe fee is 12 euros a month."
    answer = ask(answerer([POLICY], ScriptedChat(draft)), QUESTION)
    assert answer.text.startswith("The Basic policy covers:\n- burst pipes\n- broken windows")
    assert [each.checked_as for each in answer.sentences][:2] == [
        "The Basic policy covers: burst pipes",
        "The Basic policy covers: broken windows",
    ]
    assert [(each.text, each.why) for each in answer.withheld] == [("The Basic policy covers:", NO_CLAIM)]


def test_a_lead_in_is_not_shown_without_an_item() -> None:
    """Nothing of the list is supported: neither is it announced."""
    draft = "The Basic policy covers:\n- meteorites\n- earthquakes"
    answer = ask(answerer([POLICY], ScriptedChat(draft)), QUESTION)
    assert "covers:" not in answer.text
    assert "meteorites" not in answer.text


def test_the_headings_over_a_cell_count_as_quoted() -> None:
    """An item that tells a row of a table has the words of its column from there."""
    table = "| Segment revenue | Retail Bank | Asset Managers |\n| --- | --- | --- |\n| 2021 | 12,517 | 4,077 |"
    pool = FINDER.pool([hit(table, "results.md")])
    row = next(index for index, each in enumerate(pool.candidates) if "4,077" in each.text)
    assert is_quoted("- Asset Managers: 4,077", pool.quotes([row]), pool)
    assert not is_quoted("- Asset Managers of Norway in winter: 9", pool.quotes([row]), pool)


def test_an_item_is_not_told_as_what_its_lead_in_denies() -> None:
    """The policy covers burst pipes; in this list they stand under what it does not cover."""
    draft = "The Basic policy does not cover:\n- burst pipes\n- flooding"
    answer = ask(answerer([POLICY], ScriptedChat(draft)), "What does the Basic policy not cover?")
    assert "pipes" not in answer.text
    assert answer.text.startswith("The Basic policy does not cover:\n- flooding")


def test_an_item_that_is_true_by_itself_alone_does_not_stand_under_a_released_lead_in() -> None:
    """The reader would take it for one of those that the lead-in announces."""
    fee = "- The fee is 12 euros a month."
    quoted = FINDER.pool([POLICY]).quotes([0])

    def verdict(text: str) -> Verdict:
        return Verdict(text, 1.0, supported="covers: The fee" not in text, evidence=quoted)

    def told(draft: str) -> Answer:
        reviewer = Reviewer(ScriptedVerifier(verdict))
        return ask(answerer([POLICY], ScriptedChat(draft), reviewer=reviewer), QUESTION)

    assert told(f"The policy covers:\n{fee}").text == fee
    after = told(f"The policy covers:\n- burst pipes\n{fee}")
    assert after.text == "The policy covers:\n- burst pipes"
    assert [(each.text, each.why, each.fault) for each in after.withheld][1:] == [(fee, NOT_INTRODUCED, "relation")]
