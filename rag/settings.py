"""Every setting, read once: environment `FOOTNOTE_*`, then `footnote.toml`, then the defaults below.

`docs/reference/settings.md` is generated from this file (`make docs`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import SettingError

TokenStorage = Literal["turbo8", "float16"]
DenseQuantization = Literal["none", "int8", "binary"]

PREFIX = "FOOTNOTE_"
TOML = Path("footnote.toml")
COLLECTION_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
SHIPPED_MODEL = "all-MiniLM-L6-v2"


class Settings(BaseSettings):
    """Footnote's settings; field `data_dir` is `FOOTNOTE_DATA_DIR` in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=TOML, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("footnote", appauthor=False),
        description="Folder of the embedded store and of all other data of Footnote.",
    )
    collection: str = Field("default", pattern=COLLECTION_NAME, description="Default collection.")

    qdrant_url: str | None = Field(
        None,
        pattern=r"^https?://|^:memory:$",
        description="Qdrant server, for example `http://localhost:6333`. If not set: the embedded store in `data_dir`.",
    )
    qdrant_api_key: SecretStr | None = Field(None, description="Key of the Qdrant server.")
    qdrant_grpc: bool = Field(False, description="Use gRPC (port 6334) instead of HTTP for the Qdrant server.")
    token_storage: TokenStorage = Field(
        "turbo8", description="Storage of token vectors: 8 or 16 bits per value. Fixed when a collection is created."
    )
    dense_quantization: DenseQuantization = Field(
        "none", description="Quantisation of the dense vector index. Fixed when a collection is created."
    )

    embedding_model: str = Field(
        SHIPPED_MODEL,
        description="The shipped model, a folder, or any sentence-transformers model on Hugging Face.",
    )
    embedding_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="OpenAI-compatible embeddings endpoint. If not set: embed in this process.",
    )
    embedding_api_key: SecretStr | None = Field(None, description="Key of the embeddings endpoint.")
    embedding_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Number format. `auto`: bfloat16 if the CPU supports it natively, else float32."
    )
    embedding_device: str = Field("cpu", description="Torch device of the embedding model, such as `cpu` or `cuda`.")
    embedding_batch: int = Field(16, ge=1, le=4096, description="Texts per forward pass.")
    embedding_threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Batches embedded in parallel on the CPU, one core each.",
    )
    embedding_max_tokens: int = Field(
        256, ge=16, le=32768, description="Maximum length of an embedded text; the rest is cut off."
    )
    token_vectors: int = Field(
        40, ge=1, le=512, description="Maximum token vectors stored per chunk, after pooling. 40 take 15 KiB."
    )

    top_k: int = Field(8, ge=1, le=100, description="Number of hits that a search returns and an answer uses.")
    candidates: int = Field(
        100, ge=1, le=1000, description="Chunks that dense search and BM25 each contribute to fusion and reranking."
    )
    bm25_weight: float = Field(0.55, ge=0, le=1, description="Weight of BM25 in the fused score.")
    rerank_weight: float = Field(0.2, ge=0, le=1, description="Weight of the reranker in the final score.")
    reranker: Literal["late-interaction", "cross-encoder", "none"] = Field(
        "late-interaction", description="Reranker of the fused hits."
    )
    cross_encoder_model: str = Field(
        "cross-encoder/ms-marco-MiniLM-L6-v2", description="Model of the cross-encoder reranker."
    )
    language: str = Field("en", pattern=r"^[a-z]{2}$", description="Language of texts that are too short to detect it.")
    chunk_tokens: int = Field(
        180, ge=32, le=4096, description="Maximum length of a chunk, in tokens of the embedding model."
    )

    spelling: bool = Field(
        True,
        description="Correct words of a question that are neither in the dictionary nor in the collection.",
    )
    question_reader: Literal["rules", "llm"] = Field(
        "rules",
        description="What rewrites follow-up questions and splits compound ones; `llm` takes an additional call.",
    )

    llm_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="OpenAI-compatible LLM, for example `http://localhost:8000/v1`. If not set: extractive answers.",
    )
    llm_model: str | None = Field(None, description="Model name. If not set: the first that the server lists.")
    llm_api_key: SecretStr | None = Field(None, description="Key of the LLM.")
    llm_timeout_s: float = Field(60, gt=0, le=3600, description="Timeout for the next token.")
    llm_connect_timeout_s: float = Field(3, gt=0, le=60, description="Timeout for a connection to the LLM.")
    llm_retries: int = Field(2, ge=0, le=10, description="Retries after a failed request, with backoff.")
    llm_max_tokens: int = Field(400, ge=16, le=8192, description="Maximum length of a draft, in tokens.")
    llm_context_tokens: int = Field(
        4000,
        ge=128,
        le=1_000_000,
        description="Maximum tokens of evidence in a prompt; the model's context window is a limit too.",
    )
    llm_repairs: int = Field(
        3,
        ge=0,
        le=100,
        description="Maximum repairs per answer: unsupported sentences that the LLM rewrites from their quotes.",
    )
    parent_characters: int = Field(
        400, ge=0, le=100_000, description="Characters on each side of a hit that the LLM reads too."
    )

    support_mode: Literal["strict", "balanced"] = Field(
        "strict",
        description="How certain the verifier must be to release a sentence; docs/guide/verification.md gives "
        "precision and recall of both modes.",
    )
    support_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Probability of support at which a sentence is released. If not set: by `support_mode`.",
    )
    unsupported: Literal["withhold", "mark"] = Field(
        "withhold",
        description="What happens to unsupported sentences of a draft: `withhold`, or `mark`, which shows each with "
        "the prefix `[not verified]`.",
    )
    reader: str = Field(
        "auto",
        pattern=r"^(auto|llm|local|hub:\S+)$",
        description="Model that reads each sentence beside its evidence: the LLM (`llm`), none (`local`), or a "
        "published checker such as `hub:yaxili96/FactCG-DeBERTa-v3-Large`. `auto`: the LLM, if one is set and "
        "returns log-probabilities.",
    )
    reader_url: str | None = Field(
        None, pattern=r"^https?://", description="OpenAI-compatible LLM used as the reader. If not set: `llm_url`."
    )
    reader_model: str | None = Field(
        None, description="Model of the reader. If not set: `llm_model`, or the first model at `reader_url`."
    )
    reader_api_key: SecretStr | None = Field(None, description="Key of `reader_url`.")
    relevance_threshold: float = Field(
        0.62,
        ge=0,
        le=1,
        description="Minimum relevance of the hits for an answer of the documents' own sentences, without an LLM or "
        "if nothing in its draft is supported.",
    )
    moderation: Literal["off", "flag", "block"] = Field(
        "flag",
        description="Moderation of questions and sentences: none; findings in the record of the answer; or flagged "
        "questions are not answered and flagged sentences are withheld.",
    )
    moderation_url: str | None = Field(
        None, pattern=r"^https?://", description="OpenAI-compatible moderation server. If not set: the local model."
    )
    moderation_api: Literal["moderations", "guard"] = Field(
        "moderations",
        description="API of `moderation_url`: OpenAI's `/moderations`, or chat completions of a guard model such as "
        "Llama Guard.",
    )
    moderation_model: str = Field("omni-moderation-latest", description="Model name at `moderation_url`.")
    moderation_api_key: SecretStr | None = Field(None, description="Key of `moderation_url`.")
    moderation_timeout_s: float = Field(10, gt=0, le=600, description="Timeout for `moderation_url`.")
    answerability_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Minimum probability that the hits answer the question; below it Footnote abstains before "
        "drafting. If not set: 0.1 with an LLM, else 0.2.",
    )
    store_wait_s: float = Field(
        10, ge=0, le=3600, description="Maximum wait for another command that has the embedded store open."
    )
    min_free_mb: float = Field(
        300, ge=0, description="The embedded store stops writing when its disk has less free space."
    )
    max_file_mb: float = Field(200, gt=0, description="Larger files are refused.")
    max_pages: int = Field(5000, ge=1, description="Files with more pages are refused.")
    max_text_mb: float = Field(100, gt=0, description="Files with more text are refused.")
    parse_processes: int = Field(
        2, ge=1, le=64, description="Child processes that parse files, one file each at a time."
    )
    parse_timeout_s: float = Field(60, gt=0, le=3600, description="Timeout for parsing a file, or for OCR of one page.")
    parse_memory_mb: int = Field(3000, ge=256, description="Memory limit of a child process that parses files (Linux).")
    ocr: Literal["rapidocr", "tesseract", "none"] = Field(
        "rapidocr", description="OCR engine for images and scanned pages; `tesseract` must be installed on the machine."
    )
    ocr_languages: str = Field("eng", description="Languages for Tesseract, such as `eng+deu`; not used by RapidOCR.")
    archive_max_files: int = Field(10_000, ge=1, description="Archives with more files are refused.")
    archive_max_mb: float = Field(2000, gt=0, description="Archives that unpack to more are refused.")
    url_timeout_s: float = Field(30, gt=0, le=600, description="Timeout for a response of a web server.")
    url_private_addresses: bool = Field(
        False, description="Allow URLs with private, loopback and link-local addresses."
    )
    queue_url: str | None = Field(
        None,
        pattern=r"^(postgresql|sqlite)(\+\w+)?://",
        description="Database of the work queue, such as `postgresql://user:password@host/footnote`, shared by any "
        "number of workers. If not set: a SQLite file in `data_dir`.",
    )
    database_url: str | None = Field(
        None,
        pattern=r"^(postgresql|sqlite)(\+\w+)?://",
        description="Database of files, vector stores, keys and answers, such as "
        "`postgresql://user:password@host/footnote`. Services that share it must share `queue_url` too. If not set: a "
        "SQLite file in `data_dir`.",
    )
    files_dir: Path | None = Field(
        None,
        description="Folder of uploaded files; all service and worker processes must see it at the same path. If not "
        "set: `files` in `data_dir`.",
    )
    max_upload_mb: float = Field(512, gt=0, description="Larger uploads are refused.")
    ingest_files: int = Field(16, ge=1, le=512, description="Maximum files in progress per worker.")
    ingest_files_per_minute: int | None = Field(
        None, ge=1, description="Maximum files started per minute by all workers together."
    )
    ingest_memory_mb: int = Field(
        512, ge=64, description="Maximum total size of the files in progress; one file is always allowed."
    )
    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    authentication: Literal["auto", "keys", "none"] = Field(
        "auto",
        description="When requests need an API key (`footnote keys`): `keys`: always. `none`: never, for a service "
        "behind a proxy that authenticates. `auto`: if the service listens on an address other than loopback.",
    )
    groups_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret with which a proxy signs the groups of its users in the header `x-footnote-groups`. "
        "Requests without the header are then refused, except with keys that may write or have groups. If not set: "
        "requests with the header are refused.",
    )
    trusted_hosts: str | None = Field(
        None,
        description="Host names by which clients may call the service, separated by commas. If not set: on loopback "
        "only the names of this machine, so that no web page can reach it by another name; elsewhere any name.",
    )
    cors_origins: str | None = Field(
        None,
        description="Origins whose web pages may call the service, separated by commas, such as "
        "`https://chat.example.com`. If not set: no other origin.",
    )
    limit_requests_per_minute: int | None = Field(
        None, ge=1, description="Maximum requests per minute and key, or per address without keys."
    )
    limit_tokens_per_minute: int | None = Field(
        None, ge=1, description="Maximum tokens per minute and key that language models read and write."
    )
    limit_upload_mb_per_minute: float | None = Field(
        None, gt=0, description="Maximum megabytes uploaded per minute and key."
    )
    limit_answers_at_once: int | None = Field(None, ge=1, description="Maximum concurrent answers per key.")
    max_waiting_files: int = Field(
        100_000,
        ge=1,
        description="Maximum files that wait to be read into vector stores; beyond it, new files are refused.",
    )
    client_idle_s: float = Field(
        60,
        gt=0,
        description="Timeout after which a client is disconnected that stops sending a body or reading a stream, or "
        "does not complete the headers of a request.",
    )
    shutdown_grace_s: int = Field(
        5,
        ge=0,
        le=3600,
        description="Time that running answers get to finish when the service is stopped; then they end with an error.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Format of the service's log: lines of text, or JSON objects."
    )
    traces_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="OpenTelemetry collector for traces, such as `http://localhost:4318/v1/traces`; needs the extra "
        "`traces`. If not set: no traces.",
    )
    port: int = Field(8080, ge=1, le=65535, description="Port that the service listens on.")
    max_request_mb: float = Field(
        16, gt=0, description="Larger requests are refused; `max_upload_mb` limits uploaded files."
    )
    max_messages: int = Field(1000, ge=1, description="Conversations with more messages are refused.")
    max_message_characters: int = Field(
        200_000, ge=1, description="Messages, queries and texts to embed with more characters are refused."
    )
    max_queries: int = Field(50, ge=1, description="Searches with more queries are refused.")
    max_filter_parts: int = Field(200, ge=1, description="Metadata filters with more comparisons are refused.")
    answers_days: int = Field(
        30,
        ge=0,
        le=36_500,
        description="Days for which the service stores answers with their evidence; 0: none are stored.",
    )
    client_tasks: Literal["answer", "refuse"] = Field(
        "answer",
        description="What happens to prompts that chat clients generate themselves, for titles, tags and the like: "
        "the LLM answers them without documents, or they are refused.",
    )
    client_task_pattern: str = Field(
        r"\A\s*### Task:\s+(?:Generate|Suggest|Analy[sz]e|Create|Summari[sz]e|You are an autocompletion)"
        r"|\b(?:concise|short)\b[^\n]{0,40}\btitle for (?:the|this) conversation\b",
        description="Regular expression that detects such prompts in the last user message.",
    )

    @field_validator("client_task_pattern")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as exc:
            raise ValueError(f"it is not a regular expression: {exc}") from exc
        return value

    @property
    def store_folder(self) -> Path:
        """The folder of the embedded store and of the record of its owner."""
        return self.data_dir / "collections"

    @property
    def error_log(self) -> Path:
        """The file that unexpected errors are written to, with traceback."""
        return self.data_dir / "log" / "errors.log"

    @property
    def queue_folder(self) -> Path:
        """The folder of this machine's queue and of the record of its owner."""
        return self.data_dir / "queue"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values, then the environment, then `footnote.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def revealed(secret: SecretStr | None) -> str | None:
    """The plain text of a secret, to be sent to a server."""
    return secret.get_secret_value() if secret else None


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        SettingError: naming each wrong setting, its value and what is expected.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as exc:
        raise SettingError("; ".join(_explain(error) for error in exc.errors())) from exc
    except ValueError as exc:  # tomllib.TOMLDecodeError is one
        raise SettingError(f"{TOML.resolve()} cannot be read: {exc}") from exc


def _explain(error: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{TOML} has no setting named {name!r}; docs/reference/settings.md lists them all"
    field = Settings.model_fields.get(name)
    secret = field is not None and "SecretStr" in str(field.annotation)
    value = "'***'" if secret else repr(error["input"])
    return f"{PREFIX}{name.upper()}={value}: {error['msg']}"
