"""The service's log: lines on standard error, as text or as JSON, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Literal

_SECRETS = (
    (re.compile(r"\bfn_([0-9a-f]{16})_[\w-]+"), r"fn_\1_***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 ***"),
    (re.compile(r"\b(sk|hf|ghp|xoxb)[-_][\w-]{8,}"), r"\1-***"),
    (re.compile(r"(://[^\s:/@]*):[^\s/@]+@"), r"\1:***@"),
    (re.compile(r"(?i)((?:api[-_]?key|token|password|secret)['\"]?\s*[=:]\s*['\"]?)[^\s'\",&]+"), r"\1***"),
)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def secrets_masked(text: str) -> str:
    """A text with keys, tokens and passwords as stars."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class TextLines(logging.Formatter):
    """A record as a line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        more = " ".join(f"{key}={value}" for key, value in _extras(record).items())
        return secrets_masked(super().format(record) + (f" {more}" if more else ""))


class JsonLines(logging.Formatter):
    """A record as an object: time, level, logger, message, what was noted besides, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": secrets_masked(record.getMessage()),
            **{
                key: secrets_masked(value) if isinstance(value, str) else value
                for key, value in _extras(record).items()
            },
        }
        if record.exc_info:
            told["traceback"] = secrets_masked(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def configure_logs(kind: Literal["text", "json"]) -> None:
    """Log to the error output of this process, from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if kind == "json" else TextLines())
    for name in ("", "uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [] if name else [handler]
        logger.propagate = True
    logging.getLogger("footnote").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.INFO)


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as `extra`."""
    return {key: value for key, value in vars(record).items() if key not in _OWN and value is not None}
