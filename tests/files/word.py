"""Word files written part by part: what python-docx has no words for."""

from __future__ import annotations

from tests.files.documents import zip_of

_URIS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
NAMES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _URIS.items())
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def root_of(name: str, content: str) -> str:
    """A part with this root element."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} {NAMES}>{content}</{name}>'


def tag(name: str, *content: str, **attributes: str) -> str:
    """An element; attributes are of its own namespace."""
    prefix = name.partition(":")[0]
    given = "".join(f' {prefix}:{key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>"


def relations(**targets: str) -> str:
    """A list of relations: `rId1="header:header1.xml"`."""
    entries = "".join(
        f'<Relationship Id="{identity}" Type="{TYPE}{target.partition(":")[0]}" Target="{target.partition(":")[2]}"/>'
        for identity, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}relationships">{entries}</Relationships>'


def word_of(body: str, parts: dict[str, str] | None = None, **targets: str) -> bytes:
    """A Word file with this body, further parts by name in the folder `word`, and the document's relations."""
    return zip_of(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types"/>',
            "_rels/.rels": relations(rId1="officeDocument:word/document.xml"),
            "word/document.xml": root_of("w:document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": relations(**targets),
            **{f"word/{name}": part for name, part in (parts or {}).items()},
        }
    )


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*content: str, properties: str = "") -> str:
    """A paragraph; what is no element is a run of plain text."""
    runs = "".join(one if one.startswith("<") else run(one) for one in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def field(instruction: str, result: str | None = None, data: str = "") -> str:
    """A complex field with its stored result, which may be missing."""
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def table(*rows: str) -> str:
    """A table of rows made by `row`."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row; a cell that is no element is a paragraph of plain text."""
    inner = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def cell(text: str, properties: str = "") -> str:
    """A cell of one paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{par(text)}</w:tc>"
