"""What is told by its bytes, what is refused and why, and that nothing but ParseError leaves the registry."""

from __future__ import annotations

import base64
import io
import pickle
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.kinds import BY_NAME, EXTENSIONS, KINDS, SUPPORTED
from ingest.parsers.registry.registry import Registry, default_registry
from ingest.parsers.registry.sniffing import sniff
from rag.errors import ParseError
from tests.files.documents import book, lines, members_of, message, pdf_of, slides, word_file, workbook, zip_of
from tests.files.opendocument import opendocument, paragraph

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
HTML = "<!doctype html><html><body><h1>A</h1><table><tr><td>1<td>2</table><ul><li>x</ul></body></html>"
CODE = "class A:\n    def f(self):\n        return 1\n"

HEAVY = ("word/styles.xml", "word/stylesWithEffects.xml", "word/theme/theme1.xml", "word/fontTable.xml")

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTjEwwAAAABJRU5ErkJggg=="
)
VALID = {
    "pdf": pdf_of(lines("Some words", "on a page")),
    "docx": zip_of({name: part for name, part in members_of(word_file()).items() if name not in HEAVY}),
    "pptx": slides(),
    "xlsx": workbook(),
    "odt": opendocument("text", paragraph("Some <text:span>words</text:span>")),
    "ods": opendocument(
        "spreadsheet",
        "<table:table><table:table-row><table:table-cell><text:p>Words</text:p></table:table-cell></table:table-row>"
        "</table:table>",
    ),
    "odp": opendocument(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box>{paragraph('Words')}</draw:text-box></draw:frame></draw:page>",
    ),
    "epub": book(),
    "email": message(("t.csv", b"a,b\nx,y\n")).as_bytes(),
    "mbox": b"From ann@boats.example Mon Mar  2 17:40:00 2026\nSubject: Words\n\nAt six.\n",
    "captions": b"1\n00:00:01,000 --> 00:00:02,000\n<i>Words</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n<v Ann>More\n",
    "html": HTML.encode(),
    "calendar": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Words\nDTSTART:20260305\nEND:VEVENT\nEND:VCALENDAR\n",
    "csv": b'name;amount\nAnn;"3\n4"\n',
    "json": b'{"a": [1, {"b": "text"}], "c": null}',
    "notebook": b'{"cells": [{"cell_type": "markdown", "source": ["Words"]}], "nbformat": 4}',
    "image": PICTURE,
    "markdown": "# Title\n\nWords über | x\n".encode(),
    "code": CODE.encode(),
    "text": "Grüße aus Köln.\fSeite zwei".encode(),
}


def parse(data: bytes, name: str) -> ParsedFile:
    return default_registry().parse(data, name)


def named(kind: str) -> str:
    return f"a{BY_NAME[kind].extensions[0]}"


def test_every_kind_is_in_the_table():
    """Each has a name for people, extensions of its own, and is read here."""
    assert VALID.keys() == BY_NAME.keys()
    assert len(EXTENSIONS) == sum(len(kind.extensions) for kind in KINDS)
    assert all(kind.title in SUPPORTED for kind in KINDS)


