"""What `eval.fit.verifier` wrote: the weights of the features, the modes of release, and the encoder's version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelCorrupt
from rag.models import Logistic, load_logistic
from rag.types import sha256_of
from rag.verification.checks import SIGNS

VERIFIER_FILE = Path(__file__).with_name("verifier_model.json")


@dataclass(frozen=True, slots=True)
class Release:
    """What a sentence must reach to be shown: a probability of support, and one of being intact; each 0..1."""

    support: float
    intact: float


def load_model(name: str, path: Path = VERIFIER_FILE) -> Logistic:
    """The model called `name` of a file that `eval.fit.verifier` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    return load_logistic(path, name, SIGNS)


def load_modes(path: Path = VERIFIER_FILE) -> Mapping[str, Release]:
    """What each mode of release asks for.

    Raises:
        ModelCorrupt: the file is not a verifier model.
    """
    try:
        stored: Mapping[str, Mapping[str, float]] = json.loads(path.read_text(encoding="utf-8"))["modes"]
        return {mode: Release(float(found["support"]), float(found["intact"])) for mode, found in stored.items()}
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def encoder_version(path: Path = VERIFIER_FILE) -> str:
    """The sha256 of the encoder's weights that the model was fitted with.

    Raises:
        ModelCorrupt: the file is not a verifier model.
    """
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["encoder_sha256"])
    except (OSError, ValueError, KeyError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def verifier_version(path: Path = VERIFIER_FILE) -> str:
    """A digest of the verifier's model, which names the weights of its encoder: twelve hexadecimal digits."""
    return sha256_of(path.read_bytes())[:12]
