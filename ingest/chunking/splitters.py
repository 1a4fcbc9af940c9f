"""What LlamaIndex cuts: Markdown at its headings, and text between its sentences.

Importing it takes longer than everything else that ingestion imports, so only processes that cut chunks do.
"""

from __future__ import annotations

from collections.abc import Callable

from llama_index.core.node_parser import MarkdownNodeParser, SentenceSplitter
from llama_index.core.schema import TextNode

_SEPARATOR = "\x1f"


class _Page(TextNode):
    """A page as a node. Every section's node asks for the hash of its page, which is not used here."""

    @property
    def hash(self) -> str:
        return ""


class Splitters:
    """Cuts text; `sentences` gives the sentences of a text, which joined are the text, and `estimate` its tokens."""

    def __init__(
        self, chunk_tokens: int, *, sentences: Callable[[str], list[str]], estimate: Callable[[str], int]
    ) -> None:
        self._sections = MarkdownNodeParser.from_defaults(header_path_separator=_SEPARATOR)
        self._sentences = SentenceSplitter(
            chunk_size=chunk_tokens,
            chunk_overlap=0,
            tokenizer=lambda text: range(estimate(text)),
            paragraph_separator="\n",
            chunking_tokenizer_fn=sentences,
        )

    def markdown(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """The sections of a Markdown text in order, each with the headings above its own."""
        nodes = self._sections.get_nodes_from_node(_Page(text=text))
        paths = (node.metadata["header_path"].split(_SEPARATOR) for node in nodes)
        return [
            (node.get_content(), tuple(part for part in path if part.strip()))
            for node, path in zip(nodes, paths, strict=True)
        ]

    def packed(self, text: str) -> list[str]:
        """Sentences of a text, packed to the limit."""
        return self._sentences.split_text(text)
