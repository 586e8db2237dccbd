"""Rows are handed to a team: each to one worker, none while others wait for the slowest, and what is freed, too."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from o2c_orchestration.apply.hand_out import HandOut

TEAM, BATCH = 4, 10


class Store:
    """Rows that are ready, the first `BATCH` of them to a question; a row may lean on others."""

    def __init__(self, rows: Sequence[int], leans_on: dict[int, Sequence[int]] | None = None) -> None:
        self.rows, self.leans_on = list(rows), leans_on or {}
        self.done: list[int] = []
        self.questions = 0

    def more(self) -> list[int]:
        self.questions += 1
        done = set(self.done)
        return [row for row in self.rows if row not in done and done.issuperset(self.leans_on.get(row, ()))][:BATCH]


def work(store: Store, send: Callable[[int], None] = lambda row: None) -> int:
    """A team works until nothing is left; the most rows that were in hand at once."""
    queue, lock, most, hand = HandOut(store.more, TEAM), threading.Lock(), 0, 0

    def worker(_: int) -> None:
        nonlocal most, hand
        while (row := queue.take()) is not None:
            with lock:
                hand += 1
                most = max(most, hand)
            try:
                send(row)
                store.done.append(row)
            except RuntimeError:
                queue.close()
                raise
            finally:
                with lock:
                    hand -= 1
                queue.done(row)

    with ThreadPoolExecutor(TEAM) as pool:
        list(pool.map(worker, range(TEAM)))
    return most


def test_each_row_is_handed_out_once_in_its_order():
    """Whatever is queued or in hand is found again by the next question, and not handed out again."""
    store, given = Store(range(100)), list[int]()
    assert work(store, lambda row: (given.append(row), time.sleep(0.001))[1]) == TEAM
    assert sorted(given) == list(range(100))
    assert all(abs(place - row) <= 2 * TEAM for place, row in enumerate(given))
    assert store.questions < 100 / (BATCH - 2 * TEAM) + 3 * TEAM


def test_nobody_waits_for_the_slowest_of_a_batch():
    """One row takes as long as fifty others: they are through before it is."""
    store, slow = Store(range(51)), threading.Event()

    def send(row: int) -> None:
        if row == 0:
            assert slow.wait(20), "the others wait"
        elif len(store.done) == 49:
            slow.set()

    work(store, send)
    assert len(store.done) == 51


def test_what_leans_on_a_row_in_hand_has_the_whole_team():
    """Workers that find nothing stay while a row is in hand: what it frees is done side by side."""
    leans: dict[int, Sequence[int]] = {row: [0] for row in range(1, 9)} | {9: range(1, 9)}
    store = Store(range(10), leans)
    assert work(store, lambda row: time.sleep(0.05)) == TEAM
    assert (store.done[0], sorted(store.done), store.done[-1]) == (0, list(range(10)), 9)


def test_nothing_to_do_ends_the_team():
    """And what waits for something that nobody does."""
    work(Store([]))
    store = Store([1], {1: [2]})
    work(store)
    assert store.done == []


def test_an_error_ends_the_team():
    """Of a row or a question: the others finish what they have in hand, and nothing more is begun."""
    store, begun = Store(range(1000)), list[int]()

    def send(row: int) -> None:
        begun.append(row)
        if row == 3:
            raise RuntimeError("a row")
        time.sleep(0.01)

    with pytest.raises(RuntimeError, match="a row"):
        work(store, send)
    assert set(begun) == {*store.done, 3}
    assert len(begun) < 3 * TEAM

    def failing() -> list[int]:
        raise RuntimeError("a question")

    store.more = failing  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="a question"):
        work(store)
