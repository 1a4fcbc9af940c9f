"""Questions as people ask them, from the question to the answer."""

import asyncio
from collections.abc import Sequence

import pytest

from rag.answers.answerer import NOT_ANSWERED, Answerer
from rag.answers.draft import Generator
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.notes import OWN_WORDS
from rag.answers.passages import PassageRetriever
from rag.answers.preparation import Preparation
from rag.answers.review import Reviewer
from rag.events import Finished
from rag.evidence.finder import EvidenceFinder
from rag.models.llm import Message
from rag.questions.assumptions import AssumptionChecker
from rag.questions.parser import RuleParser, SpellingParser
from rag.types import Answer
from tests.fakes.core import HashEmbedder, ListRetriever, ScriptedChat, hit
from tests.fakes.questions import OneTypingError
from tests.fakes.verifiers import shipped

MANUAL = hit(
    "The Ouzel 4 logger stores 400 days of readings. The battery pack must be replaced every 24 months. "
    "The depot in Sarn sells the battery pack.",
    "manual.txt",
)


def ask(
    question: str, history: Sequence[Message] = (), chat: ScriptedChat | None = None
) -> tuple[Answer, list[str], ScriptedChat | None]:
    finder, retriever = EvidenceFinder(HashEmbedder()), ListRetriever([MANUAL])
    verifier = shipped(finder)
    answerer = Answerer(
        PassageRetriever(retriever, finder, top_k=8),  # type: ignore[arg-type]
        Reviewer(verifier),
        ExtractiveAnswerer(threshold=0.5),
        Generator(chat, context_tokens=500, max_tokens=100) if chat else None,
        model={},
        preparation=Preparation(
            parser=SpellingParser(RuleParser(), OneTypingError()), assumptions=AssumptionChecker(finder, verifier)
        ),
    )

    async def collect() -> Answer:
        found = [event async for event in answerer.answer(question, collection="any", history=history)]
        assert isinstance(found[-1], Finished)
        return found[-1].answer

    return asyncio.run(collect()), retriever.asked, chat


def test_a_follow_up_is_searched_for_and_answered_with_what_it_stands_for() -> None:
    """The answer is recorded under the question as it was asked."""
    answer, asked, _ = ask("Where is it sold?", [Message("user", "What is the battery pack?")])
    assert asked == ["Where is the battery pack sold?"]
    assert answer.question == "Where is it sold?"
    assert "depot in Sarn" in answer.text


def test_each_part_is_answered_or_named_as_not_answered() -> None:
    """Each with its own search, which has the names of the part before."""
    answer, asked, _ = ask(
        "How many days of readings does the Ouzel 4 logger store, and who painted the chapel ceiling?"
    )
    assert asked == [
        "How many days of readings does the Ouzel 4 logger store",
        "who painted the chapel ceiling (the Ouzel 4 logger)?",
    ]
    assert "400 days" in answer.text
    assert "Not answered: “who painted the chapel ceiling?”" in (answer.note or "")
    assert NOT_ANSWERED in (answer.note or "")


@pytest.mark.parametrize("chat", [None, ScriptedChat("The Ouzel 4 logger stores 400 days of readings. It has a lid.")])
def test_a_sentence_that_answers_two_parts_is_told_once(chat: ScriptedChat | None) -> None:
    """And the second part is not called unanswered, with a language model and without one."""
    question = "How many days of readings does the logger store, and what readings does the Ouzel 4 store?"
    answer, asked, _ = ask(question, chat=chat)
    assert len(asked) == 2
    assert answer.text.count("400 days") == 1
    assert OWN_WORDS not in (answer.note or "")
    assert "Not answered" not in (answer.note or "")


def test_a_false_assumption_is_answered_by_the_sentence_against_it() -> None:
    """With its quote and a note; with and without a language model, whose draft is not shown."""
    for chat in (None, ScriptedChat("The logger stores 500 days of readings because it is large.")):
        answer, _, _ = ask("Why does the Ouzel 4 logger store 500 days of readings?", chat=chat)
        assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
        assert answer.sentences[0].evidence[0].quote == answer.text
        assert "500 days" in (answer.note or "")
        assert answer.withheld == ()


def test_a_typing_error_is_corrected_and_told() -> None:
    """The reader can see what was searched for."""
    answer, asked, _ = ask("how often must the batery pack be replaced")
    assert asked == ["how often must the battery pack be replaced"]
    assert "24 months" in answer.text
    assert "“batery” as “battery”" in (answer.note or "")
