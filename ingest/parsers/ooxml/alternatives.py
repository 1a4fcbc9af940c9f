"""Parts of a file with an alternative for older programs."""

from __future__ import annotations

from ingest.parsers.ooxml.xml import Element, child, descendants, full, replace_by


def choose_alternatives(root: Element, *shown: str) -> None:
    """Keep the one for programs that know it, if it has any element of these names, which show something; else the
    other."""
    for element in reversed(descendants(root, "mc:AlternateContent")):
        choice, fallback = child(element, "mc:Choice"), child(element, "mc:Fallback")
        shows = choice is not None and any(True for _ in choice.iter(*map(full, shown)))
        kept = choice if shows or fallback is None else fallback
        replace_by(element, *([] if kept is None else list(kept)))
