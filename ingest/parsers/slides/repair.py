"""Presentations with damaged parts, which are replaced by empty ones so that the others can be read."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.parsers.ooxml import DAMAGE, NAMESPACES, parse

_NAMES = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in ("a", "c", "p", "r"))
_TREE = "<p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/></p:spTree></p:cSld>"
_EMPTY = {
    "ppt/slides": f"<p:sld {_NAMES}>{_TREE}</p:sld>",
    "ppt/notesSlides": f"<p:notes {_NAMES}>{_TREE}</p:notes>",
    "ppt/slideLayouts": f"<p:sldLayout {_NAMES}>{_TREE}</p:sldLayout>",
    "ppt/slideMasters": f"<p:sldMaster {_NAMES}>{_TREE}</p:sldMaster>",
    "ppt/notesMasters": f"<p:notesMaster {_NAMES}>{_TREE}</p:notesMaster>",
    "ppt/charts": f"<c:chartSpace {_NAMES}/>",
}
_LIST_OF_RELATIONS = f'<Relationships xmlns="{NAMESPACES["pr"]}"/>'
_DAMAGE = (*DAMAGE, zlib.error)


@dataclass(frozen=True, slots=True)
class Repaired:
    """The file, and the names of the parts that were damaged and are empty now."""

    data: bytes
    damaged: tuple[str, ...]


def without_damage(data: bytes) -> Repaired:
    """The same file when every part of it can be read; else a copy in which those that cannot are empty."""
    damaged: list[str] = []
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as copy:
        for entry in archive.infolist():
            try:
                content = archive.read(entry)
                if PurePosixPath(entry.filename).suffix in (".xml", ".rels"):
                    parse(content)
            except _DAMAGE:
                damaged.append(entry.filename)
                content = _empty(entry.filename).encode()
            copy.writestr(entry.filename, content)
    return Repaired(out.getvalue(), tuple(damaged)) if damaged else Repaired(data, ())


def _empty(part: str) -> str:
    if part.endswith(".rels"):
        return _LIST_OF_RELATIONS
    return _EMPTY.get(str(PurePosixPath(part).parent), "")
