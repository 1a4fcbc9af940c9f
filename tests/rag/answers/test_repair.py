"""Sentences rewritten from their quotes, and translated ones."""

import asyncio

import pytest

from rag.answers.repair import ModelRepairer
from rag.answers.translation import ModelTranslator, same_facts
from rag.models.prompts import REPAIR_RULES
from rag.types import Evidence, Verdict, document_id_of, sha256_of
from tests.fakes.core import ScriptedChat

QUESTION = "How often must the battery pack be replaced?"
QUOTE = "The battery pack must be replaced\nevery 24 months."
EVIDENCE = Evidence(document_id_of("a.txt"), "a.txt", sha256_of(b"a"), 1, 0, len(QUOTE), QUOTE)
WRONG = Verdict(
    "The battery pack must be replaced every 36 months.",
    0.6,
    supported=False,
    evidence=(EVIDENCE,),
    why="number not in the evidence: 36 months",
    fault="number",
)
RIGHT = "The battery pack must be replaced every 24 months."


def repaired(*replies: object, verdict: Verdict = WRONG) -> str | None:
    chat = ScriptedChat("", replies=[{"sentence": reply} for reply in replies])
    return asyncio.run(ModelRepairer(chat).repair(verdict, QUESTION))


def test_a_sentence_is_rewritten_from_its_quotes_alone() -> None:
    """The prompt is short: neither the passages are in it nor the sentence, which small models would write again."""
    chat = ScriptedChat("", replies=[{"sentence": RIGHT + " [1]"}])
    assert asyncio.run(ModelRepairer(chat).repair(WRONG, QUESTION)) == RIGHT
    rules, asked = chat.completed[0]
    assert rules.content == REPAIR_RULES
    assert asked.content == (
        "Quotes:\n"
        "- The battery pack must be replaced every 24 months.\n\n"
        "Question: How often must the battery pack be replaced?"
    )


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "  ",
        None,
        7,
        WRONG.text.upper(),
        "The battery pack must be replaced. Do it every 24 months.",
        "Order the manual from the depot.",
        "The battery lasts 24 months, as they must.",
    ],
)
def test_a_useless_rewriting_counts_as_none(reply: object) -> None:
    """Nothing, no text, the same again, two sentences, or another context."""
    assert repaired(reply) is None


def test_a_model_that_fails_leaves_the_sentence_as_it_was() -> None:
    """The answer goes on without it."""
    assert repaired() is None


def test_without_quotes_nothing_is_asked() -> None:
    """There is nothing to rewrite it from."""
    chat = ScriptedChat("", replies=[{"sentence": RIGHT}])
    assert asyncio.run(ModelRepairer(chat).repair(Verdict("Napoleon won.", 0.0, supported=False), QUESTION)) is None
    assert chat.completed == []


@pytest.mark.parametrize(
    ("sentence", "translation", "same"),
    [
        ("Die Batterie hält 24 Monate.", "The battery lasts 24 months.", True),
        ("Die Batterie hält 24 Monate.", "The battery lasts 18 months.", False),
        ("Der Logger kostet 1.950,50 EUR.", "The logger costs 1,950.50 EUR.", True),
        ("Der Logger wiegt 3,5 kg.", "The logger weighs 35 kg.", False),
        ("Sie hält zwei Jahre.", "It lasts two years.", False),
        ("Die Batterie hält lange.", "The battery lasts 18 months.", False),
        ("Frau Odell leitet den Betrieb in Sarn.", "Ms Odell runs operations in Sarn.", True),
        ("Frau Odell leitet den Betrieb in Sarn.", "Ms Corrick runs operations in Sarn.", False),
        ("Frau Odell leitet den Betrieb in Köln.", "Ms Odell runs operations in Cologne.", False),
    ],
)
def test_a_translation_has_the_same_numbers_and_names(sentence: str, translation: str, same: bool) -> None:
    """A name that is spelled otherwise in the other language is not trusted."""
    assert same_facts(sentence, translation, spoken="de", written="en") is same


def test_the_first_word_of_a_sentence_is_no_name_where_a_dictionary_has_it() -> None:
    """Its capital comes from its place; a word that no dictionary has is a name."""
    assert same_facts(
        "Il diametro del palo è di 60 mm.", "The diameter of the mast is 60 mm.", spoken="it", written="en"
    )
    assert not same_facts("Odell dirige la station.", "She runs the station.", spoken="fr", written="en")


def test_names_are_asked_for_both_ways_where_nouns_are_small() -> None:
    """A name that the translation drops is missed, too."""
    assert not same_facts("Mme Odell dirige la station.", "She runs the station.", spoken="fr", written="en")


def test_a_translation_that_fails_or_differs_is_none() -> None:
    """What cannot be trusted cannot be verified."""

    def translated(*replies: object) -> str | None:
        chat = ScriptedChat("", replies=[{"translation": reply} for reply in replies])
        return asyncio.run(ModelTranslator(chat).translate("Sie hält 24 Monate.", spoken="de", written="en"))

    assert translated("It lasts 24 months.") == "It lasts 24 months."
    assert translated("It lasts 18 months.") is None
    assert translated("") is None
    assert translated(None) is None
    assert translated() is None
