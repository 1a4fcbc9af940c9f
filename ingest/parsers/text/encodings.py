"""Bytes to text: byte order marks, UTF-8, what a file declares, and what its bytes look like; a guess is told."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from typing import NamedTuple

import chardet
from chardet import EncodingEra

from ingest.parsers.common import clean_text
from rag.errors import ParseError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_BYTES = 200_000
_STRAY = {0xDC00 + code: bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")
_WIDE_BYTES, _SHORTEST_WIDE = 4096, 8
# What programs mean by these names: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_USUAL = "cp1252"
_ALL_BUT_MAINFRAMES = EncodingEra.ALL & ~EncodingEra.MAINFRAME
_MOST_CANDIDATES, _MOST_LOOKED_AT = 8, 5000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LATIN_ENDS, _WIDE = "\u0250", "\u2e80"
_IN_WORDS = "’‘'·\u00ad-–"
_NEVER_BEHIND = "¿¡±¶¦"  # a letter
_BOXES = frozenset(map(chr, range(0x2500, 0x25A0)))
_FOREIGN_WORD = re.compile("[^\\W\\d_\\x00-\u024f]{2}")
_CLEARLY, _HARDLY_ODD, _NO_TEXT = 1.3, 0.2, 0.7
_UNSURE, _FAR_LIKELIER = 0.15, 5
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})[\"']")
_CODING = re.compile(rb"^[^\w\n]{1,4}.{0,40}?coding[:=][ \t]*([\w.-]{1,40})", re.MULTILINE)
_WINDOWS_LATIN2, _LATIN2 = "cp1250", "iso8859-2"
_ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")
_POLISH = re.compile("[ęłńżĘŁŃŻ]")
_NOT_POLISH, _ONLY_POLISH = re.compile("[šťžľŠŤŽĽ]"), re.compile("[ąśźĄŚŹ]")
_TITLES = {
    "iso8859-2": "ISO 8859-2",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
}
_C1 = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}


def decode(data: bytes, filename: str, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """The clean text of a file and notes on how it was decoded. `declared` is the encoding that it names, if any.

    Raises:
        ParseError: the bytes are no text in any encoding.
    """
    text, notes = _decode(data, filename, declared)
    if "\x00" in text:
        notes.append(f"removed {text.count(chr(0))} NUL characters")
    lost = text.count("\ufffd") - data.count("\ufffd".encode())
    if lost > 0:
        notes.append(f"{lost} bytes are no characters in this encoding and were read as \ufffd")
    return clean_text(text), tuple(notes)


def declared_in(data: bytes) -> str:
    """The encoding that an XML declaration, or a comment in the first two lines of code, names; empty without one."""
    found = _XML_DECLARATION.match(data) or _CODING.search(b"\n".join(data.split(b"\n", 2)[:2]))
    return found[1].decode("ascii") if found else ""


def meant_encoding(declared: str) -> str:
    """The name of Python's codec for an encoding as files declare it; `iso-8859-1` means Windows-1252. Empty when it is
    unknown."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(name, name)


def windows_controls(text: str) -> str:
    """Text in which the control characters of ISO 8859-1, which nobody writes, are Windows-1252's: `\\x80` is `€`."""
    return text if text.isascii() else text.translate(_C1)


