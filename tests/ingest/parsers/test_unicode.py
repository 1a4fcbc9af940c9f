"""Characters as they are stored, and bytes in mixed encodings."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.cleaning import clean_text
from ingest.parsers.registry.languages import languages_of
from ingest.parsers.registry.registry import default_registry
from rag.types import Page

PERSIAN = "می\u200cخواهم کتاب بخوانم"
HINDI = "क्\u200dष"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Cafe\u0301", "Café"),
        ("\u212b", "Å"),
        ("of\ufb01ce soft\u00adware", "office software"),
        ("a\r\nb\rc\x85d", "a\nb\nc\nd"),
        ("x\x00\x07y\x9b", "xy"),
        ("pass\u200bword\u2060\ufeff", "password"),
        ("pass\u200dword\u200c", "password"),
        ("abc\u202etxt.exe\u202c", "abctxt.exe"),
        ("hi\U000e0068\U000e0069\U000e007f", "hi"),
        ("日本\ufe00\ufe01\U000e0150", "日本\ufe00"),
        ("\ud800", "\ufffd"),
        (PERSIAN, PERSIAN),
        (HINDI, HINDI),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("שלום \u200fעולם", "שלום עולם"),
        ("東京都は日本の首都である", "東京都は日本の首都である"),
    ],
)
def test_characters_are_stored_composed_and_visible(text: str, stored: str):
    """NFC, without what hides or reorders text; the joiners that scripts and emoji need stay."""
    assert clean_text(text) == stored


@given(
    st.text(st.sampled_from("ae\u0301 \u200b\u200c\u200d\u202eمक\ufe0f\ufe00👩\U000e0041\ud800\r\n\x00ﬁ"), max_size=40)
)
def test_stored_text_is_normal(text: str):
    """Cleaning twice changes nothing more, and the result is NFC without hidden characters."""
    stored = clean_text(text)
    assert clean_text(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert not set(stored) & set("\r\x00\u200b\u202e\U000e0041\ud800")


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("Grüße aus Köln. ".encode() * 5 + "Größe".encode("cp1252"), "2 bytes are not UTF-8"),
        ("Größe, Maß und Zahl".encode("utf-16-le"), "utf-16-le"),
        ("Größe, Maß und Zahl".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_mixed_and_unmarked_encodings_are_read(data: bytes, note: str):
    """A few bytes of Windows-1252 among UTF-8 are read as that; UTF-16 needs no byte order mark."""
    parsed = default_registry().parse(data, "a.txt")
    assert "Größe" in parsed.pages[0].text
    assert note in parsed.receipt.notes[0]


def test_languages_of_a_file_are_told_by_page():
    """Those of more than one page in twenty, most frequent first; short pages do not count."""
    english = Page(1, "The station sends a message every hour, and the operator reads it in the morning. " * 3)
    german = Page(2, "Die Station sendet jede Stunde eine Nachricht, die der Betreiber am Morgen liest. " * 3)
    japanese = Page(3, "観測所は毎時メッセージを送信し、担当者は朝にそれを読む。" * 5)
    chinese = Page(4, "观测站每小时发送一条消息，值班人员早上阅读。" * 5)
    assert languages_of([english, english, german, Page(5, "Hallo")]) == ("en", "de")
    assert languages_of([japanese]) == ("ja",)
    assert languages_of([chinese]) == ("zh",)
    assert languages_of([*[english] * 39, german]) == ("en",)
    assert languages_of([]) == ()