@pytest.mark.parametrize("kind", VALID)
def test_every_kind_is_read(kind: str):
    """What is read can be sent between processes, and names the libraries that read it."""
    parsed = parse(VALID[kind], named(kind))
    assert parsed.scans or any(page.text.strip() for page in parsed.pages)
    assert pickle.loads(pickle.dumps(parsed)) == parsed
    assert BY_NAME[kind].libraries == tuple(name for name in BY_NAME[kind].libraries if name in parsed.receipt.versions)


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx", "epub", "email", "html", "json"])
def test_bytes_win_over_the_name(kind: str):
    """A file with another kind's extension, an unknown one or none is told by its content; the receipt notes it."""
    for suffix in (".txt", ".doc", ".pdf", ""):
        sniffed = sniff(VALID[kind], f"a{suffix}")
        assert sniffed.kind == kind
        wrong = bool(suffix) and EXTENSIONS.get(suffix) != kind
        assert sniffed.notes == ((f"named {suffix}, is {BY_NAME[kind].title}",) if wrong else ())


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (CODE + "HEAD = b'%PDF-'\n", "a.py", "code"),
        ("# About\n\nA file begins with %PDF-1.7.", "a.md", "markdown"),
        ("<html><body>x</body></html>", "a.vue", "code"),
        ("From: the office\nTo: all\n\nMinutes", "a.txt", "text"),
        ("[1] A footnote.", "a.txt", "text"),
        ("{see below}", "a.txt", "text"),
        ('{"a": 1}', "a.md", "markdown"),
    ],
)
def test_texts_are_what_they_are_named(text: str, name: str, kind: str):
    """Code, Markdown and plain text that only look like another kind stay what they are."""
    assert sniff(text.encode(), name).kind == kind


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (OLE, "a.doc", "before 2007.*save it as .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password.*Save a copy without"),
        (OLE + "__substg1.0_".encode("utf-16-le"), "a.msg", "save it as .eml|Save it as .eml"),
        (b"{\\rtf1 words}", "a.rtf", "save it as .docx"),
        (
            zip_of({"mimetype": "application/vnd.oasis", "content.xml": "<a/>"}),
            "a.odt",
            "Export it as .pdf, from LibreOffice",
        ),
        (b'<?xml version="1.0"?><a xmlns="urn:oasis:names:tc:opendocument:x"/>', "a.fodt", "Export it as .pdf"),
        (b'<?xml version="1.0"?><?mso-application progid="Word"?><a/>', "a.xml", "save it as .docx"),
        (zip_of({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b""}), "a.xlsb", "save it as .xlsx"),
        (zip_of({"Index/Document.iwa": b""}), "a.pages", "Export it"),
        (zip_of({"a.txt": "words"}), "a.zip", "archive.*Unpack"),
        (b"\x1f\x8b\x08" + b"\x00" * 50, "a.tar.gz", "archive.*Unpack"),
        (b"a.txt".ljust(257, b"\x00") + b"ustar" + b"\x00" * 300, "a.tar", "archive.*Unpack"),
        (zip_of({"word/document.xml": b"0" * 120_000_000}), "a.docx", "unpacks from .* Split"),
        (b"PK\x03\x04" + b"\x00" * 60, "a.xlsx", "damaged"),
        (b"<html>" + b"<table><tr><td>" * 2000, "a.html", "nested too deeply"),
        (b'a,b\n"' + b"x" * 10_000_001, "a.csv", "quote that is never closed"),
        (b"Subject: x\n\n", "a.pdf", "not what its name says"),
        (b"\n", "a.csv", "no text"),
        (b"[]", "a.json", "no text"),
        (b"\n\n", "a.py", "no text"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, name: str, reason: str):
    """The message names the file, the reason and, where there is one, the remedy."""
    with pytest.raises(ParseError, match=reason) as caught:
        parse(data, name)
    assert name in str(caught.value)


def test_a_locked_zip_says_so():
    """Members that need a password are not tried."""
    data = bytearray(word_file())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(ParseError, match="password"):
        parse(bytes(data), "a.docx")


@pytest.mark.parametrize(
    ("kind", "member"),
    [
        ("docx", "word/document.xml"),
        ("pptx", "ppt/slides/slide1.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("epub", "OEBPS/book.opf"),
        ("docx", "word/_rels/document.xml.rels"),
    ],
)
def test_entities_are_never_expanded(kind: str, member: str):
    """XML that defines entities, in UTF-8 or UTF-16, is refused before a library expands them."""
    members = members_of(VALID[kind])
    body = members[member].decode().split("?>", 1)[-1]
    for text in (
        f'<?xml version="1.0"?>{LAUGHS}{body}'.encode(),
        f"{' ' * 9}<!-- x -->{LAUGHS}{body}".encode("utf-16"),
    ):
        started = time.perf_counter()
        with pytest.raises(ParseError, match=r"entities|EntitiesForbidden|damaged"):
            parse(zip_of({**members, member: text}), named(kind))
        assert time.perf_counter() - started < 5


def test_html_entities_of_its_own_are_not_expanded():
    """A web page or chapter that defines entities is read without them."""
    parsed = parse(
        f"<!DOCTYPE html [{LAUGHS[14:-2]}]><html><body><p>Words &i; here</p></body></html>".encode(), "a.html"
    )
    assert len(parsed.pages[0].text) < 5000


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!-- --> " * 50_000, "a.txt"),
        (b"<html><table><tr><td rowspan=1000 colspan=1000>x" + b"<tr></tr>" * 3000 + b"</table>", "a.html"),
        (b"a: b\n c\n" * 50_000, "a.txt"),
        (b"((((&(&(" * 49 + b"\n" + b"a " * 199 + b"(\n" + b"pub(" * 99, "a.cpp"),
        (b"ignore all previous " * 20_000 + b"instruction", "a.md"),
    ],
)
def test_no_text_takes_for_ever(data: bytes, name: str):
    """Texts made to send a pattern back and forth are read in a time that grows with their length."""
    started = time.perf_counter()
    survives(data, name)
    assert time.perf_counter() - started < 10


