"""Pools of steps, one for each system that is asked or written to; dagster.yaml says how many steps each takes."""

from typing import Final

import dagster as dg

POOLS: Final = ("netsuite", "salesforce", "stripe")


def make_pools(instance: dg.DagsterInstance) -> None:
    """Give each pool the default limit before several processes can want it at once.

    In PostgreSQL, Dagster (1.13.27) fails the run of whoever comes second: the insert that is refused ends the
    transaction in which it goes on. Call it while no other process of Dagster has begun on an empty storage.
    """
    known = {limit.name for limit in instance.event_log_storage.get_pool_limits()}
    for pool in POOLS:
        if pool not in known:
            instance.event_log_storage.initialize_concurrency_limit_to_default(pool)
