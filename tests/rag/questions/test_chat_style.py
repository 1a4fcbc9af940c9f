"""Chat style to plain English."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.questions.chat_style import ABBREVIATIONS, plain_style


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("hey can u tell me whats the fee pls", "what is the fee"),
        ("Hi there, could you please tell me if the logger stores 400 days?", "the logger stores 400 days?"),
        ("idk how the logger works lol", "how the logger works"),
        ("gimme the price list w/o tax", "give me the price list without tax"),
        ("how r u billed thx", "how are you billed"),
        ("ok so whens the next meeting?", "when is the next meeting?"),
    ],
)
def test_greeting_courtesy_and_short_forms_go(typed: str, plain: str) -> None:
    """What is asked stays."""
    assert plain_style(typed) == plain


@pytest.mark.parametrize(
    "question",
    [
        "Sind Hunde im Kursraum erlaubt?",
        "Wie hoch ist die Miete im Monat?",
        "What is the fee?",
        "there are two pumps in the well",
        "well pumps need power",
        "all pumps fail when it is cold",
        "is the r language used in U.S. labs",
        "does the cd player work with R2",
        'what does "thx" mean',
        "what does `pls` do in the config",
        "see u.example/pls or mail u@pls.example",
        "thanks",
        "hey",
        "",
    ],
)
def test_what_is_no_chat_stays(question: str) -> None:
    """Words that only look like it, quotations, code, addresses, and questions of nothing else."""
    assert plain_style(question) == question


@given(st.text(max_size=60) | st.lists(st.sampled_from([*ABBREVIATIONS, "400", "ERR-4107", "Sarn", "?"])).map(" ".join))
def test_numbers_and_names_stay(question: str) -> None:
    """And nothing but white space becomes nothing."""
    plain = plain_style(question)
    assert bool(plain.strip()) == bool(question.strip())
    for fact in ("400", "ERR-4107", "Sarn"):
        assert (fact in question) == (fact in plain)
    assert set(re.findall(r"\b\d{2,}\b", question)) == set(re.findall(r"\b\d{2,}\b", plain))
