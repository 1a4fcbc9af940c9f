"""HTML, EPUB, mail and calendars."""

from ingest.parsers.common import quoted
from ingest.parsers.web.calendar import CalendarParser
from ingest.parsers.web.email import EmailParser
from ingest.parsers.web.epub import EpubParser
from ingest.parsers.web.html import HtmlParser, read_plain_html

__all__ = [
    "CalendarParser",
    "EmailParser",
    "EpubParser",
    "HtmlParser",
    "quoted",
    "read_plain_html",
]
