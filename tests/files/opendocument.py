"""OpenDocument files made for tests, by the standard library."""

from __future__ import annotations

import io
import zipfile

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = {
    **{
        name: f"{_URN}{name}:1.0"
        for name in ("office", "style", "text", "table", "form", "presentation", "chart", "meta")
    },
    "draw": f"{_URN}drawing:1.0",
    "fo": f"{_URN}xsl-fo-compatible:1.0",
    "svg": f"{_URN}svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "math": "http://www.w3.org/1998/Math/MathML",
}
_DECLARED = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _NAMES.items())
_APPLICATION = "application/vnd.oasis.opendocument."
TYPES = {
    **{kind: f"{_APPLICATION}{kind}" for kind in ("text", "spreadsheet", "presentation")},
    "drawing": f"{_APPLICATION}graphics",
}


def part(root: str, inner: str) -> str:
    """A part of a file: a root element with the names of OpenDocument declared."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {_DECLARED} office:version="1.3">{inner}</office:{root}>'
    )


def opendocument(
    kind: str, body: str, *, automatic: str = "", styles: str = "", masters: str = "", title: str = "", **parts: str
) -> bytes:
    """A packed file: `kind` is `text`, `spreadsheet` or `presentation`, `parts` are more by their "
    "names, `__` for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", TYPES[kind])
        content = f"<office:automatic-styles>{automatic}</office:automatic-styles>{_body(kind, body)}"
        archive.writestr("content.xml", part("document-content", content))
        named = f"<office:styles>{styles}</office:styles><office:master-styles>{masters}</office:master-styles>"
        archive.writestr("styles.xml", part("document-styles", named))
        archive.writestr("meta.xml", part("document-meta", f"<office:meta><dc:title>{title}</dc:title></office:meta>"))
        for name, inner in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), inner)
    return out.getvalue()


def flat(kind: str, body: str, automatic: str = "") -> bytes:
    """The same in one piece of XML."""
    inner = f"<office:automatic-styles>{automatic}</office:automatic-styles>{_body(kind, body)}"
    return (
        part("document", inner)
        .replace("<office:document ", f'<office:document office:mimetype="{TYPES[kind]}" ', 1)
        .encode()
    )


def _body(kind: str, body: str) -> str:
    return f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"


def text_style(name: str, properties: str, family: str = "text", more: str = "") -> str:
    """A style whose letters have some properties."""
    return (
        f'<style:style style:name="{name}" style:family="{family}" {more}>'
        f"<style:text-properties {properties}/></style:style>"
    )


def paragraph(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'
