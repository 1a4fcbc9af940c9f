"""Footnotes, endnotes and comments of a Word file: a mark at the word, and the text after its paragraph or table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, attribute, child, descendants, full, make, numeral, replace_by, short, value
from ingest.parsers.word.drawings import paragraph, text_of, written_text

_LONGEST_QUOTE = 120
_REFERENCES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_OWN_MARKS = ("w:footnoteRef", "w:endnoteRef", "w:annotationRef")
_USUAL_STYLES = {"footnote": "decimal", "endnote": "lowerRoman"}


class Notes:
    """The footnotes and endnotes of a file, numbered in the order in which the text refers to them."""

    def __init__(self, found: Mapping[tuple[str, str], Element], styles: Mapping[str, str]) -> None:
        self._found = found
        self._styles = {**_USUAL_STYLES, **styles}
        self._numbers: dict[str, int] = defaultdict(int)

    def place(self, block: Element) -> list[Element]:
        """Put marks where a block refers to notes; the notes, which come after it."""
        after: list[Element] = []
        for reference in descendants(block, *_REFERENCES):
            kind = _REFERENCES[short(reference)]
            mark = self._mark(reference, kind)
            run = reference.getparent()
            replace_by(reference, make("w:t", text=f"{_space_before(run)}{mark}"))
            _set_level(run)
            note = self._found.get((kind, attribute(reference, "w:id")))
            if note is not None:
                after.extend(_noted(note, mark))
        return after

    def _mark(self, reference: Element, kind: str) -> str:
        """`[1]`, or the sign that the author chose, which stands behind the reference."""
        run = reference.getparent()
        if _is_on(reference, "w:customMarkFollows"):
            own = one_line(text_of(run))
            for text in descendants(run, "w:t"):
                replace_by(text)
            if own:
                return f"[{own.strip('[]')}]"
        self._numbers[kind] += 1
        return f"[{numeral(self._numbers[kind], self._styles[kind])}]"


def _is_on(element: Element, name: str) -> bool:
    """Whether an attribute is there and says yes."""
    return attribute(element, name, "0").lower() not in ("0", "false", "off")


def note_styles(settings: Sequence[Element]) -> dict[str, str]:
    """How notes are numbered, as the settings of a file or a section say."""
    styles = {}
    for root in settings:
        for kind in _USUAL_STYLES:
            for properties in descendants(root, f"w:{kind}Pr"):
                style = value(properties, "w:numFmt")
                if style:
                    styles[kind] = style
    return styles


def _noted(note: Element, mark: str) -> list[Element]:
    """The blocks of a note, its mark before the first."""
    blocks = list(note)
    for own in descendants(note, *_OWN_MARKS):
        replace_by(own)
    first = next((block for block in blocks if short(block) == "w:p"), None)
    if first is None:
        return [paragraph(mark), *blocks]
    place = 1 if child(first, "w:pPr") is not None else 0
    first.insert(place, make("w:r", make("w:t", text=f"{mark} ")))
    return [block for block in blocks if text_of(block).strip() != mark]


def _space_before(run: Element) -> str:
    """A space, when the words before a run do not end with one."""
    before = run.getprevious()
    while before is not None and not text_of(before):
        before = before.getprevious()
    return "" if before is None or text_of(before)[-1:].isspace() else " "


def _set_level(run: Element) -> None:
    """A mark in brackets is not raised."""
    properties = child(run, "w:rPr")
    if properties is not None:
        for name in ("w:vertAlign", "w:position", "w:rStyle"):
            for found in properties.findall(full(name)):
                properties.remove(found)


class Comments:
    """The comments of a file, by id; `resolved` holds the ids of those that were marked as done."""

    def __init__(self, found: Mapping[str, Element], resolved: frozenset[str]) -> None:
        self._waiting = dict(found)
        self._resolved = resolved
        self._ranges: dict[str, str] = {}

    def read_ranges(self, root: Element) -> None:
        """Remember the words that each comment is about."""
        open_ranges: set[str] = set()
        texts: dict[str, list[str]] = defaultdict(list)
        for element in root.iter(full("w:commentRangeStart"), full("w:commentRangeEnd"), full("w:t"), full("w:p")):
            name = short(element)
            if name == "w:commentRangeStart":
                open_ranges.add(attribute(element, "w:id"))
            elif name == "w:commentRangeEnd":
                open_ranges.discard(attribute(element, "w:id"))
            for identity in open_ranges:
                texts[identity].append(" " if name == "w:p" else (element.text or "") if name == "w:t" else "")
        self._ranges.update({identity: one_line("".join(parts)) for identity, parts in texts.items()})

    def place(self, block: Element) -> list[Element]:
        """The comments that a block refers to, which come after it."""
        after: list[Element] = []
        for reference in descendants(block, "w:commentReference"):
            identity = attribute(reference, "w:id")
            replace_by(reference)
            after.extend(self._told(identity))
        return after

    def rest(self) -> list[Element]:
        """The comments that no block referred to."""
        return [block for identity in list(self._waiting) for block in self._told(identity)]

    def _told(self, identity: str) -> list[Element]:
        comment = self._waiting.pop(identity, None)
        if comment is None:
            return []
        for own in descendants(comment, *_OWN_MARKS):
            replace_by(own)
        text = written_text(comment)
        if not text:
            return []
        about = self._ranges.get(identity, "")
        about = about if len(about) <= _LONGEST_QUOTE else f"{about[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
        details = (
            one_line(attribute(comment, "w:author")),
            attribute(comment, "w:date")[:10],
            "resolved" if identity in self._resolved else "",
            f"on “{about}”" if about else "",
        )
        said = ", ".join(filter(None, details))
        return [paragraph(f"Comment ({said}): {text}" if said else f"Comment: {text}")]


def resolved_comments(comments: Element | None, extended: Element | None) -> frozenset[str]:
    """The ids of comments that were marked as done, as the part beside them says."""
    if comments is None or extended is None:
        return frozenset()
    done = {
        attribute(one, "w15:paraId")
        for one in descendants(extended, "w15:commentEx")
        if attribute(one, "w15:done") == "1"
    }
    return frozenset(
        attribute(comment, "w:id")
        for comment in descendants(comments, "w:comment")
        if any(attribute(one, "w14:paraId") in done for one in descendants(comment, "w:p"))
    )
