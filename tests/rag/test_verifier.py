"""The baseline verifier: what it releases, what it never releases, and that its model is monotone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelCorrupt
from rag.evidence import EvidenceFinder, EvidencePool
from rag.types import Chunk, Hit, Verdict, document_id_of, sha256_of
from rag.verifier import SIGNS, BaselineVerifier, FittedModel, load_model

PAGE = (
    "Harbour Rowing Club was founded in 1931 by Ingrid Solberg. The club owns 14 boats and rents two sheds. "
    "Members may not row after sunset. Juniors train on Mondays with a coach. "
    "The annual fee is $120 for adults and $60 for juniors."
)


def pool_of(text: str) -> EvidencePool:
    chunk = Chunk(document_id_of("club.txt"), sha256_of(text.encode()), "club.txt", 1, 0, len(text), text)
    return EvidencePool([Hit(chunk, {"score": 1.0})])


def verify(sentence: str, page: str = PAGE, *, threshold: float = 0.5) -> Verdict:
    verifier = BaselineVerifier(EvidenceFinder(), load_model("words"), threshold=threshold)
    return verifier.verify(sentence, pool_of(page))


@pytest.mark.parametrize(
    "sentence",
    [
        "The club was founded in 1931 by Ingrid Solberg.",
        "The club has fourteen boats and rents two sheds.",
        "Adults pay an annual fee of $120.",
        "Juniors train with a coach on Mondays.",
        "Members may not row after sunset.",
    ],
)
def test_what_the_page_says_is_supported_with_exact_quotes(sentence: str) -> None:
    """A faithful sentence is released, and its quotes are the page's own characters."""
    verdict = verify(sentence)
    assert verdict.supported, verdict
    assert verdict.why is None
    assert all(PAGE[each.start : each.end] == each.quote for each in verdict.evidence)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The club was founded in 1932 by Ingrid Solberg.", "number not in the evidence: 1932"),
        ("The club owns fifteen boats and rents two sheds.", "number not in the evidence: 15"),
        ("The club was founded in 1931 by Astrid Solberg.", "name not in the evidence: Astrid"),
        ("Juniors train on Tuesdays with a coach.", "name not in the evidence: Tuesdays"),
        ("Members may row after sunset.", "negation differs"),
        ("Members may not row before sunset.", "direction differs"),
        ("Penguins sleep standing upright.", "no evidence"),
    ],
)
def test_what_the_page_does_not_say_is_not_supported(sentence: str, why: str) -> None:
    """One changed number, name, negation or direction is enough, and the reason says which."""
    verdict = verify(sentence)
    assert not verdict.supported, verdict
    assert verdict.why == why


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_a_number_or_name_without_a_quote_is_never_released(threshold: float) -> None:
    """Not even when any probability would do."""
    for sentence in (
        "The club owns 15 boats and rents two sheds.",
        "Ingrid Hansen founded Harbour Rowing Club in 1931.",
    ):
        assert not verify(sentence, threshold=threshold).supported


def test_a_verbatim_sentence_is_certain() -> None:
    """White space apart, the page's own sentence has support 1 and is its own quote."""
    verdict = verify("Members may not row  after sunset.")
    assert (verdict.support, verdict.supported) == (1.0, True)
    assert [each.quote for each in verdict.evidence] == ["Members may not row after sunset."]


def test_an_empty_pool_supports_nothing() -> None:
    """No hits, no evidence."""
    assert verify("The club owns 14 boats.", "") == Verdict(
        "The club owns 14 boats.", 0.0, supported=False, why="no evidence", fault="missing"
    )


measures = st.fixed_dictionaries({name: st.floats(0, 3) for name in SIGNS})


@given(measures, st.sampled_from(sorted(SIGNS)), st.floats(0, 2))
def test_more_agreement_never_lowers_and_more_disagreement_never_raises(
    measured: dict[str, float], name: str, more: float
) -> None:
    """The shipped model is monotone in every feature, and gives a probability."""
    model = load_model("words")
    before = model.probability(measured)
    after = model.probability({**measured, name: measured[name] + more})
    assert 0 <= before <= 1
    assert (after - before) * SIGNS[name] >= 0


def test_a_model_of_the_wrong_sign_is_refused() -> None:
    """A fit that learned that missing numbers are good is not a verifier."""
    with pytest.raises(ModelCorrupt, match="missing_numbers"):
        FittedModel(("missing_numbers",), (0.5,), (0.0,), (1.0,), 0.0)


def test_a_damaged_model_file_is_named(tmp_path: Path) -> None:
    """The error says which file, whatever is wrong with it."""
    for content in ("not json", json.dumps({"models": {}}), json.dumps([])):
        path = tmp_path / "model.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ModelCorrupt, match=r"model\.json"):
            load_model("words", path)
