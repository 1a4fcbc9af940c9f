"""Make `rag/text/common_words.txt`: `python -m eval.fit.common_words WORD_LIST`.

The stems of ordinary English words, most frequent first: the lower-case words of a spelling word list (SCOWL, Debian's
package `wamerican`), in the order of the shipped embedding model's vocabulary, which is by frequency. A word that is
only a name is not in such a list in lower case, which the verifier relies on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rag.models.weights import verify_shipped_model
from rag.text import COMMON_WORDS_FILE, stem

_KEPT = 8000


def common_stems(word_list: str, vocabulary: dict[str, int]) -> list[str]:
    """Distinct stems of the words in both, by the order of the vocabulary."""
    ordinary = {word for word in word_list.split() if word.isascii() and word.isalpha() and word.islower()}
    ordinary = {word for word in ordinary if len(word) > 1 or word in ("a", "i")}
    ranked = sorted((word for word in ordinary if word in vocabulary), key=vocabulary.__getitem__)
    return list(dict.fromkeys(stem(word) for word in ranked))[:_KEPT]


def main() -> None:
    """Read the arguments, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("word_list", type=Path)
    text = parser.parse_args().word_list.read_text(encoding="utf-8")
    tokenizer = json.loads((verify_shipped_model() / "tokenizer.json").read_text(encoding="utf-8"))
    COMMON_WORDS_FILE.write_text("\n".join(common_stems(text, tokenizer["model"]["vocab"])) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
