"""Questions for one value of a table: `What was net income in the third quarter of 2022?`

Retrieval finds a few rows of a few tables, and rows are similar: the requested row is therefore searched for on all
pages of the documents found. The question must name the whole row label, and the rest of the question must occur above
the row. Only the columns of the requested period are shown, and what tells rows of one label apart. A period may stand
in a heading, in a cell of the row (`rag.answers.row_periods`), or over the table. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rag.answers.row_periods import RowPeriod, differing, period_of_cell, row_period
from rag.answers.table_questions import Kind, kind_of
from rag.evidence import DocumentTexts, EvidencePool, Row, quote_of, without_brackets
from rag.text import (
    TIMES,
    Period,
    Quarters,
    Subject,
    akin_stems,
    asked_periods,
    asked_subject,
    base,
    content_stems,
    fits,
    is_value,
    missing_from,
    plain,
    quantities,
    stem,
    stems,
    tokens,
    told_period,
    uniform,
    weighted_recall,
)
from rag.types import Chunk, Hit, Verdict

MOST_PAGES = 300
"""Pages that are looked through for one question, of all documents together."""
_MOST_SENTENCES = 4000
_ASKS = re.compile(
    r"\W*(?:and |so |please )*(?:what(?:['’]s| (?:[\w-]+ ){0,4}?(?:is|are|was|were|did|does|do|has|have|had))\b|"
    r"how (?:much|many|high|large|big)\b|(?:tell me|give me|state|show)\b)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    stems(
        "amount amounts figure figures value values number numbers much many high large big come came reach reached "
        "stand stood tell give show state please report reported reports company companies spend spent make made get "
        "got have had record recorded generate generated total totals period quarter year end ended during document "
        "documents table dollars need needed require required use used apply applied"
    )
)
_FILLERS = frozenset("total totals the a an of and or for in on to by at with".split())
_QUALIFIERS = frozenset(["net"])
_MARKS = re.compile(r"\s*(?:\(\d{1,2}\)|[®™])+(?=\s|$)")
_SPAN = re.compile(r"\b(?:\w+[ -]months?|year|quarter) ended\b[^|\n]*", re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\|[^\n]*")
_CAPTION_CHARACTERS, _COVER_CHARACTERS = 400, 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The cells found, and whether the row was found at all, if only for other periods."""

    verdicts: tuple[Verdict, ...] = ()
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question without its periods; the stems required at or above a row; its periods; its names."""

    text: str
    words: frozenset[str]
    periods: tuple[Period, ...]
    subject: Subject

    @property
    def numbers(self) -> frozenset[str]:
        """The whole numbers in the question."""
        return frozenset(word for word in tokens(self.text) if word.isdigit())

    @property
    def named(self) -> set[str]:
        return set(self.subject.names)


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row that the question names, in a pool of its page; its columns of values, and the period of each."""

    pool: EvidencePool
    index: int
    row: Row
    columns: dict[int, Period]
    is_qualified: bool
    is_of_section: bool
    covered: int

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Sort key: exact labels before those with `net`, without another section before with one, then most words
        of the question.
        """
        return self.is_qualified, self.is_of_section, -self.covered


def value_answer(question: str, pool: EvidencePool) -> Found:
    """The cells that a question asks for; none if it asks for no value, or no row is the one it names."""
    asked, documents = _asked(question, pool.language), pool.documents
    if asked is None or documents is None:
        return Found()
    left, found, named = MOST_PAGES, list[tuple[_Cells, frozenset[int]]](), False
    for chunk in {hit.chunk.document_id: hit.chunk for hit in pool.hits}.values():
        pages = list(_pages(chunk, documents, left))
        left -= len(pages)
        rows = list(_rows(asked, pages, pool.language))
        named = named or bool(rows)
        found += _of_period(asked, rows, pages)
    best = _best(found)
    if not _are_told_alone(kind_of(question), best):
        return Found()
    several = len({cells.pool.candidates[cells.index].chunk.document_id for cells, _ in best}) > 1
    return Found(tuple(_told(asked, cells, columns, named=several) for cells, columns in best), named)


def _asked(question: str, language: str) -> _Asked | None:
    if not _ASKS.match(question):
        return None
    periods, rest = asked_periods(question)
    words = frozenset(content_stems(rest, language)) - _ASKING
    return _Asked(rest, words, periods, asked_subject(rest)) if words else None


def _pages(chunk: Chunk, documents: DocumentTexts, most: int) -> Iterator[Chunk]:
    """The pages of a document in order."""
    for number in range(1, most + 1):
        page = documents.page(chunk, number)
        if page is None:
            return
        yield page


def _rows(asked: _Asked, pages: Sequence[Chunk], language: str) -> Iterator[_Cells]:
    """The rows of a document's tables that are what is asked for, of whatever period."""
    document = _document(asked, pages, language)
    for page in pages:
        labels = {line[0].strip(" |").split("|")[0].strip() for line in _LINE.finditer(page.text)}
        if not any(
            _names(asked, label, language) or label in asked.numbers or _is_of_asked(asked, label) for label in labels
        ):
            continue
        pool = EvidencePool([Hit(page, {})], language=language, limit=_MOST_SENTENCES)
        for index in range(len(pool)):
            row = pool.row(index)
            if row is None or _is_another(asked, row, pool.over(index)):
                continue
            if _names(asked, row.label, language) or _numbers(asked, row) or _is_of_asked(asked, row.label):
                cells = _cells(asked, pool, index, row, document)
                if cells is not None:
                    yield cells


