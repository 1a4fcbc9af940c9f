"""Which workers on one Postgres are alive, and when one is taken for dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest

from ingest.queue.liveness import Liveness, Presence, lock_of
from rag.errors import QueueError

pytestmark = pytest.mark.slow

SWEEP_S, NEVER_S = 0.05, 3600.0


@dataclass
class Team:
    """Workers with work in hand; remembers whose work was taken over. `asked` counts the sweeps."""

    names: set[str]
    taken_over: list[str] = field(default_factory=list)
    asked: int = 0
    broken: bool = False

    def working(self) -> set[str]:
        self.asked += 1
        if self.broken:
            raise QueueError("the database went away")
        return set(self.names)

    def take_over(self, executor: str) -> None:
        self.taken_over.append(executor)
        self.names.discard(executor)

    def swept(self, times: int) -> Callable[[], bool]:
        """Whether that many sweeps have begun from now on."""
        goal = self.asked + times
        return lambda: self.asked >= goal


def wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, "it never came about"
        threading.Event().wait(0.01)


def sessions(url: str, name: str) -> list[int]:
    """Process ids of the server's sessions that hold a worker's lock."""
    with closing(psycopg.connect(url)) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint << 32 | objid::bigint = %s",
            (lock_of(name),),
        )
        return [pid for (pid,) in found]


def end(url: str, name: str) -> None:
    """Break a worker's connection, as a server that is restarted does."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for pid in sessions(url, name):
            connection.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))


def test_work_of_a_worker_whose_lock_fell_is_taken_over(database: str):
    """Once, and that of a worker who is alive never."""
    own, live, dead = (Presence(database, name) for name in ("own", "live", "dead"))
    team = Team({"own", "live", "dead"})
    watching = Liveness(own, team, every_s=SWEEP_S)
    wait(team.swept(5))
    assert team.taken_over == []
    dead.close()
    wait(lambda: bool(team.taken_over))
    wait(team.swept(5))
    watching.close()
    assert team.taken_over == ["dead"]
    own.close()
    live.close()


def test_a_worker_that_never_had_a_lock_is_gone(database: str):
    """As one that an earlier server knew."""
    own = Presence(database, "own")
    team = Team({"unknown"})
    watching = Liveness(own, team, every_s=SWEEP_S)
    wait(lambda: team.taken_over == ["unknown"])
    watching.close()
    own.close()


def test_a_broken_connection_is_made_again(database: str):
    """And the lock with it, so that nobody takes over the work of this worker, who goes on."""
    one, other = Presence(database, "one"), Presence(database, "other")
    names = {"one", "other"}
    team_of_one, team_of_other = Team(set(names)), Team(set(names))
    first = Liveness(one, team_of_one, every_s=SWEEP_S)
    wait(team_of_one.swept(1))
    end(database, "one")
    wait(lambda: bool(sessions(database, "one")))
    second = Liveness(other, team_of_other, every_s=SWEEP_S)
    wait(team_of_other.swept(5))
    wait(team_of_one.swept(5))
    first.close()
    second.close()
    assert team_of_one.taken_over == team_of_other.taken_over == []
    one.close()
    other.close()


def test_a_lock_that_is_down_for_a_moment_is_no_death(database: str):
    """A server that is restarted breaks all connections, and one worker is back before the other."""
    own, other = Presence(database, "own"), Presence(database, "other")
    team = Team({"other"})
    watching = Liveness(own, team, every_s=NEVER_S)
    for _ in range(3):
        end(database, "other")
        watching.sweep()
        watching.sweep()
        other.renew()
        watching.sweep()
    assert team.taken_over == []
    end(database, "other")
    for _ in range(3):
        watching.sweep()
    assert team.taken_over == ["other"]
    watching.close()
    own.close()
    other.close()


def test_watching_outlives_a_database_that_is_away(database: str):
    """When it is back, the dead are found."""
    own = Presence(database, "own")
    team = Team({"dead"}, broken=True)
    watching = Liveness(own, team, every_s=SWEEP_S)
    wait(team.swept(3))
    team.broken = False
    wait(lambda: team.taken_over == ["dead"])
    watching.close()
    own.close()


def test_a_lock_is_let_go_at_the_end(database: str):
    presence = Presence(database, "own")
    assert len(sessions(database, "own")) == 1
    presence.close()
    wait(lambda: not sessions(database, "own"))


def test_the_driver_in_a_url_is_passed_over(database: str):
    """`postgresql+psycopg://` is what SQLAlchemy calls it."""
    presence = Presence(database.replace("postgresql", "postgresql+psycopg", 1), "own")
    assert lock_of("own") in presence.held()
    presence.close()


def test_a_database_that_is_not_there_is_an_error_without_the_password():
    with pytest.raises(QueueError, match="FOOTNOTE_QUEUE_URL") as caught:
        Presence("postgresql://user:secret@127.0.0.1:1/nothing", "own")
    assert "secret" not in str(caught.value)
