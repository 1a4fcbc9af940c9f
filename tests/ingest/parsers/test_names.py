"""What is text is read whatever it is called; what is not is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry import EXTENSIONS, NOT_TEXT, REMEDIES, default_registry
from rag.errors import ParseError, UnsupportedFile

TEXT, CODE, MARKDOWN = "text/plain", "text/x-source", "text/markdown"


def parse(text: str, name: str) -> ParsedFile:
    return default_registry().parse(text.encode(), name)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("run.out", TEXT), ("syslog.3", TEXT), ("web.log.2031-12-24", TEXT), ("LIESMICH.de", TEXT), ("VERSION", TEXT),
        ("COPYING-BSD", TEXT), ("memo.odd", TEXT), ("notes.txt.orig", TEXT), ("site.mdx", MARKDOWN),
        ("a.qmd", MARKDOWN), ("a.Rmd", MARKDOWN), ("guide.md.bak", MARKDOWN), ("proxy.conf.old", CODE),
        ("Makefile.in", CODE),        ("Dockerfile.test", CODE), ("x.properties", CODE), (".editorconfig", CODE),
        (".env", CODE), ("prod.env", CODE),
        ("a.po", CODE), ("a.bib", CODE), ("a.vcf", CODE), ("a.proto", CODE), ("a.diff", CODE), ("a.toml", CODE),
    ],
)  # fmt: skip
def test_a_text_is_read_under_any_name(name: str, media_type: str):
    """A name that says nothing is that of a text; what is added to a name hides nothing of what it says."""
    parsed = parse("The valve opens at 3 bar.\n", name)
    assert parsed.media_type == media_type
    assert "The valve opens at 3 bar." in parsed.pages[0].text


def test_a_wide_text_has_zero_bytes():
    """UTF-16 is text under an unknown name too."""
    for text, encoding in (("The valve opens.", "utf-16-le"), ("Клапан открыт.", "utf-16")):
        assert default_registry().parse(text.encode(encoding), "a.odd").pages[0].text == text
    with pytest.raises(UnsupportedFile):
        default_registry().parse(b"\x00\x01" * 50, "a.odd")


@given(st.binary(min_size=1, max_size=60))
def test_bytes_that_are_no_text_are_not_stored(data: bytes):
    """A zero byte is in no text; the message says what is supported."""
    with pytest.raises(ParseError) as caught:
        default_registry().parse(b"ab\x00\x00\x00" + data.replace(b"\x00", b"a") + b"\x00\x01", "a.odd")
    assert isinstance(caught.value, UnsupportedFile)
    assert "Supported are" in str(caught.value)


def test_names_that_are_known_to_be_no_text_are_none_that_are_read():
    """Sounds, films, fonts, programs, packages."""
    assert not NOT_TEXT & (EXTENSIONS.keys() | REMEDIES.keys())
    assert {".mp4", ".wav", ".exe", ".iso", ".woff2", ".sqlite", ".7z"} <= NOT_TEXT


@pytest.mark.parametrize(
    ("name", "text", "headings"),
    [
        ("a.rst", "=====\nPumps\n=====\n\nCare\n----\n\nOil it.\n\nWear\n----\n\nEnd\n====\n",
         [(1, "Pumps"), (2, "Care"), (2, "Wear"), (3, "End")]),
        ("a.adoc", "= Pumps\n\n=== Care\n\nOil it.\n", [(1, "Pumps"), (3, "Care")]),
        ("a.org", "* Pumps\n** Care\nOil it.\n  * an item\n", [(1, "Pumps"), (2, "Care")]),
        ("a.tex", "\\chapter{Pumps}\n\\section*{Care}\nOil it.\n", [(2, "Pumps"), (3, "Care")]),
        ("a.txt", "* Pumps\n\nCare\n----\n\n= Oil\n", []),
    ],
)  # fmt: skip
def test_each_markup_has_its_own_headings(name: str, text: str, headings: list[tuple[int, str]]):
    """They are where they stand, and the text is as it is written."""
    parsed = parse(text, name)
    assert [(each.level, each.title) for each in parsed.headings] == headings
    assert all(each.title in parsed.pages[0].text[each.start :] for each in parsed.headings)
    assert parsed.pages[0].text.split() == text.split()


def test_lines_with_marks_are_not_joined():
    """A rule, a directive and a field are lines of their own, however wide the paragraphs around them are."""
    wide = "word " * 14
    text = f"{wide}\n{wide}\n{'=' * 70}\n:author: {'name ' * 11}\n:day: today\n.. note:: this\n{wide}\n{wide}\n"
    lines = parse(text, "a.rst").pages[0].text.split("\n")
    assert {"=" * 70, ":day: today"} <= set(lines)
    assert any(line.startswith(".. note::") for line in lines)