def _document(asked: _Asked, pages: Sequence[Chunk], language: str) -> frozenset[str]:
    """The words that a document's file name and title tell of all that it says, and the names on its cover."""
    if not pages:
        return frozenset()
    called = f"{re.sub(r'[_.-]', ' ', pages[0].filename)}\n{pages[0].title}"
    on_cover = asked.named - set(missing_from(asked.subject, f"{called}\n{pages[0].text[:_COVER_CHARACTERS]}"))
    return frozenset(content_stems(" ".join((called, *on_cover)), language))


def _names(asked: _Asked, label: str, language: str) -> bool:
    """Whether a question names what this is the label of: each of its words, but for brackets and `total`."""
    words = [word for word in tokens(without_brackets(label)) if word not in _FILLERS and not word.isdigit()]
    named = {stem(word, language) for word in words}
    return bool(named & asked.words) and named - _QUALIFIERS <= asked.words | set(stems(asked.text, language))


def _numbers(asked: _Asked, row: Row) -> bool:
    """Whether a question names a row by the name of its first column and its number: `step 1` under `Step`."""
    heads = {f"{head} {row.label}" for head in row.over.splitlines()} if row.label in asked.numbers else set[str]()
    return any(" ".join(tokens(head)) in " ".join(tokens(asked.text)) for head in heads if len(tokens(head)) > 1)


def _is_of_asked(asked: _Asked, label: str) -> bool:
    """Whether a label is nothing but a period that is asked for, or that period without its year: `July`."""
    told = period_of_cell(label) if asked.periods else None
    return told is not None and any(
        fits(period, told.within(Period(year=period.year)), Quarters()) for period in asked.periods
    )


def _is_another(asked: _Asked, row: Row, over: str) -> bool:
    """Whether a row is of another thing of the kind that is asked about: of lift A, of a minimum."""
    told = Subject.of(row.designated)
    return asked.subject.rivals(told) or asked.subject.without(told).rivals(Subject.of(over))


