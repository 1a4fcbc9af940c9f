"""Checks of the installation, the settings, the store and the models, each with a remedy."""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import torch
from rich.text import Text

from api.cli.collections import opened_collections
from api.cli.conflicts import contradictions, without_effect
from api.probe import LlmState, probe_llm
from api.storage import SQLITE_FILE, DatabaseFailed, claimed
from ingest.build import own_queue_file, queue_identity
from rag.build.models import build_embedder, build_llm_reader, build_reader
from rag.errors import ModelError, ModelUnavailable, QueueError, ServiceError, SettingError, StoreError, StoreLocked
from rag.handover import client_of
from rag.settings import PREFIX, SHIPPED_MODEL, TOML, Settings, load_settings
from rag.verification import load_model
from rag.verification.readers import LOCAL, read_calibrations

State = Literal["ok", "missing", "problem"]
_STYLES: dict[State, str] = {"ok": "green", "missing": "yellow", "problem": "bold red"}
_LLM_PATIENCE_S = 20.0
_UNCALIBRATED = "not calibrated"
_CALIBRATE = "run `footnote eval calibrate-reader`; until then the reader can only withhold"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `missing` is optional, `problem` must be repaired; `remedy` says how."""

    name: str
    state: State
    detail: str
    remedy: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def examine(collection: str | None) -> Iterator[Check]:
    """The checks, each as soon as it is done; with invalid settings the others are skipped."""
    yield Check("python", "ok", f"{platform.python_version()} on {platform.machine()}")
    yield _torch()
    try:
        settings = load_settings(collection=collection)
    except SettingError as exc:
        yield Check("settings", "problem", str(exc), "docs/reference/settings.md lists every setting")
        return
    yield _settings(settings, frozenset({"collection"} if collection else ()))
    yield _together(settings)
    yield _data_dir(settings.data_dir)
    yield _database(settings)
    yield _store(settings)
    yield _embedder(settings)
    yield _verifier()
    yield _llm(settings)
    yield _reader(settings)


def check_lines(check: Check) -> list[Text]:
    """A check as a line, and its remedy below it."""
    line = Text.assemble((f"{check.state:<8}", _STYLES[check.state]), (f"{check.name:<10} ", "bold"), check.detail)
    return [line] if check.remedy is None else [line, Text(f"{'':<8}{'':<10} → {check.remedy}")]


def report_of(checks: Sequence[Check]) -> dict[str, Any]:
    """All checks as one JSON object; `ok` is false if there is a problem."""
    listed = [
        {"name": c.name, "state": c.state, "detail": c.detail, "remedy": c.remedy}
        | ({"facts": c.facts} if c.facts else {})
        for c in checks
    ]
    return {"ok": all(check.state != "problem" for check in checks), "checks": listed}


def _torch() -> Check:
    capabilities = torch.cpu.get_capabilities()
    native = sorted(name for name in ("avx512_bf16", "amx_bf16") if capabilities.get(name))
    told = f"native bfloat16 ({', '.join(native)})" if native else "no native bfloat16, float32 is used"
    gpu = f"; {torch.cuda.get_device_name(0)}" if torch.cuda.is_available() else ""
    return Check("torch", "ok", f"{version('torch')}; this processor: {told}{gpu}")


def _settings(settings: Settings, options: frozenset[str]) -> Check:
    origins = {name: _origin(settings, name, options) for name in type(settings).model_fields}
    facts = {name: {"value": _shown(getattr(settings, name)), "origin": origin} for name, origin in origins.items()}
    changed = [f"{name} = {facts[name]['value']} ({origin})" for name, origin in origins.items() if origin != "default"]
    return Check("settings", "ok", "; ".join(changed) or "all defaults", facts=facts)


def _together(settings: Settings) -> Check:
    """Whether settings conflict, or have no effect."""
    wrong, idle = contradictions(settings), without_effect(settings)
    if not wrong and not idle:
        return Check("conflicts", "ok", "no conflicting settings")
    remedy = None if wrong else "unset the settings without effect, or set what they depend on"
    return Check("conflicts", "problem" if wrong else "missing", "; ".join([*wrong, *idle]), remedy)


def _origin(settings: Settings, name: str, options: frozenset[str]) -> str:
    """Where a value comes from: an option, the name of a variable, the settings file, or the default."""
    if name in options:
        return f"--{name}"
    if name not in settings.model_fields_set:
        return "default"
    variable = PREFIX + name.upper()
    return next((key for key in os.environ if key.upper() == variable), str(TOML))


def _shown(value: object) -> str | int | float | bool | None:
    """A value as JSON has it; secrets come out as stars."""
    return value if isinstance(value, int | float | bool | None) else str(value)


def _data_dir(folder: Path) -> Check:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        remedy = f"give this user the right to write, or set {PREFIX}DATA_DIR to another folder"
        return Check("data", "problem", f"{existing} is not a folder that can be written to", remedy)
    return Check("data", "ok", str(folder) if existing == folder else f"{folder} will be created")


def _database(settings: Settings) -> Check:
    """Whether the service's database can be reached, and no service with another queue works with it."""
    place = settings.database_url.rpartition("@")[2] if settings.database_url else str(settings.data_dir / SQLITE_FILE)
    if settings.database_url is None and not (settings.data_dir / SQLITE_FILE).exists():
        return Check("database", "ok", f"{place} will be created")
    known = settings.queue_url is not None or own_queue_file(settings).exists()
    try:
        with claimed(settings.database_url, settings.data_dir, queue_identity(settings) if known else "not made yet"):
            return Check("database", "ok", place)
    except SettingError as exc:
        return Check("database", "problem", str(exc))
    except DatabaseFailed as exc:
        return Check("database", "problem", str(exc), f"start it, or see {PREFIX}DATABASE_URL")
    except QueueError as exc:
        return Check("database", "problem", str(exc), f"start it, or see {PREFIX}QUEUE_URL")


