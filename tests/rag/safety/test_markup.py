"""Sentences that do nothing when they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.finder import EvidenceFinder
from rag.safety.markup import inert
from tests.fakes.core import HashEmbedder, hit
from tests.fakes.verifiers import shipped
from tests.injections.checks import active_tags

TRUE = "The pump moves 40 litres of water a minute."
PAGE = f"{TRUE} The manual is at https://docs.example/pump. See [the list](https://docs.example/list) for its parts."


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("A ![x](http://e.example/?q=1) b.", "A b."),
        ("See [the manual](http://e.example/x) now.", "See the manual now."),
        ("See [the manual][ref] now.", "See the manual now."),
        ("![a][b] text", "text"),
        ("[![x](http://e.example/1)](http://e.example/2) k", "k"),
        ("cut ![x](http://e.example/?q=a", "cut"),
        ("t <!-- s --> u", "t u"),
        ("<img src=http://e.example/x> hi", "hi"),
        ('<a href="http://e.example">hi</a>', "hi"),
        ("<b onclick=run()>hi</b>", "hi</b>"),
        ("<<img src=x>img src=y> q", "q"),
    ],
)
def test_markup_that_fetches_leads_or_runs_is_taken_off(markup: str, plain: str) -> None:
    """Of a link its label stays."""
    assert inert(markup) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Use <b> and List<String>, where a < b and c > d.",
        "An array x[1] and (y) [2].",
        "| a | b |",
        "- **bold** and `code`",
        "The title says that it is [sic] so (see page 3).",
        "Two  spaces\nand a line.",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    """To the character."""
    assert inert(text) == text


@given(st.text(alphabet="ab[]()<>!=\"'/: \n`img", max_size=40))
def test_nothing_active_is_left(text: str) -> None:
    """Whatever the markup: rendered as Markdown with HTML, no tag has an address; and twice is as once."""
    plain = inert(text)
    assert inert(plain) == plain
    assert not [tag for tag in active_tags(plain) if "src" in tag or "href" in tag]


def verify(sentence: str) -> tuple[str, bool, str | None]:
    finder = EvidenceFinder(HashEmbedder())
    verdict = shipped(finder).verify(sentence, finder.pool([hit(PAGE)]))
    return verdict.text, verdict.supported, verdict.why


def test_what_is_verified_is_what_is_shown() -> None:
    """The sentence without its markup."""
    assert verify(f"{TRUE} ![x](http://e.example/?q=40)") == (TRUE, True, None)


def test_an_address_must_stand_in_the_quotes() -> None:
    """Character for character: one with more at its end says more."""
    assert verify("The manual is at https://docs.example/pump.")[1]
    _, supported, why = verify("The manual is at https://docs.example/pump?q=40.")
    assert not supported
    assert why is not None
    assert "not in the evidence" in why
    assert not verify(f"{TRUE[:-1]} www.e.example.")[1]


def test_a_sentence_of_nothing_but_markup_is_withheld() -> None:
    """As it was drafted, for the record."""
    assert verify("![x](http://e.example)") == ("![x](http://e.example)", False, "nothing but markup")
