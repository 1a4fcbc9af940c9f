"""HTML, EPUB, mail and calendars."""

from ingest.parsers.web.calendar import CalendarParser
from ingest.parsers.web.email import EmailParser
from ingest.parsers.web.epub import EpubParser
from ingest.parsers.web.html import Html, HtmlParser, read_plain_html, read_whole_html

__all__ = [
    "CalendarParser",
    "EmailParser",
    "EpubParser",
    "Html",
    "HtmlParser",
    "read_plain_html",
    "read_whole_html",
]
