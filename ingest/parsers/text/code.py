"""Source code: the text unchanged; definitions become headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ingest.parsers.common import Heading, ParsedFile, receipt_of, require_text, split_pages
from ingest.parsers.text.encodings import declared_in, decode
from rag.types import Page

MEDIA_TYPE = "text/x-source"

EXTENSIONS = tuple(
    """.py .pyi .js .mjs .cjs .jsx .ts .mts .cts .tsx .java .kt .kts .scala .groovy .go .rs .c .h .cc .cpp .cxx .hh .hpp
    .hxx .m .mm .cs .fs .vb .swift .rb .php .pl .pm .lua .r .jl .dart .ex .exs .erl .hrl .clj .hs .ml .mli .elm .zig
    .nim .sh .bash .zsh .fish .ps1 .bat .cmd .sql .css .scss .sass .less .vue .svelte .proto .graphql .gql .thrift .tf
    .hcl .yaml .yml .toml .ini .cfg .conf .properties .xml .xsd .xsl .xslt .gradle .cmake .mk .diff .patch .po .pot
    .bib .vcf .env .editorconfig""".split()
)

_MOST_HEADINGS = 20_000
_LONGEST_LINE = 400
_TAB_COLUMNS = 4
_MODIFIERS = (
    r"(?:(?:export|default|declare|public|private|protected|internal|open|final|sealed|abstract|static|async|override|"
    r"virtual|partial|unsafe|extern|inline|constexpr|data|inner|suspend|readonly|local|pub(?:\([^)]*\))?|const|case|"
    r"implicit|lazy|mutating|fileprivate|actual|expect|operator|strictfp|synchronized)\s+)*"
)
_ARROW = re.compile(
    rf"(?P<indent>[ \t]*){_MODIFIERS}(?P<kind>const|let|var)\s+(?P<name>\w+)\s*(?::[^=]+)?=\s*(?:async\s*)?"
    r"(?:function\b|\([^)]*\)\s*(?::\s*[^=]+)?=>|\w+\s*=>)"
)
_METHOD = re.compile(
    r"(?P<indent>[ \t]+)(?:@\w+\s+)*(?:[\w<>\[\],.?&*:]+\s+)+[*&]?(?P<name>~?\w+)\s*\([^;{}]*\)\s*"
    r"(?:const\s*)?(?:throws\s[\w., ]+)?\{"
)
_FUNCTION = re.compile(r"(?P<indent>)[A-Za-z_][\w\s*&:<>,~\[\]]*?[\s*&](?P<name>~?[\w:~]+)\s*\([^;]*$")
_SHELL = re.compile(r"(?P<indent>[ \t]*)(?:function\s+)?(?P<name>[\w:-]+)\s*\(\)\s*\{?")
_SQL = re.compile(
    r"(?P<indent>[ \t]*)CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:TEMP|TEMPORARY|UNIQUE|MATERIALIZED)\s+)*"
    r"(?P<kind>TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER|INDEX|TYPE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[^\s(]+)",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?P<indent>)\[+(?P<name>[^\]\n]+)\]+\s*$")
_TOP_KEY = re.compile(r"(?P<indent>)(?P<name>[\w.-]+):(?=\s|$)")
_NOT_NAMES = frozenset("if for while switch catch return else do new throw sizeof typeof elif with and or not".split())


def _named(kinds: str) -> re.Pattern[str]:
    """Lines that begin with one of these words, after modifiers, and a name; Go's methods name their receiver first."""
    return re.compile(
        rf"(?P<indent>[ \t]*){_MODIFIERS}(?P<kind>{kinds})\s*(?:\s|\*|(?=\())\s*"
        r"(?P<name>(?:\([^)]*\)\s*)?[^\s({:;=,][^({:;=]*)"
    )


_C_TYPES = "class|struct|enum(?: class)?|union|namespace"
_FAMILIES: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...] = (
    (".py .pyi", (_named("class|def"),)),
    (".rb", (_named("class|module|def"),)),
    (".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte", (
        _named("class|interface|enum|namespace|type|function"), _ARROW)),
    (".java .cs .dart .groovy .gradle .vb", (_named("class|interface|enum|record|struct|namespace"), _METHOD)),
    (".kt .kts .scala", (_named("class|interface|object|trait|enum class|fun|def"),)),
    (".go", (_named("func|type"),)),
    (".rs .zig", (_named("fn|struct|enum|trait|impl(?:<[^>]*>)?|mod|union|macro_rules!"),)),
    (".c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm", (_named(_C_TYPES), _METHOD, _FUNCTION)),
    (".swift", (_named("class|struct|enum|protocol|extension|actor|func"),)),
    (".php", (_named("class|interface|trait|enum|namespace|function"),)),
    (".pl .pm", (_named("package|sub"),)),
    (".lua .jl .fish .ps1", (_named("function|struct|module|macro"),)),
    (".ex .exs", (_named("defmodule|defp?|defmacro"),)),
    (".hs .elm", (_named("module|data|newtype|type|class|instance"),)),
    (".proto .thrift .graphql .gql", (_named("message|service|rpc|enum|struct|type|interface|input|exception"),)),
    (".sh .bash .zsh", (_SHELL,)),
    (".sql", (_SQL,)),
    (".toml .ini .cfg .conf", (_SECTION,)),
    (".yaml .yml", (_TOP_KEY,)),
)  # fmt: skip
_PATTERNS = {extension: patterns for names, patterns in _FAMILIES for extension in names.split()}


class CodeParser:
    """Reads source code and configuration files."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The text with its lines, on one page unless it is very long, and its definitions as headings."""
        text, notes = decode(data, filename, declared_in(data))
        pages = split_pages(text.replace("\f", "\n"))
        require_text(pages, filename)
        extension = PurePath(filename).suffix.lower()
        headings = tuple(_headings(pages, _PATTERNS.get(extension, ())))
        title = PurePath(filename).name
        return ParsedFile(title, MEDIA_TYPE, pages, receipt_of("code", pages, notes), headings=headings)


def _headings(pages: Sequence[Page], patterns: Sequence[re.Pattern[str]]) -> Iterator[Heading]:
    """Definitions in reading order; one that is indented deeper than another before it is a part of that one."""
    above: list[int] = []  # the indents of the definitions that enclose the next one
    count = 0
    for page in pages:
        for start, line in _lines(page.text):
            found = _definition(line, patterns)
            if found is None:
                continue
            indent, title = found
            while above and above[-1] >= indent:
                above.pop()
            above.append(indent)
            yield Heading(page.number, start, len(above), title)
            count += 1
            if count == _MOST_HEADINGS:
                return


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if line and len(line) <= _LONGEST_LINE:
            yield start, line
        start += len(line) + 1


def _definition(line: str, patterns: Sequence[re.Pattern[str]]) -> tuple[int, str] | None:
    """The indent, in columns, and the title of the definition that a line begins."""
    for pattern in patterns:
        match = pattern.match(line)
        if match is None:
            continue
        groups = match.groupdict()
        name = " ".join(groups["name"].split())
        if not _NOT_NAMES.isdisjoint((name.split(" ", 1)[0], line.split(maxsplit=1)[0])):
            continue
        kind = groups.get("kind") or ""
        return len(match["indent"].expandtabs(_TAB_COLUMNS)), f"{kind} {name}".strip()
    return None
