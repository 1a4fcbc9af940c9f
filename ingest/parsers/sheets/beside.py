"""Objects over the cells of a sheet: comments, text boxes, charts, tick boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import (
    DAMAGE,
    NOT_TICKED,
    TICKED,
    Chart,
    Element,
    Package,
    attribute,
    child,
    descendants,
    full,
    read_chart,
    words_of,
)
from ingest.parsers.sheets.scan import place_of
from ingest.parsers.slides import paragraphs_of

_EXTERNAL = "["
_BOXES = ("Checkbox", "Radio")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the cell at `place` (row, column), which is called `reference`."""

    reference: str
    place: tuple[int, int]
    text: str
    said: tuple[str, ...]

    def told(self, shown: Mapping[tuple[int, int], str]) -> str:
        """The comment in words, with what its cell shows and, where it is another, the first cell of the row."""
        row, _ = self.place
        about = shown.get(self.place, "")
        first = min((place for place in shown if place[0] == row), default=self.place)
        label = f" in row “{shown[first]}”" if first != self.place and shown.get(first) else ""
        where = f"on {self.reference}{f' “{about}”' if about else ''}{label}"
        return f"Comment ({', '.join((*self.said, where))}): {self.text}"


@dataclass(slots=True)
class Beside:
    """What was read beside the cells of a sheet, and what was not."""

    comments: list[Comment] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tables: list[Sequence[Sequence[str]]] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)


def beside_of(package: Package, sheet: str, people: Mapping[str, str]) -> Beside:
    """What lies over the cells of the sheet that this part is; `people` are the names of commenters by id."""
    beside = Beside()
    threads = list(_threads(beside, package, sheet, people))
    threaded = {comment.reference for comment in threads}
    plain = [comment for comment in _comments(beside, package, sheet) if comment.reference not in threaded]
    beside.comments = sorted((*threads, *plain), key=lambda comment: comment.place)
    for part, root in _roots(beside, package, sheet, "drawing"):
        _drawing(beside, package, part, root)
    for _, root in _roots(beside, package, sheet, "vmlDrawing"):
        beside.texts.extend(_tick_boxes(root))
    return beside


def people_of(package: Package, workbook: str) -> dict[str, str]:
    """The names of those who comment, by id."""
    return {
        attribute(person, "id"): one_line(attribute(person, "displayName"))
        for _, root in _roots(Beside(), package, workbook, "person")
        for person in root
    }


def chart_lines(package: Package, sheet: str) -> Iterator[Chart]:
    """The charts of a sheet that is a chart."""
    for part, drawing in _roots(Beside(), package, sheet, "drawing"):
        yield from (chart for chart, _ in _charts(Beside(), package, part, drawing))


def _roots(beside: Beside, package: Package, part: str, kind: str) -> Iterator[tuple[str, Element]]:
    for target in package.related(part, kind):
        try:
            yield target, package.root(target)
        except DAMAGE:
            beside.unread[f"part(s) that are damaged ({kind})"] += 1


def _comments(beside: Beside, package: Package, sheet: str) -> Iterator[Comment]:
    for _, root in _roots(beside, package, sheet, "comments"):
        authors = [one_line(author.text or "") for author in descendants(root, "s:author")]
        for element in descendants(root, "s:comment"):
            number = attribute(element, "authorId")
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            text = one_line("".join(words_of(element, "s:t"))).removeprefix(f"{author}:").strip()
            yield from _comment(attribute(element, "ref"), text, author)


def _threads(beside: Beside, package: Package, sheet: str, people: Mapping[str, str]) -> Iterator[Comment]:
    for _, root in _roots(beside, package, sheet, "threadedComment"):
        done = {attribute(one, "id") for one in root if attribute(one, "done") in ("1", "true")}
        for element in root:
            text = one_line(" ".join(one.text or "" for one in element if str(one.tag).endswith("}text")))
            resolved = "resolved" if {attribute(element, "id"), attribute(element, "parentId")} & done else ""
            said = (people.get(attribute(element, "personId"), ""), attribute(element, "dT")[:10], resolved)
            yield from _comment(attribute(element, "ref"), text, *said)


def _comment(reference: str, text: str, *said: str) -> Iterator[Comment]:
    place = place_of(reference)
    if place and text:
        yield Comment(reference, place, text, tuple(filter(None, said)))


def _drawing(beside: Beside, package: Package, part: str, root: Element) -> None:
    for body in descendants(root, "xdr:txBody"):
        beside.texts.extend(f"{line.label} {line.text}".strip() for line in paragraphs_of(body).lines)
    for chart, cached in _charts(beside, package, part, root):
        if chart.title:
            beside.texts.append(f"Chart: {chart.title}")
        if cached:
            beside.tables.extend(chart.tables)
    beside.unread["picture(s)"] += len(descendants(root, "xdr:pic"))
    beside.unread["chart(s) of a kind that is not read"] += len(descendants(root, "cx:chart"))


def _charts(beside: Beside, package: Package, part: str, root: Element) -> Iterator[tuple[Chart, bool]]:
    """Charts, and whether their numbers stand in no cell of the workbook."""
    for element in descendants(root, "c:chart"):
        target = package.target(part, attribute(element, "r:id"))
        try:
            chart = package.root(target) if target else None
        except DAMAGE:
            chart = None
        if chart is None:
            beside.unread["chart(s) that are damaged"] += 1
            continue
        sources = [found.text or "" for found in descendants(chart, "c:f")]
        yield read_chart(chart), not sources or any(_EXTERNAL in source for source in sources)


def _tick_boxes(root: Element) -> Iterator[str]:
    """Tick boxes of a form that float over the cells, with the words beside them."""
    for shape in root.iter(full("v:shape")):
        data = next((one for one in shape if str(one.tag).endswith("}ClientData")), None)
        if data is None or attribute(data, "ObjectType") not in _BOXES:
            continue
        state = next((one.text for one in data if str(one.tag).endswith("}Checked")), "0")
        box = child(shape, "v:textbox")
        label = one_line(" ".join(box.itertext())) if box is not None else ""
        yield f"{TICKED if state == '1' else NOT_TICKED} {label}".strip()
