"""The same tests on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.storage import Database, open_database
from tests.integration.postgres import MISSING, new_database, postgres_binaries, running_postgres


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    seconds: int = 1_000_000

    def __call__(self) -> int:
        return self.seconds


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if postgres_binaries() is None:
        pytest.skip(MISSING)
    with running_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty database; None means the SQLite file in the data folder."""
    return new_database(request.getfixturevalue("postgres_server")) if request.param == "postgres" else None


@pytest.fixture
def postgres_database(postgres_server: str) -> str:
    """The URL of an empty database."""
    return new_database(postgres_server)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str | None, tmp_path: Path, clock: Clock) -> Iterator[Database]:
    opened = open_database(database_url, tmp_path, now=clock)
    yield opened
    opened.close()
