"""HTML, EPUB, mail and mailboxes, calendars, subtitles."""

from ingest.parsers.web.calendar import CalendarParser
from ingest.parsers.web.captions import CaptionsParser
from ingest.parsers.web.email import EmailParser
from ingest.parsers.web.epub import EpubParser
from ingest.parsers.web.html import Html, HtmlParser, read_plain_html, read_whole_html
from ingest.parsers.web.mbox import MboxParser

__all__ = [
    "CalendarParser",
    "CaptionsParser",
    "EmailParser",
    "EpubParser",
    "Html",
    "HtmlParser",
    "MboxParser",
    "read_plain_html",
    "read_whole_html",
]
