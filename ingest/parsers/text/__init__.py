"""Plain text, Markdown, JSON, notebooks, CSV and source code."""

from ingest.parsers.text.code import EXTENSIONS as CODE_EXTENSIONS
from ingest.parsers.text.code import CodeParser
from ingest.parsers.text.csv import CsvParser, looks_like_table
from ingest.parsers.text.encodings import decode, meant_encoding, wide_encoding, windows_controls
from ingest.parsers.text.front_matter import MARKS as FRONT_MATTER_MARKS
from ingest.parsers.text.front_matter import FrontMatter, split_front_matter
from ingest.parsers.text.json import JsonParser, looks_like_json
from ingest.parsers.text.markdown import MarkdownParser, markdown_title
from ingest.parsers.text.notebook import NotebookParser
from ingest.parsers.text.plain import TextParser
from ingest.parsers.text.quotes import Write, message_markdown, plain_text, unflowed
from ingest.parsers.text.wrapping import join_wrapped

__all__ = [
    "CODE_EXTENSIONS",
    "FRONT_MATTER_MARKS",
    "CodeParser",
    "CsvParser",
    "FrontMatter",
    "JsonParser",
    "MarkdownParser",
    "NotebookParser",
    "TextParser",
    "Write",
    "decode",
    "join_wrapped",
    "looks_like_json",
    "looks_like_table",
    "markdown_title",
    "meant_encoding",
    "message_markdown",
    "plain_text",
    "split_front_matter",
    "unflowed",
    "wide_encoding",
    "windows_controls",
]
