"""Sections of a page under their path of headings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.parsers.common import Heading

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`text[start:end]` of a page under the headings `path`; it starts with `heading` characters of its own heading."""

    start: int
    end: int
    path: Path
    heading: int = 0


class HeadingPath:
    """The headings above a position, kept across page breaks."""

    def __init__(self) -> None:
        self._open: list[Heading] = []

    @property
    def path(self) -> Path:
        """The titles from the highest heading down."""
        return tuple(heading.title for heading in self._open)

    def sections(self, text: str, headings: Sequence[Heading]) -> list[Section]:
        """The sections of one page, given its headings in reading order; they hold the whole text."""
        sections = [Section(0, headings[0].start if headings else len(text), self.path)]
        ends = [*(heading.start for heading in headings[1:]), len(text)]
        for heading, end in zip(headings, ends, strict=False):
            self._open = [*(above for above in self._open if above.level < heading.level), heading]
            sections.append(Section(heading.start, end, self.path, len(heading.title)))
        return with_bare_headings_joined(text, [one for one in sections if text[one.start : one.end].strip()])


def with_bare_headings_joined(text: str, sections: Sequence[Section]) -> list[Section]:
    """Joins a section that is only a heading with the next section."""
    joined: list[Section] = []
    bare: Section | None = None
    for section in sections:
        whole = replace(section, start=bare.start) if bare else section
        below = text[section.start + section.heading : section.end]
        if section.heading and not below.strip() and section is not sections[-1]:
            bare = whole
        else:
            joined.append(whole)
            bare = None
    return joined
