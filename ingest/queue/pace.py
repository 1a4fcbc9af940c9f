"""How often workers look at the queue: each look costs milliseconds of processor time, also where nothing is found."""

from __future__ import annotations

import logging
import threading

from ingest.queue.database import IDLE_POLL_S, POLL_S
from ingest.queue.runs import RunQueue
from rag.errors import QueueError

_AWAKE_S = 5.0
_log = logging.getLogger(__name__)


class Pace:
    """Has the workers of a queue look often while there are runs and for a while afterwards, and seldom otherwise.

    A run that comes to an idle queue is taken up within a second, and its files within another.
    """

    def __init__(self, queue: RunQueue, *, awake_s: float = _AWAKE_S) -> None:
        self._queue = queue
        self._awake_s = awake_s
        self._lock = threading.Lock()
        self._closed = False
        self._timer: threading.Timer | None = None
        self.rest()

    def close(self) -> None:
        """Leave it as it is."""
        with self._lock:
            self._closed = True
            self._stop_timer()

    def hurry(self) -> None:
        """A run has begun."""
        with self._lock:
            self._stop_timer()
        self._look(POLL_S)

    def rest(self) -> None:
        """A run has ended; look seldom when no other comes soon."""
        with self._lock:
            if not self._closed:
                self._stop_timer()
                self._timer = threading.Timer(self._awake_s, self._slow_down)
                self._timer.daemon = True
                self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _slow_down(self) -> None:
        try:
            empty = self._queue.is_empty()
        except QueueError as exc:
            _log.warning("the queue's database does not answer: %s", exc)
            empty = False
        if empty:
            self._look(IDLE_POLL_S)
        else:
            self.rest()

    def _look(self, every_s: float) -> None:
        try:
            self._queue.look(every_s)
        except QueueError as exc:  # the work itself goes on, at the pace that it had
            _log.warning("the queue's database does not answer: %s", exc)
