"""Unexpected errors: one line for the user, the traceback in a log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rag.errors import SettingError

if TYPE_CHECKING:
    from rag.settings import Settings

_BYTES, _OLDER = 1_000_000, 1
_SHOWN = 300


def recorded(error: BaseException) -> str:
    """Write an error with its traceback to the log; return one line with the error and the path of the log."""
    first = str(error).strip().partition("\n")[0][:_SHOWN]
    what = f"unexpected {type(error).__name__}" + (f": {first}" if first else "")
    file = _settings().error_log
    try:
        _write(file, error)
    except OSError as exc:
        return f"{what} (and {file} could not be written: {exc})"
    return f"{what}. This is a fault of Footnote's: report it, with the last entry of {file}"


@contextmanager
def one_line_each() -> Iterator[None]:
    """Context in which an error that ends a thread is logged and printed as one line instead of a traceback."""
    usual = threading.excepthook
    threading.excepthook = _ended
    try:
        yield
    finally:
        threading.excepthook = usual


def _ended(thread: threading.ExceptHookArgs) -> None:
    if thread.exc_value is not None and not isinstance(thread.exc_value, SystemExit):
        typer.echo(f"footnote: {recorded(thread.exc_value)}", err=True)


def _settings() -> Settings:
    """Those of this process; where they are wrong, the defaults."""
    from rag.settings import Settings, load_settings

    try:
        return load_settings()
    except SettingError:
        return Settings.model_construct()


def _write(file: Path, error: BaseException) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(
        file, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    try:
        handler.handle(
            logging.LogRecord(
                "footnote", logging.ERROR, "", 0, "footnote", (), (type(error), error, error.__traceback__)
            )
        )
    finally:
        handler.close()
