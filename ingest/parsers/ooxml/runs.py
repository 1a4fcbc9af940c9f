"""Text runs with different formats as one text: superscripts stay, struck text is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.parsers.common import lowered, raised

Place = Literal["raised", "lowered", ""]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters printed in one way."""

    text: str
    place: Place = ""
    struck: bool = False


def written(runs: Sequence[Run]) -> tuple[str, list[str]]:
    """The text of the runs, and the struck passages that are not in it."""
    text = ""
    passages: list[str] = []
    joined = _joined(runs)
    shown = [run for run in joined if not run.struck]
    for index, run in enumerate(shown):
        after = shown[index + 1].text if index + 1 < len(shown) else ""
        if run.place == "raised":
            text += raised(run.text, text, after)
        elif run.place == "lowered":
            text += lowered(run.text, text)
        else:
            text += run.text
    passages.extend(run.text.strip() for run in joined if run.struck and run.text.strip())
    return text, passages


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours that are printed in the same way are one run; struck ones whatever their place."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        last = joined[-1] if joined else None
        if last is not None and last.struck == run.struck and (run.struck or last.place == run.place):
            joined[-1] = Run(last.text + run.text, last.place, last.struck)
        else:
            joined.append(run)
    return joined
