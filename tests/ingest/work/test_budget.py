"""Units shared out among threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.work.budget import Budget, Turns


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


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_a_key_has_one_holder_at_a_time(keys):
    """And others do not wait for it."""
    turns, lock = Turns(), threading.Lock()
    holders = dict.fromkeys("abc", 0)

    def work(key):
        with turns.taking(key):
            with lock:
                holders[key] += 1
                assert holders[key] == 1
            with lock:
                holders[key] -= 1

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, keys))


def test_a_key_comes_back_after_an_error():
    turns = Turns()
    for _ in range(2):
        try:
            with turns.taking("a"):
                raise ValueError
        except ValueError:
            continue
    with turns.taking("a"):
        pass
