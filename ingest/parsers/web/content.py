"""The content of a web page: surroundings and hidden parts are removed, and reported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString, TemplateString

from ingest.parsers.common import one_line, quoted
from ingest.parsers.web.elements import classes_of, each, is_gone, role_of

_NEVER_TEXT = ("script", "style", "iframe", "object", "canvas", "colgroup")
_SHADOW = frozenset(["shadowrootmode", "shadowroot"])
_MENUS = ("nav", "menu")
_MENU_ROLES = ("navigation", "menu", "menubar", "toolbar", "search")
_CONTENT = ["main", "article"]
_FRAME_ROLES = {"banner": "header", "contentinfo": "footer"}
_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "time", "dl", "table", "blockquote", "address")
_BESIDE = frozenset(
    "nav navbar navigation menu sidebar breadcrumb breadcrumbs crumbs pagination pager share sharing social related "
    "recommended toc tags skip toolbar".split()
)
_NOTICES = frozenset("cookie cookies consent gdpr newsletter advert advertisement ads ad sponsored promo".split())
_NAME_PARTS = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
_MOSTLY_LINKS, _MENU_LINKS, _FEWEST_LINKS = 0.5, 0.8, 4
_FILLED = "input[checked], option[selected], input[value]:not([type=hidden], [type=submit], [type=button])"
_FEWEST_FORM_WORDS, _FEWEST_NOTE_WORDS, _FEWEST_HEADER_WORDS = 20, 6, 4
_LEGAL_LINE = re.compile(r"©|\(c\)|copyright|all rights reserved", re.IGNORECASE)
_STRINGS = (NavigableString, CData, TemplateString)
_BLOCKS = ("div", "section", "ul", "ol", "p", "aside")
_LISTS = ("ul", "ol", "div", "p")
_MAIN_SHARE, _NOTICE_SHARE = 0.25, 0.25


class LeftOut:
    """What of a page is not among its content, by kind."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)

    def take(self, kind: str, tag: Tag) -> None:
        """Remove an element from its page."""
        text = one_line(tag.get_text(" ", types=_STRINGS))
        if text:
            self._texts[kind].append(text)
        tag.decompose()

    def lines(self) -> list[str]:
        """One line for each kind: how often, how many words, and how they begin."""
        return [
            f"{len(texts)} {kind}, {sum(len(text.split()) for text in texts)} words: {quoted(texts)}"
            for kind, texts in self._texts.items()
        ]


def shown(soup: BeautifulSoup) -> LeftOut:
    """Remove what a browser does not show."""
    left_out = LeftOut()
    for template in each(soup, lambda tag: tag.name == "template" and not _SHADOW.isdisjoint(tag.attrs)):
        for text in template.find_all(string=True):
            text.replace_with(NavigableString(str(text)))
        template.unwrap()
    for drawing in each(soup, lambda tag: tag.name == "svg"):
        _take_drawing(drawing, left_out)
    for tag in each(soup, lambda tag: tag.name == "iframe" and tag.has_attr("srcdoc")):
        tag.string = BeautifulSoup(str(tag["srcdoc"]), "html.parser").get_text(" ")
        left_out.take("page(s) within the page", tag)
    for tag in each(soup, lambda tag: tag.name in _NEVER_TEXT):
        tag.decompose()
    for template in each(soup, lambda tag: tag.name == "template"):
        left_out.take("template(s)", template)
    for tag in each(soup, _is_hidden):
        left_out.take("hidden part(s)", tag)
    body = soup.body or soup
    unscripted = body.find_all("noscript")
    alone = sum(len("".join(tag.get_text().split())) for tag in unscripted) == len("".join(body.get_text().split()))
    for tag in unscripted:
        if alone:
            tag.unwrap()
        else:
            left_out.take("part(s) for browsers without scripts", tag)
    return left_out


def _take_drawing(drawing: Tag, left_out: LeftOut) -> None:
    """A drawing; the words that it shows are told, those that name it for screen readers are not."""
    for unseen in drawing.find_all(["title", "desc", "style", "script", "metadata"]):
        unseen.decompose()
    left_out.take("drawing(s)", drawing)


def _is_hidden(tag: Tag) -> bool:
    closed = tag.name == "dialog" and "open" not in tag.attrs
    return closed or "hidden" in tag.attrs or tag.attrs.get("aria-hidden") == "true"


def main_content(soup: BeautifulSoup) -> tuple[Tag, LeftOut]:
    """The element that holds the content, and what was left out.

    Menus, side notes, page headers and footers, notices and forms that nobody filled in go, except for the titles and
    dates of a page header and the addresses of a footer. Where a part of the page is marked as the main one, the rest
    goes too.
    """
    left_out = shown(soup)
    body = soup.body or soup
    for tag in each(body, lambda tag: tag.name in _MENUS or role_of(tag) in _MENU_ROLES):
        left_out.take("menu(s)", tag)
    _take_frames(body, left_out)
    marked = body.find(_CONTENT) is not None
    for tag in each(body, lambda tag: tag.name == "aside"):
        beside = tag.find_parent(_CONTENT) is None and (marked or len(tag.get_text().split()) < _FEWEST_NOTE_WORDS)
        if beside or _link_share(tag) > _MOSTLY_LINKS:
            left_out.take("side note(s)", tag)
    _take_named(body, left_out)
    _take_link_lists(body, left_out)
    _take_forms(body, left_out)
    _take_around_main(body, left_out)
    return body, left_out


