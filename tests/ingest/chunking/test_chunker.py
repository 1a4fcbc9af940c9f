"""Chunks: every offset exact, nothing lost, nothing twice, nothing too long."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.chunking.chunker import Chunker
from ingest.parsers.common.parsed import Heading, ParsedFile, Table
from rag.types import Chunk, Document, Page, Receipt
from tests.fakes.ingestion import count_words

LIMIT = 24


def document_of(*texts: str, title: str = "") -> Document:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, start=1))
    receipt = Receipt("test", len(pages), sum(map(len, texts)))
    return Document("id", "/a.md", "a.md", "0" * 64, title, "text/markdown", pages, receipt)


def parsed_of(document: Document, markdown: bool, **more: Any) -> ParsedFile:
    return ParsedFile(document.title, document.media_type, document.pages, document.receipt, markdown, **more)


def chunks_of(*texts: str, markdown: bool = True, limit: int = LIMIT, **more: Any) -> list[Chunk]:
    document = document_of(*texts)
    return Chunker(count_words, limit).chunk(document, parsed_of(document, markdown, **more))


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "   ",
            "\t",
            "# Heading",
            "## Same heading",
            "## Same heading",
            "#\tTab heading",
            "### Deep / with slash ###",
            "####### seven",
            "```",
            "```python",
            "~~~",
            "| a | b |",
            "|---|---|",
            "| one | two three four |",
            "- item",
            "1. numbered item with some words in it",
            "A sentence. Another one! A third? Yes.",
            "Dr. Smith paid $1,234.56 on 3 May. e.g. this.",
            "x" * 300,
            "word " * 60,
            "汉字没有空格。这是一句话！" * 8,
            "🙂👩‍👩‍👧‍👦" * 20,
            "e\u0301\u200b\u00a0\u2028\u0085\x1c\x0b\x0c",
            "مرحبا بالعالم",
            "not\ra line end",
        ]
    ),
    st.text(max_size=80),
)
TEXTS = st.builds(
    lambda lines, end: end.join(lines), st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\n\n", "\r"])
)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, markdown=st.booleans(), limit=st.sampled_from([4, 12, LIMIT, 180]))
@example(text="# A\n# B\n\n## C", markdown=True, limit=LIMIT)
@example(text="#\u2028x\n\ny", markdown=True, limit=LIMIT)
def test_chunks_hold_every_character_once_at_exact_offsets(text: str, markdown: bool, limit: int):
    """Text at the offsets is the chunk; chunks are ordered, apart, not blank, and all but white space is in one."""
    at = 0
    for chunk in chunks_of(text, markdown=markdown, limit=limit):
        assert chunk.markdown == markdown
        assert text[chunk.start : chunk.end] == chunk.text
        assert chunk.text.strip()
        assert chunk.start >= at
        assert not text[at : chunk.start].strip()
        assert count_words(chunk.text) <= limit or len(chunk.text) == 1
        at = chunk.end
    assert not text[at:].strip()


@settings(max_examples=150, deadline=None)
@given(
    text=TEXTS,
    markdown=st.booleans(),
    limit=st.sampled_from([4, 12, LIMIT, 180]),
    overlap=st.sampled_from([1, 3, 10, 90, 400]),
)
def test_overlapping_chunks_repeat_whole_sentences_at_exact_offsets(
    text: str, markdown: bool, limit: int, overlap: int
):
    """Within the limit; each begins behind the beginning of the one before it, and nothing is lost."""
    document = document_of(text)
    at, begun = 0, -1
    for chunk in Chunker(count_words, limit, overlap).chunk(document, parsed_of(document, markdown)):
        assert text[chunk.start : chunk.end] == chunk.text
        assert chunk.start > begun
        assert chunk.end > at
        assert not text[at : chunk.start].strip()
        assert count_words(chunk.text) <= limit or len(chunk.text) == 1
        assert count_words(text[chunk.start : at]) <= min(overlap, limit // 2)
        at, begun = chunk.end, chunk.start
    assert not text[at:].strip()


def test_a_chunk_begins_with_the_last_sentences_of_the_one_before_it():
    """As many as the overlap holds, where they stand under the same headings; none is cut."""
    first, second = (
        "# One\n\n" + " ".join(f"{word} is sentence {n} of five." for n in range(6)) for word in ("A", "B")
    )
    text = f"{first}\n\n{second.replace('One', 'Two')}"
    document = document_of(text)
    chunks = Chunker(count_words, 30, 10).chunk(document, parsed_of(document, markdown=True))
    apart = Chunker(count_words, 30, 0).chunk(document, parsed_of(document, markdown=True))
    assert len(chunks) > len(apart)
    for before, after in itertools.pairwise(chunks):
        repeated = text[after.start : before.end]
        if before.heading == after.heading:
            assert re.fullmatch(r"[AB] is sentence \d of five\.", repeated)
        else:
            assert not repeated


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, max_size=4), markdown=st.booleans())
def test_pages_are_chunked_one_by_one(texts: list[str], markdown: bool):
    """No chunk crosses a page, and every chunk says which page it is on."""
    for chunk in chunks_of(*texts, markdown=markdown):
        assert texts[chunk.page - 1][chunk.start : chunk.end] == chunk.text


def test_a_tokenizer_that_is_not_additive_still_keeps_the_limit():
    """The limit holds for the count of the whole chunk, not only for the sum over its words."""

    def grows(text: str) -> int:
        return count_words(text) * 2 if " " in text else count_words(text)

    text = "one two three four five six. " * 30
    document = document_of(text)
    chunks = Chunker(grows, LIMIT).chunk(document, parsed_of(document, markdown=False))
    assert all(grows(chunk.text) <= LIMIT for chunk in chunks)
    assert " ".join(" ".join(chunk.text for chunk in chunks).split()) == text.strip()


def test_heading_is_the_path_of_headings():
    """A chunk knows the headings above it, its own heading line is in its text."""
    text = "# Guide\n\n" + "Intro. " * 12 + "\n\n## Setup\n\n### Power / mains\n\n" + "Plug it in. " * 8
    chunks = chunks_of(text, limit=50)
    assert [chunk.heading for chunk in chunks] == [("Guide",), ("Guide", "Setup", "Power / mains")]
    assert chunks[1].text.startswith("## Setup\n\n### Power / mains\n\nPlug it in.")


def test_heading_path_goes_on_over_pages():
    """Text at the top of a page stands under the last heading of the page before."""
    chunks = chunks_of("# Guide\n\n## Setup\n\nOne.", "Two.\n\n# Next\n\nThree.", limit=6)
    assert [(chunk.page, chunk.heading) for chunk in chunks][-2:] == [(2, ("Guide", "Setup")), (2, ("Next",))]


def test_headings_inside_code_are_code():
    """A line with # in fenced code starts no section."""
    chunks = chunks_of("# Guide\n\n```sh\n# a comment\nls\n```\n\nText.")
    assert [chunk.heading for chunk in chunks] == [("Guide",)]


