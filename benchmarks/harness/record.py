"""Results as JSON, with everything it takes to measure them again."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from benchmarks.harness.machine import machine, versions

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results"
# What figures can depend on; the pages and the results that a run writes itself do not make the next one dirty.
MEASURED = ("rag", "ingest", "eval", "api", "benchmarks", "tests", "examples", "pyproject.toml", "requirements.lock")
_WRITTEN = ":(exclude)benchmarks/results"


class DirtyTree(Exception):
    """What is measured would be named by a commit that does not hold it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark returns. `variant` is added to the name under which it is kept."""

    figures: Mapping[str, Any]
    variant: str = ""


def origin(arguments: Sequence[str], *, dirty: bool, root: Path = ROOT) -> dict[str, Any]:
    """Where figures come from, told before they are measured; marked `dirty` if no commit holds the code as it is.

    Raises:
        DirtyTree: no commit holds it, and `dirty` does not allow that.
    """
    commit, changed = _git(root, "rev-parse", "--short", "HEAD"), _changes(root)
    if changed and not dirty:
        raise DirtyTree(f"the code is not that of a commit ({changed}): commit it, or mark the result with --dirty")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        **({"dirty": True} if changed else {}),
        "command": shlex.join(["python", "-m", "benchmarks", *map(without_folders, arguments)]),
        "versions": versions(),
        "machine": machine(),
    }


def record(name: str, result: Result, origin: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Print the figures and keep them under `FOLDER/NAME.json`, or `NAME-VARIANT.json`."""
    kept = f"{name}-{result.variant}" if result.variant else name
    text = json.dumps({"benchmark": kept, **origin, **result.figures}, indent=2) + "\n"
    folder.mkdir(exist_ok=True)
    path = folder / f"{kept}.json"
    path.write_text(text, encoding="utf-8")
    print(text, end="")
    return path


def without_folders(argument: str) -> str:
    """An argument with each path in it reduced to its last component, and each address to its scheme.

    Neither where data lies on a machine nor how servers are reached belongs in a result.
    """
    option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
    scheme, address, _ = value.partition("://")
    return option + equals + (f"{scheme}://…" if address else PurePath(value).name or value)


def _changes(root: Path) -> str:
    """The first file that differs from the commit, or why that cannot be told; empty if there is none."""
    found = _git(root, "status", "--porcelain", "--", *MEASURED, _WRITTEN)
    if found is None:
        return "this is no checkout of Git"
    return found.splitlines()[0] if found else ""


def _git(root: Path, *arguments: str) -> str | None:
    """What Git prints; None if it fails or is not installed."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
