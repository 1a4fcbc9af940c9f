"""The number of cores of a matrix product."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def use_one_core() -> None:
    """Let every matrix product of NumPy's be computed by the thread that asks for it.

    The products here are small, and often several threads ask at once: a library's own threads then wait for each other
    in a loop that takes the cores from whoever has work, three times the processor's time on a busy machine.
    """
    threadpool_limits(limits=1, user_api="blas")
