"""What people wrote to describe a picture, apart from what programs put there."""

from __future__ import annotations

import re

from ingest.parsers.common import one_line

_FILE_NAME = re.compile(r"\S+\.\w{3,4}|(?:picture|image|grafik|bild|photo|logo|icon) ?\d*", re.IGNORECASE)
_BY_A_PROGRAM = re.compile(
    r"automatically generated|AI-generated|automatisch generiert|KI-generiert|générée? (?:par|auto)", re.I
)


def description_of(text: str) -> str:
    """A picture's description on one line; empty when it is a file's name or made by a program."""
    described = one_line(text)
    return "" if _FILE_NAME.fullmatch(described) or _BY_A_PROGRAM.search(described) else described
