"""What the service remembers beside the documents: files, vector stores and their files, in a database.

Everything that is stored belongs to a tenant, and a session of a tenant sees that tenant's rows alone
(`api.storage.database`).
"""

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
    "Attached",
    "Database",
    "DatabaseFailed",
    "ErrorCode",
    "FileBatch",
    "FileCounts",
    "FileStatus",
    "Files",
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
    "open_database",
]
