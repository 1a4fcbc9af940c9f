"""What the service remembers beside the documents, in a database: files, vector stores and their files, answers.

Everything that is stored belongs to a tenant, and a session of a tenant sees that tenant's rows alone
(`api.storage.database`).
"""

from api.storage.answers import Answers, Feedback, GivenAnswer, any_answer, forget_documents
from api.storage.database import Database, open_database
from api.storage.errors import DatabaseFailed, NotStored
from api.storage.files import Files, NewFile
from api.storage.pages import Listing, PageRequest
from api.storage.records import (
    ErrorCode,
    FileBatch,
    FileCounts,
    FileStatus,
    StoredFile,
    StoreFile,
    VectorStore,
)
from api.storage.store_files import Attached, StoreFiles
from api.storage.upkeep import Outcome, Upkeep
from api.storage.vector_stores import StoreChanges, VectorStores

__all__ = [
    "Answers",
    "Attached",
    "Database",
    "DatabaseFailed",
    "ErrorCode",
    "Feedback",
    "FileBatch",
    "FileCounts",
    "FileStatus",
    "Files",
    "GivenAnswer",
    "Listing",
    "NewFile",
    "NotStored",
    "Outcome",
    "PageRequest",
    "StoreChanges",
    "StoreFile",
    "StoreFiles",
    "StoredFile",
    "Upkeep",
    "VectorStore",
    "VectorStores",
    "any_answer",
    "forget_documents",
    "open_database",
]
