"""HTML elements whose meaning goes beyond their text, written as text: struck text is removed, superscripts stay
raised, tick boxes, terms with their definitions, formulas.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from soupsieve import SelectorSyntaxError

from ingest.parsers.common import lowered, one_line, quoted, raised, readings_left_out, written_formulas
from ingest.parsers.web.elements import classes_of, each, role_of
from ingest.parsers.web.mathml import math_text

_STRUCK = ("s", "strike", "del")
_STRUCK_CLASSES = frozenset(["line-through", "strikethrough", "text-decoration-line-through"])
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*\bline-through\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LENGTH = r"(?:0*[1-9]\d*(?:\.\d+)?|0*\.\d*[1-9]\d*)(?:em|ex|pt|px|%)"
# A length lifts the words, or moves them up or down from where they would be.
_RAISED = re.compile(
    rf"vertical-align\s*:\s*(?:(?:text-)?super|{_LENGTH})|position\s*:\s*relative.*\btop\s*:\s*-{_LENGTH}",
    re.IGNORECASE | re.DOTALL,
)
_LOWERED = re.compile(
    rf"vertical-align\s*:\s*(?:sub(?!\w)|-{_LENGTH})|position\s*:\s*relative.*\btop\s*:\s*{_LENGTH}",
    re.IGNORECASE | re.DOTALL,
)
_SMALL = re.compile(
    r"font-size\s*:\s*(?:(?:x+-)?small(?:er)?|0?\.\d+r?em|[1-9]\d(?:\.\d+)?%|(?:[4-9]|10)(?:\.\d+)?p[tx])",
    re.IGNORECASE,
)
_PLACED_BY_NAME = re.compile(r"vertical-align\s*:\s*(?:text-)?su(?:b|per)\b", re.IGNORECASE)
_SLASHES = ("/", "⁄")
_INLINE = ("span", "font", "small", "a", "b", "i", "em", "strong", "u")
_MOST_RULES = 2000
_CODE = ["pre", "code", "script", "style"]
_MAY_HOLD_FORMULAS = re.compile(r"\$[^$]*\$|\\\(")
_BESIDE = 12  # characters on either side that a raised run is written by
_FIELDS = ["input", "select", "textarea", "datalist", "button"]
_UNTOLD_FIELDS = ("hidden", "password", "submit", "button", "reset", "image", "file")
_BLOCKS = ("p", "ul", "ol", "dl", "table", "pre", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "figure")
_PLAIN_BLOCKS = ("details", "summary", "address", "fieldset", "legend", "hgroup", "center", "header", "footer", "main")


class _Filled(NavigableString):
    """What was filled in to a field, where it stands in the page."""


def write_styles(soup: BeautifulSoup, styles: str = "") -> None:
    """Make elements of what a page's own styles say, and those it is given: struck, raised, lowered."""
    sheets = _COMMENT.sub("", " ".join([styles, *(style.get_text() for style in soup.find_all("style"))]))
    for rule in itertools.islice(_RULE.finditer(sheets), _MOST_RULES):
        if any(said.search(rule[2]) for said in (_LINE_THROUGH, _RAISED, _LOWERED)):
            for tag in _selected(soup, rule[1].strip()):
                _write_style(tag, rule[2])
    for tag in each(soup, lambda tag: "style" in tag.attrs):
        _write_style(tag, str(tag["style"]))


def _write_style(tag: Tag, style: str) -> None:
    if _LINE_THROUGH.search(style):
        tag["data-struck"] = ""
    moved = _PLACED_BY_NAME.search(style) or (
        _SMALL.search(style) and (_RAISED.search(style) or _LOWERED.search(style))
    )
    if tag.name in _INLINE and moved:
        tag.name = "sup" if _RAISED.search(style) else "sub"


def write_meaning(content: Tag) -> list[str]:
    """Change the elements of a page so that its words alone say what it shows. Returns what was left out, for the
    receipt."""
    left_out = [*_without_struck(content), *readings_left_out(_without_readings(content))]
    for formula in content.find_all(re.compile(r"^(?:\w+:)?math$")):
        formula.replace_with(math_text(formula))
    for text in content.find_all(string=_MAY_HOLD_FORMULAS):
        if text.find_parent(_CODE) is None:
            text.replace_with(NavigableString(written_formulas(text)))
    _write_fields(content)
    _write_raised(content)
    _write_terms(content)
    for block in each(content, lambda tag: tag.name in _PLAIN_BLOCKS):
        block.name = "div"
    content.smooth()
    return left_out


def _without_struck(content: Tag) -> list[str]:
    found: list[str] = []
    for tag in each(content, _is_struck):
        found.append(one_line(tag.get_text(" ")))
        tag.decompose()
    found = [text for text in found if text]
    return [f"{len(found)} struck passage(s): {quoted(found)}"] if found else []


def _without_readings(content: Tag) -> list[str]:
    """Take out the reading aids (ruby), which are beside the words that they are of; what they say."""
    readings = [one_line(tag.get_text()) for tag in content.find_all("rt")]
    for tag in each(content, lambda tag: tag.name in ("rt", "rp", "rtc")):
        tag.decompose()
    return [reading for reading in readings if reading]


