"""Repeats go behind everything else, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.duplicates import distinct_first, fingerprint_of, repeat
from rag.types import Hit
from tests.fakes.core import hit

NOTICE = (
    "This report contains forward-looking statements. Such statements are based on current expectations and are "
    "subject to risks and uncertainties that could cause actual results to differ from those expressed or implied. "
    "The company undertakes no obligation to revise or update any of them for any reason, except as the law requires "
    "it to, and readers are asked not to place undue reliance on them."
)
texts = st.lists(st.sampled_from(["river", "gauge", "12", "13", "tea"]), max_size=8).map(" ".join)


@st.composite
def rankings(draw: st.DrawFn) -> list[Hit]:
    scores = sorted(draw(st.lists(st.floats(0, 1), max_size=12)), reverse=True)
    return [hit(draw(texts), f"{place}.txt", score=score) for place, score in enumerate(scores)]


def names(hits: list[Hit]) -> list[str]:
    return [each.chunk.filename for each in hits]


def test_boilerplate_takes_one_place() -> None:
    """The best of its copies stays; the others come after all that is different, in their own order."""
    hits = [
        hit(NOTICE, "a.txt", score=1.0),
        hit(NOTICE.upper(), "b.txt", score=0.9),
        hit(NOTICE.replace("any of them", "any of these"), "c.txt", score=0.8),
        hit("Net sales were $81,797 million.", "d.txt", score=0.5),
        hit("Net sales were $94,836 million.", "e.txt", score=0.4),
    ]
    found = distinct_first(hits)
    assert names(found) == ["a.txt", "d.txt", "e.txt", "b.txt", "c.txt"]
    assert [round(each.score, 2) for each in found] == [1.0, 0.5, 0.4, 0.36, 0.32]


def test_another_figure_is_another_fact() -> None:
    """However long the paragraphs are, and however alike."""
    first, second = (f"{NOTICE} The fine was {amount} dollars. {NOTICE}" for amount in ("1,200", "1,300"))
    assert not repeat(fingerprint_of(first), fingerprint_of(second))
    assert repeat(fingerprint_of(first), fingerprint_of(first.replace("fine", "penalty")))


def test_short_texts_repeat_only_word_for_word() -> None:
    """Case and punctuation do not count, a word does."""
    assert repeat(fingerprint_of("Replace the battery."), fingerprint_of("replace the  battery"))
    assert not repeat(fingerprint_of("Replace the battery."), fingerprint_of("Replace the fuse."))
    assert not repeat(fingerprint_of("Yes"), fingerprint_of("No"))


@given(rankings())
def test_nothing_is_lost_and_the_best_stays_the_best(hits: list[Hit]) -> None:
    """The same chunks come back, each once; the scores still fall."""
    found = distinct_first(hits)
    assert sorted(names(found)) == sorted(names(hits))
    assert [each.chunk.text for each in found[:1]] == [each.chunk.text for each in hits[:1]]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@given(rankings())
def test_both_parts_keep_their_order(hits: list[Hit]) -> None:
    """The distinct ones first, none of which repeats another, then those that repeat one of them."""
    found = distinct_first(hits)
    place = {each.chunk.filename: number for number, each in enumerate(hits)}
    places = [place[each.chunk.filename] for each in found]
    cut = next((i for i in range(1, len(places)) if places[i] < places[i - 1]), len(places))
    marks = [fingerprint_of(each.chunk.text) for each in found]
    kept = [number for number in range(len(found)) if not any(repeat(marks[number], m) for m in marks[:number])]
    assert kept == list(range(len(kept)))
    assert cut in (len(kept), len(places))
    assert places[: len(kept)] == sorted(places[: len(kept)])
    assert places[len(kept) :] == sorted(places[len(kept) :])


@given(st.permutations(["one", "two", "three", "four"]))
def test_distinct_hits_stay_as_they_are(words: list[str]) -> None:
    """A corpus without repeats is ranked as before."""
    hits = [hit(word, f"{word}.txt", score=1 / (n + 1)) for n, word in enumerate(words)]
    assert distinct_first(hits) == hits