def _cells(asked: _Asked, pool: EvidencePool, index: int, row: Row, document: frozenset[str]) -> _Cells | None:
    """The row with its columns of values; None where the question says what nothing at the row, or over it, does."""
    language = pool.language
    columns = {at: head for at, head in enumerate(row.headings) if is_value(row.values[at])}
    if not columns:
        return None
    label = set(content_stems(row.label, language))
    section = set(content_stems(without_brackets(row.section), language))
    words = " ".join(value for at, value in enumerate(row.values) if at not in columns)
    at_row = label | section | set(content_stems(f"{' '.join(columns.values())} {words}", language))
    known = at_row | document
    other_section = bool(section - asked.words)
    if not other_section:
        known |= set(content_stems(f"{row.over}\n{_caption(pool, index)}", language))
    if not akin_stems(known).issuperset(map(base, asked.words)):
        return None
    in_columns = {at: asked.words & set(content_stems(head, language)) - label for at, head in columns.items()}
    most = max(map(len, in_columns.values()))
    if asks_for_empty_cell(asked.text, row, language):
        return None
    if not most and _is_of_asked(asked, row.label) and not any(told_period(head).is_told for head in columns.values()):
        return None
    periods = {at: told_period(columns[at], row.over) for at, words in in_columns.items() if len(words) == most}
    is_qualified = bool(label & _QUALIFIERS - asked.words)
    return _Cells(pool, index, row, periods, is_qualified, other_section, len(asked.words & at_row))


def asks_for_empty_cell(question: str, row: Row, language: str) -> bool:
    """Whether a question means a cell of a row that has no value, rather than any that has one."""
    wanted = content_stems(question, language)
    shares = [weighted_recall(wanted, set(content_stems(heading, language))) for heading in row.headings]
    empty = max((share for at, share in enumerate(shares) if row.is_empty(at)), default=0.0)
    return empty > max((share for at, share in enumerate(shares) if not row.is_empty(at)), default=0.0)


def _caption(pool: EvidencePool, index: int) -> str:
    """The paragraph before the table of a row, as far as it is near; empty if it tells a measure of its own."""
    candidate = pool.candidates[index]
    above = candidate.chunk.text[: candidate.start].rpartition("\n\n")[0].rpartition("\n\n")[2][-_CAPTION_CHARACTERS:]
    told = quantities(plain(uniform(above), counts_one=False))
    return "" if any(each.unit and each.unit not in TIMES for each in told) else above


def _of_period(
    asked: _Asked, rows: Sequence[_Cells], pages: Sequence[Chunk]
) -> Iterator[tuple[_Cells, frozenset[int]]]:
    """The rows that have columns of the period asked for, with these columns; without one, those that tell periods."""
    apart = differing(each.row for each in rows)
    if not asked.periods:
        dated = [each for each in rows if any(period.is_told for period in each.columns.values())] or rows
        yield from ((each, apart[each.row.label, each.row.headings].union(each.columns)) for each in dated)
        return
    columns = chain.from_iterable(each.columns.values() for each in rows)
    quarters = Quarters.of(pages[0].filename, (page.text for page in pages), columns) if rows else Quarters()
    for each in rows:
        differs = apart[each.row.label, each.row.headings]
        of_row = _dated(row_period(each.row, differs), each)
        of_period = frozenset(
            at
            for at, column in each.columns.items()
            if any(fits(period, of_row.of_column(column), quarters) for period in asked.periods)
        )
        if not of_period and not of_row.told_at and _is_wholly_of(asked.periods, each):
            of_period = frozenset(each.columns)
        if of_period:
            yield each, of_period | of_row.told_at | differs


def _dated(of_row: RowPeriod, cells: _Cells) -> RowPeriod:
    """The period of a row with the year that stands near its table, where its cells tell none."""
    if not of_row.period.is_told or of_row.period.year is not None:
        return of_row
    return replace(of_row, period=replace(of_row.period, year=_year_near(cells)))


def _is_wholly_of(asked: Sequence[Period], cells: _Cells) -> bool:
    """Whether what stands over a table, or its document's name, says the year for all columns, which say no period."""
    headings = [cells.row.headings[at] for at in cells.columns]
    if len(set(headings)) < len(headings) or any(period.is_told for period in cells.columns.values()):
        return False
    year = _year_near(cells)
    return year is not None and Period(year=year) in asked


