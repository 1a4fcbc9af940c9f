"""Connections whose client does not come to the end of a request's head, which uvicorn holds for ever."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol


def bounded_heads(head_s: float) -> type[asyncio.Protocol]:
    """uvicorn's protocol, which closes a connection when the head of a request is not there so long after it is due.

    The time runs from the first byte of a head, or from the beginning of a connection. Single bytes give no more of it.
    """

    class BoundedHeads(H11Protocol):
        _due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._expect()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            answering = cast(Any, self.cycle) is not None and not self.cycle.response_complete
            if answering:
                self._expect_nothing()
            elif self._due is None:
                self._expect()

        def connection_lost(self, exc: Exception | None) -> None:
            self._expect_nothing()
            super().connection_lost(exc)

        def _expect(self) -> None:
            self._due = self.loop.call_later(head_s, self.transport.close)

        def _expect_nothing(self) -> None:
            if self._due is not None:
                self._due.cancel()
                self._due = None

    return BoundedHeads
