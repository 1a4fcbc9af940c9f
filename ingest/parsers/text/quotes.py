"""The text of a message: new text, and quotations of earlier messages with sender and date."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.parsers.common import one_line
from ingest.parsers.text.wrapping import join_wrapped
from rag.text import QUOTED_HEADING

_MARKS = re.compile(r"\s?(?:>[ \t]?)+")
_HASHES = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
_HEADER = re.compile(r"[*_]*([^\W\d_][^\W\d_ .-]{0,15}(?: [^\W\d_]{1,12})?)[*_]*\s?:[*_]*\s+(\S.*)")
_FROM = frozenset("from von de da van från fra od от lähettäjä gönderen 发件人 寄件者 差出人 보낸사람".split())
_SENT = frozenset(
    "sent date gesendet datum envoyé enviado enviada fecha data inviato verzonden skickat sendt dato wysłano дата "
    "отправлено lähetetty tarih 发送时间 日期 送信日時 日時 보낸날짜".split()
)
_RULE = re.compile(r"[-_*]{3,}(?:[ \t]*\S.{2,60}?[ \t]*[-_*]{3,})?")
_VERB = (
    r"\b(?:wrote|writes|schrieb|écrit|escribió|escreveu|scritto|scrisse|schreef|skrev|napisał\w*|пишет|написал\w*)\b"
)
_WROTE = re.compile(_VERB, re.IGNORECASE)
_TOLD_BY = re.compile(rf"{_VERB}|@|\d{{4}}|\d{{1,2}}:\d\d", re.IGNORECASE)
_AT_A_TIME = re.compile(r"\d{4}.*\d{1,2}[:.h]\d\d")
_WORD = re.compile(r"[^\W\d_]{2}")
_HEADER_LINES = 8
_DEEPEST = 5
_EARLIER = "an earlier message"

Write = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its marks; `depth` says how often it is quoted."""

    depth: int
    text: str
    lead: str = ""  # who wrote what follows, and when; the line itself is no part of the text


def message_markdown(text: str, author: str, write: Write) -> str:
    """A message as Markdown: quoted parts under headings that say whose words they are and from when, deeper ones under
    deeper headings; what the author writes after a quotation under the author's name. `write` makes Markdown of the
    lines of one part."""
    blocks: list[str] = []
    leads: dict[int, str] = {}
    for depth, group in itertools.groupby(_lead_lines(text), key=lambda line: line.depth):
        lines = list(group)
        for lead, part in _parts(lines):
            leads[depth] = lead or leads.get(depth, _EARLIER)
            shown = write("\n".join(part)).strip("\n")
            if not shown.strip() and not lead:
                continue
            if depth:
                blocks.append(f"{'#' * min(1 + depth, _DEEPEST)} {QUOTED_HEADING}{leads[depth]}")
            elif blocks:
                blocks.append(f"## Written by {author or 'the sender'}")
            blocks.append(shown)
    return "\n\n".join(block for block in blocks if block)


def pasted_markdown(text: str) -> str | None:
    """A text into which mail was pasted as Markdown, quotations under headings; None where nothing is quoted.

    Header lines at the beginning are those of the text itself.
    """
    lines = [_Line(0, line) for line in text.split("\n")]
    first = next((at for at, line in enumerate(lines) if line.text.strip()), 0)
    _, _, taken = _header_block(lines, first)
    head = "\n".join(line.text for line in lines[first : first + taken]).strip()
    rest = "\n".join(line.text for line in lines[first + taken :])
    found = list(_lead_lines(rest))
    quoted = (line.depth == 1 and _WORD.search(line.text) is not None for line in found)
    several = any(one and two for one, two in itertools.pairwise(quoted))
    if not several and not any(line.lead for line in found):
        return None
    return "\n\n".join(filter(None, (plain_text(head), message_markdown(rest, "", plain_text))))


def plain_text(text: str) -> str:
    """Plain text as Markdown: hard-wrapped lines are joined, and no line is taken for a heading."""
    return _HASHES.sub(r"\\\1", join_wrapped(text))


