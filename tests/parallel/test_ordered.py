"""Results come in the order of the items, and the limits hold, whatever the order in which tasks are finished."""

from __future__ import annotations

import random
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.parallel.ordered import Limits, ordered


class Desk:
    """Takes tasks, and finishes them in an order of its own, one whenever the next item is read."""

    def __init__(self, seed):
        self._chosen = random.Random(seed)
        self.open = {}
        self.most = 0

    def submit(self, item):
        if item < 0:
            return None
        future = Future()
        self.open[item] = future
        self.most = max(self.most, len(self.open))
        return future

    def finish(self):
        """One or more tasks; the oldest at least every now and then, or everybody would wait."""
        for item in self._chosen.sample(sorted(self.open), self._chosen.randint(0, len(self.open))):
            self.open.pop(item).set_result(item * item)

    def finish_all(self):
        for item in list(self.open):
            self.open.pop(item).set_result(item * item)


@given(
    items=st.lists(st.integers(-5, 50), max_size=40, unique=True),
    seed=st.integers(0, 1000),
    n_tasks=st.integers(1, 6),
    most_bytes=st.integers(1, 30),
)
def test_ordered__keeps_the_order_of_the_items(items, seed, n_tasks, most_bytes):
    desk = Desk(seed)

    def read():
        for item in items:
            desk.finish()
            yield item

    def result(future):
        # As time would, while somebody waits.
        desk.finish_all()
        return future.result(0)

    found = list(ordered(read(), desk.submit, result, lambda _: 3, Limits(n_tasks, most_bytes)))
    assert found == [(item, item * item if item >= 0 else None) for item in items]
    assert desk.most <= n_tasks


def test_ordered__reads_no_further_than_the_limits():
    read = []

    def items():
        for i in range(100):
            read.append(i)
            yield i

    done = Future()
    done.set_result("done")
    pending = [Future() for _ in range(100)]
    pending[0] = done
    found = ordered(items(), lambda i: pending[i], Future.result, lambda _: 10, Limits(3, 1000))
    assert next(found) == (0, "done")
    pending[1].set_result("one")
    assert next(found) == (1, "one")
    pending[2].set_result("two")
    assert next(found) == (2, "two")
    assert read[-1] <= 4
    found.close()


@pytest.mark.parametrize("limits", [Limits(3, 1000), Limits(100, 30)])
def test_ordered__cancels_what_is_left(limits):
    pending = [Future() for _ in range(10)]

    def result(future):
        future.set_exception(RuntimeError("bad"))
        return future.result()

    with pytest.raises(RuntimeError):
        next(ordered(range(10), lambda i: pending[i], result, lambda _: 10, limits))
    assert [future.cancelled() for future in pending] == [False, True, True, *[False] * 7]


def test_ordered__hands_on_what_has_no_task_at_once():
    def items():
        yield 0
        yield 1
        raise AssertionError("read too far")

    found = ordered(items(), lambda _: None, Future.result, lambda _: 0, Limits(1, 1))
    assert [next(found), next(found)] == [(0, None), (1, None)]
