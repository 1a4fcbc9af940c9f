"""What a long run has made so far, kept in a folder so that another run can go on from there."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TypeVar

from eval.data.documents import files_of

_Made = TypeVar("_Made")


class Kept:
    """Values by name, in a folder that only the same recipe and the same files share; with no folder, none is kept.

    The values are pickles: use no folder of a stranger.
    """

    def __init__(self, folder: Path | None, *, recipe: str, files: Iterable[Path]) -> None:
        self._folder = folder / _digest(recipe, files) if folder else None

    def get(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What an earlier run left, or what is made now."""
        path = self._folder / f"{name}.pickle" if self._folder else None
        if path and path.is_file():
            kept: _Made = pickle.loads(path.read_bytes())
            return kept
        found = make()
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps(found))
        return found


def _digest(recipe: str, files: Iterable[Path]) -> str:
    digest = sha256(recipe.encode())
    for path in files_of(files):
        with path.open("rb") as file:
            digest.update(path.name.encode() + file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
