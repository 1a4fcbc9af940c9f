"""Fields, forms and content controls of a Word file: their results become plain text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ingest.parsers.ooxml import (
    NOT_TICKED,
    TICKED,
    Element,
    attribute,
    child,
    descendants,
    full,
    is_on,
    make,
    replace_by,
    unwrap,
    value,
)

PAGE_NUMBER = "\ufdd1"  # a character of no script, which stands for a number that each page has its own of

_WORD = re.compile(r"\s*(\S+)")
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF")
_SILENT = (
    "TC",
    "XE",
    "RD",
    "SET",
    "ASK",
    "FILLIN",
    "PRIVATE",
    "TOC",
    "HYPERLINK",
    "PRINT",
    "ADVANCE",
    "NEXT",
    "NEXTIF",
)
_LONGEST_NAME = 60
_CHECKED = ("w14:checked", "w15:checked")


@dataclass(slots=True)
class _Field:
    """A field that has begun: its instruction, whether its result has, and whether that shows anything."""

    begin: Element
    instruction: str = ""
    in_result: bool = False
    shown: bool = False
    hidden: bool = False
    runs: list[Element] = field(default_factory=list)

    @property
    def kind(self) -> str:
        match = _WORD.match(self.instruction)
        return match[1].upper().lstrip("\\") if match else ""


def settle_fields(root: Element, *, running: bool) -> Counter[str]:
    """Replace fields by their results; of `running` headers and footers, page numbers are `PAGE_NUMBER`.

    Counts the kinds of fields that have no stored result.
    """
    missing: Counter[str] = Counter()
    for element in descendants(root, "w:fldSimple"):
        kind = _Field(element, attribute(element, "w:instr")).kind
        if running and kind in _PAGE_FIELDS:
            replace_by(element, _run(PAGE_NUMBER))
            continue
        if not any(True for _ in element.iter(full("w:t"))) and kind not in (*_SILENT, *_PAGE_FIELDS):
            missing[kind] += 1
        unwrap(element)
    open_fields: list[_Field] = []
    for run in descendants(root, "w:r"):
        _take_in(run, open_fields, missing, running=running)
    for element in descendants(root, "w:fldChar", "w:instrText", "w:delInstrText"):
        replace_by(element)
    return missing


def _take_in(run: Element, fields: list[_Field], missing: Counter[str], *, running: bool) -> None:
    """One run of the text: it may begin or end a field, and belongs to those that are open."""
    for part in list(run):
        name = part.tag
        if name == full("w:fldChar"):
            _turn(part, fields, missing, running=running)
        elif name in (full("w:instrText"), full("w:delInstrText")):
            if fields:
                fields[-1].instruction += part.text or ""
        elif name != full("w:rPr") and fields:
            if any(not one.in_result or one.hidden for one in fields):
                run.remove(part)
            else:
                fields[-1].shown |= bool((part.text or "").strip()) or name != full("w:t")


def _turn(mark: Element, fields: list[_Field], missing: Counter[str], *, running: bool) -> None:
    """Where a field begins, where its result begins, where it ends."""
    turn = attribute(mark, "w:fldCharType")
    if turn == "begin":
        fields.append(_Field(mark))
    elif turn == "separate" and fields:
        fields[-1].in_result = True
        fields[-1].hidden = running and fields[-1].kind in _PAGE_FIELDS
    elif turn == "end" and fields:
        ended = fields.pop()
        text = _form_value(ended)
        if running and ended.kind in _PAGE_FIELDS:
            text = PAGE_NUMBER
        if text:
            _put(mark, text)
            ended.shown = True
        elif not ended.shown and ended.kind and ended.kind not in (*_SILENT, *_PAGE_FIELDS):
            missing[ended.kind] += 1
        if fields and ended.shown:
            fields[-1].shown |= fields[-1].in_result


def _form_value(ended: _Field) -> str:
    """What a form field shows that is not a text: whether it is ticked, or which entry of a list is chosen."""
    data = child(ended.begin, "w:ffData")
    if ended.kind == "FORMCHECKBOX":
        box = child(data, "w:checkBox")
        state = child(box, "w:checked")
        ticked = is_on(state if state is not None else child(box, "w:default"))
        return TICKED if ticked else NOT_TICKED
    if ended.kind == "FORMDROPDOWN" and not ended.shown:
        entries = [value(entry) for entry in descendants(data, "w:listEntry")] if data is not None else []
        chosen = value(child(data, "w:ddList"), "w:result") or value(child(data, "w:ddList"), "w:default", default="0")
        return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
    return ""


def _put(mark: Element, text: str) -> None:
    """A text in the run of a field's last mark."""
    mark.addprevious(make("w:t", text=text))


def _run(text: str) -> Element:
    return make("w:r", make("w:t", text=text))


def open_controls(root: Element) -> int:
    """Put the contents of content controls into the text around them, tick boxes as `☒` and `☐`.

    Prompts of controls that nobody filled in are left out: how many there were.
    """
    empty = 0
    for control in descendants(root, "w:sdt"):
        properties, content = child(control, "w:sdtPr"), child(control, "w:sdtContent")
        if content is None:
            replace_by(control)
            continue
        box = child(properties, "w14:checkbox")
        if box is not None:
            _tick(content, box)
        elif properties is not None and is_on(child(properties, "w:showingPlcHdr")):
            empty += 1
            for text in descendants(content, "w:t"):
                replace_by(text)
        replace_by(control, *list(content))
    return empty


def _tick(content: Element, box: Element) -> None:
    """Write a tick box's state into its first run in place of the sign of some font that shows it."""
    state = child(box, "w14:checked")
    ticked = state is not None and attribute(state, "w14:val", "1").lower() not in ("0", "false", "off")
    signs = descendants(content, "w:t", "w:sym")
    for sign in signs[1:]:
        if sign.tag == full("w:sym"):
            replace_by(sign)
    mark = make("w:t", text=TICKED if ticked else NOT_TICKED)
    if signs:
        rest = (signs[0].text or "")[1:]
        mark.text += rest
        replace_by(signs[0], mark)
    else:
        runs = descendants(content, "w:r")
        (runs[0] if runs else content).append(mark if runs else make("w:r", mark))
