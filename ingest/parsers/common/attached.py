"""Files inside another file, such as attachments of mail and PDFs, as further pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ingest.parsers.common.cleaning import one_line
from ingest.parsers.common.doubts import without_doubted
from ingest.parsers.common.parsed import Heading, ParsedFile, Table
from rag.errors import ParseError
from rag.types import Page, Receipt

MOST_ATTACHMENTS = 200

Read = Callable[[bytes, str], ParsedFile]
"""Reads an attachment by its bytes and name; raises ParseError when it cannot."""


@dataclass(slots=True)
class Attached:
    """The pages of attachments, numbered from `first` on, and what there is to say of them.

    `what` they are called in the receipt before their names; `most` are read.
    """

    first: int
    read: Read
    what: str = "attachment"
    most: int = MOST_ATTACHMENTS
    pages: list[Page] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    markdown: set[int] = field(default_factory=set)  # numbers of pages
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    _flags: list[str] = field(default_factory=list)
    _versions: dict[str, str] = field(default_factory=dict)
    _tables: int = 0
    _count: int = 0

    def add(self, name: str, data: bytes) -> None:
        """Read one attachment; one that cannot be read is in `skipped`."""
        self._count += 1
        if self._count > self.most:
            self.skipped.append(f"{self._called(name)}: only the first {self.most} are read")
            return
        try:
            parsed = without_doubted(self.read(data, name), name)
        except ParseError as exc:
            self.skipped.append(self._called(str(exc)))
            return
        self._place(one_line(name), parsed)
        self._report(name, parsed)

    def _place(self, name: str, parsed: ParsedFile) -> None:
        """The pages under a heading with the file's name."""
        before = self.first - 1 + len(self.pages)
        title = f"# {name}\n\n" if parsed.is_markdown(1) else f"{name}\n\n"
        # Where words are printed on an attachment's page is no place in the file.
        own = [
            replace(page, number=before + number, geometry=None, label=page.label or name)
            for number, page in enumerate(parsed.pages, start=1)
        ]
        own[0] = replace(own[0], text=f"{title}{own[0].text}".rstrip("\n"))
        if not parsed.is_markdown(1):
            self.headings.append(Heading(before + 1, 0, 1, name))
        for heading in parsed.headings:
            shift = len(title) if heading.page == 1 else 0
            self.headings.append(
                replace(heading, page=before + heading.page, start=heading.start + shift, level=heading.level + 1)
            )
        for one in parsed.tables:
            shift = len(title) if one.page == 1 else 0
            moved = replace(one, page=before + one.page, start=one.start + shift, end=one.end + shift)
            self.tables.append(replace(moved, body=one.body + shift))
        self.markdown.update(page.number for page in own if parsed.is_markdown(page.number - before))
        self.pages.extend(own)

    def _report(self, name: str, parsed: ParsedFile) -> None:
        receipt, called = parsed.receipt, self._called(name)
        self.notes.extend(f"{called}: {note}" for note in receipt.notes)
        self.skipped.extend(f"{called}: {what}" for what in receipt.skipped)
        if parsed.scans:
            numbers = ", ".join(map(str, parsed.scans[:10]))
            self.skipped.append(f"{called}: page {numbers} is a picture; save it and ingest it as its own file")
        self._flags.extend(f"{called}: {flag}" for flag in receipt.flags)
        self._versions.update(receipt.versions)
        self._tables += receipt.tables

    def _called(self, name: str) -> str:
        return f"{self.what} {name}".strip()

    def told(self, receipt: Receipt) -> Receipt:
        """The receipt of the file with what was seen of its attachments, but for notes and what was skipped."""
        return replace(
            receipt,
            tables=receipt.tables + self._tables,
            flags=(*receipt.flags, *self._flags),
            versions={**receipt.versions, **self._versions},
        )
