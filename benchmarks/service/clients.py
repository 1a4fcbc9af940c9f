"""Clients that ask a service as fast as it answers, and what they saw.

Written on httpx and asyncio: a stream counts only if its last event came, and two services are asked in turn, request
by request, which tools for load do not do.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np

PATIENCE_S = 120.0
Ask = Callable[[httpx.AsyncClient], Awaitable[str]]
"""Asks once; `complete`, or what came instead."""


@dataclass
class Seen:
    """What clients saw: how often each outcome, and seconds a request."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    took_s: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Percentiles in milliseconds; requests that were not answered whole are named."""
        p50, p99 = np.percentile(self.seconds or [0.0], [50, 99])
        whole = self.outcomes["complete"]
        return {
            "requests": self.outcomes.total(),
            "complete": whole,
            "otherwise": {name: count for name, count in self.outcomes.items() if name != "complete"},
            "per_s": round(whole / self.took_s, 1) if self.took_s else None,
            "p50_ms": round(float(1000 * p50), 1),
            "p99_ms": round(float(1000 * p99), 1),
        }


def get(path: str) -> Ask:
    """A request without a body."""

    async def ask(client: httpx.AsyncClient) -> str:
        response = await client.get(path)
        return "complete" if response.is_success else f"status {response.status_code}"

    return ask


def post(path: str, body: dict[str, Any]) -> Ask:
    """A request with a body, answered at once."""

    async def ask(client: httpx.AsyncClient) -> str:
        response = await client.post(path, json=body)
        return "complete" if response.is_success else f"status {response.status_code}"

    return ask


def stream(path: str, body: dict[str, Any]) -> Ask:
    """A request whose answer is a stream, which must end as streams end."""

    async def ask(client: httpx.AsyncClient) -> str:
        last = ""
        async with client.stream("POST", path, json={**body, "stream": True}) as response:
            if not response.is_success:
                return f"status {response.status_code}"
            async for line in response.aiter_lines():
                last = line or last
        return "complete" if last == "data: [DONE]" else f"ended with {last[:80]!r}"

    return ask


async def at_once(url: str, *asks: Ask) -> Seen:
    """All of these requests at the same time."""
    seen = Seen()
    async with _client(url, len(asks)) as client:
        began = time.perf_counter()
        await asyncio.gather(*(_once(client, ask, seen) for ask in asks))
        seen.took_s = time.perf_counter() - began
    return seen


async def for_a_while(url: str, asks: Sequence[Ask], clients: int, seconds: float) -> Seen:
    """Clients that each ask again as soon as they are answered, one thing after another."""
    seen = Seen()

    async def one(client: httpx.AsyncClient, number: int) -> None:
        while time.perf_counter() - began < seconds:
            await _once(client, asks[number % len(asks)], seen)
            number += clients

    async with _client(url, clients) as client:
        began = time.perf_counter()
        await asyncio.gather(*(one(client, number) for number in range(clients)))
        seen.took_s = time.perf_counter() - began
    return seen


async def in_turn(places: Sequence[tuple[str, Ask]], times: int) -> list[float]:
    """The median seconds of each place, asked by one client in turn, so that what else the machine does hits all."""
    seen = [Seen() for _ in places]
    clients = [_client(url, 1) for url, _ in places]
    for _ in range(times):
        for (_, ask), client, one in zip(places, clients, seen, strict=True):
            await _once(client, ask, one)
    for client in clients:
        await client.aclose()
    return [statistics.median(one.seconds) for one in seen]


def _client(url: str, most: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=PATIENCE_S, trust_env=False)


async def _once(client: httpx.AsyncClient, ask: Ask, seen: Seen) -> None:
    began = time.perf_counter()
    try:
        outcome = await asyncio.wait_for(ask(client), PATIENCE_S)
    except TimeoutError:
        outcome = f"stuck for {PATIENCE_S:g} s"
    except httpx.HTTPError as exc:
        outcome = type(exc).__name__
    seen.seconds.append(time.perf_counter() - began)
    seen.outcomes[outcome] += 1
