"""Comments on slides, of both kinds that PowerPoint writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, attribute, words_of


def comments_of(parts: Sequence[Element], authors: Mapping[str, str]) -> Iterator[str]:
    """The comments of a slide's comment parts, one text each, with their authors' names by id and their dates."""
    for root in parts:
        for element in root.iter():
            if _local(element) in ("cm", "reply"):
                text = one_line(_text(element))
                author = authors.get(attribute(element, "authorId"), "")
                date = (attribute(element, "dt") or attribute(element, "created"))[:10]
                done = "resolved" if attribute(element, "status") == "resolved" else ""
                said = ", ".join(filter(None, (author, date, done)))
                if text:
                    yield f"Comment ({said}): {text}" if said else f"Comment: {text}"


def authors_of(root: Element) -> dict[str, str]:
    """The names of those who comment, by id."""
    return {
        attribute(element, "id"): one_line(attribute(element, "name"))
        for element in root.iter()
        if _local(element) in ("cmAuthor", "author")
    }


def _text(comment: Element) -> str:
    """The words of a comment, without those of its replies."""
    for part in comment:
        if _local(part) == "text":
            return part.text or ""
        if _local(part) == "txBody":
            return " ".join(words_of(part))
    return ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
