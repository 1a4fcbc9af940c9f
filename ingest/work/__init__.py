"""The steps of a file and of a run, without any queue."""

from ingest.work.allocator import keep_little
from ingest.work.budget import Budget, Turns
from ingest.work.embedding_queue import EmbeddingQueue
from ingest.work.files import Step, Tools, bring_in
from ingest.work.records import FileTask, Json, RunRequest, result_from_json, result_to_json
from ingest.work.runs import Plan, RunWork

__all__ = [
    "Budget",
    "EmbeddingQueue",
    "FileTask",
    "Json",
    "Plan",
    "RunRequest",
    "RunWork",
    "Step",
    "Tools",
    "Turns",
    "bring_in",
    "keep_little",
    "result_from_json",
    "result_to_json",
]
