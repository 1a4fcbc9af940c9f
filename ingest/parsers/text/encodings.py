"""Bytes to text: byte order marks, UTF-8, what a file declares, and what its bytes look like; a guess is told."""

from __future__ import annotations

import codecs
import re

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
_OF_LATIN_LETTERS = (_USUAL, "cp1250", "cp1254", "cp1257")
_ASCII_LETTERS = re.compile(rb"[A-Za-z]")
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})[\"']")
_CODING = re.compile(rb"^[^\w\n]{1,4}.{0,40}?coding[:=][ \t]*([\w.-]{1,40})", re.MULTILINE)
_MOSTLY, _FEW, _CLEARLY = 0.6, 2, 1.2
_TITLES = {
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
            text, notes = _guessed(data, filename)
            return text, [f"declared as {declared}, which it is not", *notes]
    escaped = data.decode("utf-8-sig", errors="surrogateescape")
    stray = len(_ESCAPED.findall(escaped))
    if 2 * stray < sum(character > "\x7f" for character in escaped):
        return escaped.translate(_STRAY), [f"{stray} bytes are not UTF-8 and were read as Windows-1252"]
    return _guessed(data, filename)


def _guessed(data: bytes, filename: str) -> tuple[str, list[str]]:
    """The text in the encoding that its bytes look like. Where most letters are ASCII the alphabet is Latin."""
    sample = data[:_SAMPLE_BYTES]
    high = sum(byte > 0x7F for byte in sample)  # noqa: PLR2004
    letters = len(_ASCII_LETTERS.findall(sample))
    latin = letters > _MOSTLY * (letters + high) or high <= _FEW
    encoding, confidence = _latin(sample) if latin else _any(sample)
    if not encoding:
        raise ParseError(f"{filename}: the file is not text in any known encoding. Save it as UTF-8 and try again")
    doubt = f"a guess of confidence {confidence:.2f}, for nothing in the file names its encoding"
    return data.decode(encoding, errors="replace"), [f"decoded as {_TITLES.get(encoding, encoding)}: {doubt}"]


def _any(sample: bytes) -> tuple[str, float]:
    found = chardet.detect(sample, prefer_superset=True, compat_names=False, encoding_era=EncodingEra.MODERN_WEB)
    return found["encoding"] or "", found["confidence"]


def _latin(sample: bytes) -> tuple[str, float]:
    """The likeliest encoding of a Latin alphabet; Windows-1252, which is the commonest, where none is clearly more."""
    ranked = chardet.detect_all(
        sample, ignore_threshold=True, compat_names=False, encoding_era=EncodingEra.MODERN_WEB,
        include_encodings=_OF_LATIN_LETTERS,
    )  # fmt: skip
    found = {each["encoding"]: each["confidence"] for each in ranked if each["encoding"] in _OF_LATIN_LETTERS}
    best = max(found, key=lambda encoding: found[encoding], default=_USUAL)
    clear = found.get(best, 0.0) > _CLEARLY * found.get(_USUAL, 0.0)
    encoding = best if clear and best else _USUAL
    return encoding, found.get(encoding, 0.0)
