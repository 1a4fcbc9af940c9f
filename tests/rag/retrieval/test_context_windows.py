"""Hits grown to windows of their pages."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.context_windows import PageKey, page_key, windows
from rag.types import Chunk, Hit

PAGE = (
    "The logger is mounted on the bridge. It is read every hour. The battery lasts 18 months.\n\n"
    "A modem sends the readings. It draws 12 mA. The antenna points north.\n\nSpare parts are kept in Sarn."
)
sentences = st.sampled_from(
    ["The gauge is read.", "It rains!", "Why?", "Dr. Ede came at 7 a.m. today.", "- an item", "x"]
)
page_texts = st.lists(sentences, min_size=1, max_size=30).map(lambda parts: " ".join(parts).replace("x ", "x\n\n"))


def a_hit(page: str, start: int, end: int, *, score: float = 1.0, name: str = "a.txt", number: int = 1) -> Hit:
    return Hit(Chunk(name, "v", name, number, start, end, page[start:end]), {"score": score})


def of(text: str, page: str = PAGE, score: float = 1.0) -> Hit:
    return a_hit(page, page.index(text), page.index(text) + len(text), score=score)


def grown(*hits: Hit, characters: int = 30, page: str = PAGE) -> list[str]:
    pages = {page_key(hit.chunk): page for hit in hits}
    return [window.chunk.text for window in windows(hits, pages, characters=characters)]


def test_a_hit_grows_by_whole_sentences() -> None:
    """As far as they fit on each side; half a sentence is no help."""
    assert grown(of("The battery lasts 18 months."), characters=45) == [
        "It is read every hour. The battery lasts 18 months.\n\nA modem sends the readings."
    ]


def test_a_window_ends_where_its_page_does() -> None:
    """It is then the whole page."""
    assert grown(of("A modem sends the readings."), characters=1000) == [PAGE]


def test_without_characters_hits_stay_as_they_are() -> None:
    """Also those that touch."""
    hits = [of("It draws 12 mA."), of("A modem sends the readings.", score=0.5)]
    assert windows(hits, {page_key(hits[0].chunk): PAGE}, characters=0) == hits


def test_windows_that_meet_become_one_with_the_better_score() -> None:
    """Whitespace between them is no gap."""
    worse, better = of("It is read every hour.", score=0.4), of("It draws 12 mA.", score=0.9)
    (window,) = windows([better, worse], {page_key(better.chunk): PAGE}, characters=32)
    assert window.score == 0.9
    assert window.chunk.text == PAGE[window.chunk.start : window.chunk.end]
    assert worse.chunk.text in window.chunk.text


def test_windows_apart_and_on_other_pages_stay_apart() -> None:
    """In the order of their best hits."""
    far = of("Spare parts are kept in Sarn.", score=0.9)
    near = of("The logger is mounted on the bridge.", score=0.8)
    other = a_hit(PAGE, near.chunk.start, near.chunk.end, score=0.7, number=2)
    pages = {page_key(hit.chunk): PAGE for hit in (far, near, other)}
    found = windows([far, near, other], pages, characters=1)
    assert [(window.chunk.page, window.score) for window in found] == [(1, 0.9), (1, 0.8), (2, 0.7)]


def test_a_hit_whose_page_is_gone_stays_as_it_is() -> None:
    """Its version was replaced meanwhile; its words were found all the same."""
    hit = of("It draws 12 mA.")
    assert windows([hit, hit], {}, characters=100) == [hit, hit]


@given(page_texts, st.data(), st.integers(0, 120))
def test_every_window_is_exact_and_every_hit_is_in_one(page: str, data: st.DataObject, characters: int) -> None:
    """`page[start:end] == text`; no window is longer than its hits and the characters around them; none overlap."""
    cuts = st.lists(st.integers(0, len(page)), min_size=2, max_size=2, unique=True).map(sorted)
    spans = data.draw(st.lists(cuts, min_size=1, max_size=5))
    hits = [a_hit(page, start, end, score=1 / (n + 1)) for n, (start, end) in enumerate(spans)]
    pages: dict[PageKey, str] = {page_key(hits[0].chunk): page}
    found = [window.chunk for window in windows(hits, pages, characters=characters)]
    for window in found:
        assert page[window.start : window.end] == window.text
        inside = [hit.chunk for hit in hits if window.start <= hit.chunk.start and hit.chunk.end <= window.end]
        assert inside
        assert window.start >= min(chunk.start for chunk in inside) - characters
        assert window.end <= max(chunk.end for chunk in inside) + characters
    if characters:
        in_order = sorted(found, key=lambda window: window.start)
        assert all(one.end < two.start for one, two in pairwise(in_order))
        for hit in hits:
            assert sum(w.start <= hit.chunk.start and hit.chunk.end <= w.end for w in found) == 1
