"""The parts of Office files: packages, XML, formulas, charts, number formats."""

from ingest.parsers.ooxml.alternatives import choose_alternatives
from ingest.parsers.ooxml.charts import Chart, read_chart, read_diagram
from ingest.parsers.ooxml.descriptions import description_of
from ingest.parsers.ooxml.formulas import formula_text
from ingest.parsers.ooxml.numbers import format_number, format_value
from ingest.parsers.ooxml.numerals import numeral
from ingest.parsers.ooxml.package import DAMAGE, Package, Relation, in_usual_form
from ingest.parsers.ooxml.runs import Place, Run, written
from ingest.parsers.ooxml.ticks import NOT_TICKED, TICKED, plain_ticks
from ingest.parsers.ooxml.xml import (
    NAMESPACES,
    Element,
    attribute,
    child,
    descendants,
    full,
    is_on,
    make,
    markup_of,
    parse,
    replace_by,
    short,
    stream,
    to_bytes,
    unwrap,
    value,
    words_of,
)

__all__ = [
    "DAMAGE",
    "NAMESPACES",
    "NOT_TICKED",
    "TICKED",
    "Chart",
    "Element",
    "Package",
    "Place",
    "Relation",
    "Run",
    "attribute",
    "child",
    "choose_alternatives",
    "descendants",
    "description_of",
    "format_number",
    "format_value",
    "formula_text",
    "full",
    "in_usual_form",
    "is_on",
    "make",
    "markup_of",
    "numeral",
    "parse",
    "plain_ticks",
    "read_chart",
    "read_diagram",
    "replace_by",
    "short",
    "stream",
    "to_bytes",
    "unwrap",
    "value",
    "words_of",
    "written",
]
