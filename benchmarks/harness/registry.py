"""The benchmarks: every module in these folders that has a function `benchmark`. Its name is the module's."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDERS = ("retrieval", "verifier", "questions", "answers", "ingest", "service")
FUNCTION = "benchmark"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark as its source tells of it; nothing of it has been imported. `about` is the module's docstring."""

    name: str
    folder: str
    module: str
    about: str

    @property
    def line(self) -> str:
        """What it measures, in one line."""
        return self.about.partition("\n")[0]

    def load(self) -> Callable[..., Any]:
        """The function, with all that it imports."""
        function: Callable[..., Any] = getattr(importlib.import_module(self.module), FUNCTION)
        return function


def benchmarks() -> Iterator[Benchmark]:
    """All of them, folder by folder, by name."""
    for folder in FOLDERS:
        for path in sorted((_ROOT / folder).glob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(isinstance(node, ast.FunctionDef) and node.name == FUNCTION for node in tree.body):
                module = f"benchmarks.{folder}.{path.stem}"
                yield Benchmark(path.stem.replace("_", "-"), folder, module, ast.get_docstring(tree) or "")
