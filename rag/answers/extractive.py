"""Answers without a language model: the documents' own sentences, selected and put in a readable order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answers.code_questions import code_answer
from rag.answers.field_questions import field_answer
from rag.answers.list_questions import asks_for_several, list_answer
from rag.answers.notes import OPEN_TABLE, more_note
from rag.answers.own_language import answering
from rag.answers.relevance import Relevance, says_every_word
from rag.answers.subject import AskedSubject, heading_over
from rag.answers.table_questions import (
    MOST_LISTED,
    Kind,
    Selection,
    is_of_other_things,
    is_understood,
    kind_of,
    named_rows,
    names_column,
    selects_by_column,
)
from rag.answers.table_questions import answer as table_answer
from rag.answers.value_questions import asks_for_empty_cell, value_answer
from rag.evidence import Candidate, EvidencePool, Joined, PageBreaks, Table
from rag.questions import is_unclear
from rag.safety import inert
from rag.text import QUOTED_HEADING, Lexicon, content_stems, is_value, lexicon, spoken_language, weighted_recall
from rag.types import FloatArray, Verdict

NOT_ANSWERED = "no passage found answers the question"
EMPTY_CELL = "the table has no value where the question asks for one"
ANOTHER_THING = "the passages found are about another thing than the question asks about"
UNCLEAR = "the question does not say which person it is about; ask again with the name"
NOT_COMPUTED = "the answer would have to be worked out over many rows of a table, and that was not possible"
OTHER_PERIODS = "the tables found tell this for other periods than the question asks about"
NOT_WHOLE = "the answer would have to be worked out over a table of which it is not known where it ends"
NO_SUCH_ROW = "no row of the table meets the conditions of the question"
_FEWEST_ROWS = 2
_CLOSE_TO_BEST = 0.92
_CLOSE_TO_OTHERS = 0.9  # the best sentence about the thing asked for, beside the best about any


@dataclass(frozen=True, slots=True)
class Extract:
    """Sentences of the documents that answer, with a note, or the reason why there are none."""

    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str | None = None


class ExtractiveAnswerer:
    """Selects the sentences of a pool that answer a question best.

    A question counts as answerable if the mean of three numbers, each 0..1, reaches `threshold`: the relevance of the
    best sentence, the share of the question's words in the chunk around it, and the cosine of the question and the
    nearest hit. The threshold was chosen on the first half of ClapNQ (docs/research/answers.md). A sentence about
    another subject than the question (`rag.answers.subject`) is not an answer. A question about many rows of a table is
    answered over all of them (`rag.answers.table_questions`). At most `limit` sentences are shown, MOST_LISTED if all
    are asked for or each is a part of the answer, such as a total; where there are more, a note says how many.
    """

    def __init__(self, *, threshold: float, limit: int = 4) -> None:
        self._threshold = threshold
        self._limit = limit

    def answer(self, questions: Sequence[str], pool: EvidencePool, *, language: str = "en") -> Extract:
        """Verbatim sentences as verdicts, each with its own quote; none if none of the questions is answerable.

        `language` is that of the questions and of the pool, as far as it is known.
        """
        words = lexicon(language)
        return _joined(
            [
                self._part(part, pool) if words is None else self._in_its_language(part, pool, words)
                for part in questions
            ]
        )

    def _in_its_language(self, part: str, pool: EvidencePool, words: Lexicon) -> Extract:
        """The answer to a question in the language of its hits, another one than English."""
        found = _without_repeats(_unquoted_first(answering(part, pool, words), pool), pool)
        if not found:
            return Extract(reason=NOT_ANSWERED)
        shown = found[: self._limit]
        return Extract(tuple(_told(shown, part, pool)), more_note(len(found) - len(shown)))

    def certain(self, questions: Sequence[str], pool: EvidencePool) -> Extract:
        """The answer from code, a cell, over a whole table, or in sentences with every word of a question; else empty.

        These answer a question even if the hits do not look like an answer.
        """
        return _joined([self._certain(part, pool) for part in questions])

    def _certain(self, part: str, pool: EvidencePool) -> Extract:
        if pool.language == "en" and is_unclear(part):
            return Extract()
        found, is_named = self._of_parts(part, [], pool)
        if found is not None:
            return found
        relevance, asked = Relevance(part, pool), AskedSubject(part, pool)
        whole = [i for i in relevance.order if relevance.says_all(i) and asked.passes(i)]
        if is_named or not relevance.is_specific or not whole or kind_of(part) not in (None, "count"):
            return Extract()
        return self._of_sentences(part, whole, relevance, pool)

    def in_own_words(self, drafted: Iterable[Verdict], question: str, pool: EvidencePool) -> list[Verdict]:
        """The documents' own sentences in place of unsupported ones: for each, the nearest quote that answers.

        The quote must reach the same threshold as an answer without a language model. The nearest is relevant to the
        question and shares words with the draft.
        """
        relevance, asked = Relevance(question, pool), AskedSubject(question, pool)
        chosen: list[int] = []
        for verdict in drafted:
            said = content_stems(verdict.checked_as or verdict.text, pool.language)
            near = {
                index: float(relevance.scores[index]) + weighted_recall(said, pool.content[index])
                for index in pool.within(verdict.evidence)
                if relevance.scores[index] > 0
                and relevance.answerability(index) >= self._threshold
                and asked.passes(index)
            }
            chosen.extend(sorted(near, key=lambda index: -near[index])[:1])
        if chosen and (whole := over_whole_table(question, chosen[0], pool)) is not None:
            return list(whole.verdicts)
        distinct = _without_repeats(list(dict.fromkeys(chosen)), pool)[: self._limit]
        return _told(distinct, question, pool)

    def _part(self, part: str, pool: EvidencePool) -> Extract:
        if pool.language == "en" and is_unclear(part):
            return Extract(reason=UNCLEAR)
        relevance = Relevance(part, pool)
        order = relevance.order
        found, is_named = self._of_parts(part, order, pool)
        if found is not None:
            return found
        if not is_named:
            return self._of_sentences(part, order, relevance, pool)
        told = [index for index in order if says_every_word(part, index, pool)]
        return self._of_sentences(part, told, relevance, pool) if told else Extract(reason=OTHER_PERIODS)

    def _of_parts(self, part: str, order: Sequence[int], pool: EvidencePool) -> tuple[Extract | None, bool]:
        """What code and tables answer, and whether one has the row that is asked for, if only for other periods."""
        if spoken_language(part, pool.language) != "en":
            return None, False
        code = code_answer(part, pool)
        if code.is_defined:
            return _cut_to(self._limit, code.verdicts) if code.verdicts else Extract(reason=NOT_ANSWERED), True
        if (computed := over_understood_tables(part, order, pool)) is not None:
            return computed, True
        value = value_answer(part, pool)
        if cells := value.verdicts or tuple(field_answer(part, pool)):
            return _cut_to(self._limit, cells), True
        if items := list_answer(part, pool):
            return _cut_to(MOST_LISTED, items), True
        several = asks_for_several(part) and not value.is_named
        rows = over_understood_tables(part, order, pool, "list") if several else None
        return rows if rows is not None and rows.verdicts else None, value.is_named

    def _of_sentences(self, part: str, order: Sequence[int], relevance: Relevance, pool: EvidencePool) -> Extract:
        asked, scores = AskedSubject(part, pool), relevance.scores
        whole = [i for i in order if relevance.says_all(i) and asked.passes(i)]
        found = bool(whole and relevance.is_specific) or (
            bool(order) and relevance.answerability(order[0]) >= self._threshold
        )
        row = pool.row(order[0]) if order else None
        empty = row is not None and asks_for_empty_cell(part, row, pool.language)
        if empty or not found:
            return Extract(reason=EMPTY_CELL if empty else _with_names(NOT_ANSWERED, asked))
        close = [i for i in order if scores[i] >= _CLOSE_TO_OTHERS * scores[order[0]] and asked.passes(i)]
        close = _unquoted_first(whole if whole and kind_of(part) is None else close, pool)
        if not close:
            return Extract(reason=_with_names(ANOTHER_THING, asked))
        computed = over_whole_table(part, close[0], pool)
        if computed is not None:
            return computed
        if _is_of_more_rows(part, close[0], pool):
            return Extract(reason=NOT_WHOLE)
        best = [i for i in close if scores[i] >= _CLOSE_TO_BEST * scores[close[0]]]
        if kind_of(part) == "list":
            best = _with_sections(best, part, scores, pool)
        distinct = _without_repeats(best, pool)
        kind = kind_of(part)
        if _is_of_some_rows(kind, part, distinct, pool):
            return Extract(reason=NOT_COMPUTED)
        needs_all = kind in ("list", "count", "sum", "mean")
        shown = distinct[: MOST_LISTED if needs_all else self._limit]
        opened = _open_note(shown, pool) if kind in ("list", "count") else ()
        notes = (*opened, *more_note(len(distinct) - len(shown))) if kind is not None else ()
        return Extract(tuple(_told(shown, part, pool)), notes)


def _is_of_more_rows(question: str, best: int, pool: EvidencePool) -> bool:
    """Whether a question is about many rows of a table of which the best candidate is one, and nobody knows the rest.

    An average or a largest that the table itself tells is a fact like others.
    """
    kind, row = _kind_of(question, pool), pool.row(best)
    if kind not in ("mean", "largest", "smallest", "sum") or row is None or pool.table(best) is not None:
        return False
    told = " ".join((row.label, row.over, *row.headings))
    same = sum(each is not None and each.label == row.label for each in map(pool.row, range(len(pool))))
    return kind_of(told) != kind and (kind != "sum" or same > 1)


def _is_of_some_rows(kind: Kind | None, question: str, shown: Sequence[int], pool: EvidencePool) -> bool:
    """Whether several rows would be told in place of what is to be worked out or selected of them."""
    rows = [row for row in map(pool.row, shown) if row is not None]
    if len(rows) < _FEWEST_ROWS or kind in (None, "count"):
        return False
    return kind != "list" or selects_by_column(question, {each for row in rows for each in row.headings})


def _open_note(shown: Sequence[int], pool: EvidencePool) -> tuple[str, ...]:
    """That there may be more rows where some of the candidates are rows of a table of which not all are known."""
    return (OPEN_TABLE,) if any(pool.row(each) is not None and pool.table(each) is None for each in shown) else ()


def _cut_to(most: int, verdicts: Sequence[Verdict]) -> Extract:
    return Extract(tuple(verdicts[:most]), more_note(len(verdicts) - most))


def _joined(found: Sequence[Extract]) -> Extract:
    verdicts = {verdict.text: verdict for each in found for verdict in each.verdicts}
    notes = dict.fromkeys(note for each in found for note in each.notes)
    reason = None if verdicts else next((each.reason for each in found if each.reason), NOT_ANSWERED)
    return Extract(tuple(verdicts.values()), tuple(notes), reason)


def over_whole_table(question: str, best: int, pool: EvidencePool) -> Extract | None:
    """The answer to a question about many rows of the table of the best candidate; None for any other question.

    If the answer cannot be computed, the question is refused: a part of the rows is not an answer.
    """
    kind, row = _kind_of(question, pool), pool.row(best)
    if kind is None or row is None or kind_of(row.label) is not None:
        return None
    table = pool.table(best)
    return _computed(kind, question, named_rows(question, table)) if table is not None and table.rows else None


def over_understood_tables(
    question: str, order: Sequence[int], pool: EvidencePool, otherwise: Kind | None = None
) -> Extract | None:
    """The answer over each table among the candidates that has all words of a question about many rows; else None.

    Such a table answers the question at any rank. If several do, each is named with its file. `otherwise` is the kind
    of a question that is of none by its words.
    """
    kind = _kind_of(question, pool) or otherwise
    tables = list(_tables(order, pool)) if kind is not None else []
    chosen = [each for each in (named_rows(question, table) for table in tables) if is_understood(each)]
    answers = [(each, _computed(kind, question, each)) for each in chosen if kind is not None]
    told = [(each, found) for each, found in answers if found is not None and found.verdicts]
    told = [(each, found) for each, found in told if names_column(question, each)] or told
    if len(told) < 2:  # noqa: PLR2004
        return told[0][1] if told else next((found for _, found in answers if found is not None), None)
    verdicts = [
        replace(verdict, text=f"{verdict.text} ({each.table.rows[0].page.filename})")
        for each, found in told
        for verdict in found.verdicts
    ]
    notes = tuple(dict.fromkeys(note for _, found in told for note in found.notes))
    return Extract(tuple(verdicts), notes)


def _kind_of(question: str, pool: EvidencePool) -> Kind | None:
    return kind_of(question) if spoken_language(question, pool.language) == "en" else None


def _tables(order: Sequence[int], pool: EvidencePool) -> Iterator[Table]:
    """The whole tables that candidates stand in, each once, in the order of the candidates."""
    seen = set[tuple[str, int, int]]()
    for index in dict.fromkeys((*order, *range(len(pool)))):
        candidate, row = pool.candidates[index], pool.row(index)
        place = (candidate.chunk.document_id, candidate.chunk.page, candidate.chunk.start + candidate.start)
        if row is None or place in seen:
            continue
        table = pool.table(index)
        if table is not None and table.rows:
            seen |= {(each.page.document_id, each.page.page, each.start) for each in table.rows}
            yield table


def _computed(kind: Kind, question: str, chosen: Selection) -> Extract | None:
    conditions = chosen.conditions
    limited = bool(conditions.found) or conditions.leaves_out
    if is_of_other_things(kind, question, chosen) or (not limited and len(chosen.rows) < _FEWEST_ROWS):
        return None
    if not is_understood(chosen):
        return Extract(reason=NOT_COMPUTED) if limited or (chosen.by and kind != "list") else None
    if not chosen.rows:
        return Extract(reason=NO_SUCH_ROW)
    selects = not limited and not chosen.by and selects_by_column(question, chosen.table.headings)
    verdicts = [] if kind == "list" and selects else table_answer(kind, question, chosen)
    if not verdicts:
        return Extract(reason=NOT_COMPUTED)
    return Extract(tuple(verdicts[:MOST_LISTED]), more_note(len(verdicts) - MOST_LISTED))


def _told(chosen: Sequence[int], question: str, pool: EvidencePool) -> list[Verdict]:
    """Candidates in a readable order, each in its own words; of rows, the columns that are asked for."""
    breaks = PageBreaks(pool)
    return [_own_words(index, question, pool, breaks.joined(index)) for index in _readable(chosen, pool)]


def _own_words(index: int, question: str, pool: EvidencePool, whole: Joined | None) -> Verdict:
    if whole is None:
        return pool.own_words(index, asked_columns(question, index, pool))
    return Verdict(inert(whole.text), 1.0, supported=True, evidence=whole.quotes)


def asked_columns(question: str, index: int, pool: EvidencePool) -> frozenset[int] | None:
    """The columns of figures whose headings have most of the question's words, and all columns of words.

    None, for all columns, if no heading above a figure has a number of the question, such as a year: words select
    wrongly.
    """
    row = pool.row(index)
    if row is None:
        return None
    wanted = content_stems(question, pool.language)
    shares = {
        at: weighted_recall(wanted, set(content_stems(heading, pool.language)))
        for at, (heading, value) in enumerate(zip(row.headings, row.values, strict=True))
        if is_value(value)
    }
    best = max(shares.values(), default=0.0)
    numbers = {each for each in wanted if any(map(str.isdigit, each))}
    if not any(numbers & set(content_stems(row.headings[at], pool.language)) for at in shares if shares[at] == best):
        return None
    return frozenset(at for at in range(len(row.values)) if shares.get(at, best) == best)


def _with_names(reason: str, asked: AskedSubject) -> str:
    names = asked.named_nowhere()
    return f"{reason}; none of them speaks of {' or '.join(names)}" if names else reason


def _unquoted_first(close: Sequence[int], pool: EvidencePool) -> list[int]:
    """Without the words that a message quotes of earlier ones, where it answers in its own."""
    quoted = {index for index in close if _is_quoted(pool.candidates[index])}
    own = {pool.candidates[index].chunk.document_id for index in close if index not in quoted}
    return [index for index in close if index not in quoted or pool.candidates[index].chunk.document_id not in own]


def _is_quoted(candidate: Candidate) -> bool:
    """Whether the nearest heading over a candidate is that of a quotation in a message."""
    return heading_over(candidate).startswith(QUOTED_HEADING)


def _with_sections(best: Sequence[int], part: str, scores: FloatArray, pool: EvidencePool) -> list[int]:
    """With every sentence of the sections that a question names by their heading, and that some of the best are of."""
    asked = set(content_stems(part, pool.language))
    sections = [(pool.candidates[i].chunk.document_id, heading_over(pool.candidates[i])) for i in range(len(pool))]
    named = {sections[i] for i in best if asked & set(content_stems(sections[i][1], pool.language))}
    others = [i for i in range(len(pool)) if sections[i] in named and scores[i] > 0]
    return list(dict.fromkeys([*best, *others]))


def _without_repeats(chosen: Sequence[int], pool: EvidencePool) -> list[int]:
    """Candidates whose words are not all in an earlier one; differing numbers make sentences differ."""
    kept: list[int] = []
    for index in chosen:
        if not any(pool.content[index] <= pool.content[other] for other in kept):
            kept.append(index)
    return kept


def _readable(chosen: Sequence[int], pool: EvidencePool) -> list[int]:
    """Documents in the order of their best sentence, sentences of one document in its own order."""
    first_seen: dict[str, int] = {}
    for place, index in enumerate(chosen):
        first_seen.setdefault(pool.candidates[index].chunk.document_id, place)

    def place_of(index: int) -> tuple[int, int, int]:
        candidate = pool.candidates[index]
        chunk = candidate.chunk
        return first_seen[chunk.document_id], chunk.page, chunk.start + candidate.start

    return sorted(chosen, key=place_of)