def test_small_neighbours_under_one_parent_are_one_chunk():
    """Short sections share a chunk under their common heading while they fit."""
    text = "# Faq\n\n" + "".join(f"## Question {n}\n\nAnswer {n}.\n\n" for n in range(3))
    assert [chunk.heading for chunk in chunks_of(text, limit=60)] == [("Faq",)]


def test_sections_of_different_parents_stay_apart():
    """A short section is not joined with its aunt."""
    text = "# A\n\n## B\n\nOne.\n\n# C\n\n## D\n\nTwo."
    assert [chunk.heading for chunk in chunks_of(text, limit=60)] == [("A", "B"), ("C", "D")]


def test_rows_of_a_table_stay_whole():
    """A table that is too long is cut between its rows."""
    rows = [f"| row {n} | value {n}, or more |" for n in range(30)]
    chunks = chunks_of("| a | b |\n|---|---|\n" + "\n".join(rows))
    assert len(chunks) > 3
    lines = [line for chunk in chunks for line in chunk.text.split("\n")]
    assert lines[2:] == rows


def test_rows_cut_off_from_their_header_have_it_as_context():
    """Every chunk with rows of a Markdown table but its first carries the header row; it counts in the limit."""
    rows = [f"| row {n} | value {n}, or more |" for n in range(30)]
    chunks = chunks_of("| name | value |\n|---|---|\n" + "\n".join(rows))
    assert [chunk.context for chunk in chunks] == ["", *["| name | value |"] * (len(chunks) - 1)]
    assert all(count_words(chunk.context) + count_words(chunk.text) <= LIMIT for chunk in chunks)
    assert chunks[1].embedded_text.startswith("| name value |\n| row ")


