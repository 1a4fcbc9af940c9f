"""What clients are told of errors: their own faults in full, the service's without anything internal."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import api.rest.app  # noqa: F401 - with it, every error type that can reach a client is known
from api.rest.errors import described
from api.rest.request_limits import _request_id
from api.storage import NotStored
from api.wire import Refused
from rag.errors import FootnoteError

INTERNALS = st.sampled_from(
    [
        "http://qdrant.internal:6333",
        "/srv/footnote/files/file-1",
        "postgresql://footnote:secret@db/footnote",
        "sqlite:////data/footnote.sqlite",
        "FOOTNOTE_QDRANT_URL",
        "psycopg.OperationalError",
    ]
)


def kinds(of: type[FootnoteError] = FootnoteError) -> Iterator[type[FootnoteError]]:
    """Every error type that the service knows."""
    yield of
    for each in of.__subclasses__():
        yield from kinds(each)


def made(kind: type[FootnoteError], words: str) -> FootnoteError:
    return kind(words, words) if kind is NotStored else kind(words)


KINDS = sorted(set(kinds()), key=lambda kind: kind.__qualname__)
CLIENTS_FAULTS = {
    *("Refused", "FilterError", "QuestionError", "CollectionNotFound", "NotStorable", "NotStored"),
    *("NothingToRetry", "QueueFull", "BeyondGroups", "NotAllowed"),
}
"""Errors whose words are made of what the client itself sent."""


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    token = _request_id.set("req_1")
    yield
    _request_id.reset(token)


@given(kind=st.sampled_from(KINDS), before=st.text(max_size=20), inside=INTERNALS, after=st.text(max_size=20))
def test_nothing_internal_is_told(kind: type[FootnoteError], before: str, inside: str, after: str):
    """Of an error that is the service's fault: only what happened, whether to try again, and the request."""
    status, body = described(made(kind, f"{before}{inside}{after}"))
    error = body["error"]
    if kind.__name__ in CLIENTS_FAULTS:
        assert 400 <= status < 500
        return
    assert status >= 500
    assert inside not in str(body)
    assert "FOOTNOTE_" not in str(body)
    assert "try again" in error["message"] or "trying again" in error["message"]
    assert "req_1" in error["message"]
    assert error["type"] == "server_error"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.__name__ not in CLIENTS_FAULTS])
def test_the_log_has_the_rest(kind: type[FootnoteError], caplog: pytest.LogCaptureFixture):
    """Under the id of the request."""
    with caplog.at_level(logging.ERROR, "footnote.errors"):
        described(made(kind, "Qdrant at http://q:6333 failed"))
    [record] = caplog.records
    assert "http://q:6333" in record.getMessage()
    assert vars(record)["request_id"] == "req_1"


def test_a_fault_of_the_client_is_told_in_full(caplog: pytest.LogCaptureFixture):
    status, body = described(Refused("temperature: at most 2", param="temperature"))
    assert (status, body["error"]["message"]) == (400, "temperature: at most 2")
    assert not caplog.records
