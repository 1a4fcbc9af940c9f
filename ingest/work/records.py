"""The records in the queue: plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ingest.events import FileResult
from rag.types import Scalar, document_id_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileTask:
    """One source to ingest into one collection. `chunk_tokens` is the maximum length of a chunk, if lower than that
    of the settings, and `overlap_tokens` the overlap of chunks. `given`: the source was named by itself.
    """

    collection: str
    source: str
    name: str
    metadata: Mapping[str, Scalar] = field(default_factory=dict)
    chunk_tokens: int | None = None
    overlap_tokens: int = 0
    given: bool = True

    @property
    def document_id(self) -> str:
        """The identity of the document that the source is."""
        return document_id_of(self.source)

    def to_json(self) -> Json:
        """Plain data; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> FileTask:
        """The task of plain data."""
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading a source came to; a step's record, so it is small.

    `changed`: it is another version than the stored one and waits to be written, `chunks` of them.
    """

    status: Literal["changed", "unchanged"]
    sha256: str
    size_bytes: int
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0

    def to_json(self) -> Json:
        """Plain data; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> ReadFile:
        """The record of plain data."""
        return cls(**raw)


def result_to_json(result: FileResult) -> Json:
    """A result as plain data; `result_from_json` is its inverse."""
    return asdict(result)


def result_from_json(raw: Json) -> FileResult:
    """The result of plain data."""
    return FileResult(**{**raw, "notes": tuple(raw["notes"]), "losses": tuple(raw.get("losses", ()))})


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a user asks for: `paths` are files, folders, patterns, URLs and buckets; `url_lists` files of URLs.

    `files` are taken as they are: single files on this machine, each with its metadata.
    """

    collection: str
    paths: tuple[str, ...] = ()
    url_lists: tuple[str, ...] = ()
    prune: bool = False
    files: tuple[FileTask, ...] = ()

    def to_json(self) -> Json:
        """Plain data; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> RunRequest:
        """The request of plain data."""
        files = tuple(FileTask.from_json(file) for file in raw.get("files", ()))  # earlier versions queued none
        return cls(raw["collection"], tuple(raw["paths"]), tuple(raw["url_lists"]), raw["prune"], files)