def wide_encoding(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` when every other byte of the beginning is zero, as without a byte order mark; else
    empty."""
    head = data[:_WIDE_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < _SHORTEST_WIDE or max(even, odd) < 0.4 * len(head) or min(even, odd) > 0.02 * len(head):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode(data: bytes, filename: str, declared: str) -> tuple[str, list[str]]:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "") or wide_encoding(data)
    if marked and marked != "utf-8-sig":
        return data.decode(marked, errors="replace"), [f"decoded as {marked}"]
    meant = meant_encoding(declared) if declared else ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _not_utf8(data, filename, declared, meant)
    if text.isascii() and meant.startswith(("iso2022", "hz", "utf_7")):  # written in ASCII alone
        return data.decode(meant, errors="replace"), []
    other = meant not in ("", "utf-8", "cp1252") and not text.isascii()
    return text, [f"declared as {declared}, is UTF-8"] if other else []


def _not_utf8(data: bytes, filename: str, declared: str, meant: str) -> tuple[str, list[str]]:
    if meant and meant not in ("utf-8", "utf-8-sig"):
        try:
            return data.decode(meant), []
        except UnicodeDecodeError:
            return _guessed(data, filename, declared)
    escaped = data.decode("utf-8-sig", errors="surrogateescape")
    stray = len(_ESCAPED.findall(escaped))
    if 2 * stray < sum(character > "\x7f" for character in escaped):
        return escaped.translate(_STRAY), [f"{stray} bytes are not UTF-8 and were read as Windows-1252"]
    return _guessed(data, filename, declared)


def _guessed(data: bytes, filename: str, declared: str) -> tuple[str, list[str]]:
    """The text in the encoding that its bytes look like: one of today, unless one of old systems is likelier."""
    guess = _likeliest(data[:_SAMPLE_BYTES], EncodingEra.MODERN_WEB)
    if guess.oddity > _HARDLY_ODD or guess.confidence < _UNSURE:
        old = _likeliest(data[:_SAMPLE_BYTES], _ALL_BUT_MAINFRAMES)
        sure = old.confidence >= max(_UNSURE, _FAR_LIKELIER * guess.confidence)
        likelier = sure and old.oddity <= guess.oddity
        guess = old if guess.oddity > _HARDLY_ODD or likelier else guess
    if guess.oddity > _NO_TEXT:
        raise ParseError(f"{filename}: the file is not text in any known encoding. Save it as UTF-8 and try again")
    reason = f"it is not {declared}, as it declares" if declared else "nothing in the file names its encoding"
    doubt = f"a guess of confidence {guess.confidence:.2f}, for {reason}"
    encoding, is_twin = (
        _of_twins(data[:_SAMPLE_BYTES]) if guess.encoding == _WINDOWS_LATIN2 else (guess.encoding, False)
    )
    check = "; it is too little text to be sure: check it" if guess.confidence < _UNSURE else ""
    check = check or ("; it may be ISO 8859-2, in which some letters differ: check it" if is_twin else "")
    note = f"decoded as {_TITLES.get(encoding, encoding)}: {doubt}{check}"
    return data.decode(encoding, errors="replace"), [note]


def _of_twins(sample: bytes) -> tuple[str, bool]:
    """Windows-1250 or ISO 8859-2, whichever reads fewer letters that do not go together, and whether it could as well
    be the other one, in which some letters differ."""
    one, two = (sample.decode(encoding, errors="replace") for encoding in (_WINDOWS_LATIN2, _LATIN2))
    if one == two or _ONLY_WINDOWS.search(sample):
        return _WINDOWS_LATIN2, False
    misfits, others = (
        len((_NOT_POLISH if _POLISH.search(text) else _ONLY_POLISH).findall(text))
        + _oddity(sample, encoding) * len(text)
        for text, encoding in ((one, _WINDOWS_LATIN2), (two, _LATIN2))
    )
    return _LATIN2 if others < misfits else _WINDOWS_LATIN2, others == misfits


class _Guess(NamedTuple):
    """An encoding, chardet's confidence in it, and the share of characters that stand oddly in it."""

    encoding: str
    confidence: float
    oddity: float


def _likeliest(sample: bytes, era: EncodingEra) -> _Guess:
    """The encoding in which the fewest characters stand oddly.

    Where two readings are as good, Windows-1252, the commonest, is taken unless another is clearly likelier.
    """
    ranked = chardet.detect_all(
        sample, ignore_threshold=True, prefer_superset=True, compat_names=False, encoding_era=era
    )
    found = {each["encoding"]: each["confidence"] for each in ranked[:_MOST_CANDIDATES] if each["encoding"]}
    odd = {encoding: round(_oddity(sample, encoding), 2) for encoding in dict.fromkeys((*found, _USUAL))}
    weights = {encoding: found.get(encoding, 0.0) * (_CLEARLY if encoding == _USUAL else 1) for encoding in odd}
    best = min(odd, key=lambda encoding: (odd[encoding], -weights[encoding], encoding != _USUAL))
    return _Guess(best, found.get(best, 0.0), odd[best])


def _oddity(sample: bytes, encoding: str) -> float:
    """The share of its characters beyond ASCII that stand where nobody writes them."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    beyond = list(itertools.islice(_BEYOND_ASCII.finditer(text), _MOST_LOOKED_AT))
    foreign = _FOREIGN_WORD.search(text) is not None
    return sum(_is_odd(text, match.start(), foreign=foreign) for match in beyond) / len(beyond) if beyond else 0.0


def _is_odd(text: str, place: int, *, foreign: bool) -> bool:
    """A letter beside a digit, a capital within or without a word, a letter of another alphabet in a Latin word or in a
    text without words in that alphabet, a sign between two letters, some signs behind one."""
    sign, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    in_word = before.isalpha() or after.isalpha()
    if unicodedata.category(sign) == "Mn":  # the vowel signs of Thai, Hebrew and Arabic stand over a letter
        return not (before.isalpha() or unicodedata.category(before or " ") == "Mn")
    if not sign.isalpha():
        parts_a_word = before.isalpha() and after.isalpha() and sign < _WIDE and sign not in _IN_WORDS
        behind = sign in _NEVER_BEHIND and before.isalpha()
        return parts_a_word or behind or not sign.isprintable() or sign == "\ufffd" or sign in _BOXES
    is_latin = sign < _LATIN_ENDS
    mixed = any(other.isalpha() and (other < _LATIN_ENDS) != is_latin for other in (before, after))
    strange = mixed or (not is_latin and not foreign)
    capital = sign.isupper() and (before.islower() or not in_word)
    beside_digit = sign < _WIDE and not in_word and (before.isdecimal() or after.isdecimal())
    return strange or capital or beside_digit
