"""The service's database: files, vector stores and their files, keys, answers.

Everything that is stored belongs to a tenant, and a session of a tenant sees that tenant's rows alone
(`api.storage.database`).
"""

from api.storage.answers import Answers, Feedback, GivenAnswer, any_answer, forget_documents
from api.storage.blobs import Blobs, Incoming, clean_name
from api.storage.database import SQLITE_FILE, Database, open_database
from api.storage.errors import BytesMissing, DatabaseFailed, NotStorable, NotStored, StorageFull
from api.storage.files import Files, NewFile
from api.storage.keys import ApiKey, Keys, NewKey, Scope
from api.storage.pages import Listing, PageRequest
from api.storage.queue_claim import claimed
from api.storage.records import (
    ErrorCode,
    FileBatch,
    FileCounts,
    FileStatus,
    StoredFile,
    StoreFile,
    Upload,
    VectorStore,
)
from api.storage.repeats import Repeat, Repeats
from api.storage.store_files import Attached, StoreFiles
from api.storage.upkeep import Outcome, Upkeep
from api.storage.uploads import NewUpload, Uploads
from api.storage.vector_stores import StoreChanges, VectorStores

__all__ = [
    "SQLITE_FILE",
    "Answers",
    "ApiKey",
    "Attached",
    "Blobs",
    "BytesMissing",
    "Database",
    "DatabaseFailed",
    "ErrorCode",
    "Feedback",
    "FileBatch",
    "FileCounts",
    "FileStatus",
    "Files",
    "GivenAnswer",
    "Incoming",
    "Keys",
    "Listing",
    "NewFile",
    "NewKey",
    "NewUpload",
    "NotStorable",
    "NotStored",
    "Outcome",
    "PageRequest",
    "Repeat",
    "Repeats",
    "Scope",
    "StorageFull",
    "StoreChanges",
    "StoreFile",
    "StoreFiles",
    "StoredFile",
    "Upkeep",
    "Upload",
    "Uploads",
    "VectorStore",
    "VectorStores",
    "any_answer",
    "claimed",
    "clean_name",
    "forget_documents",
    "open_database",
]