def _is_struck(tag: Tag) -> bool:
    return tag.name in _STRUCK or "data-struck" in tag.attrs or not _STRUCK_CLASSES.isdisjoint(classes_of(tag))


def _selected(content: Tag, selector: str) -> Sequence[Tag]:
    try:
        return content.select(selector)
    except (SelectorSyntaxError, NotImplementedError):
        return ()


def _write_raised(content: Tag) -> None:
    """Raised and lowered elements, innermost first, as text; a raised number over a lowered one is a fraction."""
    for over in content.find_all("sup"):
        slash, under = over.next_sibling, over.find_next_sibling()
        if isinstance(slash, NavigableString) and slash.strip() in _SLASHES and under is slash.next_sibling:
            _write_fraction(over, slash, under)
    for mark in each(content, _is_note_mark):
        if mark.find_parent("sup") is None and mark.find("sup") is None:
            mark.name = "sup"
    for tag in reversed(content.find_all(["sup", "sub"])):
        run, before = tag.get_text(), _text_before(tag)
        written = lowered(run, before) if tag.name == "sub" else raised(run, before, _text_after(tag))
        tag.replace_with(NavigableString(written))


def _is_note_mark(tag: Tag) -> bool:
    marked = role_of(tag) == "doc-noteref" or tag.attrs.get("epub:type") == "noteref"
    return marked or (tag.name == "a" and "footnote-ref" in classes_of(tag))


def _write_fraction(over: Tag, slash: NavigableString, under: Tag | None) -> None:
    numbers = [tag.get_text().strip() for tag in (over, under) if tag is not None and tag.name in ("sup", "sub")]
    if under is None or len(numbers) != len(("over", "under")) or not all(map(str.isdecimal, numbers)):
        return
    apart = " " if _text_before(over)[-1:].isdecimal() else ""
    over.replace_with(f"{apart}{numbers[0]}/{numbers[1]}")
    slash.extract()
    under.decompose()


def _text_before(tag: Tag) -> str:
    return _joined(tag.find_all_previous(string=True, limit=3))[-_BESIDE:]


def _text_after(tag: Tag) -> str:
    last = tag
    while isinstance(last, Tag) and last.contents:
        last = last.contents[-1]  # type: ignore[assignment]
    found = last.find_all_next(string=True, limit=1)
    return str(found[0])[:_BESIDE] if found else ""


def _joined(nearest_first: Sequence[object]) -> str:
    return "".join(str(text) for text in reversed(nearest_first) if type(text) is NavigableString)


def _write_fields(content: Tag) -> None:
    """Form fields as their words: `[x]` and `[ ]` for boxes, what is chosen of a list, what is filled in."""
    for label in content.find_all("label"):
        label.insert_after(" ")
    for field in content.find_all(_FIELDS):
        kind = str(field.get("type", "text")).lower()
        if field.name == "input" and kind in ("checkbox", "radio"):
            field.replace_with("[x] " if field.has_attr("checked") else "[ ] ")
        elif value := _value(field, kind):
            field.replace_with(_Filled(f"{_colon(field)} {value} "))
        else:
            field.replace_with(" ")
    for filled in content.find_all(string=lambda text: isinstance(text, _Filled)):
        filled.replace_with(NavigableString(str(filled)))


def _value(field: Tag, kind: str) -> str:
    """What is filled in to a field."""
    if field.name == "select":
        return ", ".join(_chosen(field))
    if field.name == "textarea":
        return one_line(field.get_text())
    untold = field.name != "input" or kind in _UNTOLD_FIELDS
    return "" if untold else one_line(str(field.get("value", "")))


def _colon(field: Tag) -> str:
    """A colon after the words that name a field, when they stand right before it without one."""
    label = field.previous_element
    while isinstance(label, NavigableString) and not label.strip():
        label = label.previous_element
    if not isinstance(label, NavigableString) or isinstance(label, _Filled) or not label.rstrip()[-1:].isalnum():
        return ""
    if label is field.previous_sibling:
        label.replace_with(label.rstrip())
    return ":"


def _chosen(field: Tag) -> Iterator[str]:
    options = field.find_all("option")
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not field.has_attr("multiple"):  # a browser shows the first
        chosen = options[:1]
    return (text for option in chosen if option.get("value") != "" and (text := one_line(option.get_text())))


def _write_terms(content: Tag) -> None:
    """Definition lists as items `term: definition`; definitions of several blocks under their term."""
    for outer in reversed(content.find_all("dl")):
        terms: list[str] = []
        after_definition = False
        for part in outer.find_all(["dt", "dd"]):
            if part.find_parent("dl") is not outer:
                continue
            if part.name == "dt":
                terms = [] if after_definition else terms
                terms.append(one_line(part.get_text(" ")))
                after_definition = False
                part.decompose()
                continue
            after_definition = True
            term = ", ".join(filter(None, terms))
            part.insert(0, f"{term}{'' if term[-1:] in ':?!.' else ':'} " if term else "")
            part.name = "div" if part.find(_BLOCKS) else "li"
        for group in outer.find_all("div", recursive=False):
            if group.find("li", recursive=False):
                group.unwrap()
        outer.name = "ul" if outer.find("li", recursive=False) else "div"
