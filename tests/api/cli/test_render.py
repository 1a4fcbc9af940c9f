"""What a terminal shows of an answer."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from api.cli.render import Footnotes, closing_lines, hit_lines, opening, sentence_line, shortened
from api.wire import Content, answer_to_json, cited, evidence_to_json
from rag.types import ABSTENTION, Answer, Chunk, Disagreement, Evidence, Hit, Side, Verdict


def quote(text: str, start: int = 0, page: int = 1) -> Evidence:
    return Evidence("d", "manual.pdf", "s", page, start, start + len(text), text)


def released(text: str, *quotes: Evidence) -> Verdict:
    return Verdict(text, 0.9, True, quotes)


def hit(text: str, start: int = 0) -> Hit:
    return Hit(Chunk("d", "s", "manual.pdf", 3, start, start + len(text), text), {"score": 0.5, "dense": 0.25})


def answer(*sentences: Verdict, **parts: object) -> Answer:
    return Answer("q", sentences, **{"withheld": (), "hits": (), **parts})  # type: ignore[arg-type]


def test_a_quote_keeps_its_number() -> None:
    """Footnotes are numbered as they are first told; the same quote twice is one footnote."""
    notes, first, second = Footnotes(), quote("One."), quote("Two.", start=9, page=3)
    lines = [sentence_line(v, notes).plain for v in (released("A.", first), released("B.", second, first))]
    assert lines == ["A. [1]", "B. [2][1]"]
    assert [line.plain for line in notes.lines()] == [
        "[1] manual.pdf, page 1: “One.”",
        "[2] manual.pdf, page 3: “Two.”",
    ]


def test_a_computed_number_is_told_with_its_formula() -> None:
    """After the quotes of its operands, once, in the terminal and as JSON."""
    notes, sum_of = Footnotes(), replace(released("The sum is 5.", quote("2 and 3.")), formulas=("2 + 3",))
    lines = [sentence_line(v, notes).plain for v in (sum_of, sum_of)]
    assert lines == ["The sum is 5. [1]"] * 2
    assert [line.plain for line in notes.lines()] == ["[1] manual.pdf, page 1: “2 and 3.”", "[=] 2 + 3"]
    assert answer_to_json(answer(sum_of))["sentences"][0]["formulas"] == ["2 + 3"]


def test_an_abstention_shows_its_reason_and_three_passages() -> None:
    """The closest passages follow, in order, with file and page."""
    hits = tuple(hit(f"Passage {i}.", start=i) for i in range(5))
    lines = [line.plain for line in closing_lines(answer(hits=hits, reason="nothing fits"), Footnotes())]
    assert lines[0] == f"{ABSTENTION} (nothing fits)"
    assert lines[-3:] == [f"  manual.pdf, page 3: Passage {i}." for i in range(3)]


def test_a_note_is_shown_and_withheld_sentences_are_only_counted() -> None:
    """What nothing supports is never shown."""
    told = answer(
        released("A.", quote("A.")), withheld=(Verdict("Invented.", 0.1, False),), note="The documents disagree."
    )
    text = "\n".join(line.plain for line in closing_lines(told, Footnotes()))
    assert "Note: The documents disagree." in text
    assert "1 drafted sentence" in text
    assert "Invented" not in text


def test_hits_show_rank_place_and_scores() -> None:
    """No hits is said, not left blank."""
    assert [line.plain for line in hit_lines([hit("Some text.")])] == [
        "1. manual.pdf, page 3  score 0.500  dense 0.250",
        "   Some text.",
    ]
    assert hit_lines([])[0].plain == "Nothing in the collection matches."


@given(st.text(), st.integers(10, 400))
def test_a_shortened_text_is_one_line_within_its_limit(text: str, limit: int) -> None:
    """Short texts lose only white space; long ones keep both ends."""
    flat, short = " ".join(text.split()), shortened(text, limit)
    assert len(short) <= limit
    assert "\n" not in short
    assert short == flat or (" … " in short and len(flat) > limit)


@given(st.text())
def test_an_opening_is_the_beginning(text: str) -> None:
    """The first words, unchanged."""
    assert " ".join(text.split()).startswith(opening(text).removesuffix(" …"))


sentences = st.lists(
    st.text(min_size=1).flatmap(lambda text: st.sampled_from([text, f"- {text}", f"```\n{text}\n```"])), min_size=1
)


@given(sentences)
def test_pieces_are_together_the_text_of_the_answer(texts: list[str]) -> None:
    """Whether streamed or not; and every citation's offsets cut out its sentence."""
    told = answer(*(released(text, quote(text)) for text in texts))
    content = Content()
    pieces = [content.add(verdict)[0] for verdict in told.sentences]
    assert "".join(pieces) == told.text
    text, citations = cited(told)
    assert text == told.text
    assert [text[each.start : each.end] for each in citations] == texts


def test_the_record_says_what_was_done_to_a_sentence_and_what_is_wrong_with_one() -> None:
    """Of released and of withheld ones; no claim has no fault; a disagreement has its sides with their dates."""
    new, old = quote("18 months."), quote("24 months.", start=40)
    cut = replace(released("A.", new), changes=("cut",), drafted="A, and B.")
    wrong = Verdict("C.", 0.3, False, (new,), "number not in the evidence: 5", "number", old, ("repaired",))
    empty = Verdict("Hello!", 0.0, False, why="carries no claim")
    told = replace(
        answer(cut, withheld=(wrong, empty)), disagreements=(Disagreement((Side(new, "2025-05"), Side(old))),)
    )
    record = answer_to_json(told)
    assert record["sentences"] == [
        {
            "text": "A.",
            "verified": True,
            "support": cut.support,
            "evidence": [evidence_to_json(new)],
            "formulas": [],
            "cut": True,
            "repaired": False,
            "scaled": False,
            "drafted": "A, and B.",
            "checked_as": None,
        }
    ]
    assert record["withheld"][0] == {
        "text": "C.",
        "support": 0.3,
        "why": "number not in the evidence: 5",
        "fault": "number",
        "contradiction": evidence_to_json(old),
        "cut": False,
        "repaired": True,
        "scaled": False,
        "drafted": None,
        "checked_as": None,
    }
    assert (record["withheld"][1]["fault"], record["withheld"][1]["why"]) == (None, "carries no claim")
    (disagreement,) = record["disagreements"]
    assert [side["date"] for side in disagreement["sides"]] == ["2025-05", None]
    assert json.loads(json.dumps(record)) == record
