"""The model file of `eval.fit.verifier`: weights of the features, and thresholds of the modes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from rag.errors import ModelCorrupt
from rag.models import Logistic, load_logistic
from rag.types import sha256_of
from rag.verification.checks import SIGNS

VERIFIER_FILE = Path(__file__).with_name("verifier_model.json")


def load_model(name: str, path: Path = VERIFIER_FILE) -> Logistic:
    """The model called `name` of a file that `eval.fit.verifier` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    return load_logistic(path, name, SIGNS)


def load_modes(path: Path = VERIFIER_FILE) -> Mapping[str, float]:
    """The release threshold of each mode.

    Raises:
        ModelCorrupt: the file is not a verifier model.
    """
    try:
        stored: Mapping[str, Mapping[str, float]] = json.loads(path.read_text(encoding="utf-8"))["modes"]
        return {mode: float(found["support"]) for mode, found in stored.items()}
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def verifier_version(path: Path = VERIFIER_FILE) -> str:
    """A digest of the verifier's model: twelve hexadecimal digits."""
    return sha256_of(path.read_bytes())[:12]
