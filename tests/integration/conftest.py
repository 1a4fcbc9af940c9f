"""One Postgres server for all tests here, and a new database in it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.postgres import MISSING, new_database, postgres_binaries, running_postgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if postgres_binaries() is None:
        pytest.skip(MISSING)
    with running_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def database(postgres: str) -> str:
    """The URL of an empty database."""
    return new_database(postgres)
