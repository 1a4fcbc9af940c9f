"""Mail pasted into a text file: what it quotes is told from what it says, as in mail."""

from __future__ import annotations

import pytest

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry import default_registry
from rag.text import QUOTED_HEADING


def parse(text: str) -> ParsedFile:
    return default_registry().parse(text.encode(), "mail.txt")


@pytest.mark.parametrize(
    ("quotation", "heading"),
    [
        (
            "On Tue, 6 Feb 2029 at 09:10, Runa Vik <runa@quay.example> wrote:\n> OLD",
            "On Tue, 6 Feb 2029 at 09:10, Runa Vik",
        ),
        ("Am 6. Februar 2029 um 09:10 schrieb Runa Vik:\n> OLD", "Am 6. Februar 2029 um 09:10 schrieb Runa Vik"),
        ("Le 6 février 2029 à 09:10, Runa Vik a écrit :\n> OLD", "Le 6 février 2029 à 09:10, Runa Vik"),
        (
            "From: Runa Vik\nSent: 6 February 2029 09:10\nTo: Odd\nSubject: Q\n\nOLD",
            "Runa Vik, 6 February 2029 09:10",
        ),
        ("Von: Runa Vik\nGesendet: 6. Februar 2029 09:10\nAn: Odd\n\nOLD", "Runa Vik, 6. Februar 2029 09:10"),
        ("De : Runa Vik\nEnvoyé : 6 février 2029 09:10\nÀ : Odd\n\nOLD", "Runa Vik, 6 février 2029 09:10"),
        ("> OLD\n> And more.", "an earlier message"),
    ],
)
def test_quoted_words_stand_under_a_heading(quotation: str, heading: str):
    """It says whose words they are, and from when; the new words stand before it."""
    parsed = parse(f"# 7 is the berth now.\n\n{quotation.replace('OLD', 'The berth was 5 before.')}\n")
    text = parsed.pages[0].text
    assert parsed.is_markdown(1)
    assert text.startswith("\\# 7 is the berth now.\n\n## ")
    assert f"## {QUOTED_HEADING}{heading}" in text
    assert text.index("7 is the berth") < text.index(heading) < text.index("The berth was 5 before.")


@pytest.mark.parametrize(
    "text",
    [
        "From: Runa Vik\nSent: 6 February 2029 09:10\nTo: Odd\n\nThe berth is 7.\n",
        "Example:\n\n>>> berth(1)\n7\n>>> berth(2)\n9\n",
        "The depth must be > 3\n> 2 is too little.\nIt is so.\n",
        "She wrote:\nThe berth is 7.\n",
    ],
)
def test_a_text_that_quotes_no_mail_is_a_text(text: str):
    """One message with its own header quotes nobody, and neither do prompts and signs."""
    parsed = parse(text)
    assert not parsed.is_markdown(1)
    assert parsed.pages[0].text == text