def _year_near(cells: _Cells) -> int | None:
    """The one year that what stands over a table, or else its document's name, says; None without one."""
    chunk = cells.pool.candidates[cells.index].chunk
    near = (cells.row.over, _caption(cells.pool, cells.index), chunk.title, re.sub(r"[_.-]", " ", chunk.filename))
    said = next((told for told in (asked_periods(text)[0] for text in near) if told), ())
    years = {period.year for period in said}
    return years.pop() if len(years) == 1 else None


def _best(found: Sequence[tuple[_Cells, frozenset[int]]]) -> list[tuple[_Cells, frozenset[int]]]:
    """The rows that are most nearly what is asked for, each figure once."""
    least = min((each.rank for each, _ in found), default=None)
    kept: dict[tuple[str, frozenset[str]], tuple[_Cells, frozenset[int]]] = {}
    for cells, columns in found:
        values = frozenset(value for at in columns for value in tokens(cells.row.values[at]))
        document = cells.pool.candidates[cells.index].chunk.document_id
        told = any(of == document and (values <= other or other <= values) for of, other in kept)
        if cells.rank == least and not told:
            kept[document, values] = (cells, columns)
    return list(kept.values())


def _are_told_alone(kind: Kind | None, best: Sequence[tuple[_Cells, frozenset[int]]]) -> bool:
    """Whether rows answer by themselves: a question about many rows has no answer in one, unless that sums them up.

    A count or a total may stand in a cell, if one row of a document has it.
    """
    if kind is None or all(kind_of(cells.row.label) == kind for cells, _ in best):
        return True
    documents = [cells.pool.candidates[cells.index].chunk.document_id for cells, _ in best]
    return kind in ("sum", "count") and len(set(documents)) == len(documents)


def _told(asked: _Asked, cells: _Cells, columns: frozenset[int], *, named: bool) -> Verdict:
    """The cells as a person tells them, with the span and the caption that stand over the table alone."""
    pool, row, candidate = cells.pool, cells.row, cells.pool.candidates[cells.index]
    columns |= _named_at(asked, cells)
    caption = _caption(pool, cells.index)
    label = row.designated.partition(". ")[0] if row.designated != row.spoken else _MARKS.sub("", row.label)
    row = replace(row, label=label, headings=_spanned(row))
    text = row.told(f"{pool.over(cells.index)}\n{caption}", columns)
    evidence = pool.own_words(cells.index, columns).evidence
    said = set(content_stems(f"{text}\n{row.section}\n{' '.join(asked.subject.names)}", pool.language))
    if asked.words & set(content_stems(caption, pool.language)) - said:
        text = f"{text} (“{' '.join(caption.split()).rstrip(':')}”)"
        start = candidate.chunk.text.rindex(caption, 0, candidate.start)
        evidence = (*evidence, quote_of(candidate.chunk, start, start + len(caption)))
    if named:
        text = f"{text} ({candidate.chunk.filename})"
    return Verdict(text, 1.0, supported=True, evidence=evidence)


def _named_at(asked: _Asked, cells: _Cells) -> frozenset[int]:
    """The positions of the words of a row that a question names beside its label."""
    words = {at: value for at, value in enumerate(cells.row.values) if not is_value(value)}
    return frozenset(at for at, said in words.items() if asked.words & set(content_stems(said, cells.pool.language)))


def _spanned(row: Row) -> tuple[str, ...]:
    """The headings of a row, with the span of time that stands over all of them: `Three Months Ended June 30, 2022`."""
    spans = list(dict.fromkeys(match[0].strip() for match in _SPAN.finditer(row.over)))
    if len(spans) != 1:
        return row.headings
    dated = {at for at, head in enumerate(row.headings) if (told := told_period(head)).year and not told.months}
    return tuple(f"{spans[0]} {head}" if at in dated else head for at, head in enumerate(row.headings))
