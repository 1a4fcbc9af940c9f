"""Words that pdfium breaks letter by letter are whole."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.parsers.pdf.broken_words import put_together
from ingest.parsers.pdf.page_space import Edges

HEIGHT, WIDTH = 12.0, 6.0


def mended(characters: str, *, vertical: bool = False) -> str:
    """What is made of characters of one width; a space is as wide as they are, `\\r` and `\\n` take no room."""
    places: list[Edges] = []
    x = y = 0.0
    for one in characters:
        places.append((x, y, x + WIDTH, y + HEIGHT))
        if one not in "\r\n~":
            x, y = (0.0, y + HEIGHT) if vertical else (x + WIDTH, y)
    boxes = [places[at] for at in range(len(characters))]

    def of(indexes: Sequence[int]) -> list[Edges]:
        return [boxes[at] for at in indexes]

    return put_together(characters, of)


def test_letters_on_one_level_are_of_one_line():
    """Those that touch of one word; every character keeps its place."""
    characters = "\r\n".join("harbourofnorholm")
    found = mended(characters)
    assert len(found) == len(characters)
    assert found.replace("\u200b", "") == "harbourofnorholm"


def test_letters_below_each_other_are_lines():
    """Vertical writing has an end of a line after each."""
    characters = "\r\n".join("港口報告渡輪早上六點離開晚上九點返回")
    assert mended(characters, vertical=True) == characters


def test_few_short_lines_are_left_as_they_are():
    """Numbers of items, signs: most lines of the page are longer."""
    characters = "\r\n".join(["A", "harbour", "7", "lighthouse", "B", "crane"])
    assert mended(characters) == characters
