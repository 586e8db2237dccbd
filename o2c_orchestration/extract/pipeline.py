"""Reading side by side with bounded memory. Knows threads and queues, and neither Stripe nor the store."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")

_POLL_SECONDS = 0.1


def side_by_side(
    tasks: Sequence[Callable[[], Iterable[Item]]], workers: int, waiting_max: int, name: str
) -> Iterator[Item]:
    """The items of all tasks in the order in which they come, from `workers` threads.

    At most `waiting_max` items wait for the consumer; then the threads pause. The first error of a task is
    raised here, once the others were told to stop; so is leaving early.
    """
    queue: Queue[Item] = Queue(waiting_max)
    stop = Event()
    with ThreadPoolExecutor(workers, thread_name_prefix=name) as pool:
        futures = [pool.submit(_produce, task, queue, stop) for task in tasks]
        try:
            yield from _consume(queue, futures)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _produce(task: Callable[[], Iterable[Item]], queue: "Queue[Item]", stop: Event) -> None:
    for item in task():
        while not stop.is_set():
            try:
                queue.put(item, timeout=_POLL_SECONDS)
                break
            except Full:
                continue
        if stop.is_set():
            return


def _consume(queue: "Queue[Item]", futures: Sequence["Future[None]"]) -> Iterator[Item]:
    unfinished = list(futures)
    while unfinished:
        with suppress(Empty):
            yield queue.get(timeout=_POLL_SECONDS)
        for done in [future for future in unfinished if future.done()]:
            done.result()
            unfinished.remove(done)
    while not queue.empty():
        yield queue.get_nowait()


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
