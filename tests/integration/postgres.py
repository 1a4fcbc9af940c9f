"""A real Postgres server for tests and benchmarks, from the binaries that the system's package puts down."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

BINARIES = Path("/usr/lib/postgresql")
MISSING = f"no Postgres server under {BINARIES}; on Debian and Ubuntu: apt-get install -y postgresql"
USER, DATABASE = "footnote", "footnote"
_UNPRIVILEGED = ("postgres", "nobody")
_START_S = 60


def postgres_binaries() -> Path | None:
    """The folder of the newest server's programs; None when there is none."""
    found = [path.parent for path in BINARIES.glob("*/bin/pg_ctl")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The URL of a server of its own with an empty database, stopped and removed afterwards.

    Its files lie in `folder`. Postgres refuses to run as root: then it runs as `postgres` or `nobody`, who may not
    enter `folder`, and its files lie in the system's folder for temporary files. It listens on 127.0.0.1 alone.

    Raises:
        RuntimeError: the server is not installed or does not start; says what to do.
    """
    programs = postgres_binaries()
    if programs is None:
        raise RuntimeError(MISSING)
    user = _unprivileged() if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="footnote-postgres-", dir=None if user else folder))
    if user:
        shutil.chown(home, user)
    data, port = home / "data", _free_port()
    try:
        _run([programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"], user, home)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        control = [programs / "pg_ctl", "-D", data, "-w", "-t", _START_S]
        _run([*control, "-l", home / "log", "-o", options, "start"], user, home)
        try:
            _run([programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", USER, DATABASE], user, home)
            yield f"postgresql://{USER}@127.0.0.1:{port}/{DATABASE}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def new_database(url: str) -> str:
    """The URL of an empty database beside this one."""
    name = f"database_{uuid.uuid4().hex}"
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def _run(command: list[object], user: str | None, home: Path) -> None:
    words = [*map(str, command)]
    output = home / "output"
    with output.open("w+", encoding="utf-8") as file:  # a pipe would be inherited by the server and never end
        done = subprocess.run(words, **_identity(user), cwd=home, stdout=file, stderr=file, check=False)
        file.seek(0)
        said = file.read()
    if done.returncode:
        log = home / "log"
        more = log.read_text(encoding="utf-8") if log.exists() else ""
        raise RuntimeError(f"{Path(words[0]).name} exited with {done.returncode}: {said}{more}")


def _identity(user: str | None) -> dict[str, Any]:
    """Whom a program runs as, without the groups of this process."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()}


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
