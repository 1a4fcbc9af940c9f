"""Which sentences carry a claim."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.claims import SURFACE, ClaimModel, FittedClaims, load_claim_model, surface_features
from rag.errors import ModelCorrupt
from rag.models.embedding_light import LightEmbedder
from rag.models.weights import read_shipped_model


@pytest.fixture(scope="module")
def claims() -> FittedClaims:
    return FittedClaims(load_claim_model("vectors"), LightEmbedder(read_shipped_model()))


@pytest.mark.parametrize(
    "sentence",
    [
        "I hope this helps you with your station!",
        "Let me know if you have any other questions.",
        "I think that is a wonderful idea.",
        "What do you think about it?",
        "Here are the main points:",
    ],
)
def test_greetings_opinions_and_lead_ins_carry_none(claims: FittedClaims, sentence: str) -> None:
    """There is nothing in them that a document could support."""
    assert not claims.carries_claim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The battery pack must be replaced every 18 months.",
        "I think the mast was built in 1990.",
        "In short, the sensor measures the level of the river.",
        "Press the button for five seconds.",
        "It is made of steel.",
        "Critics praised the album.",
        "You must wear a helmet on the site.",
    ],
)
def test_whatever_says_something_about_the_world_carries_one(claims: FittedClaims, sentence: str) -> None:
    """Also in the words of an opinion, as an instruction, or without any number or name."""
    assert claims.carries_claim(sentence)


def test_only_english_is_judged(claims: FittedClaims) -> None:
    """In any other language, a sentence counts as a claim."""
    assert claims.carries_claim("I hope this helps!", "de")


def test_without_vectors_the_surface_decides() -> None:
    """Less is recognised; what has a number is a claim."""
    claims = FittedClaims(load_claim_model("words"))
    assert claims.carries_claim("The battery pack must be replaced every 18 months.")
    assert not claims.carries_claim("What do you think?")


@given(st.text())
def test_every_text_is_measured(text: str) -> None:
    """By finite numbers, and its emptiness is a probability."""
    measured = surface_features(text)
    assert len(measured) == len(SURFACE)
    assert all(np.isfinite(measured))
    assert 0 <= FittedClaims(load_claim_model("words")).emptiness(text) <= 1


@pytest.mark.parametrize("content", ["", "[]", '{"models": {"words": {"surface": {}}}}'])
def test_a_broken_model_is_refused(tmp_path: Path, content: str) -> None:
    """It is named."""
    path = tmp_path / "model.json"
    path.write_text(content)
    with pytest.raises(ModelCorrupt, match=r"model\.json"):
        load_claim_model("words", path)


def test_a_model_of_the_wrong_size_is_refused() -> None:
    """Nothing would be measured right."""
    with pytest.raises(ModelCorrupt, match="wrong size"):
        ClaimModel((1.0,), np.zeros(0, dtype=np.float32), 0.0, 0.9)
