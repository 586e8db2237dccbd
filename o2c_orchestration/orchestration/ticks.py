"""Ticks of sensors as spans: whose it was, and how many runs it asked for. What is asked of others lies within."""

from collections.abc import Callable
from functools import wraps

import dagster as dg

from o2c_orchestration import tracing

Told = dg.SensorResult | dg.SkipReason
Evaluation = Callable[[dg.SensorEvaluationContext], Told]


def traced(evaluate: Evaluation) -> Evaluation:
    """The evaluation function of a sensor, each call of it a span by the function's name.

    The first call of a process makes the assembly, which starts traces, so it is told of no more than its parts.
    """
    name = evaluate.__name__

    @wraps(evaluate)
    def tick(context: dg.SensorEvaluationContext) -> Told:
        with tracing.span(f"tick {name}", {"o2c.sensor": name}) as told:
            result = evaluate(context)
            asked = result.run_requests if isinstance(result, dg.SensorResult) else None
            told.say("o2c.runs", len(asked or ()))
            return result

    return tick
