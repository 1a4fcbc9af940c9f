"""A text corpus of a wanted size, one file a document, made of data sets in lines of JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.data import read_jsonl

_SHORTEST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of files. `tokens` are those of the embedding model over all of their text.

    `words` are split at any white space, `spaced_words` at single spaces alone. `chunks` says how many chunks of the
    wanted size the text fills at least.
    """

    folder: Path
    files: int
    chunks: int
    tokens: int
    words: int
    spaced_words: int


def texts_in(paths: Iterable[Path]) -> Iterator[str]:
    """Title and text of every document, or its longest field where it has no `text`; passages one by one."""
    for path in paths:
        for row in read_jsonl(path):
            for document in row.get("passages") or row.get("contexts") or [row]:
                yield _text_of(document)


def _text_of(document: dict[str, Any]) -> str:
    body = document.get("text") or max((v for v in document.values() if isinstance(v, str)), key=len, default="")
    return "\n\n".join(part for part in (document.get("title"), body) if part)


def write_corpus(
    paths: Iterable[Path], folder: Path, *, chunks: int, chunk_tokens: int, count_tokens: Callable[[str], int]
) -> Corpus:
    """Write documents until they fill `chunks` chunks of `chunk_tokens`; repeated and very short ones are left out.

    Raises:
        ValueError: the data sets do not hold so much text.
    """
    seen: set[str] = set()
    filled = tokens = words = spaced_words = 0
    for text in texts_in(paths):
        if filled >= chunks:
            break
        if text in seen or len(text) < _SHORTEST_CHARACTERS:
            continue
        seen.add(text)
        (folder / f"{len(seen):06}.txt").write_text(text, encoding="utf-8")
        counted = count_tokens(text)
        filled += math.ceil(counted / chunk_tokens)
        tokens += counted
        words += len(text.split())
        spaced_words += text.count(" ") + 1
    if filled < chunks:
        raise ValueError(
            f"the data sets fill {filled} chunks of {chunk_tokens} tokens, not {chunks}: name more of them"
        )
    return Corpus(folder, len(seen), filled, tokens, words, spaced_words)
