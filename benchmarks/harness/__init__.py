"""What benchmarks share: their command line, their results, throw-away folders, tables."""

from benchmarks.harness.arguments import BeirFolder, ClapNq, Device, LabelledFolder, Mtrag
from benchmarks.harness.commands import FOOTNOTE, environment, footnote_json
from benchmarks.harness.folders import folder_bytes, scratch_folder
from benchmarks.harness.record import RESULTS, Result
from benchmarks.harness.tables import row, table

__all__ = [
    "FOOTNOTE",
    "RESULTS",
    "BeirFolder",
    "ClapNq",
    "Device",
    "LabelledFolder",
    "Mtrag",
    "Result",
    "environment",
    "folder_bytes",
    "footnote_json",
    "row",
    "scratch_folder",
    "table",
]
