"""The tables. A change here needs a migration in `migrations/versions`; a test holds both together.

`number` is the order in which rows were made. A row that was deleted stays, emptied of what it told, so that a listing
that stopped at it can go on.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_ID, _NUMBER = String(64), BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up integers alone


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, str: Text, int: BigInteger}  # noqa: RUF012


class Owned:
    """A row of one tenant; the empty name is the tenant of a service without keys."""

    tenant: Mapped[str] = mapped_column(String(64), index=True, default="")


class FileRow(Owned, Base):
    """An uploaded file, whose bytes lie in the files folder."""

    __tablename__ = "files"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[int]
    expires_at: Mapped[int | None] = mapped_column(index=True)
    deleted_at: Mapped[int | None]


class UploadRow(Owned, Base):
    """An upload in parts."""

    __tablename__ = "uploads"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[int]
    expires_at: Mapped[int] = mapped_column(index=True)
    file_expires_s: Mapped[int | None]
    file_id: Mapped[str | None] = mapped_column(_ID)


class UploadPartRow(Owned, Base):
    """One part of an upload, whose bytes lie in the files folder until the upload is completed."""

    __tablename__ = "upload_parts"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), index=True)
    size_bytes: Mapped[int]
    created_at: Mapped[int]


class VectorStoreRow(Owned, Base):
    """A vector store; its id is the name of its collection."""

    __tablename__ = "vector_stores"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    labels: Mapped[dict[str, Any]]
    created_at: Mapped[int]
    last_active_at: Mapped[int]
    expires_days: Mapped[int | None]
    expires_at: Mapped[int | None] = mapped_column(index=True)
    deleted_at: Mapped[int | None]


class StoreFileRow(Owned, Base):
    """A file in a vector store: what is asked for, and what became of it."""

    __tablename__ = "store_files"
    __table_args__ = (
        Index(
            "uq_store_files_attached",
            "store_id",
            "file_id",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_store_files_listing", "store_id", "number"),
        Index("ix_store_files_document", "store_id", "document_id"),
    )

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("vector_stores.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))
    document_id: Mapped[str] = mapped_column(_ID)
    status: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[int]
    attributes: Mapped[dict[str, Any]]
    chunking: Mapped[dict[str, Any]]
    usage_bytes: Mapped[int]
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None]
    run: Mapped[str | None] = mapped_column(String(64), index=True)
    deleted_at: Mapped[int | None] = mapped_column(index=True)
    erased: Mapped[bool]


class FileBatchRow(Owned, Base):
    """Files that were given to a vector store together."""

    __tablename__ = "file_batches"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("vector_stores.id"))
    created_at: Mapped[int]
    cancelled_at: Mapped[int | None]


class BatchFileRow(Owned, Base):
    """One file of a batch."""

    __tablename__ = "batch_files"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("file_batches.id", ondelete="CASCADE"), index=True)
    store_file: Mapped[int] = mapped_column(ForeignKey("store_files.number"), index=True)


class AnswerRow(Owned, Base):
    """An answer that was given, as a whole."""

    __tablename__ = "answers"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    collection: Mapped[str] = mapped_column(_ID)
    created_at: Mapped[int]
    expires_at: Mapped[int | None] = mapped_column(index=True)
    asked: Mapped[dict[str, Any]]
    record: Mapped[dict[str, Any]]
    response: Mapped[dict[str, Any] | None]
    events: Mapped[list[Any]]


class AnswerDocumentRow(Owned, Base):
    """A document whose words are in an answer: when it goes, the answer goes."""

    __tablename__ = "answer_documents"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[str] = mapped_column(_ID, index=True)


class FeedbackRow(Owned, Base):
    """What a reader said of an answer."""

    __tablename__ = "feedback"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[int]
    said: Mapped[dict[str, Any]]


class KeyRow(Owned, Base):
    """An API key, of which only a hash is kept."""

    __tablename__ = "keys"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(_ID, unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    secret_hash: Mapped[str]
    created_at: Mapped[int]
    expires_at: Mapped[int | None]
    revoked_at: Mapped[int | None]


class RepeatRow(Owned, Base):
    """A request with an idempotency key, and what it was answered."""

    __tablename__ = "repeats"
    __table_args__ = (UniqueConstraint("tenant", "key"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(255))
    route: Mapped[str]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str]
    created_at: Mapped[int] = mapped_column(index=True)