def test_pages_of_one_long_table_have_their_own_header():
    """The header of the table on the page counts, and text after the table has none."""
    page = (
        "| {0} | b |\n|---|---|\n" + "\n".join(f"| cell {n} | and cell {n} |" for n in range(9)) + "\n\nThe end of it."
    )
    chunks = chunks_of(page.format("one"), page.format("two"), limit=20)
    assert {chunk.context for chunk in chunks if chunk.page == 1} == {"", "| one | b |"}
    assert {chunk.context for chunk in chunks if chunk.page == 2} == {"", "| two | b |"}
    assert all(not chunk.context for chunk in chunks if chunk.text == "The end of it.")


def test_pipes_in_code_are_no_table():
    """Code that looks like a table has no header."""
    code = "```\n| a | b |\n|---|---|\n" + "\n".join(f"| cell {n} | and cell {n} |" for n in range(20)) + "\n```"
    assert {chunk.context for chunk in chunks_of(code)} == {""}


ROWS = "\n".join(f"Sales {n} | {n},100 | {n},200" for n in range(12))


def test_rows_of_a_printed_table_have_its_header_as_context():
    """As the parser tells it; a table that goes on from the page before has it from its first row."""
    text = f"Sales by region\n\nRegion | 2022 | 2021\n{ROWS}\n\nThe sales rose."
    start, body, end = text.index("Region"), text.index("Sales 0"), text.index("\n\nThe")
    tables = (Table(1, start, end, "(in millions) 2022 | 2021", body), Table(2, 0, len(ROWS), "2022 | 2021", 0))
    chunks = chunks_of(text, ROWS, markdown=False, tables=tables)
    inside = [chunk for chunk in chunks if chunk.page == 1 and body < chunk.start < end]
    assert len(inside) > 1
    assert {chunk.context for chunk in inside} == {"(in millions) 2022 | 2021"}
    assert {chunk.context for chunk in chunks if chunk.page == 1 and chunk.start < body} == {""}
    assert {chunk.context for chunk in chunks if chunk.page == 2} == {"2022 | 2021"}
    assert all(line in f"{text}\n{ROWS}".split("\n") for chunk in chunks for line in chunk.text.split("\n"))


def test_a_long_header_leaves_room_for_rows():
    """Of a header as long as a chunk, half a chunk is kept."""
    table = Table(1, 0, len(ROWS), "column " * 50, 0)
    chunks = chunks_of(ROWS, markdown=False, tables=(table,))
    assert {count_words(chunk.context) for chunk in chunks} == {LIMIT // 2}
    assert all(count_words(chunk.context) + count_words(chunk.text) <= LIMIT for chunk in chunks)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.text("ab1, |", min_size=1, max_size=60), min_size=1, max_size=15),
    cut=st.integers(0, 3),
    header=st.sampled_from(["", "a | b", "word " * 40]),
    limit=st.sampled_from([6, LIMIT]),
)
def test_tables_break_no_promise(rows: list[str], cut: int, header: str, limit: int):
    """Offsets stay exact, nothing is lost, and text and context together keep the limit."""
    text = "Before it.\n\n" + "\n".join(rows) + "\n\nAfter it."
    start = text.index("\n") + 2
    end = len(text) - len("\n\nAfter it.")
    table = Table(1, start, end, header, min(end, start + cut * 5))
    at = 0
    for chunk in chunks_of(text, markdown=False, limit=limit, tables=(table,)):
        assert text[chunk.start : chunk.end] == chunk.text
        assert not text[at : chunk.start].strip()
        tokens = count_words(chunk.text) + count_words(chunk.context)
        assert tokens <= limit or len(chunk.text) == 1
        at = chunk.end
    assert not text[at:].strip()


