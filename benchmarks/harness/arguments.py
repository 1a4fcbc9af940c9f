"""Arguments that several benchmarks take, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BeirFolder = Annotated[
    Path, typer.Argument(metavar="BEIR_FOLDER", help="corpus.jsonl, queries.jsonl and qrels/.", exists=True)
]
ClapNq = Annotated[
    Path, typer.Argument(metavar="CLAPNQ.jsonl", help="{id, question, answerable, passages, answers}.", exists=True)
]
Mtrag = Annotated[Path, typer.Argument(metavar="MTRAG.jsonl", help="{id, turns, contexts}.", exists=True)]
LabelledFolder = Annotated[
    Path, typer.Argument(metavar="LABELLED_FOLDER", help="Files of {context, claim, label}.", exists=True)
]
Device = Annotated[str, typer.Option(help="Where to train: cpu, cuda or mps.")]
