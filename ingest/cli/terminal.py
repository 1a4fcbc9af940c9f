"""What a command line gets from a terminal and writes to it, whatever the terminal's encoding."""

from __future__ import annotations

import json
import os
import sys
from io import TextIOWrapper
from typing import Any


def write_to_any_terminal() -> None:
    """From here on, a character that the terminal or pipe cannot show is written as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def readable(argument: str) -> str:
    """An argument as text: its bytes read as UTF-8, whatever the locale; those that are not UTF-8 become `�`.

    Text without lone surrogates stays as it is.
    """
    try:
        return os.fsencode(argument).decode("utf-8", "replace")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, or a locale without the characters
        return argument.encode("utf-8", "replace").decode("utf-8")


def json_line(value: Any, encoding: str | None = None) -> str:
    """A value as one line of JSON, which is UTF-8: in any other encoding (by default the output's) in `\\u` escapes."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        is_utf8 = line.encode(encoding or sys.stdout.encoding or "utf-8") == line.encode("utf-8")
    except UnicodeEncodeError:
        is_utf8 = False
    return line if is_utf8 else json.dumps(value)
