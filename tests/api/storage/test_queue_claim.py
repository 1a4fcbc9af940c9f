"""A database goes with one queue: claims of live services for one exclude those for another."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from api.storage import DatabaseFailed, claimed
from api.storage.queue_claim import SessionClaim
from rag.errors import SettingError
from tests.fakes.llm import unused_url


def test_claims_for_one_queue_live_together(database_url: str | None, tmp_path: Path):
    with claimed(database_url, tmp_path, "one"), claimed(database_url, tmp_path, "one"):
        pass


def test_a_claim_for_another_queue_is_refused_while_one_lives(database_url: str | None, tmp_path: Path):
    """Also when the first of several claims has ended; afterwards nothing is left of them."""
    with ExitStack() as last:
        with claimed(database_url, tmp_path, "one"):
            last.enter_context(claimed(database_url, tmp_path, "one"))
        with pytest.raises(SettingError, match="FOOTNOTE_QUEUE_URL of both"), claimed(database_url, tmp_path, "other"):
            pass
        with claimed(database_url, tmp_path, "one"):
            pass
    with claimed(database_url, tmp_path, "other"):
        pass
    assert not list(tmp_path.glob("*.queue-*"))


def test_databases_do_not_mind_each_other(tmp_path: Path):
    with claimed(None, tmp_path / "a", "one"), claimed(f"sqlite:///{tmp_path}/b/x.sqlite", tmp_path, "other"):
        pass


def test_what_a_dead_process_left_is_no_claim(tmp_path: Path):
    (tmp_path / "footnote.sqlite.queue-1-0123456789abcdef.lock").touch()
    with claimed(None, tmp_path, "one"):
        pass


@pytest.mark.slow
def test_a_claim_whose_connection_breaks_is_made_again(postgres_database: str):
    """As by a server that is restarted."""
    claim = SessionClaim(postgres_database, 7, every_s=0.05)
    with psycopg.connect(postgres_database, autocommit=True) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7"
        until_s = time.monotonic() + 30
        while own.execute(locks).fetchone() != (1,):
            assert time.monotonic() < until_s
            time.sleep(0.02)
    with pytest.raises(SettingError):
        SessionClaim(postgres_database, 8)
    claim.close()
    SessionClaim(postgres_database, 8).close()


def test_a_database_that_is_not_there_is_an_error_without_the_password(tmp_path: Path):
    url = unused_url().replace("http://", "postgresql://user:secret@") + "/nothing"
    with pytest.raises(DatabaseFailed) as caught, claimed(url, tmp_path, "one"):
        pass
    assert "secret" not in str(caught.value)
