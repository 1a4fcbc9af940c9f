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
        description="Folder of the embedded store and of everything else Footnote keeps.",
    )
    collection: str = Field("default", pattern=COLLECTION_NAME, description="Collection used when none is named.")

    qdrant_url: str | None = Field(
        None,
        pattern=r"^https?://|^:memory:$",
        description="Qdrant server, for example `http://localhost:6333`. None: the embedded store in `data_dir`.",
    )
    qdrant_api_key: SecretStr | None = Field(None, description="Key of the Qdrant server.")
    qdrant_grpc: bool = Field(False, description="Talk gRPC (port 6334) to the Qdrant server instead of HTTP.")
    token_storage: TokenStorage = Field(
        "turbo8", description="How token vectors are stored: 8 bits a value, or 16. Fixed when a collection is created."
    )
    dense_quantization: DenseQuantization = Field(
        "none", description="Quantisation of the dense vectors' index. Fixed when a collection is created."
    )

    embedding_model: str = Field(
        SHIPPED_MODEL,
        description="The shipped model, a folder, or any sentence-transformers model on Hugging Face.",
    )
    embedding_url: str | None = Field(
        None, pattern=r"^https?://", description="OpenAI-compatible embeddings endpoint; None: embed in this process."
    )
    embedding_api_key: SecretStr | None = Field(None, description="Key of the embeddings endpoint.")
    embedding_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="`auto` takes bfloat16 where the processor has it natively."
    )
    embedding_device: str = Field("cpu", description="Torch device of the embedding model, such as `cpu` or `cuda`.")
    embedding_batch: int = Field(16, ge=1, le=4096, description="Texts in one forward pass.")
    embedding_threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Batches embedded side by side on the processor, a core each.",
    )
    embedding_max_tokens: int = Field(256, ge=16, le=32768, description="Longest text embedded; the rest is cut off.")
    token_vectors: int = Field(
        40, ge=1, le=512, description="Token vectors kept of a chunk, after pooling neighbours. 40 take 15 KiB."
    )

    top_k: int = Field(8, ge=1, le=100, description="Hits a search returns and an answer reads.")
    candidates: int = Field(100, ge=1, le=1000, description="Chunks each arm brings to fusion and reranking.")
    bm25_weight: float = Field(0.55, ge=0, le=1, description="Share of BM25 in the fused score.")
    rerank_weight: float = Field(0.2, ge=0, le=1, description="Share of the reranker in the final score.")
    reranker: Literal["late-interaction", "cross-encoder", "none"] = Field(
        "late-interaction", description="What reorders the fused hits."
    )
    cross_encoder_model: str = Field(
        "cross-encoder/ms-marco-MiniLM-L6-v2", description="Model of the cross-encoder reranker."
    )
    language: str = Field("en", pattern=r"^[a-z]{2}$", description="Language assumed of texts too short to tell.")
    chunk_tokens: int = Field(180, ge=32, le=4096, description="Longest chunk, in tokens of the embedding model.")

    spelling: bool = Field(
        True,
        description="Correct words of a question that neither the dictionary nor the collection knows.",
    )
    question_reader: Literal["rules", "llm"] = Field(
        "rules", description="What rewrites follow-up questions and divides compound ones; `llm` takes a call more."
    )

    llm_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="OpenAI-compatible LLM, for example `http://localhost:8000/v1`. None: extractive answers.",
    )
    llm_model: str | None = Field(None, description="Model name; None: the first the server lists.")
    llm_api_key: SecretStr | None = Field(None, description="Key of the LLM.")
    llm_timeout_s: float = Field(60, gt=0, le=3600, description="Longest wait for the next token.")
    llm_connect_timeout_s: float = Field(3, gt=0, le=60, description="Longest wait for the LLM to accept a connection.")
    llm_retries: int = Field(2, ge=0, le=10, description="Tries again after a failed request, with backoff.")
    llm_max_tokens: int = Field(400, ge=16, le=8192, description="Longest answer, in tokens.")
    llm_context_tokens: int = Field(
        2000, ge=128, le=1_000_000, description="Most tokens of evidence in a prompt; the model's window also limits."
    )
    llm_repairs: int = Field(
        3,
        ge=0,
        le=100,
        description="Most unsupported sentences of an answer that the LLM rewrites from their quotes; 0: none.",
    )
    parent_characters: int = Field(
        400, ge=0, le=100_000, description="Characters around a hit that the LLM reads as well, on each side; 0: none."
    )

    support_mode: Literal["strict", "balanced"] = Field(
        "strict",
        description="How sure the verifier must be to release a sentence: `strict` or `balanced`; "
        "docs/guide/verification.md has the measured precision and recall of both.",
    )
    support_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Probability of support from which a sentence is released; None: by `support_mode`.",
    )
    unsupported: Literal["withhold", "mark"] = Field(
        "withhold",
        description="What becomes of drafted sentences that nothing supports: `withhold`, or `mark`, which shows each "
        "behind `[not verified]`.",
    )
    reader: str = Field(
        "auto",
        pattern=r"^(auto|llm|local|hub:\S+)$",
        description="What reads sentences beside the verifier: the LLM (`llm`), nothing (`local`), or a published "
        "checker such as `hub:yaxili96/FactCG-DeBERTa-v3-Large`. `auto`: the LLM where one is set and gives "
        "log-probabilities.",
    )
    reader_url: str | None = Field(
        None, pattern=r"^https?://", description="OpenAI-compatible LLM that reads; None: the one at `llm_url`."
    )
    reader_model: str | None = Field(
        None, description="Model that reads; None: `llm_model`, or with `reader_url` the first that its server lists."
    )
    reader_api_key: SecretStr | None = Field(None, description="Key of `reader_url`.")
    relevance_threshold: float = Field(
        0.62,
        ge=0,
        le=1,
        description="Without an LLM, and where nothing that it wrote is supported: a question whose hits match it less "
        "than this is not answered by their own words.",
    )
    moderation: Literal["off", "flag", "block"] = Field(
        "flag",
        description="Whether questions and sentences are moderated: not at all; with the findings in the record of the "
        "answer; or so that a flagged question is not answered and a flagged sentence not told.",
    )
    moderation_url: str | None = Field(
        None, pattern=r"^https?://", description="OpenAI-compatible server that moderates. None: the small local model."
    )
    moderation_api: Literal["moderations", "guard"] = Field(
        "moderations",
        description="What `moderation_url` speaks: OpenAI's `/moderations`, or chat, with a guard model such as Llama "
        "Guard behind it.",
    )
    moderation_model: str = Field("omni-moderation-latest", description="Model asked for at `moderation_url`.")
    moderation_api_key: SecretStr | None = Field(None, description="Key of `moderation_url`.")
    moderation_timeout_s: float = Field(10, gt=0, le=600, description="Longest wait for `moderation_url`.")
    answerability_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="A question that its hits answer with less than this probability is not answered; None: 0.1 where "
        "a language model answers, which may read what these signals do not tell, else 0.2.",
    )
    store_wait_s: float = Field(
        10, ge=0, le=3600, description="Longest wait for another command that has the embedded store open."
    )
    min_free_mb: float = Field(
        300, ge=0, description="The embedded store stops writing when its disk has less space left than this."
    )
    max_file_mb: float = Field(200, gt=0, description="Larger files are refused.")
    max_pages: int = Field(5000, ge=1, description="Files with more pages are refused.")
    max_text_mb: float = Field(100, gt=0, description="Files that hold more text than this are refused.")
    parse_processes: int = Field(2, ge=1, le=64, description="Child processes that read files, each its own.")
    parse_timeout_s: float = Field(
        60, gt=0, le=3600, description="Longest time a file, or one page by OCR, is read before it is given up."
    )
    parse_memory_mb: int = Field(3000, ge=256, description="Most memory a process that reads files may take (Linux).")
    ocr: Literal["rapidocr", "tesseract", "none"] = Field(
        "rapidocr", description="What reads images and scanned pages; `tesseract` must be installed on the machine."
    )
    ocr_languages: str = Field("eng", description="Languages for Tesseract, such as `eng+deu`; RapidOCR needs none.")
    archive_max_files: int = Field(10_000, ge=1, description="Archives with more files are refused.")
    archive_max_mb: float = Field(2000, gt=0, description="Archives that unpack to more than this are refused.")
    url_timeout_s: float = Field(30, gt=0, le=600, description="Longest wait for a web server.")
    url_private_addresses: bool = Field(
        False, description="Fetch URLs of private, loopback and link-local addresses too."
    )
    queue_url: str | None = Field(
        None,
        pattern=r"^(postgresql|sqlite)(\+\w+)?://",
        description="Database of the work queue, such as `postgresql://user:password@host/footnote`, which any number "
        "of workers share. None: a SQLite file in `data_dir`.",
    )
    database_url: str | None = Field(
        None,
        pattern=r"^(postgresql|sqlite)(\+\w+)?://",
        description="Database of files, vector stores, keys and answers, such as "
        "`postgresql://user:password@host/footnote`. None: a SQLite file in `data_dir`.",
    )
    files_dir: Path | None = Field(
        None,
        description="Folder of uploaded files, which all processes that serve or ingest must see at the same path. "
        "None: `files` in `data_dir`.",
    )
    max_upload_mb: float = Field(512, gt=0, description="Larger uploads are refused.")
    ingest_files: int = Field(16, ge=1, le=512, description="Files that one worker has in hand at a time.")
    ingest_files_per_minute: int | None = Field(
        None, ge=1, description="Files that all workers together start a minute; None: no limit."
    )
    ingest_memory_mb: int = Field(
        512, ge=64, description="Most memory the files in hand take together, by their size on disk; one always may."
    )
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    authentication: Literal["auto", "keys", "none"] = Field(
        "auto",
        description="Whether requests need an API key (`footnote keys`): always; never, where something in front "
        "decides who may ask; or, by `auto`, where the service listens on another address than loopback.",
    )
    groups_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret with which a proxy signs the groups of its users, in the header `x-footnote-groups`; then "
        "no request is answered without it, but for keys that may write or have groups. None: no such header is taken.",
    )
    trusted_hosts: str | None = Field(
        None,
        description="Names, with commas between them, by which clients may call the service. None: on loopback the "
        "names of this machine, so that no web page can reach it by another; elsewhere any.",
    )
    cors_origins: str | None = Field(
        None,
        description="Origins, with commas between them, whose web pages may call the service, such as "
        "`https://chat.example.com`. None: no page of another origin may.",
    )
    limit_requests_per_minute: int | None = Field(
        None, ge=1, description="Requests a minute of one key, or without keys of one address; None: no limit."
    )
    limit_tokens_per_minute: int | None = Field(
        None, ge=1, description="Tokens that language models read and write a minute for one key; None: no limit."
    )
    limit_upload_mb_per_minute: float | None = Field(
        None, gt=0, description="Megabytes that one key uploads a minute; None: no limit."
    )
    limit_answers_at_once: int | None = Field(
        None, ge=1, description="Answers that are being given to one key at a time; None: no limit."
    )
    max_waiting_files: int = Field(
        100_000, ge=1, description="While so many files wait to be read into vector stores, no more are taken."
    )
    client_idle_s: float = Field(
        60,
        gt=0,
        description="Clients that send nothing of a body, or take nothing of a stream, for so long are cut off.",
    )
    shutdown_grace_s: int = Field(
        5,
        ge=0,
        le=3600,
        description="Time that answers have to end when the service is stopped; then they are broken off, and told so.",
    )
    log_format: Literal["text", "json"] = Field("text", description="How the service writes its log: lines, or JSON.")
    traces_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="OpenTelemetry collector that is sent traces, such as `http://localhost:4318/v1/traces`; needs the "
        "extra `traces`. None: no traces.",
    )
    port: int = Field(8080, ge=1, le=65535, description="Port the service listens on.")
    max_request_mb: float = Field(16, gt=0, description="Larger requests are refused; files have `max_file_mb`.")
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
        description="Days for which the service remembers answers with their evidence; 0: it remembers none.",
    )
    client_tasks: Literal["answer", "refuse"] = Field(
        "answer",
        description="What becomes of the prompts that chat clients send by themselves, for titles, tags and the like: "
        "the language model answers them without documents, or they are refused.",
    )
    client_task_pattern: str = Field(
        r"\A\s*### Task:\s+(?:Generate|Suggest|Analy[sz]e|Create|Summari[sz]e|You are an autocompletion)"
        r"|\b(?:concise|short)\b[^\n]{0,40}\btitle for (?:the|this) conversation\b",
        description="Regular expression that tells such prompts from questions, in the last message of the user.",
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
        """Where the embedded store lies, and who owns it is written."""
        return self.data_dir / "collections"

    @property
    def error_log(self) -> Path:
        """Where errors that nobody expected are written in full."""
        return self.data_dir / "log" / "errors.log"

    @property
    def queue_folder(self) -> Path:
        """Where the queue of this machine lies, and who owns it is written."""
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
    """The words of a secret, for whoever must send them."""
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
