"""The numbers that items of lists and headings of an OpenDocument file show."""

from __future__ import annotations

from collections import defaultdict

from ingest.parsers.ooxml import attribute, numeral
from ingest.parsers.opendocument.styles import Styles

_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


class Numbering:
    """Counts the items of each list, by its style; the outline of headings has an empty name."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def begin(self, name: str) -> None:
        """A list that does not go on with the one before it."""
        self._counts.pop(name, None)

    def label(self, name: str, level: int, start: str = "") -> str:
        """Count an item of a level, from 1, and give its label: `2.1.`, `(a)`; empty for a bullet."""
        style = self._styles.lists.get(name, {}).get(level)
        counts = self._counts[name]
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        first = start or attribute(style, "text:start-value", "1")
        counts[level] = int(first) if start or level not in counts else counts[level] + 1
        if not attribute(style, "style:num-format"):
            return ""
        shown = max(1, min(level, int(attribute(style, "text:display-levels", "1"))))
        numbers = [self._number(name, one) for one in range(level - shown + 1, level + 1)]
        inner = ".".join(filter(None, numbers))
        return f"{attribute(style, 'style:num-prefix')}{inner}{attribute(style, 'style:num-suffix')}".strip()

    def _number(self, name: str, level: int) -> str:
        kind = attribute(self._styles.lists[name].get(level), "style:num-format")
        return numeral(self._counts[name].get(level, 1), _FORMATS.get(kind, "decimal")) if kind else ""