def unflowed(text: str, *, delete_space: bool) -> str:
    """Text whose soft line breaks (`format=flowed`, RFC 3676) are joined; lines of different depth stay apart."""
    joined: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth, bare = _depth_of(line)
        flows = line.endswith(" ") and bare != "-- "
        kept = line[:-1] if flows and delete_space else line
        if depth == open_depth:
            joined[-1] += bare[:-1] if flows and delete_space else bare
        else:
            joined.append(kept)
        open_depth = depth if flows else -1
    return "\n".join(joined)


def _parts(lines: Sequence[_Line]) -> Iterator[tuple[str, list[str]]]:
    """The lines of one depth, cut where another message begins."""
    lead, part = "", list[str]()
    for line in lines:
        if line.lead:
            if part:
                yield lead, part
            lead, part = line.lead, []
        else:
            part.append(line.text)
    yield lead, part


def _depth_of(line: str) -> tuple[int, str]:
    marks = _MARKS.match(line)
    return (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)


def _lead_lines(text: str) -> Iterator[_Line]:
    """Lines with their depths; what introduces a quotation belongs to it, and a message copied under another one is
    quoted to its end."""
    lines = [_Line(*_depth_of(line)) for line in text.split("\n")]
    copied: list[int] = []  # the depths at which messages were copied under others
    place = depth = 0
    while place < len(lines):
        line = lines[place]
        while copied and line.depth < copied[-1] and line.text.strip():
            copied.pop()
        header, others, taken = _header_block(lines, place)
        if taken:
            copied.append(line.depth)
            depth = line.depth + len(copied)
            yield _Line(depth, "", header)
            yield from (_Line(depth, other) for other in others)
            place += taken
            continue
        lead, taken = _attribution(lines, place)
        if taken:
            next_depth = _next_depth(lines, place + taken)
            if next_depth <= line.depth:
                copied.append(line.depth)
            depth = max(next_depth, line.depth) + len(copied)
            yield _Line(depth, "", lead)
            place += taken
            continue
        depth = line.depth + len(copied) if line.text.strip() else depth
        yield _Line(depth, line.text)
        place += 1


def _header_block(lines: Sequence[_Line], place: int) -> tuple[str, list[str], int]:
    """Who and when, of the header lines of a copied message that begin here, the other ones, and how many lines they
    are; a rule above them is one of them."""
    first = place
    while first < min(len(lines), place + 2) and _is_rule(lines[first].text.strip()):
        first += 1
    block = [line.text.strip() for line in lines[first : first + _HEADER_LINES]]
    fields = list(itertools.takewhile(lambda field: field[1], ((text, _HEADER.fullmatch(text)) for text in block)))
    told = {match[1].lower(): (text, match[2]) for text, match in reversed(fields) if match}
    sender = next((told[name] for name in told if name in _FROM), None)
    sent = next((told[name] for name in told if name in _SENT), None)
    if sender is None or sent is None:
        return "", [], 0
    others = [text for text, _ in fields if text not in (sender[0], sent[0])]
    return one_line(f"{sender[1]}, {sent[1]}"), others, first + len(fields) - place


def _is_rule(text: str) -> bool:
    return not text or _RULE.fullmatch(text) is not None


def _attribution(lines: Sequence[_Line], place: int) -> tuple[str, int]:
    """A line, or two, that end in a colon, name a person or a time, and stand right over a quotation.

    One that says who wrote at which time stands over one without marks too.
    """
    depth = lines[place].depth
    said: list[str] = []
    for taken, line in enumerate(lines[place : place + 2], start=1):
        if line.depth != depth or not line.text.strip():
            return "", 0
        said.append(line.text.strip())
        whole = " ".join(said)
        if whole.endswith(":"):
            below = _next_depth(lines, place + taken)
            marked = below > depth and _TOLD_BY.search(whole)
            unmarked = below == depth and _WROTE.search(whole) and _AT_A_TIME.search(whole)
            return (whole.rstrip(": "), taken) if marked or unmarked else ("", 0)
        if _TOLD_BY.search(whole) is None:  # a line that goes on names somebody, or a time
            return "", 0
    return "", 0


def _next_depth(lines: Sequence[_Line], place: int) -> int:
    """The depth of the next line that is not empty; -1 at the end."""
    return next((line.depth for line in lines[place:] if line.text.strip()), -1)
