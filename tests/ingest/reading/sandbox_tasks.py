"""What the child processes of the sandbox's tests run."""

from __future__ import annotations

import os
import signal
import time

from rag.errors import ParseError

STATE: list[str] = []


def prepare(word: str) -> None:
    STATE.append(word)


def state() -> tuple[int, list[str]]:
    return os.getpid(), STATE


def refuse() -> None:
    raise ParseError("a.pdf: it is damaged")


def stumble() -> None:
    raise LookupError("nobody thought of this")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(3)


def hang() -> None:
    time.sleep(3600)


def spin() -> None:
    while True:
        pass


def swallow() -> int:
    return len(bytearray(2_000_000_000))


def swallow_bit_by_bit() -> None:
    held = []
    while True:
        held.append("x" * 1_000_000)
