"""An answer as JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from api.wire import answer_of, answer_to_json
from rag.types import Answer, Chunk, Disagreement, Evidence, Hit, Side, Verdict

numbers = st.integers(0, 10**6)
texts = st.text(min_size=1, max_size=20)
quotes = st.builds(Evidence, texts, texts, texts, numbers, numbers, numbers, texts)
shares = st.floats(0, 1)
changes = st.sampled_from([(), ("cut",), ("repaired",), ("cut", "repaired"), ("cut", "scaled")])
common = {"changes": changes, "drafted": st.none() | texts, "checked_as": st.none() | texts}
released = st.builds(
    Verdict, texts, shares, st.booleans(), st.tuples(quotes), formulas=st.tuples() | st.tuples(texts), **common
)
withheld = st.builds(
    Verdict,
    texts,
    shares,
    st.just(False),
    why=st.none() | texts,
    fault=st.sampled_from([None, "number", "missing"]),
    contradiction=st.none() | quotes,
    **common,
)
chunks = st.builds(Chunk, texts, st.just(""), texts, numbers, numbers, numbers, texts)
hits = st.builds(Hit, chunks, st.fixed_dictionaries({"score": shares}))
sides = st.builds(Side, quotes, st.none() | texts)
answers = st.builds(
    Answer,
    texts,
    st.lists(released, max_size=2).map(tuple),
    st.lists(withheld, max_size=2).map(tuple),
    st.lists(hits, max_size=2).map(tuple),
    st.none() | texts,
    st.none() | texts,
    st.dictionaries(texts, shares, max_size=2),
    st.dictionaries(texts, texts, max_size=2),
    st.lists(st.builds(Disagreement, st.tuples(sides, sides)), max_size=2).map(tuple),
)


@given(answers)
def test_an_answer_is_the_same_after_it_was_kept_as_json(answer: Answer) -> None:
    """Every sentence, quote, fault and note of it."""
    kept = json.loads(json.dumps(answer_to_json(answer)))
    assert answer_of(kept) == answer
    assert answer_to_json(answer_of(kept)) == kept


def test_what_supports_a_translation_is_kept_with_it() -> None:
    """The translation itself says that there was one."""
    verdict = Verdict("Ja.", 0.9, True, checked_as="Yes.", changes=("translated",))
    answer = Answer("?", (verdict,), (), ())
    assert answer_of(answer_to_json(answer)).sentences == (replace(verdict, changes=()),)
