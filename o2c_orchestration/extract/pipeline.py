"""Reading side by side with bounded memory. Knows threads and queues, and neither Stripe nor the store."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event
from typing import Any, TypeVar

from o2c_orchestration import tracing

Item = TypeVar("Item")

_POLL_SECONDS = 0.1


def side_by_side(
    tasks: Sequence[Callable[[], Iterable[Item]]], workers: int, waiting_max: int, name: str
) -> Iterator[Item]:
    """The items of all tasks in the order in which they come, from `workers` threads.

    At most `waiting_max` items wait for the consumer; then the threads pause. The first error of a task is
    raised here, once the others were told to stop; so is leaving early.
    """
    queue: Queue[Item | _End] = Queue(waiting_max)
    stop = Event()
    with ThreadPoolExecutor(workers, thread_name_prefix=name) as pool:
        try:
            for task in tasks:
                pool.submit(tracing.carried(_produce), task, queue, stop)
            yield from _consume(queue, len(tasks))
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class _End:
    """The last thing that comes of a task."""

    error: BaseException | None = None


def _produce(task: Callable[[], Iterable[Item]], queue: "Queue[Item | _End]", stop: Event) -> None:
    try:
        for item in task():
            if not _put(queue, item, stop):
                return
    except BaseException as error:
        _put(queue, _End(error), stop)
    else:
        _put(queue, _End(), stop)


def _put(queue: "Queue[Any]", item: object, stop: Event) -> bool:
    """Whether the item found a place before everything was told to stop."""
    while not stop.is_set():
        with suppress(Full):
            queue.put(item, timeout=_POLL_SECONDS)
            return True
    return False


def _consume(queue: "Queue[Item | _End]", tasks: int) -> Iterator[Item]:
    while tasks:
        item = queue.get()
        if not isinstance(item, _End):
            yield item
        elif item.error is not None:
            raise item.error
        else:
            tasks -= 1


@contextmanager
def old_objects_frozen() -> Iterator[None]:
    """Keep the garbage collector from walking what is alive now while many short-lived objects come and go.

    A page of a hundred invoices is thousands of small dicts, which set off full collections; in a process with
    Dagster loaded each of those walks half a million objects, which costs more than everything else together.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
