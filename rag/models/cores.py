"""The number of cores of a matrix product."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def use_one_core() -> None:
    """Compute every matrix product of NumPy in the calling thread.

    The products are small, and several threads compute at once: the threads of the library would then wait for each
    other in busy loops, which takes three times the CPU time on a busy machine.
    """
    threadpool_limits(limits=1, user_api="blas")
