"""Subtitles (.srt, .vtt): webvtt reads the cues, their words become paragraphs under the times at which they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby

import webvtt
from webvtt.errors import MalformedFileError

from ingest.parsers.common import ParsedFile, quoted, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text import decode
from ingest.parsers.web.html import read_plain_html
from rag.errors import ParseError

MEDIA_TYPE = "text/vtt"

_PAUSE_S, _SECTION_S = 4.0, 60.0
_ENDS = (".", "?", "!", "…", "。", "？", "！")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>|</v>")
_CODES = re.compile(r"\{\\[^}]*\}|</?(?:c|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")  # places, classes, times within a cue
_TURN = re.compile(r"[-–—]\s*(?=\S)")
_TIMES = re.compile(r"[^\n]*-->[^\n]*\n?((?:[^\n]+\n?)*)")
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one voice says in a cue: when the cue begins and ends, in seconds, and who speaks, where that is told."""

    start: float
    end: float
    text: str
    voice: str = ""


class CaptionsParser:
    """Reads subtitles in the forms SubRip and WebVTT."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The words of the cues as running text: sentences that go on over cues are whole. A heading says the time
        where a pause was, and at the first end of a sentence after each minute; a new voice begins a paragraph."""
        text, notes = decode(data, filename)
        found = _captions(text, filename)
        turns = [turn for caption, words in _rolled_up(found) for turn in _turns(caption, words)]
        html = read_plain_html("".join(_as_html(section) for section in _sections(turns)), filename)
        pages = split_pages(html.text)
        require_text(pages if turns else (), filename)
        receipt = receipt_of("webvtt", pages, notes, skipped=[*html.skipped, *_unread(text, found)])
        return ParsedFile(title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True)


def _captions(text: str, filename: str) -> Sequence[webvtt.Caption]:
    form = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        return webvtt.from_buffer(StringIO(text.strip() + "\n"), format=form).captions
    except MalformedFileError as exc:
        raise ParseError(f"{filename}: the subtitles are malformed ({exc}). Open and save them again") from exc


def _unread(text: str, found: Sequence[webvtt.Caption]) -> Iterator[str]:
    """The words of cues whose times nobody can read."""
    known = {caption.raw_text.strip() for caption in found}
    cues = [words for words in (match[1].strip() for match in _TIMES.finditer(text)) if words and words not in known]
    if cues:
        yield f"{len(cues)} cue(s) with malformed times: {quoted(cues)}"


def _rolled_up(found: Sequence[webvtt.Caption]) -> Iterator[tuple[webvtt.Caption, str]]:
    """The cues and their words, without a first line that is still shown from the cue before."""
    shown = ""
    for caption in found:
        lines = [line.strip() for line in caption.raw_text.split("\n") if line.strip()]
        again = bool(lines) and lines[0] == shown and (len(lines) > 1 or len(shown.split()) >= _FEWEST_WORDS)
        shown = lines[-1] if lines else shown
        yield caption, "\n".join(lines[again:])


def _turns(caption: webvtt.Caption, words: str) -> Iterator[_Turn]:
    """The words of a cue by who says them; a line that begins with a dash is of another one."""
    start, end = float(caption.start_in_seconds), float(caption.end_in_seconds)
    before, *voiced = _VOICE.split(words)
    parts = [("", before), *zip(voiced[::2], voiced[1::2], strict=True)]
    for voice, said in parts:
        lines = [line.strip() for line in _CODES.sub("", said).split("\n") if line.strip()]
        dashed = len(lines) > 1 and all(_TURN.match(line) for line in lines)
        for line in lines if dashed else [" ".join(lines)]:
            if line:
                yield _Turn(start, end, line, voice or "")


def _sections(turns: Sequence[_Turn]) -> Iterator[list[_Turn]]:
    """Turns without a pause between them, cut after about a minute where a sentence ends."""
    section: list[_Turn] = []
    for turn in turns:
        last = section[-1] if section else None
        if last and (
            turn.start - last.end >= _PAUSE_S
            or (last.end - section[0].start >= _SECTION_S and last.text.endswith(_ENDS))
        ):
            yield section
            section = []
        section.append(turn)
    if section:
        yield section


def _as_html(section: Sequence[_Turn]) -> str:
    """A heading with the time, and a paragraph for each voice."""
    hours, rest = divmod(int(section[0].start), 3600)
    parts = [f"<h2>{hours:02}:{rest // 60:02}:{rest % 60:02}</h2>"]
    for voice, said in groupby(section, key=lambda turn: turn.voice):
        parts.append(f"<p>{voice}: " if voice else "<p>")
        parts.extend(f"</p><p>{turn.text} " if _TURN.match(turn.text) else f"{turn.text} " for turn in said)
        parts.append("</p>")
    return "".join(parts)
