"""HTML, EPUB and mail."""

from ingest.parsers.web.email import EmailParser
from ingest.parsers.web.epub import EpubParser
from ingest.parsers.web.html import HtmlParser, read_plain_html

__all__ = [
    "EmailParser",
    "EpubParser",
    "HtmlParser",
    "read_plain_html",
]
