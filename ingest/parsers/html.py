"""HTML files: BeautifulSoup takes the noise away, markdownify turns the main content into Markdown."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from ingest.parsers import ParsedFile
from ingest.parsers.cleaning import clean_text, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.markdown import markdown_title
from rag.errors import ParseError

MEDIA_TYPE = "text/html"

_NOISE = ("script", "style", "noscript", "template", "nav", "aside", "svg", "iframe", "button", "select", "object")
_FRAME = ("header", "footer")
_MAIN = ("main", "[role=main]", "article", "body")
# Inline marks go, so that a sentence of the page is the same sentence in the text.
_UNMARKED = ["a", "img", "b", "strong", "em", "i", "u", "s", "del", "code", "kbd", "samp", "sub", "sup"]


class HtmlParser:
    """Reads HTML pages."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The main content as Markdown: without menus, scripts, forms, links' addresses and images."""
        title, text = read_html(data, filename)
        pages = split_pages(text)
        require_text(pages, filename)
        title = title or markdown_title(text) or title_of(filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt_of("html", pages), markdown=True)


def read_html(data: bytes | str, filename: str) -> tuple[str, str]:
    """The title of an HTML page, empty when it has none, and its main content as Markdown.

    Raises:
        ParseError: the elements are nested too deeply.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of markup that looks like XML, a path or an address
        soup = BeautifulSoup(data, "html.parser")
    head = soup.title.get_text() if soup.title else ""
    return one_line(head), _markdown(_main_content(soup), filename)


def html_to_markdown(html: str, filename: str) -> str:
    """Markdown of an HTML text that has no noise around it.

    Raises:
        ParseError: the elements are nested too deeply.
    """
    return _markdown(BeautifulSoup(html, "html.parser"), filename)


def _main_content(soup: BeautifulSoup) -> Tag:
    for tag in soup.select(",".join((*_NOISE, "[hidden]", "[aria-hidden=true]"))):
        tag.decompose()
    for tag in soup.select(",".join(_FRAME)):
        if tag.find_parent(["main", "article"]) is None:
            tag.decompose()
    whole = len(soup.get_text())
    for form in soup.find_all("form"):
        if 2 * len(form.get_text()) < whole:  # some sites wrap the whole page in one form
            form.decompose()
    candidates = (tag for selector in _MAIN for tag in soup.select(selector))
    return next((tag for tag in candidates if 4 * len(tag.get_text()) > whole), soup)


def _markdown(content: Tag, filename: str) -> str:
    converter = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        strip=_UNMARKED,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
    )
    try:
        markdown: str = converter.convert_soup(content)
    except RecursionError as exc:
        raise ParseError(f"{filename}: the HTML is nested too deeply. Save the page in another form") from exc
    return _tidy(markdown)


def _tidy(markdown: str) -> str:
    """No spaces at line ends, no wrapped lines in paragraphs, at most one blank line outside of code."""
    lines: list[str] = []
    code = False
    for raw in clean_text(markdown).replace("\f", "\n").split("\n"):
        line = raw.rstrip()
        code ^= line.startswith("```")
        if code or line.startswith("```") or not _wrapped(lines[-1] if lines else "", line):
            if line or code or (lines and lines[-1]):
                lines.append(line)
        else:
            lines[-1] += " " + line.strip()
    return "\n".join(lines).strip("\n")


def _wrapped(before: str, line: str) -> bool:
    """Whether a line goes on with the paragraph or list item before it."""
    block = r"\s*(?:[-*+>|#]|\d+[.)]\s|```)"
    if not before.strip() or not line.strip() or re.match(block, line):
        return False
    return not re.match(r"\s*(?:[|#]|```)", before)
