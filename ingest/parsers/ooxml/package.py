"""The parts of an Office file and how they refer to each other."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import IO

from ingest.parsers.ooxml.xml import STRICT, Element, full, parse, usual_names

_FIRST_RELATIONS = "_rels/.rels"

DAMAGE = (zipfile.BadZipFile, LookupError, ValueError, OSError, EOFError, SyntaxError, NotImplementedError)
"""What reading a damaged part raises."""


@dataclass(frozen=True, slots=True)
class Relation:
    """From one part to another: `kind` is the last word of its type, `target` a part's name, or an address."""

    kind: str
    target: str
    external: bool


def in_usual_form(data: bytes) -> bytes:
    """An Office file that is in the strict form of its format in the usual one, which libraries know; else as it is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _FIRST_RELATIONS not in archive.namelist() or STRICT not in archive.read(_FIRST_RELATIONS):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry in archive.infolist():
                content = archive.read(entry)
                named = entry.filename.endswith((".xml", ".rels"))
                copy.writestr(entry.filename, usual_names(content) if named else content)
    return out.getvalue()


class Package:
    """An Office file: its parts by name. A context manager."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._relations: dict[str, Mapping[str, Relation]] = {}

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._archive.close()

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._archive.namelist())

    def read(self, part: str) -> bytes:
        """A part's bytes; KeyError when there is none of this name."""
        return self._archive.read(part)

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream; KeyError when there is none of this name."""
        return self._archive.open(part)

    def root(self, part: str) -> Element:
        """The root element of a part; fails as `DAMAGE` says."""
        return parse(self.read(part))

    def relations(self, part: str) -> Mapping[str, Relation]:
        """What a part refers to, by id; the package itself is the part `""`."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def related(self, part: str, *kinds: str) -> list[str]:
        """The parts, present in the file, that a part refers to as one of these kinds."""
        found = (one for one in self.relations(part).values() if one.kind in kinds and not one.external)
        return [one.target for one in found if one.target in self.names]

    def target(self, part: str, identity: str) -> str | None:
        """The part that an id of this part refers to, when it is in the file."""
        relation = self.relations(part).get(identity)
        return relation.target if relation and not relation.external and relation.target in self.names else None

    def _read_relations(self, part: str) -> Mapping[str, Relation]:
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if listing not in self.names:
            return {}
        relations = {}
        for element in self.root(listing).iter(full("pr:Relationship")):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            relations[element.get("Id", "")] = Relation(kind, target, external)
        return relations
