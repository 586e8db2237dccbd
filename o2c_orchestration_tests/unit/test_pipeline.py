"""Reading side by side."""

import threading
import time
from collections.abc import Iterator

import pytest

from o2c_orchestration.extract.pipeline import side_by_side


def test_every_item_of_every_task_comes_once() -> None:
    """Nothing is lost between the threads and the consumer."""
    tasks = [lambda start=start: range(start, start + 10) for start in range(0, 200, 10)]
    assert list(range(200)) == sorted(side_by_side(tasks, workers=4, waiting_max=3, name="test"))


def test_readers_wait_for_a_slow_consumer() -> None:
    """Memory stays bounded: what is read ahead is what fits the queue and the readers' hands."""
    made: list[int] = []

    def task() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    items = side_by_side([task], workers=1, waiting_max=2, name="test")
    next(items)
    time.sleep(0.2)
    assert len(made) <= 5
    items.close()  # type: ignore[attr-defined]


def test_an_error_of_a_task_reaches_the_consumer() -> None:
    """The first error ends the reading, and no thread stays behind."""

    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    before = threading.active_count()
    with pytest.raises(ValueError, match="broken"):
        list(side_by_side([broken, lambda: iter(range(1000))], workers=2, waiting_max=1, name="test"))
    assert threading.active_count() == before
