"""Logs: lines or JSON, with what was noted, and never with a secret."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from api.telemetry import secrets_masked
from api.telemetry.logs import JsonLines, TextLines

KEY = "fn_0123456789abcdef_" + "Ab-_" * 11


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"key {KEY} used", "key fn_0123456789abcdef_*** used"),
        ("Authorization: Bearer abc.def-ghi=", "Authorization: Bearer ***"),
        ("postgresql://footnote:swordfish@host/db", "postgresql://footnote:***@host/db"),
        ("sk-proj-0123456789abcdef", "sk-***"),
        ("api_key='swordfish'", "api_key='***'"),
        ("password: swordfish, host: a", "password: ***, host: a"),
        ('{"token": "swordfish"}', '{"token": "***"}'),
        ("a token of 12 letters; the secret of sk- is kept", "a token of 12 letters; the secret of sk- is kept"),
        ("http://host:8080/v1", "http://host:8080/v1"),
    ],
)
def test_secrets_are_stars(said: str, kept: str):
    assert secrets_masked(said) == kept


def record(message: str, *arguments: object, **noted: object) -> logging.LogRecord:
    made = logging.LogRecord("footnote.access", logging.INFO, "f.py", 1, message, arguments, None)
    vars(made).update(noted)
    return made


def test_a_line_of_json_has_what_was_noted():
    line = JsonLines().format(record("request", request_id="req_1", status=200, key_id=None, path=f"/v1/{KEY}"))
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("info", "footnote.access", "request")
    assert (told["request_id"], told["status"]) == ("req_1", 200)
    assert "key_id" not in told
    assert KEY not in line


def test_a_traceback_is_masked_too():
    try:
        raise RuntimeError(f"failed with {KEY}")
    except RuntimeError:
        made = record("broke")
        made.exc_info = sys.exc_info()
    for formatter in (JsonLines(), TextLines()):
        line = formatter.format(made)
        assert "RuntimeError" in line
        assert KEY not in line


def test_a_line_of_text_is_for_people():
    assert (
        TextLines()
        .format(record("request %s", "ends", status=200))
        .endswith("INFO    footnote.access: request ends status=200")
    )
