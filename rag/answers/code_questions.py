"""Questions about source code: which error a function raises, the default of a parameter, the value of a constant.

They are answered with the lines of the code that say it, a line in a function after the function's signature. What a
comment says of another function is no answer. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answers.relevance import says_every_word
from rag.evidence import EvidencePool, quote_of
from rag.text import (
    STOPWORDS,
    Function,
    assignments,
    content_stems,
    default_of,
    ends_a_sentence,
    functions,
    raising_lines,
    stems,
)
from rag.types import Chunk, Verdict

_ERRORS = re.compile(r"\b(?:exceptions?|errors?)\b", re.IGNORECASE)
_RAISING = re.compile(r"\b(?:raise[sd]?|throw[sn]?|panics?|returns?|returned)\b", re.IGNORECASE)
_CERTAIN = re.compile(r"\b(?:raises?|throws?|thrown|raised)\b", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefaults?\b", re.IGNORECASE)
_VALUE = re.compile(
    r"^\W*(?:what(?:'s| is| are| was)?|which|to what|how (?:many|much|long|large|big|high))\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*")
_OF_CODE = re.compile(r"\w_\w|_\w|[a-z][A-Z]|^[A-Z][A-Z0-9]{2,}$")
_ASKING = frozenset(
    stems(
        "value constant set variable setting equal hold held contain default number defined definition defines code "
        "have has file module function method class what which"
    )
)
_NO_NAMES = STOPWORDS | frozenset(
    "exception exceptions error errors raise raises raised throw throws thrown panic panics return returns returned "
    "default defaults value parameter argument function method class constant".split()
)


@dataclass(frozen=True, slots=True)
class CodeFound:
    """The lines that answer, and whether the code has what is asked about, so that nothing else is an answer."""

    verdicts: tuple[Verdict, ...] = ()
    is_defined: bool = False


def code_answer(question: str, pool: EvidencePool) -> CodeFound:
    """What the code of the hits' pages says; nothing where the question is about no code, or names none of it."""
    names = [name for name in dict.fromkeys(_NAME.findall(question)) if name.lower() not in _NO_NAMES]
    pages = list(_pages(pool))
    if _DEFAULT.search(question) and (found := _defaults(names, pages)).is_defined:
        return found
    asks_for_errors = _RAISING.search(question) and (_ERRORS.search(question) or _CERTAIN.search(question))
    if asks_for_errors and (found := _errors(names, pages)).is_defined:
        return found
    if not _VALUE.match(question) or _is_told_in_prose(question, pool):
        return CodeFound()
    return _constants(question, names, pages, pool.language)


def _is_told_in_prose(question: str, pool: EvidencePool) -> bool:
    """Whether a sentence of a text, no code, has every word of the question: it has the unit as well."""
    return any(
        candidate.chunk.markdown and ends_a_sentence(candidate.text) and says_every_word(question, index, pool)
        for index, candidate in enumerate(pool.candidates)
    )


def _pages(pool: EvidencePool) -> Iterator[Chunk]:
    """The pages of the hits, each once and in their order."""
    seen = set[tuple[str, int]]()
    for chunk in (hit.chunk for hit in pool.hits):
        if (chunk.document_id, chunk.page) not in seen:
            seen.add((chunk.document_id, chunk.page))
            page = pool.documents.page(chunk, chunk.page) if pool.documents else None
            yield page or chunk


def _defined(names: list[str], pages: list[Chunk]) -> Iterator[tuple[Chunk, Function, str]]:
    """The functions that are named; of several of one name those whose class or file is named too, if any is."""
    for name in names:
        own = re.split(r"\.|::", name)[-1]
        found = [(page, function) for page in pages for function in functions(page.text, own)]
        others = {part for each in names for part in re.split(r"\.|::", each)} - {own}
        owned = [(page, each) for page, each in found if _owner_of(page, each) & others]
        yield from ((page, function, name) for page, function in owned or found)


def _owner_of(page: Chunk, function: Function) -> frozenset[str]:
    """The words of the file's name, and of the last line before a function that is indented less than it."""
    before = page.text[: function.start].split("\n")
    indent = len(before[-1].expandtabs(4))
    over = next((line for line in reversed(before[:-1]) if line.strip() and _indent(line) < indent), "")
    return frozenset(_NAME.findall(over)) | frozenset(_NAME.findall(page.filename))


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _errors(names: list[str], pages: list[Chunk]) -> CodeFound:
    found = list(_defined(names, pages))
    lines = [_told(page, function, span) for page, function, _ in found for span in raising_lines(page.text, function)]
    return CodeFound(tuple(lines), bool(found))


def _defaults(names: list[str], pages: list[Chunk]) -> CodeFound:
    """The defaults of the parameters that are named, of functions that are named."""
    found = list(_defined(names, pages))
    lines = [
        _told(page, function, span)
        for page, function, called in found
        for name in names
        if name != called and (span := default_of(page.text, function, name))
    ]
    return CodeFound(tuple(dict.fromkeys(lines)), bool(found))


def _told(page: Chunk, function: Function, span: tuple[int, int]) -> Verdict:
    """A line of a function, after the signature unless it is a part of that."""
    signature = page.text[function.start : function.head]
    start, end = span
    start += len(page.text[start:end]) - len(page.text[start:end].lstrip())
    if start < function.head:
        return _verdict(page, (function.start, function.head))
    return _verdict(page, (function.start, function.start + len(signature.rstrip())), (start, end))


def _constants(question: str, names: list[str], pages: list[Chunk], language: str) -> CodeFound:
    """The values of a name that only code has, if the question says nothing more than it and where it is."""
    of_code = [name for name in names if _OF_CODE.search(name)]
    if len(of_code) != 1:
        return CodeFound()
    own = re.split(r"\.|::", of_code[0])[-1]
    further = frozenset(content_stems(question.replace(of_code[0], " "), language)) - _ASKING
    found = [
        _verdict(page, span)
        for page in pages
        for span in assignments(page.text, own)
        if further <= frozenset(content_stems(f"{page.filename} {page.title} {_above(page, span)}", language))
    ]
    return CodeFound(tuple(dict.fromkeys(found)), bool(found))


def _above(page: Chunk, span: tuple[int, int]) -> str:
    """The line of a value, and the one over it."""
    return "\n".join(page.text[: span[1]].split("\n")[-2:])


def _verdict(page: Chunk, *spans: tuple[int, int]) -> Verdict:
    text = " … ".join(" ".join(page.text[start:end].split()) for start, end in spans)
    return Verdict(text, 1.0, supported=True, evidence=tuple(quote_of(page, *span) for span in spans))
