"""What the words of a text say, without a model: sentences, stems, names, quantities, clauses, languages."""

from rag.text.asked_facts import AskedFact, asked_fact
from rag.text.asking import explained_terms, require_words
from rag.text.changes import FALLS, RISES, degree_of, direction_of
from rag.text.clauses import clauses, cuts, independent_clauses, is_sentence
from rag.text.comments import without_comment_marks
from rag.text.dates import PartialDate, plain, take_dates
from rag.text.definitions import Function, assignments, default_of, functions, raising_lines
from rag.text.dictionary import DICTIONARIES, Dictionary, dictionary, is_word
from rag.text.headings import QUOTED_HEADING, ends_a_sentence, is_heading
from rag.text.kept_lines import are_lines
from rag.text.languages import SPOKEN, detect_language, languages_asked, languages_of, spoken_language
from rag.text.lead_ins import bare_item, is_item, is_lead_in, item_of, together, with_lead_in
from rag.text.lexicon import Lexicon, is_foreign, lexicon, may_be_in, plain_words, words_as_written
from rag.text.line_items import abbreviations_in, with_line_items
from rag.text.lines import are_own_lines, goes_on
from rag.text.measures import Measure, lines_of_measures, measures_in, names_of_measures
from rag.text.modifiers import AskedThing, Kinds
from rag.text.names import Mentions, has_identifier, has_name, is_initials, mentions, names, take_identifiers, uniform
from rag.text.negation import direction_differs, negation_differs, negations_in
from rag.text.notation import plain_notation
from rag.text.period_wording import with_prior_periods, with_years_between, with_years_of_change
from rag.text.periods import Period, Quarters, asked_periods, fits, period_mentions, told_period
from rag.text.phrases import AUXILIARY, WH, WORD, Phrase, phrases, pointers, telling
from rag.text.printed_numbers import digits_of, numbers_in, numbers_of
from rag.text.pronouns import POINTS_BACK, resolved
from rag.text.quantities import (
    TIMES,
    Lent,
    Quantity,
    bounds_of_headings,
    currency_codes,
    currency_of,
    declared_scale,
    declared_units,
    digits_for_words,
    is_currency,
    is_year,
    quantities,
    same_size,
    scales,
    supports,
    units_in,
    with_scale_in_words,
    word_of_scale,
)
from rag.text.sentences import SentenceStream, Span, split
from rag.text.subjects import CALENDAR, Subject, asked_subject, missing_from
from rag.text.table_rows import BAR, cells_in, goes_on_with_header, has_values, is_blank, is_rule, is_value
from rag.text.terms import terms
from rag.text.traces import is_frame
from rag.text.verbs import akin_stems, base
from rag.text.words import (
    COMMON_WORDS_FILE,
    STOPWORDS,
    content_stems,
    fold,
    is_common,
    stem,
    stems,
    tokens,
    weight,
    weighted_recall,
)

__all__ = [
    "AUXILIARY",
    "BAR",
    "CALENDAR",
    "COMMON_WORDS_FILE",
    "DICTIONARIES",
    "FALLS",
    "POINTS_BACK",
    "QUOTED_HEADING",
    "RISES",
    "SPOKEN",
    "STOPWORDS",
    "TIMES",
    "WH",
    "WORD",
    "AskedFact",
    "AskedThing",
    "Dictionary",
    "Function",
    "Kinds",
    "Lent",
    "Lexicon",
    "Measure",
    "Mentions",
    "PartialDate",
    "Period",
    "Phrase",
    "Quantity",
    "Quarters",
    "SentenceStream",
    "Span",
    "Subject",
    "abbreviations_in",
    "akin_stems",
    "are_lines",
    "are_own_lines",
    "asked_fact",
    "asked_periods",
    "asked_subject",
    "assignments",
    "bare_item",
    "base",
    "bounds_of_headings",
    "cells_in",
    "clauses",
    "content_stems",
    "currency_codes",
    "currency_of",
    "cuts",
    "declared_scale",
    "declared_units",
    "default_of",
    "degree_of",
    "detect_language",
    "dictionary",
    "digits_for_words",
    "digits_of",
    "direction_differs",
    "direction_of",
    "ends_a_sentence",
    "explained_terms",
    "fits",
    "fold",
    "functions",
    "goes_on",
    "goes_on_with_header",
    "has_identifier",
    "has_name",
    "has_values",
    "independent_clauses",
    "is_blank",
    "is_common",
    "is_currency",
    "is_foreign",
    "is_frame",
    "is_heading",
    "is_initials",
    "is_item",
    "is_lead_in",
    "is_rule",
    "is_sentence",
    "is_value",
    "is_word",
    "is_year",
    "item_of",
    "languages_asked",
    "languages_of",
    "lexicon",
    "lines_of_measures",
    "may_be_in",
    "measures_in",
    "mentions",
    "missing_from",
    "names",
    "names_of_measures",
    "negation_differs",
    "negations_in",
    "numbers_in",
    "numbers_of",
    "period_mentions",
    "phrases",
    "plain",
    "plain_notation",
    "plain_words",
    "pointers",
    "quantities",
    "raising_lines",
    "require_words",
    "resolved",
    "same_size",
    "scales",
    "split",
    "spoken_language",
    "stem",
    "stems",
    "supports",
    "take_dates",
    "take_identifiers",
    "telling",
    "terms",
    "together",
    "tokens",
    "told_period",
    "uniform",
    "units_in",
    "weight",
    "weighted_recall",
    "with_lead_in",
    "with_line_items",
    "with_prior_periods",
    "with_scale_in_words",
    "with_years_between",
    "with_years_of_change",
    "without_comment_marks",
    "word_of_scale",
    "words_as_written",
]