def _store(settings: Settings) -> Check:
    if settings.qdrant_url is None and not (settings.data_dir / "collections").exists():
        return Check("store", "missing", "embedded, empty", "fill it: footnote ingest PATH")
    place, name = _place(settings), settings.collection
    try:
        with opened_collections(settings) as collections:
            known = list(collections.names())
            documents = list(collections.documents(name)) if name in known else None
    except StoreLocked as exc:
        return Check("store", "ok", f"embedded; {exc}")
    except (StoreError, ServiceError) as exc:
        return Check("store", "problem", str(exc), _store_remedy(settings))
    if documents is None:
        detail = f"{place}; no collection {name!r} (there are: {', '.join(known) or 'none'})"
        return Check("store", "missing", detail, f"fill it: footnote ingest PATH --collection {name}")
    chunks = sum(document.chunks for document in documents)
    return Check("store", "ok", f"{place}; collection {name!r}: {len(documents)} documents, {chunks} chunks")


def _place(settings: Settings) -> str:
    if settings.qdrant_url:
        return f"Qdrant at {settings.qdrant_url}"
    service = client_of(settings.store_folder)
    return f"embedded, open in {service.owner}" if service else "embedded"


def _store_remedy(settings: Settings) -> str:
    if settings.qdrant_url:
        return f"start Qdrant there, or unset {PREFIX}QDRANT_URL to use the embedded store"
    return f"set {PREFIX}DATA_DIR to another folder, or restore this one from a backup"


def _embedder(settings: Settings) -> Check:
    started = time.perf_counter()
    try:
        embedder = build_embedder(settings)
        dimension = len(embedder.embed_query("How long does one query take?").dense)
    except ModelError as exc:
        return Check("embedding", "problem", str(exc), f"see {PREFIX}EMBEDDING_MODEL and {PREFIX}EMBEDDING_URL")
    elapsed_s = time.perf_counter() - started
    shipped = not settings.embedding_url and settings.embedding_model == SHIPPED_MODEL
    checked = ", checksum as published" if shipped else ""
    return Check("embedding", "ok", f"{embedder.name}, {dimension} dimensions{checked}, loaded in {elapsed_s:.1f} s")


def _verifier() -> Check:
    try:
        load_model("words")
    except ModelError as exc:
        return Check("verifier", "problem", str(exc), "reinstall Footnote, or run python -m eval.fit.verifier")
    return Check("verifier", "ok", "fitted model loaded")


def _llm(settings: Settings) -> Check:
    remedy = f"set {PREFIX}LLM_URL, for example to http://localhost:8000/v1 of a running `vllm serve`"
    try:
        state = asyncio.run(probe_llm(settings, patience_s=_LLM_PATIENCE_S, generate=True))
    except ModelUnavailable as exc:
        return Check("llm", "problem", str(exc), f"start it, or unset {PREFIX}LLM_URL for extractive answers")
    if state is None:
        return Check("llm", "missing", "not set: extractive answers", remedy)
    return Check("llm", "ok", _llm_detail(state))


def _llm_detail(state: LlmState) -> str:
    token = "" if state.token_ms is None else f", one token in {state.token_ms:.0f} ms"
    return f"{state.name}, window of {state.window_tokens} tokens{token}"


def _reader(settings: Settings) -> Check:
    """The configured reader, and whether it works."""
    try:
        reader = build_reader(settings)
        if reader is None:
            return Check("reader", "ok", f"{LOCAL}: none, the verifier decides alone")
        if settings.reader.startswith("hub:"):
            return Check("reader", "ok", f"{reader.name}, {_calibrated(settings, reader.name)}")
        return _served_reader(settings)
    except ModelUnavailable as exc:
        return Check("reader", "problem", str(exc), f"see {PREFIX}READER; `local` needs no model")
    except SettingError as exc:
        return Check("reader", "problem", str(exc), "docs/reference/settings.md lists every setting")


def _served_reader(settings: Settings) -> Check:
    impatient = {"llm_timeout_s": _LLM_PATIENCE_S, "llm_retries": 0}
    reader = build_llm_reader(settings.model_copy(update=impatient))
    if reader.gives_logprobs():
        calibrated = _calibrated(settings, reader.name)
        detail = f"{reader.name}, gives log-probabilities, {calibrated}"
        unknown = calibrated == _UNCALIBRATED
        return Check("reader", "missing" if unknown else "ok", detail, _CALIBRATE if unknown else None)
    silent = f"{reader.name} gives no log-probabilities of yes and no"
    remedy = f"serve the model with vLLM, or set {PREFIX}READER to local"
    if settings.reader == "auto":
        return Check("reader", "missing", f"{LOCAL}: {silent}", remedy)
    return Check("reader", "problem", silent, remedy)


def _calibrated(settings: Settings, name: str) -> str:
    found = read_calibrations(settings.data_dir).get(name)
    if found is None:
        return _UNCALIBRATED
    modes = " and ".join(f"`{mode}`" for mode in sorted(found.thresholds)) or "no mode"
    return f"calibrated on {found.rows} claims: releases in {modes}, otherwise only withholds"
