"""A small cross-encoder that reads a claim beside a window of the documents and says whether the window supports it.

It says two things: whether people would call the claim supported, learned from their labels, and whether it is intact,
learned from sentences of documents that were altered in one small thing. The two differ: altered sentences share nearly
all their words with the source, true rewordings few, and one head that learned both ranked people's claims worse.

MiniLM (6 layers, 384 wide; Wang et al. 2020) as in the shipped embedding model, whose word embeddings it shares, with
layers fine-tuned by `eval.fit.encoder`. Tokens that stand in both texts carry a mark of their own (four segments
instead of two), so that a small model need not learn to look for a number or a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save_file
from torch import nn
from transformers import BertConfig, BertModel

from rag.errors import ModelCorrupt
from rag.models.embedding_local import best_dtype
from rag.models.weights import verify_shipped_model
from rag.types import FloatArray
from rag.verification.pairs import HEADS, SEGMENTS, SHARED, WEIGHTS_FILE, PairTokenizer, TokenRow, read_weights

_Batch = dict[str, torch.Tensor]


class Encoder(nn.Module):
    """BERT layers and two linear heads on the first token beside the mean of all."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(str(folder))
        config.type_vocab_size = SEGMENTS
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0  # a fifth of the time of training
        self.bert = BertModel(config, add_pooling_layer=False)
        self.head = nn.Linear(2 * config.hidden_size, HEADS)

    def forward(self, batch: _Batch) -> torch.Tensor:
        """The logits of every row, shape (n, HEADS)."""
        states = self.bert(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        logits: torch.Tensor = self.head(torch.cat([states[:, 0], mean], dim=1))
        return logits


def fresh_encoder(folder: Path) -> Encoder:
    """An encoder to be taught: the embedding model's weights, its second segment's doubled, and a head of zeros.

    Word embeddings stay as they are, so that the weights which ship are those of the layers only.
    """
    encoder = Encoder(folder)
    with safe_open(folder / "model.safetensors", framework="pt") as stored:
        weights = {name.removeprefix("bert."): stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    old = weights["embeddings.token_type_embeddings.weight"]
    weights["embeddings.token_type_embeddings.weight"] = torch.stack([old[0], old[0], old[1], old[1]])
    wanted = encoder.bert.state_dict()
    encoder.bert.load_state_dict({name: weights[name].float() for name in wanted if name in weights}, strict=False)
    nn.init.zeros_(encoder.head.weight)
    nn.init.zeros_(encoder.head.bias)
    encoder.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return encoder


class LocalSupportEncoder:
    """The fitted encoder, in this process.

    Args:
        version: the sha256 that the weights must have.

    Raises:
        ModelCorrupt: they are missing, or others.
    """

    def __init__(self, version: str, path: Path = WEIGHTS_FILE, *, device: str = "cpu") -> None:
        folder = verify_shipped_model()
        weights = read_weights(version, path)
        self._tokenizer = PairTokenizer(folder)
        self._encoder = _fitted(weights, folder, best_dtype(device)).to(device).eval()
        self._device = device

    def logits(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        if not pairs:
            return np.zeros((0, HEADS), dtype=np.float32)
        batch = padded(self._tokenizer.rows(pairs), self._tokenizer.pad)
        with torch.inference_mode():
            logits = self._encoder({name: tensor.to(self._device) for name, tensor in batch.items()})
        found: FloatArray = logits.float().cpu().numpy()
        return found


def padded(rows: Sequence[TokenRow], pad: int) -> _Batch:
    """Rows filled up to the longest, as the encoder takes them."""
    longest = max(len(ids) for ids, _ in rows)
    shape = (len(rows), longest)
    ids, segments, mask = np.full(shape, pad), np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for place, (row, segment) in enumerate(rows):
        ids[place, : len(row)], segments[place, : len(row)], mask[place, : len(row)] = row, segment, 1
    return {
        "input_ids": torch.from_numpy(ids),
        "token_type_ids": torch.from_numpy(segments),
        "attention_mask": torch.from_numpy(mask),
    }


def save_encoder(encoder: Encoder, path: Path) -> None:
    """Write the layers in bfloat16; the word embeddings are the shipped embedding model's and stay out."""
    weights = {n: w.to(torch.bfloat16).contiguous() for n, w in encoder.state_dict().items() if not n.endswith(SHARED)}
    save_file(weights, path)


def _fitted(stored_layers: bytes, folder: Path, dtype: torch.dtype) -> Encoder:
    try:
        weights = load(stored_layers)
        with safe_open(folder / "model.safetensors", framework="pt") as stored:
            weights[f"bert.{SHARED}"] = stored.get_tensor(SHARED)
        with torch.device("meta"):
            encoder = Encoder(folder)
        encoder.load_state_dict({name: weight.to(dtype) for name, weight in weights.items()}, assign=True)
    except (OSError, SafetensorError, RuntimeError) as exc:
        raise ModelCorrupt(f"the weights do not hold the support encoder: {exc}") from exc
    places = torch.arange(encoder.bert.config.max_position_embeddings).expand((1, -1))
    encoder.bert.embeddings.register_buffer("position_ids", places, persistent=False)
    encoder.bert.embeddings.register_buffer("token_type_ids", torch.zeros_like(places), persistent=False)
    return encoder
