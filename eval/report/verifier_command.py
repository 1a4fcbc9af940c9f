"""The command `footnote eval verifier`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.data import load_rows
from eval.report.verifier import check, report
from rag.build.answerer import build_finder, build_verifier
from rag.build.models import build_reader
from rag.settings import load_settings


def run_verifier_command(file: Path, *, reader: str | None, as_json: bool) -> int:
    """Check every row of the file and print the figures.

    Raises:
        DatasetError: the file is malformed, or has one label only. SettingError: `reader` cannot be.
    """
    rows = sorted(load_rows(file), key=lambda row: row.context)
    settings = load_settings(reader=reader)
    finder = build_finder(settings)
    verifier = build_verifier(settings, finder, reader=build_reader(settings))
    errors = Console(stderr=True)
    with errors.status("Checking") as status:
        figures = report(check(rows, finder, verifier, lambda done, of: status.update(f"Checking {done} of {of}")))
    if as_json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        _show(figures, Console())
    return 0


def _show(figures: Mapping[str, Any], console: Console) -> None:
    table = Table("figure", "value", show_header=False)
    for name in ("n", "supported", "auc", "balanced_accuracy", "ece"):
        table.add_row(name.replace("_", " "), str(figures[name]))
    for name, value in figures["baselines"].items():
        table.add_row(f"baseline: {name} overlap, auc", str(value))
    for name, value in figures["released"].items():
        table.add_row(f"released: {name}", str(value))
    for name, value in figures["ms_per_claim"].items():
        table.add_row(f"ms per claim, {name}", str(value))
    console.print(table)
    errors = Table("fault", "rejected", "unsupported share", "made", "detected")
    for fault, found in figures["by_error"].items():
        errors.add_row(fault, *(str(found.get(each, "")) for each in ("rejected", "rightly", "made", "caught")))
    console.print(errors)
