"""Markdown markup that changes the text: struck text, comments and tags are removed, superscripts and subscripts are
converted, entities decoded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ingest.parsers.common import lowered, one_line, quoted, raised, written_formulas
from ingest.parsers.text.tags import without_tags

_CODE = re.compile(
    r"^(?P<fence>[ \t]{0,3}(?:`{3,}|~{3,}))[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).){1,2000}?(?<!`)(?P=ticks)(?!`)"
    r"|^(?: {4}|\t)(?![ \t]*(?:[-*+]|\d{1,3}[.)])[ \t])[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_INNER = r"(?:(?!{0}|\n[ \t]*\n).){{1,5000}}?"
_STRUCK = re.compile(
    rf"~~(?=\S)(?P<tildes>{_INNER.format('~~')})(?<=\S)~~|<(?P<tag>del|s|strike)\b[^>]*>(?P<tagged>{_INNER.format('</')})</(?P=tag)>",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?P<said>.*?)-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ITEM_LEFT = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])?[ \t]*\x00[ \t]*\n?", re.MULTILINE)
_TAGGED = re.compile(r"<(?P<tag>sup|sub)\b[^>]*>(?P<run>[^<\n]*)</(?P=tag)>", re.IGNORECASE)
_CARETS = re.compile(r"(?<=\w)\^(?P<run>[^\s^\[\]]{1,20})\^(?!\^)")
_TILDES = re.compile(r"(?<=\w)(?<!~)~(?P<run>[^\s~]{1,10})~(?!~)")


def without_markup(text: str) -> tuple[str, list[str]]:
    """A Markdown text whose words alone say what it shows, and what was left out, for the receipt. Code stays."""
    struck: list[str] = []
    comments: list[str] = []
    parts = [part if is_code else _written(part, struck, comments) for part, is_code in _cut_at_code(text)]
    kinds = (("struck passage(s)", struck), ("comment(s) that are not shown", comments))
    return "".join(parts), [f"{len(found)} {kind}: {quoted(found)}" for kind, found in kinds if found]


def _cut_at_code(text: str) -> Iterator[tuple[str, bool]]:
    done = 0
    for code in _CODE.finditer(text):
        yield text[done : code.start()], False
        yield code[0], True
        done = code.end()
    yield text[done:], False


def _written(text: str, struck: list[str], comments: list[str]) -> str:
    if not any(mark in text for mark in "~<^$\\&"):
        return text

    def left_out(match: re.Match[str]) -> str:
        struck.append(one_line(match["tildes"] or match["tagged"]))
        return "\x00"

    def unseen(match: re.Match[str]) -> str:
        comments.extend([said] if (said := one_line(match["said"])) else [])
        return "\x00"

    text = _STRUCK.sub(left_out, _COMMENT.sub(unseen, text))
    text = _ITEM_LEFT.sub("", text).replace("\x00 ", "").replace(" \x00", "").replace("\x00", "")
    text = written_formulas(without_tags(text))
    for pattern in (_TAGGED, _CARETS, _TILDES):
        text = pattern.sub(_script, text)
    return _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)


def _script(match: re.Match[str]) -> str:
    """A run between marks, as raised or lowered text."""
    before, after = match.string[: match.start()][-12:], match.string[match.end() :][:12]
    lowers = (match.groupdict().get("tag") or match[0][0]).lower() in ("sub", "~")
    return lowered(match["run"], before) if lowers else raised(match["run"], before, after)
