"""The Postgres server that tests of many workers run on."""

from pathlib import Path

import psycopg
import pytest

from tests.integration.postgres import MISSING, postgres_binaries, running_postgres

pytestmark = [pytest.mark.slow, pytest.mark.skipif(postgres_binaries() is None, reason=MISSING)]


def test_a_server_answers_while_it_is_needed_and_is_gone_afterwards(tmp_path):
    """It has an empty database, in which its user may do everything; nothing is left behind."""
    with running_postgres(tmp_path) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
            connection.execute("create database another")
            home = Path(connection.execute("show data_directory").fetchone()[0])
        assert tables == (0,)
        assert home.exists()
    assert not home.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_two_servers_run_beside_each_other(tmp_path):
    with running_postgres(tmp_path) as one, running_postgres(tmp_path) as other:
        assert one != other