def _frames(body: Tag, name: str) -> Iterator[Tag]:
    return each(body, lambda tag: name in (tag.name, _FRAME_ROLES.get(role_of(tag))))


def _take_frames(body: Tag, left_out: LeftOut) -> None:
    """Of headers and footers of the page, titles, paragraphs, dates and addresses stay; links and rights go."""
    for name, kind in (("header", "page header(s)"), ("footer", "page footer(s)")):
        for frame in _frames(body, name):
            if frame.find_parent(_CONTENT) is not None or frame.find(_CONTENT) is not None:
                continue
            for part in each(frame, lambda tag: tag.name in _TITLES or (tag.name == "div" and _says_something(tag))):
                if part.find_parent(_TITLES) is None and _unlinked(part) and not _LEGAL_LINE.search(part.get_text()):
                    frame.insert_before(part.extract())
            left_out.take(kind, frame)


def _says_something(block: Tag) -> bool:
    """Whether a block of text alone is more than a name."""
    within = any(isinstance(child, Tag) and child.name in ("div", "ul", "nav", "form") for child in block.contents)
    return not within and len(block.get_text().split()) >= _FEWEST_HEADER_WORDS


def _holds_article(tag: Tag) -> bool:
    return tag.name == "article" or tag.find("article") is not None


def _unlinked(tag: Tag) -> bool:
    """Whether words of an element are no link."""
    return _link_share(tag) < 1 and bool(one_line(tag.get_text()))


def _link_share(tag: Tag) -> float:
    """The share of an element's characters that are links."""
    whole = len("".join(tag.get_text().split()))
    linked = sum(len("".join(link.get_text().split())) for link in tag.find_all("a", href=True))
    return linked / whole if whole else 0.0


def _take_named(body: Tag, left_out: LeftOut) -> None:
    """Blocks whose class or id says that they stand beside the content, where their size and links agree."""
    most = _NOTICE_SHARE * len(body.get_text())
    for tag in each(body, lambda tag: tag.name in _BLOCKS):
        names = frozenset(_names(tag))
        notice = bool(names & _NOTICES) or role_of(tag) in ("dialog", "alertdialog")
        if notice and len(tag.get_text()) < most and tag.find(_CONTENT) is None:
            left_out.take("notice(s) beside the content", tag)
        elif names & _BESIDE and _link_share(tag) > _MOSTLY_LINKS:
            left_out.take("list(s) of links", tag)


def _names(tag: Tag) -> Iterator[str]:
    given = [*classes_of(tag), str(tag.attrs.get("id", ""))]
    return (part.lower() for name in given for part in _NAME_PARTS.split(name) if part)


def _take_link_lists(body: Tag, left_out: LeftOut) -> None:
    """Lists of short links outside of articles, unless they are most of the page."""
    lists = list(
        each(body, lambda tag: tag.name in _LISTS and _is_link_list(tag) and tag.find_parent(_CONTENT) is None)
    )
    known = set(map(id, lists))
    outer = [tag for tag in lists if known.isdisjoint(map(id, tag.parents))]
    if 2 * sum(len(tag.get_text()) for tag in outer) < len(body.get_text()):
        for tag in outer:
            left_out.take("list(s) of links", tag)


def _is_link_list(tag: Tag) -> bool:
    listed = tag.name in ("ul", "ol")
    if not listed and sum(isinstance(child, Tag) and child.name == "a" for child in tag.contents) < _FEWEST_LINKS:
        return False
    links = tag.find_all("a", href=True, limit=200)
    few_words = len(tag.get_text().split()) <= 4 * len(links)
    return len(links) >= _FEWEST_LINKS and few_words and _link_share(tag) > _MENU_LINKS


def _take_forms(body: Tag, left_out: LeftOut) -> None:
    """Forms with few words and nothing filled in, such as for search; some sites wrap the whole page in one."""
    whole = len(body.get_text())
    for form in each(body, lambda tag: tag.name == "form"):
        if 2 * len(form.get_text()) >= whole or form.select_one(_FILLED):
            continue
        if len(form.get_text().split()) < _FEWEST_FORM_WORDS or form.find_parent(_CONTENT) is None:
            left_out.take("form(s) that nothing was filled in to", form)


def _take_around_main(body: Tag, left_out: LeftOut) -> None:
    """Where parts of the page are marked as the main ones, the blocks beside them go; headers' titles stay."""
    parts = list(each(body, lambda tag: tag.name == "main" or role_of(tag) == "main"))
    if not parts or sum(len(part.get_text()) for part in parts) <= _MAIN_SHARE * len(body.get_text()):
        return
    around = [parent for main in parts for parent in main.parents if parent is body or body in parent.parents]
    inside = {id(part) for part in (*parts, *around)}
    for tag in [tag for parent in around for tag in parent.find_all(True, recursive=False)]:
        if not is_gone(tag) and id(tag) not in inside and tag.name not in _TITLES and not _holds_article(tag):
            left_out.take("part(s) beside the main one", tag)
