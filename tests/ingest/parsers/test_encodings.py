"""Bytes to text: what a file declares, what it is, and how a guess is told."""

from __future__ import annotations

import pytest

from ingest.parsers.registry.registry import default_registry
from ingest.parsers.text import decode

SHORT = {
    "cp1252": (
        "The deposit is £250 per tenant – refundable.",
        "Le café coûte 3 € à l’entrée.",
        "El año pasado la compañía vendió más niños juguetes.",
        "Kunde;Umsatz\nMüller;1.234,50",
        "A réunião é amanhã às nove, não às dez.",
        "Mötet är på måndag klockan åtta.",
        "Fee: €45",
        "“Quoted” words cost 5¢ each.",
        "Ça va très bien, merci à tous.",
        "Zoë",
        "à",
        "Müller £20",
        "Málaga: 5 £ – José",
        "Café – £4.50",
        "Ñandú 5 £",
        "¿Qué? ¡No!",
        "5¼ cups, 1² × 3³",
        "§ 5",
    ),
    "mac_roman": ("Le café coûte cher à l’entrée, déjà.",),
    "cp850": ("Grüße aus Köln, schöne Straße",),
    "cp1250": ("Łódź; Kraków; Gdańsk", "Cena biletu wynosi dwadzieścia złotych.", "Jízdné stojí třicet korun českých."),
    "iso8859-2": (
        "Dzwonek do drzwi wisi wysoko nad ścianą i dzwoni cicho. Proszę się śpieszyć, bo łódź odpływa.",
        "Věž je zavřená. Příště přijďte dříve, ať ještě něco uvidíte, než začne pršet.",
    ),
    "cp1251": ("Мост был закрыт в марте.", "Привет, мир"),
    "koi8-r": ("Мост был закрыт в марте.",),
    "cp1253": ("Το εισιτήριο κοστίζει δέκα ευρώ.",),
    "cp1254": ("Bilet ücreti yirmi liradır, öğrenciler için on beş.",),
    "cp1255": ("מחיר הכרטיס הוא עשרים שקלים.",),
    "cp932": ("入場料は二百円です。子供は無料です。",),
    "gb18030": ("门票价格为二十元，儿童免费。", "北京今天的温度是25度", "2024年3月1日，价格为25元"),
    "cp874": ("เปิดทุกวัน", "ค่าเช่าเรือ 250 บาทต่อวัน เปิดทุกวันยกเว้นวันจันทร์", "ราคา 50 บาท"),
    "cp866": ("Открыто с 8 до 17.", "Аренда лодки 250 рублей в день, кроме понедельника."),
    "cp1256": ("مفتوح من 8 إلى 17.",),
    "cp949": ("입장료는 이천원이며 어린이는 무료입니다.", "서울의 온도는 25도입니다"),
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in SHORT.items() for text in texts])
def test_short_texts_are_read_in_their_encoding(encoding: str, text: str):
    """One line is enough; that it was a guess, and how sure, is told."""
    read, notes = decode(text.encode(encoding), "a.txt")
    assert read == text
    assert "a guess of confidence 0." in notes[0]


@pytest.mark.parametrize(
    "text", ["Dveře se otevírají v osm, až začne představení.", "Vlak odjíždí, až přijde přednosta z nádraží."]
)
@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_another_reading_of_the_same_bytes_is_not_kept_quiet(text: str, encoding: str):
    """Two encodings of Central Europe have most letters in common: it is read rightly, or doubted."""
    read, notes = decode(text.encode(encoding), "a.txt")
    assert read == text or "check it" in notes[0]


def test_a_guess_on_too_little_text_is_told_as_one():
    """One that is surer is not."""
    said = "too little text to be sure"
    assert said in decode("Открыто с 8 до 17.".encode("iso8859-5"), "a.txt")[1][0]
    assert said not in decode("Мост был закрыт в марте.".encode("cp1251"), "a.txt")[1][0]


@pytest.mark.parametrize(
    ("declared", "data", "text", "note"),
    [
        ("iso-8859-1", b"20 \x80 \x96 \x93caf\xe9\x94", "20 € – “café”", ""),
        ("latin1", b"20 \x80", "20 €", ""),
        ("us-ascii", b"20 \x80", "20 €", ""),
        ("iso-8859-15", b"20 \xa4", "20 €", ""),
        ("windows-1251", "Привет".encode("cp1251"), "Привет", ""),
        ("shift_jis", "髙橋①".encode("cp932"), "髙橋①", ""),
        ("koi8-r", "Привет, мир".encode(), "Привет, мир", "declared as koi8-r, is UTF-8"),
        ("utf-8", "Müller und Köln".encode("cp1252"), "Müller und Köln", "it is not utf-8, as it"),
        ("none-such", "Müller und Köln".encode("cp1252"), "Müller und Köln", "it is not none-such, as it"),
        ("windows-1252", "Müller".encode("utf-8-sig"), "Müller", ""),
    ],
)
def test_what_a_file_declares_is_held_against_its_bytes(declared: str, data: bytes, text: str, note: str):
    """`iso-8859-1` means Windows-1252, as in browsers; what is not as declared is told."""
    read, notes = decode(data, "a.txt", declared)
    assert read == text
    assert (note in " ".join(notes)) if note else not notes


def test_bytes_that_are_no_character_are_told():
    """Nothing is lost in silence."""
    text, notes = decode("Gr\u00fc\u00dfe aus K\u00f6ln ".encode("cp1252") * 3 + b"\x81", "a.txt")
    assert text.endswith("\ufffd")
    assert "1 bytes are no characters" in notes[-1]


@pytest.mark.parametrize("name", ["iso-8859-1", "latin-1", "windows-1252"])
def test_a_web_page_is_read_as_browsers_read_it(name: str):
    """Euro signs and dashes in a page that says it is Latin 1 are those of Windows-1252."""
    page = f'<html><head><meta charset="{name}"></head><body><p>20 € – für “Gäste”</p></body></html>'.encode("cp1252")
    parsed = default_registry().parse(page, "a.html")
    assert parsed.pages[0].text == "20 € – für “Gäste”"


def test_a_web_page_that_is_not_in_its_declared_encoding_says_so():
    """What the bytes are wins over what the page says."""
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Gäste zahlen 20 €</p></body></html>'.encode()
    parsed = default_registry().parse(page, "a.html")
    assert parsed.pages[0].text == "Gäste zahlen 20 €"
    short = "<html><body><p>Gäste zahlen 20 €</p></body></html>".encode("cp1252")
    parsed = default_registry().parse(short, "a.html")
    assert parsed.pages[0].text == "Gäste zahlen 20 €"
    assert "a guess" in parsed.receipt.notes[0]


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.xml", '<?xml version="1.0" encoding="koi8-r"?>'), ("a.py", "#!/usr/bin/python\n# -*- coding: koi8-r -*-")],
)
def test_code_is_read_as_it_declares(name: str, head: str):
    """An XML declaration and a comment at the beginning name the encoding."""
    text = f"{head}\nцена\n"
    parsed = default_registry().parse(text.encode("koi8-r"), name)
    assert parsed.pages[0].text == text
    assert not parsed.receipt.notes
