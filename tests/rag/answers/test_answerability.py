"""Answerability: a probability from the hits that only grows with what speaks for an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answers.answerability import (
    ANSWERABILITY_FILE,
    SIGNS,
    VECTORS,
    WORDS,
    answerability_signals,
    density,
    load_answerability,
)
from rag.build.answerer import build_answerability, least_answerability
from rag.errors import ModelCorrupt
from rag.models.logistic import Logistic, load_logistic
from rag.settings import load_settings
from rag.types import Hit
from tests.fakes.core import hit

QUESTION = "How long does the battery of the Ouzel logger last?"
ANSWERS = "The battery of the Ouzel logger lasts twelve months. A battery that is cold lasts nine months."
MENTIONS = (
    "The company was founded by three hydrologists, who sold their first logger to a water board in the north. "
    "Today it employs ninety people, runs two workshops, a school and a museum, and sponsors a regatta."
)


def scored(text: str, cosine: float) -> Hit:
    found = hit(text)
    return Hit(found.chunk, {"score": cosine, "dense": cosine})


def test_a_passage_about_the_question_beats_one_that_mentions_its_words() -> None:
    """With the same cosine, and without any."""
    with_vectors, words = load_answerability(vectors=True), load_answerability(vectors=False)
    assert with_vectors.probability(QUESTION, [scored(ANSWERS, 0.6)]) > with_vectors.probability(
        QUESTION, [scored(MENTIONS, 0.6)]
    )
    assert words.probability(QUESTION, [hit(ANSWERS)]) > 0.5 > words.probability(QUESTION, [hit(MENTIONS)])


def test_without_hits_nothing_answers() -> None:
    """Probability 0."""
    assert load_answerability(vectors=True).probability(QUESTION, []) == 0.0


def test_the_best_hit_counts() -> None:
    """Hits that do not answer take nothing away, wherever they stand."""
    model = load_answerability(vectors=True)
    best, other = scored(ANSWERS, 0.7), scored(MENTIONS, 0.2)
    alone = model.probability(QUESTION, [best])
    assert model.probability(QUESTION, [best, other]) == model.probability(QUESTION, [other, best]) == alone


def test_a_question_of_function_words_still_has_a_probability() -> None:
    """`What is it?` has no content words; its words themselves are looked for."""
    assert 0 <= load_answerability(vectors=False).probability("What is it?", [hit(ANSWERS)]) <= 1


def test_cosines_are_a_signal_only_where_the_hit_has_them() -> None:
    """Hits of a store have them, others need not."""
    assert set(answerability_signals(QUESTION, scored(ANSWERS, 0.5))) == {"density", "recall", "dense"}
    assert set(answerability_signals(QUESTION, hit(ANSWERS))) == {"density", "recall"}


def test_cosines_of_another_embedding_model_are_not_used() -> None:
    """The model that was fitted with the shipped embedding model's cosines is for these only."""
    chosen = load_settings()
    other = chosen.model_copy(update={"embedding_model": "bge-small"})
    near, far = [scored(ANSWERS, 0.9)], [scored(ANSWERS, 0.1)]
    assert build_answerability(chosen).probability(QUESTION, near) > build_answerability(chosen).probability(
        QUESTION, far
    )
    assert build_answerability(other).probability(QUESTION, near) == build_answerability(other).probability(
        QUESTION, far
    )


def test_a_word_that_stands_nowhere_tells() -> None:
    """The price of a thing is not answered by a passage on its weight, however much that is about the thing."""
    passage = [scored("The Ouzel logger weighs 840 grams. With its battery the Ouzel logger weighs 1,100 grams.", 0.7)]
    model = load_answerability(vectors=True)
    weight, price = "How much does the Ouzel logger weigh?", "How much does the Ouzel logger cost?"
    assert model.probability(weight, passage) > model.probability(price, passage)


words = st.lists(st.sampled_from(["river", "gauge", "batteri", "lake", "zephyr"]), max_size=30)


@given(words.filter(bool), words)
@settings(deadline=None)
def test_density_lies_between_none_and_all(wanted: list[str], text: list[str]) -> None:
    """0 exactly when no wanted stem is there, below 1; a wanted stem more never counts less than another word more."""
    wanted = list(dict.fromkeys(wanted))
    found = density(wanted, text)
    assert 0 <= found < 1
    assert (found == 0) == (not set(wanted) & set(text))
    assert density(wanted, [*text, "unrelated"]) <= found
    assert density(wanted, [*text, wanted[0]]) >= density(wanted, [*text, "unrelated"])


measures = st.fixed_dictionaries({"density": st.floats(0, 1), "recall": st.floats(0, 1), "dense": st.floats(-1, 1)})


@given(measures, st.sampled_from(VECTORS), st.floats(0, 1))
@settings(deadline=None)
def test_more_of_a_signal_never_lowers_the_probability(measured: dict[str, float], name: str, more: float) -> None:
    """The shipped model is monotone."""
    model = load_logistic(ANSWERABILITY_FILE, "vectors", SIGNS)
    before = model.probability(measured)
    assert 0 < before < 1
    assert model.probability({**measured, name: measured[name] + more}) >= before


def test_the_shipped_models_have_the_signals_they_say() -> None:
    """The file and the code name the same ones."""
    assert load_logistic(ANSWERABILITY_FILE, "vectors", SIGNS).features == VECTORS
    assert load_logistic(ANSWERABILITY_FILE, "words", SIGNS).features == WORDS


@pytest.mark.parametrize(
    ("coefficients", "scales"), [((-0.1,), (1.0,)), ((0.0,), (1.0,)), ((1.0,), (0.0,)), ((1.0, 1.0), (1.0,)), ((), ())]
)
def test_a_model_of_the_wrong_sign_size_or_scale_is_refused(
    coefficients: tuple[float, ...], scales: tuple[float, ...]
) -> None:
    """The error names its signals."""
    with pytest.raises(ModelCorrupt, match="density"):
        Logistic(("density",), coefficients, (0.0,), scales, 0.0).signed(SIGNS)


def test_a_damaged_model_file_is_named(tmp_path: Path) -> None:
    """Whatever is wrong with it."""
    for content in ("not json", json.dumps({"models": {}}), json.dumps([])):
        path = tmp_path / "model.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ModelCorrupt, match=r"model\.json"):
            load_answerability(vectors=True, path=path)


def test_a_language_model_is_asked_unless_refusal_is_all_but_certain() -> None:
    """The bar is lower where a model answers, and is what was set where it was set."""
    alone, modelled = load_settings(), load_settings(llm_url="http://localhost:1/v1", llm_model="m")
    assert least_answerability(modelled) < least_answerability(alone)
    assert least_answerability(load_settings(answerability_threshold=0.4)) == 0.4