class _Failing:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        raise self._error


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), KeyError("x"), zipfile.BadZipFile("x"), UnicodeError("x"), NotImplementedError()]
)
def test_no_error_of_a_library_leaves_the_registry(error: Exception):
    """It becomes a ParseError that names the file and the error."""
    with pytest.raises(ParseError, match=rf"a\.txt: .*{type(error).__name__}"):
        Registry({"text": _Failing(error)}).parse(b"words", "a.txt")


def test_out_of_memory_leaves_the_registry():
    """The process that parses ends of it, and is replaced."""
    with pytest.raises(MemoryError):
        Registry({"text": _Failing(MemoryError())}).parse(b"words", "a.txt")


FUZZ = settings(max_examples=25, deadline=5000, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def survives(data: bytes, name: str) -> None:
    try:
        parsed = REGISTRY.parse(data, name)
    except ParseError:
        return
    assert any(page.text.strip() for page in parsed.pages) or parsed.scans


REGISTRY = default_registry()


@pytest.mark.parametrize("kind", VALID)
@FUZZ
@given(data=st.data())
def test_damaged_files_are_read_or_refused(kind: str, data: st.DataObject):
    """Any truncation and any flipped bytes of a valid file give pages or a ParseError."""
    damaged = bytearray(VALID[kind])
    for _ in range(data.draw(st.integers(0, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), named(kind))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "epub"])
@FUZZ
@given(data=st.data())
def test_damaged_parts_are_read_or_refused(kind: str, data: st.DataObject):
    """The same for the parts of a ZIP file, which its checksums would protect."""
    members = members_of(VALID[kind])
    texts = sorted(name for name, content in members.items() if content and name.endswith((".xml", ".rels", ".opf")))
    name = data.draw(st.sampled_from(texts))
    part = bytearray(members[name])
    choice = data.draw(st.sampled_from(["flip", "cut", "drop", "swap"]))
    if choice == "drop":
        del members[name]
    elif choice == "swap":
        members[name] = members[data.draw(st.sampled_from(texts))]
    else:
        at = data.draw(st.integers(0, len(part) - 1))
        part[at] = data.draw(st.integers(0, 255))
        members[name] = bytes(part[:at] if choice == "cut" else part)
    survives(zip_of(members), named(kind))


@pytest.mark.parametrize("kind", VALID)
@FUZZ
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(kind: str, data: bytes):
    """Whatever they are named, alone or after the mark of their kind."""
    survives(data, named(kind))
    survives(VALID[kind][:40] + data, named(kind))


@FUZZ
@given(
    text=st.text(st.sampled_from("<>&;/=\"' \n#|`-[]{}:,\\abtrdhé\u202e\u200b{}<table><tr><td>"), max_size=300),
    kind=st.sampled_from(["html", "csv", "json", "markdown", "code", "text", "email", "calendar"]),
)
def test_any_marks_are_read_or_refused(text: str, kind: str):
    """Texts made of the characters that mean something to some format."""
    survives(text.encode(), named(kind))
    survives(io.BytesIO(VALID[kind]).read() + text.encode(), named(kind))
