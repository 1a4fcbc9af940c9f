"""Functions and constants as source code defines them, in the languages of braces and of indents. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text.comments import comment_mark

_WORDS = r"(?:(?:[A-Za-z_]\w*|@\w+|pub\([^)\n]*\))[ \t]+){0,8}"
_KEYWORD = r"(?:def|func|function\*?|fun|fn|sub|proc)[ \t]+(?:\([^)\n]*\)[ \t]*)?(?:[\w.]+[.:])?"
_TYPED = r"(?:[A-Za-z_][\w<>\[\],.?*&:]*[ \t]+){1,8}[*&]?(?:\w+::)?"
_ASSIGNED = r"(?:const|let|var|val)[ \t]+"
_BY_KEYWORD = re.compile(rf"[ \t]*{_WORDS}(?:{_KEYWORD}|{_ASSIGNED})")
_NOT_DEFINING = re.compile(
    r"\s*(?:return|throw|raise|else|await|yield|new|if|while|for|import|from|print|assert|case|del)\b"
)
_LONGEST = 2000  # characters of a signature, or of a value
_MOST = 100  # places in a source that are looked at for one name
_RAISES = re.compile(
    r"(?:^|[:;{}>)]|\belse|\bor)\s*(?:raise|throw)\s+(?:new\s+)?[A-Za-z_][\w.:$]*\s*(?:[(;,}]|$|\b(?:from|if|unless)\b)"
    r"|\b(?:panic!?|bail!|anyhow!|croak|die|Err|err)\s*[(!]|\.map_err\("
    r"|\breturn\b.*\b(?:Err[A-Z]\w*|err[A-Z]\w*|(?:errors|fmt)\.(?:New|Errorf))\b|\bRaise\s+[A-Z]"
)
_BLOCK_COMMENT = re.compile(r"\s*(?:\*|/\*)")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a source: `source[start:head]` is its signature, `source[head:end]` its body."""

    start: int
    head: int
    end: int


def functions(source: str, name: str) -> Iterator[Function]:
    """The definitions of functions with this name."""
    named = re.escape(name)
    pattern = re.compile(
        rf"^[ \t]*(?:{_WORDS}{_KEYWORD}{named}(?!\w)|{_TYPED}{named}[ \t]*\("
        rf"|{_WORDS}(?:{_ASSIGNED}|[\w.]{{1,80}}\.){named}\b[^=\n]{{0,200}}=\s*(?:async\s*)?(?:function\b|\(|\w+\s*=>)"
        rf"|[ \t]{named}[ \t]*\((?:[^()\n]|\([^()\n]*\))*\)\s*(?::[^{{=\n]*)?\{{[ \t]*$"
        rf"|{named}[ \t]*:\s*(?:async\s*)?function\b)",
        re.MULTILINE,
    )
    for found in itertools.islice(pattern.finditer(source), _MOST):
        line = source[found.start() : _line_end(source, found.start())]
        if _NOT_DEFINING.match(line) or comment_mark(line):
            continue
        head = _signature_end(source, found.start())
        if head and (body := _body_end(source, found.start(), head)):
            yield Function(found.start() + len(found[0]) - len(found[0].lstrip()), head, body)


def raising_lines(source: str, function: Function) -> Iterator[tuple[int, int]]:
    """Where a function raises, throws or returns an error: spans of lines, without those of comments."""
    found = (
        (start, end)
        for start, end in _lines(source, function.head, function.end)
        if _RAISES.search(line := source[start:end]) and not comment_mark(line) and not _BLOCK_COMMENT.match(line)
    )
    return ((start, _closed_end(source, start, end)) for start, end in itertools.islice(found, _MOST))


def default_of(source: str, function: Function, parameter: str) -> tuple[int, int] | None:
    """Where the signature gives a parameter its default: the span of the lines; None where it gives none."""
    set_by = r"\??\s*(?::[^=,()]*(?:\([^()]*\))?)?=(?![=>])\s*"
    signature = source[function.start : function.head].rstrip()
    if signature.startswith("def ") and signature.endswith(")"):  # Ruby has a colon there, as others before types
        set_by += r"|:[ \t]+"
    pattern = re.compile(rf"(?<![\w.]){re.escape(parameter)}(?:{set_by})[^\s,)]")
    found = pattern.search(source, function.start, function.head)
    return (_line_start(source, found.start()), _line_end(source, found.end() - 1)) if found else None


def assignments(source: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name is given a value that is written out: spans of lines."""
    named = re.escape(name)
    pattern = re.compile(
        rf"^[ \t]*(?:#[ \t]*define[ \t]+{named}[ \t]+"
        rf"|(?:[\w<>\[\]*&:]+[ \t]+){{0,8}}[\"']?(?:[\w.]{{1,80}}\.)?{named}[\"']?"
        rf"[ \t]*(?::[^=\n]{{0,200}})?:?=(?!=)[ \t]*)\S",
        re.MULTILINE,
    )
    for found in itertools.islice(pattern.finditer(source), _MOST):
        line = source[found.start() : _line_end(source, found.start())]
        if not _NOT_DEFINING.match(line) and not comment_mark(line):
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            yield start, _closed_end(source, start, _line_end(source, start))


def _signature_end(source: str, start: int) -> int:
    """The end of the line on which the brackets of a signature are closed; 0 where it declares alone."""
    end = _closed_end(source, start, _line_end(source, start), braces=False)
    text = source[start:end].rstrip()
    below = source[end : end + 200].lstrip()
    if "=>" in text:
        return end
    opens = _BY_KEYWORD.match(text) or "{" in text or below.startswith("{")
    return end if opens and not text.endswith(";") else 0


def _closed_end(source: str, start: int, end: int, *, braces: bool = True) -> int:
    """The end of the line on which all brackets are closed that are opened from a start on; else the end given."""
    openers, closers = ("([{", ")]}") if braces else ("([", ")]")
    depth = 0
    for at in range(start, min(len(source), start + _LONGEST)):
        character = source[at]
        if character == "\n" and at >= end and depth <= 0:
            return at
        depth += (character in openers) - (character in closers)
    return len(source) if depth <= 0 and len(source) <= start + _LONGEST else end


def _body_end(source: str, start: int, head: int) -> int:
    """Where a body ends: before the next line that is indented no deeper than the signature and closes no bracket."""
    own = _indent(source[start : _line_end(source, start)])
    end = head
    for first, last in _lines(source, head, len(source)):
        line = source[first:last]
        if not line.strip():
            continue
        if _indent(line) <= own:
            if line.lstrip()[:1] in "})]" or line.strip() == "end":
                return last
            if line.strip() != "{":
                return end
        end = last
    return end


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _lines(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = min(_line_end(source, at), end)
        yield at, stop
        at = stop + 1


def _line_start(source: str, at: int) -> int:
    return source.rfind("\n", 0, at) + 1


def _line_end(source: str, at: int) -> int:
    found = source.find("\n", at)
    return found if found >= 0 else len(source)
