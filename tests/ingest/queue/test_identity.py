"""Which queue a queue is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.queue.database import SQLITE, compact, make_ready
from ingest.queue.identity import identity_of
from rag.errors import QueueError


def test_a_file_keeps_its_identity(tmp_path: Path):
    """From the first look on, also once it has tables and is written anew; another file has another."""
    url = f"{SQLITE}{tmp_path / 'queue' / 'queue.sqlite'}"
    first = identity_of(url)
    make_ready(url)
    compact(url)
    assert identity_of(url) == first
    assert identity_of(f"{SQLITE}{tmp_path / 'other.sqlite'}") != first


def test_a_database_that_is_not_there_is_an_error_without_the_password():
    with pytest.raises(QueueError, match="FOOTNOTE_QUEUE_URL") as caught:
        identity_of("postgresql://user:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)
