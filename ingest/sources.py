"""Paths a user gives (files, folders, patterns) to a sorted list of files."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.parsers.registry import EXTENSIONS, SUPPORTED

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that is not ingested, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Sources:
    """`files` are resolved, unique and sorted. `skipped` is as intended, `missing` is a mistake in what was given."""

    files: tuple[Path, ...]
    skipped: tuple[Refused, ...] = ()
    missing: tuple[Refused, ...] = ()


def expand(paths: Sequence[Path | str]) -> Sources:
    """Files named one by one are taken as they are; folders and patterns give the supported files in them.

    Hidden files, unsupported ones and links that lead out of their folder are skipped, never read.
    """
    found: list[Path | Refused] = []
    missing: list[Refused] = []
    for given in map(Path, paths):
        if given.is_dir():
            found.extend(_in_folder(given))
        elif given.exists():
            found.append(given.resolve())
        elif _MAGIC & set(str(given)):
            matches = list(_in_pattern(given))
            found.extend(matches)
            if not matches:
                missing.append(Refused(given, "no file matches this pattern. Check it, and quote it in the shell"))
        else:
            missing.append(Refused(given, "no such file or folder. Check the path"))
    files = {path for path in found if isinstance(path, Path)}
    skipped = {item.path: item for item in found if isinstance(item, Refused) and item.path not in files}
    return Sources(tuple(sorted(files)), tuple(skipped[path] for path in sorted(skipped)), tuple(missing))


def _in_pattern(pattern: Path) -> Iterator[Path | Refused]:
    matches = glob.glob(str(pattern.expanduser()), recursive=True)  # noqa: PTH207 - takes absolute patterns too
    for match in sorted(matches):
        path = Path(match)
        if path.is_file():
            yield _checked(path, path.parent.resolve())


def _in_folder(folder: Path) -> Iterator[Path | Refused]:
    root = folder.resolve()
    for parent, folders, names in os.walk(root):
        here = Path(parent)
        for name in sorted(folders):
            if name.startswith("."):
                yield Refused(here / name, "hidden folder")
            elif (here / name).is_symlink():
                yield Refused(here / name, "link to a folder; give that folder itself")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield _checked(here / name, root)


def _checked(path: Path, root: Path) -> Path | Refused:
    if path.name.startswith("."):
        return Refused(path, "hidden file")
    if path.suffix.lower() not in EXTENSIONS:
        return Refused(path, f"not supported; supported are {SUPPORTED}")
    real = path.resolve()
    if path.is_symlink() and not real.is_relative_to(root):
        return Refused(path, "link that leads out of the folder; give the file itself")
    return real if real.is_file() else Refused(path, "not a regular file")
