"""The verifier's encoder without a framework says what it says in torch."""

from pathlib import Path

import numpy as np
import pytest
import torch

import rag.verification.encoder as in_torch
from rag.errors import ModelCorrupt
from rag.models.weights import ShippedModel, read_shipped_model
from rag.verification.encoder import LocalSupportEncoder
from rag.verification.encoder_light import LightSupportEncoder
from rag.verification.model_file import encoder_version
from rag.verification.pairs import version_of

pytestmark = pytest.mark.slow

WINDOW = "The battery pack must be replaced every 18 months, or after 600 cycles. Use only parts from the maker."
PAIRS = (
    ("The battery must be replaced every 18 months.", WINDOW),
    ("The battery must be replaced every 24 months.", WINDOW),
    ("The battery need not be replaced.", WINDOW),
    ("x", ""),
    ("!!!", "..."),
    ("a " * 300, "b a " * 300),
    ("Die Batterie hält 18 Monate.", WINDOW),
)


@pytest.fixture(scope="module")
def shipped() -> ShippedModel:
    return read_shipped_model()


def test_logits_are_those_of_torch_in_float32(shipped: ShippedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the fourth decimal, for pairs together and for each alone; no pairs have no logits."""
    monkeypatch.setattr(in_torch, "best_dtype", lambda _: torch.float32)
    light = LightSupportEncoder(shipped, encoder_version())
    wanted = LocalSupportEncoder(encoder_version()).logits(PAIRS)
    assert np.allclose(light.logits(PAIRS), wanted, atol=1e-4)
    assert np.allclose(np.concatenate([light.logits([pair]) for pair in PAIRS]), wanted, atol=1e-4)
    assert light.logits([]).shape == (0, 2)


def test_other_weights_are_refused(shipped: ShippedModel, tmp_path: Path) -> None:
    """Missing ones, those of another fit, and a file that holds something else."""
    with pytest.raises(ModelCorrupt, match="missing"):
        LightSupportEncoder(shipped, encoder_version(), tmp_path / "none.safetensors")
    other = tmp_path / "other.safetensors"
    other.write_bytes((shipped.folder / "config.json").read_bytes())
    with pytest.raises(ModelCorrupt, match="fitted"):
        LightSupportEncoder(shipped, encoder_version(), other)
    with pytest.raises(ModelCorrupt, match="tensors"):
        LightSupportEncoder(shipped, version_of(other), other)
