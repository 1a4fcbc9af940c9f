"""Limits shared by threads: a budget of units, and one holder per key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Budget:
    """Shares `most` units among threads; a request for more than all of them waits until all are free."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._free = most
        self._changed = threading.Condition()

    @contextmanager
    def holding(self, units: float) -> Iterator[None]:
        """Wait until this number of units is free, and hold them."""
        wanted = min(units, self._most)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


class Turns:
    """One holder of a key at a time; others wait."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def taking(self, key: str) -> Iterator[None]:
        """Wait until the key is free, and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._taken)
            self._taken.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._taken.discard(key)
                self._changed.notify_all()