def test_headings_that_the_parser_found_are_the_path():
    """They start sections, their path goes on over pages, and a bare heading goes with the section below it."""
    first, second = "Part I\n\nItem 1\n\nThe river rose.", "It fell again.\n\nItem 2\n\nNothing happened."
    headings = (
        Heading(1, 0, 1, "Part I"),
        Heading(1, first.index("Item 1"), 2, "Item 1"),
        Heading(2, second.index("Item 2"), 2, "Item 2"),
    )
    chunks = chunks_of(first, second, markdown=False, limit=9, headings=headings)
    assert [(chunk.page, chunk.heading, chunk.text.split("\n")[0]) for chunk in chunks] == [
        (1, ("Part I", "Item 1"), "Part I"),
        (2, ("Part I", "Item 1"), "It fell again."),
        (2, ("Part I", "Item 2"), "Item 2"),
    ]


def test_sentences_stay_whole_where_they_fit():
    """A long paragraph is cut after a sentence."""
    text = "The quick brown fox jumps over the dog. " * 20
    assert all(chunk.text.endswith("dog.") for chunk in chunks_of(text, markdown=False))


def test_a_plain_heading_goes_with_the_text_after_it():
    """In plain text, a short line by itself is not left at the end of a chunk."""
    body = " ".join(["word"] * 19) + "."
    chunks = chunks_of(f"{body}\n\nBattery pack\n\n{body}", markdown=False)
    assert [chunk.text.split()[0] for chunk in chunks] == ["word", "Battery"]


def test_chunk_carries_title_and_metadata_of_its_document():
    """What a chunk is embedded with is its title and headings, then its text."""
    document = document_of("# Setup\n\nPlug it in.", title="Guide")
    [chunk] = Chunker(count_words, LIMIT).chunk(document, parsed_of(document, markdown=True))
    assert chunk.embedded_text == "Guide > Setup\n# Setup\n\nPlug it in."


def test_blank_document_has_no_chunks():
    """White space makes no chunk."""
    assert chunks_of(" \n\t\r\n", "") == []


@pytest.mark.parametrize("markdown", [True, False])
def test_calls_of_the_tokenizer_are_bounded(markdown: bool):
    """A tokenizer is called a few times for each chunk and once for each new word, not for each sentence."""
    calls = 0

    def counted(text: str) -> int:
        nonlocal calls
        calls += 1
        return count_words(text)

    text = "# Title\n\n" + "The quick brown fox jumps over the lazy dog, and sleeps. " * 5000
    document = document_of(text)
    chunks = Chunker(counted, 180).chunk(document, parsed_of(document, markdown))
    assert calls < 2 * len(chunks) + 100


def test_a_tokenizer_found_out_late_is_asked_for_every_text():
    """One that counts words one by one on trial, and more for texts later on, is noticed by the checks in between."""

    def deceives(text: str) -> int:
        return count_words(text) * (2 if "fox jumps" in text else 1)

    text = "The quick brown fox jumps over the lazy dog, and sleeps. " * 2000
    document = document_of(text)
    chunks = Chunker(deceives, 180).chunk(document, parsed_of(document, markdown=False))
    assert all(deceives(chunk.text) <= 180 for chunk in chunks[40:])


def test_a_very_long_word_is_cut():
    """One word of a megabyte becomes chunks of bounded length, even when a tokenizer counts it as one token."""
    word = "A" * 200_000
    document = document_of(word)
    chunks = Chunker(lambda text: len(text.split()), 180).chunk(document, parsed_of(document, markdown=False))
    assert max(len(chunk.text) for chunk in chunks) <= 1000
    assert re.sub(r"\s", "", "".join(chunk.text for chunk in chunks)) == word


def test_a_header_has_its_scale_and_its_second_row() -> None:
    """A scale on a line of its own above the table, and headings below the rule of a row with empty cells."""
    rows = "\n".join(f"| Item {at} | {at}1 | {at}2 |" for at in range(12))
    head = "| | Sales | |\n| --- | --- | --- |\n| (EUR million) | 2024 | 2023 |"
    contexts = {chunk.context for chunk in chunks_of(f"(unaudited, in thousands)\n\n{head}\n{rows}", limit=60)}
    assert "(unaudited, in thousands)\n| | Sales | |\n| (EUR million) | 2024 | 2023 |" in contexts
    plain = "| Name | Sales |\n| --- | --- |\n" + "\n".join(f"| Item {at} | {at}1 |" for at in range(12))
    assert {chunk.context for chunk in chunks_of(f"Sales of a year:\n\n{plain}")} == {"", "| Name | Sales |"}
