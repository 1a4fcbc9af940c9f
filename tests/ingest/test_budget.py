"""Units shared out among threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.budget import Budget


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=20))
def test_never_more_than_all_is_held_and_everybody_gets_a_turn(wants):
    """Who wants more than there is gets all of it."""
    budget, lock = Budget(10), threading.Lock()
    held, most = 0, 0

    def work(units):
        nonlocal held, most
        with budget.holding(units):
            with lock:
                held += min(units, 10)
                most = max(most, held)
            with lock:
                held -= min(units, 10)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, wants))
    assert held == 0
    assert most <= 10


def test_units_come_back_after_an_error():
    budget = Budget(1)
    for _ in range(3):
        try:
            with budget.holding(1):
                raise ValueError
        except ValueError:
            continue
    with budget.holding(1):
        pass
