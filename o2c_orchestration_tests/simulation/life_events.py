"""What a network makes of a list of events: some come twice, some out of order, some late, some never.

What belongs here: events as Stripe gives them; which object they are about does not change.
"""

import random
from collections.abc import Sequence
from typing import Any

Event = dict[str, Any]

DOUBLED, SWAPPED, LATE, LOST = 0.15, 0.3, 0.15, 0.1


def distort_events(events: Sequence[Event], rng: random.Random, held: list[Event] | None = None) -> list[Event]:
    """The events as they arrive. A double comes under an id of its own, as Stripe sends it now and then.

    Late ones go into `held` and come out of it at some later call; without it they come last.
    """
    waiting: list[Event] = [] if held is None else held
    arriving = [event for event in waiting if rng.random() < 0.5]
    waiting[:] = [event for event in waiting if event not in arriving]
    late: list[Event] = []
    for event in events:
        luck = rng.random()
        if luck < LOST:
            continue
        if luck < LOST + LATE:
            late.append(event)
            continue
        arriving.append(event)
        if rng.random() < DOUBLED:
            arriving.append({**event, "id": f"{event['id']}{rng.randrange(10**6):06d}"})
    for place in range(len(arriving) - 1):
        if rng.random() < SWAPPED:
            other = rng.randrange(place, len(arriving))
            arriving[place], arriving[other] = arriving[other], arriving[place]
    if held is None:
        return arriving + late
    held += late
    return arriving
